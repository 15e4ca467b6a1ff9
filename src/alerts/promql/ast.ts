/**
 * An expression as a tree of plain data. Parentheses have left their mark on its shape and are gone. `from` and `to` are
 * offsets into the text (UTF-16 units), for messages and rewrites.
 */
import type { Matcher, ValueType } from './types.ts';

interface Node {
  readonly from: number;
  readonly to: number;
  /** What the node evaluates to. */
  readonly type: ValueType;
}

export interface NumberLiteral extends Node {
  readonly kind: 'number';
  /** A duration such as `5m` is its seconds. */
  readonly value: number;
}

export interface StringLiteral extends Node {
  readonly kind: 'string';
  readonly value: string;
}

/** The moment of an `@` modifier: milliseconds since 1970, or an end of the range query (the instant of an instant one). */
export type AtModifier = number | 'start' | 'end';

/** When a selector or subquery looks: `@` first, then `offset` back from there. */
export interface TimeShift {
  /** Milliseconds into the past; negative into the future. */
  readonly offsetMs: number;
  /** Null: the moment of evaluation. */
  readonly at: AtModifier | null;
}

export interface VectorSelector extends Node, TimeShift {
  readonly kind: 'vectorSelector';
  /** The metric's name where one was written, or matched with `=`; null for others. */
  readonly metric: string | null;
  /** All matchers, the one for the name among them. */
  readonly matchers: readonly Matcher[];
}

/** `selector[5m]`; a shift belongs to its selector. */
export interface MatrixSelector extends Node {
  readonly kind: 'matrixSelector';
  readonly selector: VectorSelector;
  readonly rangeMs: number;
}

export interface Subquery extends Node, TimeShift {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly rangeMs: number;
  /** Null: the default, one minute. */
  readonly stepMs: number | null;
}

export interface Call extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
}

export interface Grouping {
  readonly kind: 'by' | 'without';
  readonly labels: readonly string[];
}

export interface Aggregation extends Node {
  readonly kind: 'aggregation';
  readonly operator: string;
  /** None is `by ()`. */
  readonly grouping: Grouping;
  /** `k` of `topk`, φ of `quantile`, the label of `count_values`; null for the others. */
  readonly parameter: Expr | null;
  readonly expr: Expr;
}

export interface Unary extends Node {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly expr: Expr;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOperator = 'and' | 'or' | 'unless';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator;

export interface VectorMatching {
  /** None written is `ignoring ()`. */
  readonly kind: 'on' | 'ignoring';
  readonly labels: readonly string[];
  /** The side that may have many samples for one of the other; null: one to one. */
  readonly group: 'left' | 'right' | null;
  /** Labels that `group_left (…)` takes over from the other side. */
  readonly include: readonly string[];
}

export interface Binary extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  /** `bool`: a comparison answers 0 or 1 and filters nothing. */
  readonly bool: boolean;
  readonly matching: VectorMatching;
}

export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregation
  | Unary
  | Binary;

/** The parts of an expression that are expressions, left to right. */
function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'vectorSelector':
      return [];
    case 'matrixSelector':
      return [expr.selector];
    case 'call':
      return expr.args;
    case 'aggregation':
      return expr.parameter === null ? [expr.expr] : [expr.parameter, expr.expr];
    case 'subquery':
    case 'unary':
      return [expr.expr];
    case 'binary':
      return [expr.left, expr.right];
  }
}

/** Calls `visit` for an expression and all its parts, parents first. */
export function walk(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr);
  for (const child of childrenOf(expr)) walk(child, visit);
}
