/** Selectors, and what may follow one: a range, a subquery, `offset`, `@`. */
import type { SyntaxNode } from '@lezer/common';
import type { AtModifier, Expr, VectorSelector } from '../ast.ts';
import { PromqlError, UnbuiltError } from '../errors.ts';
import { METRIC_NAME } from '../labels.ts';
import { matcherOf } from '../matcher.ts';
import { parseNumber, parseSigned } from '../numbers.ts';
import type { Matcher, MatchOperator } from '../types.ts';
import type { Operand } from './expression.ts';
import { unquote } from './strings.ts';
import { childOf, childrenOf, type Reading, textOf } from './tree.ts';

/** Beyond this a moment or a duration is a slip of the pen: a quarter of a million years. */
const MAX_MS = 2 ** 53 - 1;

const readString = (reading: Reading, node: SyntaxNode): string => unquote(textOf(reading, node), node.from);

/** The names in `(a, b, "c.d")`. */
export function readLabelNames(reading: Reading, node: SyntaxNode): readonly string[] {
  return childrenOf(node).map((label) =>
    label.name === 'QuotedLabelName' ? readString(reading, label) : textOf(reading, label),
  );
}

export function readVectorSelector(reading: Reading, node: SyntaxNode): VectorSelector {
  const identifier = node.getChild('Identifier');
  const list = node.getChild('LabelMatchers');
  const matchers = list === null ? [] : childrenOf(list).map((matcher) => readMatcher(reading, matcher));
  if (identifier !== null) {
    const written = matchers.find(({ name }) => name === METRIC_NAME);
    const name = textOf(reading, identifier);
    if (written !== undefined) {
      throw new PromqlError(`metric name must not be set twice: "${name}" or "${written.value}"`, node.from);
    }
    matchers.push(matcherOf(METRIC_NAME, '=', name, identifier.from));
  } else if (matchers.every((matcher) => matcher.matches(''))) {
    throw new PromqlError('vector selector must contain at least one non-empty matcher', node.from);
  }
  const metric = matchers.find(({ name, op }) => name === METRIC_NAME && op === '=')?.value ?? null;
  return {
    kind: 'vectorSelector',
    type: 'vector',
    metric,
    matchers,
    offsetMs: 0,
    at: null,
    from: node.from,
    to: node.to,
  };
}

function readMatcher(reading: Reading, node: SyntaxNode): Matcher {
  // `{"a metric.name"}`
  if (node.name === 'QuotedLabelName') return matcherOf(METRIC_NAME, '=', readString(reading, node), node.from);
  const [label, op, value] = childrenOf(node);
  if (label === undefined || op === undefined || value === undefined)
    throw new PromqlError('incomplete matcher', node.from);
  const name = label.name === 'QuotedLabelName' ? readString(reading, label) : textOf(reading, label);
  if (name === '') throw new PromqlError('a label needs a name', label.from);
  return matcherOf(name, textOf(reading, op) as MatchOperator, readString(reading, value), value.from);
}

/** Where a range or a modifier starts: what it follows is part of its node. */
const startOf = (node: SyntaxNode): number => childrenOf(node)[1]?.from ?? node.from;

/** Puts a range, a subquery, `offset` or `@` onto what stands before it. */
export function applyPostfix(reading: Reading, operand: Operand, node: SyntaxNode): Expr {
  const { to } = node;
  switch (node.name) {
    case 'MatrixSelector':
      return matrixOf(reading, operand, node);
    case 'SubqueryExpr': {
      const [, range, step] = childrenOf(node);
      if (range === undefined) throw new PromqlError('incomplete subquery', node.from);
      const { expr } = operand;
      if (expr.type !== 'vector') {
        throw new PromqlError(`subquery is only allowed on instant vector, got ${expr.type} instead`, expr.from);
      }
      const stepMs = step === undefined ? null : readPositiveMs(reading, step);
      const rangeMs = readPositiveMs(reading, range);
      return { kind: 'subquery', type: 'matrix', expr, rangeMs, stepMs, offsetMs: 0, at: null, from: expr.from, to };
    }
    case 'OffsetExpr': {
      const offsetMs = readDurationMs(reading, childOf(node, 'OffsetDurationExpr'));
      return shifted(operand, node, 'offset', (shift) => {
        if (shift.offsetMs !== 0) throw new PromqlError('offset may not be set multiple times', startOf(node));
        return { ...shift, offsetMs };
      });
    }
    case 'StepInvariantExpr': {
      const at = readAt(reading, node);
      return shifted(operand, node, '@', (shift) => {
        if (shift.at !== null) throw new PromqlError('@ <timestamp> may not be set multiple times', startOf(node));
        return { ...shift, at };
      });
    }
    default: {
      const modifier = node.name === 'AnchoredExpr' ? 'anchored' : 'smoothed';
      throw new UnbuiltError(`modifier "${modifier}" is not supported`, startOf(node));
    }
  }
}

function matrixOf(reading: Reading, { expr, isParenthesized }: Operand, node: SyntaxNode): Expr {
  if (expr.kind !== 'vectorSelector' || isParenthesized) {
    throw new PromqlError('ranges only allowed for vector selectors', startOf(node));
  }
  if (expr.offsetMs !== 0) throw new PromqlError('no offset modifiers allowed before range', startOf(node));
  if (expr.at !== null) throw new PromqlError('no @ modifiers allowed before range', startOf(node));
  const rangeMs = readPositiveMs(reading, childOf(node, 'DurationExpr'));
  return { kind: 'matrixSelector', type: 'matrix', selector: expr, rangeMs, from: expr.from, to: node.to };
}

interface Shift {
  readonly offsetMs: number;
  readonly at: AtModifier | null;
}

function shifted(
  { expr, isParenthesized }: Operand,
  node: SyntaxNode,
  modifier: 'offset' | '@',
  change: (shift: Shift) => Shift,
): Expr {
  const { to } = node;
  if (!isParenthesized) {
    if (expr.kind === 'matrixSelector') {
      return { ...expr, selector: { ...expr.selector, ...change(expr.selector) }, to };
    }
    if (expr.kind === 'vectorSelector' || expr.kind === 'subquery') return { ...expr, ...change(expr), to };
  }
  throw new PromqlError(
    `${modifier} modifier must be preceded by an instant vector selector or range vector selector or a subquery`,
    startOf(node),
  );
}

function readAt(reading: Reading, node: SyntaxNode): AtModifier {
  const preprocessor = node.getChild('AtModifierPreprocessors');
  if (preprocessor !== null) return textOf(reading, preprocessor).toLowerCase() === 'start' ? 'start' : 'end';
  const literal = childOf(node, 'NumberDurationLiteral');
  const text = textOf(reading, literal);
  const atMs = Math.round((parseSigned(text) ?? Number.NaN) * 1000);
  if (!(Math.abs(atMs) <= MAX_MS))
    throw new PromqlError(`timestamp out of bounds for @ modifier: ${text}`, literal.from);
  return atMs;
}

function readPositiveMs(reading: Reading, node: SyntaxNode): number {
  const durationMs = readDurationMs(reading, node);
  if (durationMs <= 0) throw new PromqlError('duration must be greater than 0', node.from);
  return durationMs;
}

/** Milliseconds of a duration, or of a number of seconds, with an optional sign. Arithmetic on durations is not built. */
function readDurationMs(reading: Reading, node: SyntaxNode): number {
  const text = textOf(reading, node);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  const seconds = parseNumber(text.slice(sign.length).trim());
  if (seconds === null)
    throw new UnbuiltError(`duration expressions are not supported: ${JSON.stringify(text)}`, node.from);
  const durationMs = Math.trunc(Math.round(seconds * 1e9) / 1e6);
  if (!(durationMs <= MAX_MS)) throw new PromqlError('duration out of range', node.from);
  return sign === '-' ? -durationMs : durationMs;
}
