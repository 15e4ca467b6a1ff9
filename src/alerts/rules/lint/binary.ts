/** What two sides make together: whether any pair matches, and what their values can be. */
import { type Binary, type Expr, walk } from '../../promql/ast.ts';
import { compareShape } from './comparison.ts';
import { constantOf } from './constant.ts';
import { divisionShape } from './division.ts';
import type { Linter } from './linter.ts';
import { joined } from './pair.ts';
import { overFiveMinutes, printExpr } from './print.ts';
import { constant, type Fix, type Shape, someValue } from './shape.ts';

const COMPARISONS: readonly string[] = ['==', '!=', '>', '<', '>=', '<='];

export function binaryShape(linter: Linter, expr: Binary): Shape {
  const value = constantOf(expr);
  if (value !== null) return constant(value);
  const left = linter.shape(expr.left);
  const right = linter.shape(expr.right);
  if (expr.operator === 'or') return union(left, right);
  const pairs = expr.left.type === 'vector' && expr.right.type === 'vector';
  const matches = !pairs || checkMatching(linter, expr, left, right);
  const isNothing = (side: Expr, shape: Shape): boolean => side.type === 'vector' && shape.empty;
  const empty = isNothing(expr.left, left) || isNothing(expr.right, right) || !matches;
  if (expr.operator === 'unless') return { ...left, filters: true };
  if (expr.operator === 'and') return { ...left, empty, filters: left.filters || right.filters };
  if (COMPARISONS.includes(expr.operator)) {
    const compared = compareShape(linter, expr, left, right);
    return { ...compared, empty: empty || compared.empty };
  }
  return { ...arithmeticShape(expr, left, right), empty };
}

function union(left: Shape, right: Shape): Shape {
  if (left.empty) return right;
  if (right.empty) return left;
  return someValue(left, {
    labels: null,
    low: Math.min(left.low, right.low),
    high: Math.max(left.high, right.high),
    filters: left.filters && right.filters,
  });
}

/** Elements find each other when the labels that count are the same on both sides. */
function checkMatching(linter: Linter, expr: Binary, left: Shape, right: Shape): boolean {
  if (left.labels === null || right.labels === null || left.empty || right.empty) return true;
  const { kind, labels } = expr.matching;
  const counts = (label: string): boolean => labels.includes(label) === (kind === 'on');
  const [a, b] = [left.labels, right.labels].map((all) => [...all].filter(counts));
  const onlyLeft = a?.filter((label) => !b?.includes(label)) ?? [];
  const onlyRight = b?.filter((label) => !a?.includes(label)) ?? [];
  if (onlyLeft.length + onlyRight.length === 0) {
    checkUnique(linter, expr, [left, right]);
    return true;
  }
  const say = (all: readonly string[], side: string): string[] =>
    all.length === 0 ? [] : [`${all.join(', ')} only on the ${side}`];
  const why = [...say(onlyLeft, 'left'), ...say(onlyRight, 'right')].join(' and ');
  if (expr.operator === 'unless') {
    linter.add('unlike', `unless leaves out nothing: the labels of the two sides never match: ${why}`, []);
    return false;
  }
  linter.add('never', `the labels of the two sides never match: ${why}`, matchingFixes(expr, left, right));
  return false;
}

const SET_OPERATORS: readonly string[] = ['and', 'or', 'unless'];

/** Labels with one value in most set-ups. */
const OFTEN_ONE: readonly string[] = ['listener', 'version'];

/** A side that is to have one element for each of the other must not have labels that do not count. */
function checkUnique(linter: Linter, expr: Binary, shapes: readonly [Shape, Shape]): void {
  if (SET_OPERATORS.includes(expr.operator)) return;
  const { kind, labels, group } = expr.matching;
  const sides = [
    { side: expr.left, shape: shapes[0], name: 'left' },
    { side: expr.right, shape: shapes[1], name: 'right' },
  ].filter(({ name }) => name !== group);
  for (const { side, shape, name } of sides) {
    const extra = [...(shape.labels ?? [])].filter(
      (label) => labels.includes(label) !== (kind === 'on') && !OFTEN_ONE.includes(label) && !isPinned(side, label),
    );
    if (extra.length === 0) continue;
    const counting = [...(shape.labels ?? [])].filter((label) => !extra.includes(label));
    const text = `sum${counting.length === 0 ? '' : ` by (${counting.join(', ')}) `}(${printExpr(side)})`;
    linter.add(
      'unlike',
      `the ${name} side has several series (by ${extra.join(', ')}) for one of the other: Prometheus gives up as soon as two are there`,
      [{ part: side, text }],
    );
  }
}

/** Whether every series that a side is made of has the same value of a label. */
function isPinned(side: Expr, label: string): boolean {
  let isEverywhere = true;
  walk(side, (part) => {
    if (part.kind !== 'vectorSelector') return;
    if (!part.matchers.some(({ name, op }) => name === label && op === '=')) isEverywhere = false;
  });
  return isEverywhere;
}

/** Both sides added up, so that neither has labels; counters by what came to them of late. */
function matchingFixes(expr: Binary, left: Shape, right: Shape): readonly Fix[] {
  const { operator } = expr;
  const aggregate = operator === 'and' ? 'max' : 'sum';
  const recent = operator === '/' && left.counter !== null && right.counter !== null;
  const sideOf = (side: Binary['left'], shape: Shape): string => {
    const { counter } = shape;
    const text =
      recent && counter !== null
        ? printExpr(side, new Map([[counter, overFiveMinutes('rate', counter)]]))
        : printExpr(side);
    return shape.labels?.size === 0 ? text : `${aggregate}(${text})`;
  };
  if (operator === 'and') {
    // The left side says what the alert is about: its labels stay.
    return [{ part: expr, text: `(${printExpr(expr.left)} and on () ${sideOf(expr.right, right)})` }];
  }
  return [{ part: expr, text: `(${sideOf(expr.left, left)} ${operator} ${sideOf(expr.right, right)})` }];
}

function arithmeticShape(expr: Binary, left: Shape, right: Shape): Shape {
  const [a, b] = [constantOf(expr.left), constantOf(expr.right)];
  if (b !== null) return withConstant(expr, left, b);
  if (a !== null) return constantWith(expr, a, right);
  if (expr.operator === '/') return divisionShape(expr, left, right);
  const isSum = expr.operator === '+' || expr.operator === '-';
  const [low, high] = isSum
    ? expr.operator === '+'
      ? [left.low + right.low, left.high + right.high]
      : [left.low - right.high, left.high - right.low]
    : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return joined(expr, left, right, {
    low: orUnbounded(low, Number.NEGATIVE_INFINITY),
    high: orUnbounded(high, Number.POSITIVE_INFINITY),
    unit: isSum && left.unit === right.unit ? left.unit : null,
    isFailures: left.isFailures && right.isFailures,
  });
}

/** ∞ − ∞ is not a number, and no bound. */
const orUnbounded = (bound: number, unbounded: number): number => (Number.isNaN(bound) ? unbounded : bound);

function withConstant({ operator }: Binary, shape: Shape, by: number): Shape {
  const scaled = scale(operator, shape, by);
  if (scaled === null) return { ...someValue(shape), isPerSeries: shape.isPerSeries };
  const unit =
    operator === '*' && by === 100 && shape.unit === 'ratio'
      ? 'percent'
      : operator === '/' && by === 100 && shape.unit === 'percent'
        ? 'ratio'
        : operator === '+' || operator === '-' || by === 1
          ? shape.unit
          : null;
  const percent = unit === 'percent' && scaled.high === 100 ? 'a share times 100 goes from 0 to 100' : null;
  // What always is 1 stays what it is, times whatever.
  const isFixed = scaled.low === scaled.high;
  return { ...shape, ...scaled, unit, why: isFixed || by === 1 ? shape.why : percent, metric: null };
}

/** Bounds after `value OPERATOR by`; null where they are not that simple. */
function scale(operator: string, { low, high }: Shape, by: number): Pick<Shape, 'low' | 'high'> | null {
  const apply = {
    '*': (x: number) => x * by,
    '/': (x: number) => x / by,
    '+': (x: number) => x + by,
    '-': (x: number) => x - by,
  }[operator];
  if (apply === undefined || (by === 0 && operator !== '+' && operator !== '-')) return null;
  const bounds = [apply(low), apply(high)];
  return { low: Math.min(...bounds), high: Math.max(...bounds) };
}

function constantWith({ operator }: Binary, by: number, shape: Shape): Shape {
  if (operator === '*' || operator === '+') return withConstant({ operator } as Binary, shape, by);
  if (operator !== '-') return someValue(shape);
  const unit = (by === 1 && shape.unit === 'ratio') || (by === 100 && shape.unit === 'percent') ? shape.unit : null;
  const why = unit === null ? null : shape.why;
  return { ...someValue(shape), low: by - shape.high, high: by - shape.low, unit, why };
}
