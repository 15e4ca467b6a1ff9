/** Signs and operators between two operands: their modifiers, and which types they take. */
import type { SyntaxNode } from '@lezer/common';
import type { Binary, BinaryOperator, Expr, Unary, VectorMatching } from '../ast.ts';
import { PromqlError, UnbuiltError } from '../errors.ts';
import { readLabelNames } from './selectors.ts';
import { childOf, type Reading } from './tree.ts';

/** What stands between an operator and its right operand. */
export interface BinaryModifiers {
  readonly position: number;
  readonly bool: boolean;
  /** Null: none written. */
  readonly matching: VectorMatching | null;
}

const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '>', '<', '>=', '<=']);
const SETS: ReadonlySet<BinaryOperator> = new Set(['and', 'or', 'unless']);
const NO_MATCHING: VectorMatching = { kind: 'ignoring', labels: [], group: null, include: [] };

export function readModifiers(reading: Reading, operator: SyntaxNode, nodes: readonly SyntaxNode[]): BinaryModifiers {
  const fill = nodes.find(({ name }) => name === 'FillModifier');
  if (fill !== undefined) throw new UnbuiltError('modifier "fill" is not supported', fill.from);
  const matching = nodes.find(({ name }) => name === 'MatchingModifierClause');
  return {
    position: operator.from,
    bool: nodes.some(({ name }) => name === 'BoolModifier'),
    matching: matching === undefined ? null : readMatching(reading, matching),
  };
}

function readMatching(reading: Reading, node: SyntaxNode): VectorMatching {
  const include = node.getChildren('GroupingLabels')[1];
  const group = node.getChild('GroupLeft') !== null ? 'left' : node.getChild('GroupRight') !== null ? 'right' : null;
  return {
    kind: node.getChild('On') === null ? 'ignoring' : 'on',
    labels: readLabelNames(reading, childOf(node, 'GroupingLabels')),
    group,
    include: include === undefined ? [] : readLabelNames(reading, include),
  };
}

export function unaryOf(operator: '+' | '-', expr: Expr, from: number): Expr {
  const { type, to } = expr;
  if (type !== 'scalar' && type !== 'vector') {
    throw new PromqlError(
      `unary expression only allowed on expressions of type scalar or instant vector, got "${TYPE_NAMES[type]}"`,
      from,
    );
  }
  // A signed number is a number: what walks the tree need not know how it was written.
  if (expr.kind === 'number') return { ...expr, value: operator === '-' ? -expr.value : expr.value, from };
  return { kind: 'unary', type, operator, expr, from, to } satisfies Unary;
}

/** What Prometheus calls its types in messages. */
export const TYPE_NAMES: Readonly<Record<Expr['type'], string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

export function binaryOf(operator: BinaryOperator, modifiers: BinaryModifiers, left: Expr, right: Expr): Binary {
  const { bool, matching, position } = modifiers;
  const isSet = SETS.has(operator);
  const bothScalar = left.type === 'scalar' && right.type === 'scalar';
  const bothVector = left.type === 'vector' && right.type === 'vector';
  const fault = (message: string): PromqlError => new PromqlError(message, position);

  for (const { type, from } of [left, right]) {
    if (type !== 'scalar' && type !== 'vector') {
      throw new PromqlError('binary expression must contain only scalar and instant vector types', from);
    }
  }
  if (bool && !COMPARISONS.has(operator)) throw fault('bool modifier can only be used on comparison operators');
  if (bothScalar && !bool && COMPARISONS.has(operator))
    throw fault('comparisons between scalars must use BOOL modifier');
  if (isSet && !bothVector) throw fault(`set operator "${operator}" not allowed in binary scalar expression`);
  if (matching !== null) {
    if (!bothVector && matching.labels.length > 0) throw fault('vector matching only allowed between instant vectors');
    if (isSet && matching.group !== null) throw fault(`no grouping allowed for "${operator}" operation`);
    const both = matching.kind === 'on' ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
    if (both !== undefined) throw fault(`label "${both}" must not occur in ON and GROUP clause at once`);
  }
  return {
    kind: 'binary',
    type: bothScalar ? 'scalar' : 'vector',
    operator,
    left,
    right,
    bool,
    matching: (bothVector ? matching : null) ?? NO_MATCHING,
    from: left.from,
    to: right.to,
  };
}
