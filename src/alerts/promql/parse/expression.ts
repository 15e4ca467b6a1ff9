/**
 * Operators and operands. Lezer's grammar does not order ranges, `offset` and `@` among the operators (`a + b offset 5m`
 * comes as `(a + b) offset 5m`, `-1^2` as `(-1)^2`), so the tree is laid out flat again and put together by
 * Prometheus' precedences.
 */
import type { SyntaxNode } from '@lezer/common';
import type { BinaryOperator, Expr } from '../ast.ts';
import { PromqlError, UnbuiltError } from '../errors.ts';
import { parseNumber } from '../numbers.ts';
import { type BinaryModifiers, binaryOf, readModifiers, unaryOf } from './binary.ts';
import { readAggregation, readCall } from './calls.ts';
import { applyPostfix, readVectorSelector } from './selectors.ts';
import { unquote } from './strings.ts';
import { childrenOf, deeper, type Reading, textOf } from './tree.ts';

/** What an operand is written as; ranges and modifiers may only follow some of it. */
export interface Operand {
  readonly expr: Expr;
  readonly isParenthesized: boolean;
}

type Item =
  | { readonly kind: 'operand'; readonly node: SyntaxNode; readonly from: number; readonly postfixes: SyntaxNode[] }
  | { readonly kind: 'sign'; readonly operator: '+' | '-'; readonly from: number }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly modifiers: BinaryModifiers };

/** How tightly an operator binds; `^` is the only one that groups to the right. */
const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};
/** A sign binds as tightly as `*`: of all operators only `^` comes before it. */
const SIGN_OPERAND_PRECEDENCE = PRECEDENCE['^'];

const POSTFIXES: ReadonlySet<string> = new Set([
  'OffsetExpr',
  'StepInvariantExpr',
  'MatrixSelector',
  'SubqueryExpr',
  'AnchoredExpr',
  'SmoothedExpr',
]);

export function readExpression(reading: Reading, root: SyntaxNode): Expr {
  const items: Item[] = [];
  flatten(reading, root, items);
  let next = 0;

  const operand = (within: Reading): Expr => {
    const item = items[next++];
    if (item?.kind === 'sign') return unaryOf(item.operator, expression(within, SIGN_OPERAND_PRECEDENCE), item.from);
    if (item?.kind !== 'operand') throw new PromqlError('unexpected operator', root.from);
    return readOperand(deeper(within, item.node), item);
  };

  const expression = (around: Reading, lowest: number): Expr => {
    const within = deeper(around, root);
    let left = operand(within);
    for (let item = items[next]; item?.kind === 'binary'; item = items[next]) {
      const precedence = PRECEDENCE[item.operator];
      if (precedence < lowest) break;
      next++;
      const right = expression(within, item.operator === '^' ? precedence : precedence + 1);
      left = binaryOf(item.operator, item.modifiers, left, right);
    }
    return left;
  };

  return expression(reading, 0);
}

function flatten(reading: Reading, node: SyntaxNode, items: Item[]): void {
  const inside = deeper(reading, node);
  const children = childrenOf(node);
  if (node.name === 'BinaryExpr') {
    const [left, operator, ...rest] = children;
    const right = rest.pop();
    if (left === undefined || operator === undefined || right === undefined)
      throw new PromqlError('incomplete operation', node.from);
    flatten(inside, left, items);
    const symbol = textOf(reading, operator).toLowerCase();
    if (!isBinaryOperator(symbol))
      throw new UnbuiltError(`operator ${JSON.stringify(symbol)} is not supported`, operator.from);
    items.push({ kind: 'binary', operator: symbol, modifiers: readModifiers(reading, operator, rest) });
    flatten(inside, right, items);
  } else if (node.name === 'UnaryExpr') {
    const [sign, operand] = children;
    if (sign === undefined || operand === undefined) throw new PromqlError('incomplete operation', node.from);
    pushSign(reading, sign.from, items);
    flatten(inside, operand, items);
  } else if (POSTFIXES.has(node.name)) {
    const [inner] = children;
    if (inner === undefined) throw new PromqlError('incomplete selector', node.from);
    flatten(inside, inner, items);
    const last = items.at(-1);
    if (last?.kind === 'operand') last.postfixes.push(node);
  } else {
    const isSigned = node.name === 'NumberDurationLiteral' && /^[+-]/.test(textOf(reading, node));
    if (isSigned) pushSign(reading, node.from, items);
    items.push({ kind: 'operand', node, from: node.from + (isSigned ? 1 : 0), postfixes: [] });
  }
}

function pushSign({ text }: Reading, from: number, items: Item[]): void {
  items.push({ kind: 'sign', operator: text[from] === '-' ? '-' : '+', from });
}

const isBinaryOperator = (symbol: string): symbol is BinaryOperator => Object.hasOwn(PRECEDENCE, symbol);

function readOperand(reading: Reading, { node, from, postfixes }: Item & { kind: 'operand' }): Expr {
  let operand: Operand = { expr: readAtom(reading, node, from), isParenthesized: node.name === 'ParenExpr' };
  for (const postfix of postfixes) operand = { expr: applyPostfix(reading, operand, postfix), isParenthesized: false };
  return operand.expr;
}

function readAtom(reading: Reading, node: SyntaxNode, from: number): Expr {
  switch (node.name) {
    case 'ParenExpr': {
      const inner = node.getChild('Expr');
      if (inner === null) throw new PromqlError('no expression found', node.from);
      return readExpression(reading, inner);
    }
    case 'NumberDurationLiteral': {
      const text = reading.text.slice(from, node.to).trimStart();
      const value = parseNumber(text);
      if (value === null) throw new PromqlError(`bad number or duration syntax: ${JSON.stringify(text)}`, from);
      return { kind: 'number', type: 'scalar', value, from, to: node.to };
    }
    case 'StringLiteral':
      return { kind: 'string', type: 'string', value: unquote(textOf(reading, node), from), from, to: node.to };
    case 'VectorSelector':
      return readVectorSelector(reading, node);
    case 'FunctionCall':
      return readCall(reading, node);
    case 'AggregateExpr':
      return readAggregation(reading, node);
    default:
      throw new PromqlError(`unexpected ${JSON.stringify(textOf(reading, node))}`, node.from);
  }
}
