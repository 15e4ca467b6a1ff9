/** What functions make of what they are given. */
import type { Call, Expr, VectorSelector } from '../../promql/ast.ts';
import { formatValue } from '../../promql/format.ts';
import type { Unit } from './catalogue.ts';
import { constantOf } from './constant.ts';
import type { Linter } from './linter.ts';
import { durationText, overFiveMinutes, printExpr } from './print.ts';
import { constant, type Fix, NO_LABELS, type Shape, someValue, UNKNOWN } from './shape.ts';

type CallRule = (linter: Linter, call: Call, args: readonly Shape[]) => Shape;

export function callShape(linter: Linter, call: Call): Shape {
  if (call.name === 'absent' || call.name === 'absent_over_time') return absentShape(linter, call);
  const wasInQuantile = linter.isInQuantile;
  linter.isInQuantile ||= call.name === 'histogram_quantile';
  const args = call.args.map((arg) => (arg.kind === 'matrixSelector' ? linter.range(arg, call) : linter.shape(arg)));
  linter.isInQuantile = wasInQuantile;
  const rule = Object.hasOwn(RULES, call.name) ? RULES[call.name] : undefined;
  if (rule !== undefined) return rule(linter, call, args);
  const vector = args.find((_, index) => call.args[index]?.type === 'vector' || call.args[index]?.type === 'matrix');
  return vector === undefined ? { ...UNKNOWN, labels: call.type === 'scalar' ? NO_LABELS : null } : someValue(vector);
}

/** `absent()` of what can never be there always fires. */
function absentShape(linter: Linter, call: Call): Shape {
  const [arg] = call.args;
  const before = linter.flaws.length;
  const inner =
    arg === undefined ? UNKNOWN : arg.kind === 'matrixSelector' ? linter.range(arg, call) : linter.shape(arg);
  const flaws = linter.flaws.splice(before);
  for (const { kind, reason, fixes } of flaws)
    linter.add(inner.empty && kind === 'never' ? 'always' : kind, reason, fixes);
  return { ...constant(1), labels: null, filters: !inner.empty };
}

/** Two samples at least: the range must be longer than the time between two. */
function checkRange(linter: Linter, call: Call): boolean {
  const matrix = call.args.find(({ kind }) => kind === 'matrixSelector');
  if (matrix?.kind !== 'matrixSelector' || matrix.rangeMs > linter.context.intervalMs) return true;
  const [range, interval] = [durationText(matrix.rangeMs), durationText(linter.context.intervalMs)];
  const wide = durationText(Math.max(60_000, 4 * linter.context.intervalMs));
  const text = printExpr(matrix).replace(`[${range}]`, `[${wide}]`);
  linter.add(
    'never',
    `${call.name}() needs two samples, and with one every ${interval} a range of ${range} holds but one`,
    [{ part: matrix, text }],
  );
  return false;
}

/** The selector of a range, where it is one. */
function selectorOf(call: Call): VectorSelector | null {
  const matrix = call.args.find(({ kind }) => kind === 'matrixSelector');
  return matrix?.kind === 'matrixSelector' ? matrix.selector : null;
}

const isGauge = (linter: Linter, metric: string | null): boolean =>
  metric !== null && linter.catalogue.find(metric)?.type === 'gauge';

/** rate, irate, increase: a fall is taken for the restart of a counter. */
const ofCounter =
  (perSecond: boolean, forGauge: string): CallRule =>
  (linter, call, [shape = UNKNOWN]) => {
    const enough = checkRange(linter, call);
    const metric = selectorOf(call)?.metric ?? null;
    const unit: Unit | null =
      shape.unit === 'count' || shape.unit === 'seconds' || shape.unit === 'bytes'
        ? perSecond
          ? `${shape.unit}/s`
          : shape.unit
        : null;
    const result = someValue(shape, { low: 0, unit, empty: shape.empty || !enough });
    if (!isGauge(linter, metric)) {
      return { ...result, why: `${call.name}() is never negative` };
    }
    // Nobody asks how many percent more it gets each second.
    const name = perSecond && (shape.unit === 'percent' || shape.unit === 'ratio') ? 'avg_over_time' : forGauge;
    const fixes: readonly Fix[] = [{ part: call, text: printExpr({ ...call, name }) }];
    const why = `${metric} is a gauge, and ${call.name}() takes every fall for the restart of a counter: it is never negative`;
    return { ...result, unit: null, why, fixes, metric };
  };

const ofRange: CallRule = (linter, call, args) =>
  someValue(args[call.args.length - 1] ?? UNKNOWN, checkRange(linter, call) ? {} : { empty: true });

const keepsValues: CallRule = (_linter, call, args) => {
  const index = call.args.findIndex(({ type }) => type === 'matrix' || type === 'vector');
  const shape = args[index] ?? UNKNOWN;
  return { ...someValue(shape), low: shape.low, high: shape.high, unit: shape.unit, why: shape.why };
};

/** @param call `round()` may have a step of its own. */
function toWhole(_linter: Linter, call: Call, [shape = UNKNOWN]: readonly Shape[]): Shape {
  const { unit, low, high } = shape;
  return call.args.length > 1
    ? someValue(shape, { unit })
    : someValue(shape, { unit, low: Math.floor(low), high: Math.ceil(high) });
}

const bounded =
  (low: number, high = Number.POSITIVE_INFINITY): CallRule =>
  (_linter, _call, args) =>
    someValue(args[0] ?? UNKNOWN, { low, high });

const RULES: Readonly<Record<string, CallRule>> = {
  rate: ofCounter(true, 'deriv'),
  irate: ofCounter(true, 'deriv'),
  increase: ofCounter(false, 'delta'),
  delta: ofRange,
  idelta: ofRange,
  deriv: ofRange,
  predict_linear: (linter, call, [shape = UNKNOWN]) =>
    someValue(shape, checkRange(linter, call) ? {} : { empty: true }),
  changes: bounded(0),
  resets: bounded(0),
  count_over_time: bounded(1),
  present_over_time: bounded(1, 1),
  stddev_over_time: bounded(0),
  stdvar_over_time: bounded(0),
  avg_over_time: keepsValues,
  min_over_time: keepsValues,
  max_over_time: keepsValues,
  last_over_time: (_linter, _call, [shape = UNKNOWN]) => shape,
  first_over_time: (_linter, _call, [shape = UNKNOWN]) => shape,
  quantile_over_time: keepsValues,
  sum_over_time: (_linter, _call, [shape = UNKNOWN]) =>
    someValue(shape, { low: Math.min(shape.low, 0) < 0 ? Number.NEGATIVE_INFINITY : 0 }),
  sort: (_linter, _call, [shape = UNKNOWN]) => shape,
  sort_desc: (_linter, _call, [shape = UNKNOWN]) => shape,
  ceil: toWhole,
  floor: toWhole,
  round: toWhole,
  abs: (_linter, _call, [shape = UNKNOWN]) => ({
    ...shape,
    low: Math.max(0, shape.low),
    high: Number.POSITIVE_INFINITY,
    why: null,
  }),
  clamp_min: (_linter, call, [shape = UNKNOWN]) => clamped(shape, constantArg(call, 1), null),
  clamp_max: (_linter, call, [shape = UNKNOWN]) => clamped(shape, null, constantArg(call, 1)),
  clamp: (_linter, call, [shape = UNKNOWN]) => clamped(shape, constantArg(call, 1), constantArg(call, 2)),
  timestamp: (_linter, _call, [shape = UNKNOWN]) => someValue(shape),
  vector: (_linter, call) => {
    const value = constantArg(call, 0);
    return value === null ? { ...UNKNOWN, labels: NO_LABELS } : constant(value);
  },
  label_replace: (_linter, _call, [shape = UNKNOWN]) => ({ ...shape, labels: null }),
  label_join: (_linter, _call, [shape = UNKNOWN]) => ({ ...shape, labels: null }),
  hour: bounded(0, 23),
  minute: bounded(0, 59),
  day_of_week: bounded(0, 6),
  day_of_month: bounded(1, 31),
  day_of_year: bounded(1, 366),
  days_in_month: bounded(28, 31),
  month: bounded(1, 12),
  histogram_quantile: (linter, call, [, buckets = UNKNOWN]) => quantileShape(linter, call, buckets),
};

const constantArg = (call: Call, index: number): number | null => {
  const arg = call.args[index];
  return arg === undefined ? null : constantOf(arg);
};

function clamped(shape: Shape, low: number | null, high: number | null): Shape {
  const least = low ?? Number.NEGATIVE_INFINITY;
  const most = high ?? Number.POSITIVE_INFINITY;
  return {
    ...shape,
    low: Math.min(most, Math.max(least, shape.low)),
    high: Math.max(least, Math.min(most, shape.high)),
    counter: null,
  };
}

function quantileShape(linter: Linter, call: Call, buckets: Shape): Shape {
  const [, arg] = call.args;
  const quantile = constantArg(call, 0);
  const labels = buckets.labels && new Set([...buckets.labels].filter((label) => label !== 'le'));
  if (!buckets.empty && buckets.labels !== null && !buckets.labels.has('le') && arg !== undefined) {
    linter.add(
      'never',
      'histogram_quantile() needs the label le, which what it is given no longer has',
      leFixes(linter, arg),
    );
    return someValue(buckets, { labels, empty: true });
  }
  if (buckets.isRawBucket && arg !== undefined) {
    const fixes = rawBucketFixes(arg);
    linter.add(
      'unlike',
      'without rate() the quantile is of all requests since gtop began to count, not of the last minutes',
      fixes,
    );
  }
  if (quantile !== null && (quantile > 1 || quantile < 0)) {
    const first = call.args[0];
    const meant = quantile > 1 && quantile < 100 ? quantile / 100 : null;
    const infinity = quantile > 1 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    return someValue(buckets, {
      labels,
      low: infinity,
      high: infinity,
      why: `a quantile goes from 0 to 1: with ${quantile} histogram_quantile() is always ${formatValue(infinity)}`,
      fixes: first === undefined || meant === null ? [] : [{ part: first, text: String(meant) }],
    });
  }
  const high = linter.catalogue.lastBound;
  const known = buckets.labels !== null;
  return someValue(buckets, {
    labels,
    low: known ? 0 : Number.NEGATIVE_INFINITY,
    high: known ? high : Number.POSITIVE_INFINITY,
    unit: known ? 'seconds' : null,
    why: known ? `the quantile is in seconds and at most ${high}, the bound of the last bucket` : null,
    isPerSeries: false,
  });
}

/** The aggregation that lost the label gets it back; another series becomes the buckets of its histogram. */
function leFixes(linter: Linter, arg: Expr): readonly Fix[] {
  const buckets = printExpr(arg).replace(/\b(\w+?)_(?:sum|count)\b(?=[[{\s)]|$)/g, (name, family: string) =>
    linter.catalogue.find(`${family}_bucket`) === null ? name : `${family}_bucket`,
  );
  if (arg.kind !== 'aggregation') {
    return buckets === printExpr(arg) ? [] : [{ part: arg, text: buckets }];
  }
  const { kind, labels } = arg.grouping;
  const grouping =
    kind === 'by' ? { kind, labels: [...labels, 'le'] } : { kind, labels: labels.filter((label) => label !== 'le') };
  return [{ part: arg, text: printExpr({ ...arg, grouping }) }];
}

function rawBucketFixes(arg: Expr): readonly Fix[] {
  if (arg.kind === 'vectorSelector') return [{ part: arg, text: overFiveMinutes('rate', arg) }];
  const inner = arg.kind === 'aggregation' ? arg.expr : null;
  return inner?.kind === 'vectorSelector' ? [{ part: inner, text: overFiveMinutes('rate', inner) }] : [];
}
