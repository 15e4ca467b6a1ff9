/** A comparison: whether the numbers let it be true, and whether like is compared with like. */
import type { Binary, Expr } from '../../promql/ast.ts';
import { formatValue } from '../../promql/format.ts';
import { constantOf } from './constant.ts';
import type { Linter } from './linter.ts';
import { joined } from './pair.ts';
import { overFiveMinutes, printExpr } from './print.ts';
import type { Fix, Shape } from './shape.ts';

type Operator = '==' | '!=' | '>' | '<' | '>=' | '<=';

const MIRRORED: Readonly<Record<Operator, Operator>> = {
  '==': '==',
  '!=': '!=',
  '>': '<',
  '<': '>',
  '>=': '<=',
  '<=': '>=',
};

/** A comparison with a number, that on the right. */
interface Comparison {
  readonly expr: Binary;
  readonly side: Expr;
  readonly shape: Shape;
  readonly operator: Operator;
  readonly limit: number;
  /** Where the number stands. */
  readonly limitPart: Expr;
}

export function compareShape(linter: Linter, expr: Binary, left: Shape, right: Shape): Shape {
  const isBool = expr.bool;
  const result = joined(expr, left, right, { filters: !isBool || left.filters || right.filters });
  const comparison = comparisonOf(expr, left, right);
  if (isBool) return { ...result, low: 0, high: 1, unit: 'flag', filters: left.filters || right.filters };
  if (comparison === null) return { ...result, low: left.low, high: left.high };
  const { low, high, unit, filters, empty } = comparison.shape;
  const outcome = empty ? null : check(linter, comparison);
  return { ...result, low, high, unit, empty: outcome === 'never', filters: outcome !== 'always' || filters };
}

function comparisonOf(expr: Binary, left: Shape, right: Shape): Comparison | null {
  const operator = expr.operator as Operator;
  const [a, b] = [constantOf(expr.left), constantOf(expr.right)];
  if (b !== null) return { expr, side: expr.left, shape: left, operator, limit: b, limitPart: expr.right };
  if (a !== null) {
    return { expr, side: expr.right, shape: right, operator: MIRRORED[operator], limit: a, limitPart: expr.left };
  }
  return null;
}

/** Says what is wrong with it. @returns whether it is never or always true, as far as anybody can tell. */
function check(linter: Linter, comparison: Comparison): 'never' | 'always' | null {
  const outcome = outcomeOf(comparison);
  // What is compared may itself be left out: `count(gunicorn_up == 0) > 0` is a condition after all.
  if (outcome === 'always' && comparison.shape.filters) return outcome;
  if (outcome !== null) {
    const { why, low, high } = comparison.shape;
    const range = why ?? `its value is ${rangeText(low, high)}`;
    const { operator, limit } = comparison;
    linter.add(
      outcome,
      `${range}: ${operator} ${formatValue(limit)} is ${outcome === 'never' ? 'never' : 'always'} true`,
      [...rangeFixes(comparison, outcome)],
    );
    return outcome;
  }
  for (const test of UNLIKE) {
    const flaw = test(comparison);
    if (flaw === null) continue;
    linter.add(flaw.kind ?? 'unlike', flaw.reason, flaw.fixes);
    return flaw.kind ?? null;
  }
  return null;
}

function rangeText(low: number, high: number): string {
  if (low === high) return `always ${formatValue(low)}`;
  if (!Number.isFinite(high)) return `never below ${formatValue(low)}`;
  return Number.isFinite(low) ? `from ${formatValue(low)} to ${formatValue(high)}` : `never above ${formatValue(high)}`;
}

function outcomeOf({ operator, limit, shape: { low, high } }: Comparison): 'never' | 'always' | null {
  const tests: Readonly<Record<Operator, readonly [never: boolean, always: boolean]>> = {
    '>': [high <= limit, low > limit],
    '>=': [high < limit, low >= limit],
    '<': [low >= limit, high < limit],
    '<=': [low > limit, high <= limit],
    '==': [limit < low || limit > high, low === high && low === limit],
    '!=': [low === high && low === limit, limit < low || limit > high],
  };
  const [never, always] = tests[operator];
  return never ? 'never' : always ? 'always' : null;
}

function rangeFixes({ expr, side, shape, operator, limit, limitPart }: Comparison, outcome: string): readonly Fix[] {
  if (shape.fixes.length > 0) return shape.fixes;
  if (outcome === 'always') return [];
  if (shape.unit === 'ratio' && limit > 1 && limit <= 100) return [percentFix(limitPart, limit)];
  if (shape.unit === 'seconds' && limit >= 100) return [{ part: limitPart, text: formatValue(limit / 1000) }];
  const isCount = side.kind === 'aggregation' && side.operator === 'count';
  if (isCount && limit <= 1 && ['==', '<', '<='].includes(operator)) {
    return [{ part: expr, text: `absent(${printExpr(side.expr)})` }];
  }
  return [];
}

const percentFix = (part: Expr, limit: number): Fix => ({
  part,
  text: formatValue(Number((limit / 100).toPrecision(12))),
});

interface Unlike {
  readonly kind?: 'never';
  readonly reason: string;
  readonly fixes: readonly Fix[];
}

const isAbove = (operator: Operator): boolean => operator === '>' || operator === '>=';
const isBelow = (operator: Operator): boolean => operator === '<' || operator === '<=' || operator === '==';

/** The largest number that reads as a share and as nothing else. */
const MOST_LIKE_SHARE = 0.5;

/** No Python is as small as this many bytes. */
const LEAST_MEMORY = 100_000;

/** The first that finds something speaks. */
const UNLIKE: readonly ((comparison: Comparison) => Unlike | null)[] = [
  function gaugeAsCounter({ shape }) {
    return shape.why !== null && shape.metric !== null && shape.fixes.length > 0
      ? { reason: shape.why, fixes: shape.fixes }
      : null;
  },
  function failuresPerSecond({ shape, side, operator, limit }) {
    if (shape.unit !== 'count/s' || !shape.isFailures || !isAbove(operator)) return null;
    if (!(limit > 0 && limit <= MOST_LIKE_SHARE)) return null;
    const percent = formatValue(Number((limit * 100).toPrecision(12)));
    const each = shape.isPerSeries ? ' of each series by itself' : '';
    return {
      reason: `failures per second${each} are no share of the requests: ${formatValue(limit)} reads as ${percent} % but is ${formatValue(limit)} per second`,
      fixes: shareFixes(side),
    };
  },
  function eachBySelf({ shape, side, operator, limit }) {
    const isRate = shape.unit === 'count/s' || (shape.unit === 'count' && shape.counter === null);
    if (!isRate || !shape.isPerSeries || !isBelow(operator) || side.kind !== 'call') return null;
    const labels = [...(shape.labels ?? [])].join(', ');
    return {
      reason: `each series (${labels}) is compared by itself: one that is seldom asked for is below ${formatValue(limit)} while others are busy`,
      fixes: [{ part: side, text: `sum(${printExpr(side)})` }],
    };
  },
  function countSinceEver({ shape, operator, limit }) {
    const { counter } = shape;
    if (counter === null || shape.unit === null || !isAbove(operator)) return null;
    return {
      reason: `a counter only grows: once above ${formatValue(limit)} it stays there`,
      fixes: [{ part: counter, text: overFiveMinutes('increase', counter) }],
    };
  },
  function percentAsRatio({ shape, operator, limit, limitPart }) {
    if (shape.unit !== 'ratio' || Math.abs(limit) < 2) return null;
    const isNever = operator === '==' || isAbove(operator) === limit > 0;
    return {
      ...(isNever && operator !== '!=' ? { kind: 'never' } : {}),
      reason: `a ratio is about 1 at most: ${formatValue(limit)} reads as percent`,
      fixes: limit <= 100 ? [percentFix(limitPart, limit)] : [],
    };
  },
  function ratioAsPercent({ shape, limit, limitPart }) {
    if (shape.unit !== 'percent' || limit <= 0 || limit >= 1) return null;
    return {
      reason: `percent go from 0 to 100: ${formatValue(limit)} is less than one percent`,
      fixes: [{ part: limitPart, text: formatValue(Number((limit * 100).toPrecision(12))) }],
    };
  },
  function milliseconds({ shape, limit, limitPart }) {
    if (shape.unit !== 'seconds' || shape.counter !== null || limit < 100) return null;
    return {
      reason: `the value is in seconds: ${formatValue(limit)} reads as milliseconds`,
      fixes: [{ part: limitPart, text: formatValue(limit / 1000) }],
    };
  },
  function megabytes({ shape, limit, limitPart }) {
    const isMemory = shape.unit === 'bytes' && shape.metric !== null && shape.metric.includes('memory');
    if (!isMemory || limit <= 100 || limit >= LEAST_MEMORY) return null;
    return {
      reason: `the value is in bytes: ${formatValue(limit)} reads as megabytes`,
      fixes: [{ part: limitPart, text: `${formatValue(limit)} * 1024 * 1024` }],
    };
  },
  function percentOfBytes({ shape, limit }) {
    if (shape.unit !== 'bytes' || limit <= 0 || limit > 100) return null;
    return { reason: `the value is in bytes: ${formatValue(limit)} is next to nothing`, fixes: [] };
  },
];

/** The failures as a share of all: of what else is counted, matchers of the status left out. */
function shareFixes(side: Expr): readonly Fix[] {
  const part = side.kind === 'aggregation' && side.operator === 'sum' ? side.expr : side;
  const by =
    side.kind === 'aggregation' && side.operator === 'sum' ? side.grouping : ({ kind: 'by', labels: [] } as const);
  if (part.kind !== 'call' || by.labels.includes('status')) return [];
  const [matrix] = part.args;
  if (matrix?.kind !== 'matrixSelector') return [];
  const { selector } = matrix;
  const metric = selector.metric?.replace('errors_total', 'requests_total') ?? null;
  const matchers = selector.matchers.filter(({ name }) => name !== 'status' && name !== '__name__');
  const all = { ...part, args: [{ ...matrix, selector: { ...selector, metric, matchers } }] };
  const sum = (expr: Expr): string =>
    printExpr({
      kind: 'aggregation',
      type: 'vector',
      operator: 'sum',
      grouping: by,
      parameter: null,
      expr,
      from: 0,
      to: 0,
    });
  return [{ part: side, text: `${sum(part)} / ${sum(all)}` }];
}
