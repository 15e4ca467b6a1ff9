/** How fast a series moves. */
import type { RangeWindow } from '../evaluation.ts';
import { KahanSum } from '../statistics.ts';
import { type FunctionRows, overRange } from './definition.ts';

const at = (list: Float64Array, index: number): number => list[index] ?? Number.NaN;

/**
 * The increase over a range, carried on to the range's ends where the samples come close to them
 * (`extrapolatedRate` in `promql/functions.go`): up to 1.1 of the samples' usual distance all the way, else by half of
 * that distance, and for counters never to below zero.
 */
function extrapolated(window: RangeWindow, isCounter: boolean, isRate: boolean): number | null {
  const { timesMs, values, length, fromMs, toMs } = window;
  if (length < 2) return null;
  const last = length - 1;
  const firstMs = at(timesMs, 0);
  const lastMs = at(timesMs, last);
  const firstValue = at(values, 0);
  let increase = at(values, last) - firstValue;
  if (isCounter) {
    for (let index = 1; index < length; index++) {
      // A counter that went down began anew at zero.
      if (at(values, index) < at(values, index - 1)) increase += at(values, index - 1);
    }
  }

  const sampledSeconds = (lastMs - firstMs) / 1000;
  const averageSeconds = sampledSeconds / last;
  const threshold = averageSeconds * 1.1;
  let toStart = (firstMs - fromMs) / 1000;
  let toEnd = (toMs - lastMs) / 1000;
  if (toStart >= threshold) toStart = averageSeconds / 2;
  if (isCounter && increase > 0 && firstValue >= 0) {
    toStart = Math.min(toStart, sampledSeconds * (firstValue / increase));
  }
  if (toEnd >= threshold) toEnd = averageSeconds / 2;

  let factor = (sampledSeconds + toStart + toEnd) / sampledSeconds;
  if (isRate) factor /= (toMs - fromMs) / 1000;
  return increase * factor;
}

/** From the last sample but one to the last. */
function instant({ timesMs, values, length }: RangeWindow, isRate: boolean): number | null {
  if (length < 2) return null;
  const last = at(values, length - 1);
  const before = at(values, length - 2);
  const difference = isRate && last < before ? last : last - before;
  return isRate ? difference / ((at(timesMs, length - 1) - at(timesMs, length - 2)) / 1000) : difference;
}

/** Least squares; the value where the line passes `interceptMs`. A series that stands still has slope 0 exactly. */
function regression(
  { timesMs, values, length }: RangeWindow,
  interceptMs: number,
): { readonly slope: number; readonly intercept: number } {
  const sums = { x: new KahanSum(), y: new KahanSum(), xy: new KahanSum(), xx: new KahanSum() };
  const first = at(values, 0);
  let isConstant = true;
  for (let index = 0; index < length; index++) {
    const x = (at(timesMs, index) - interceptMs) / 1000;
    const y = at(values, index);
    if (index > 0 && y !== first) isConstant = false;
    sums.x.add(x);
    sums.y.add(y);
    sums.xy.add(x * y);
    sums.xx.add(x * x);
  }
  if (isConstant) {
    return Number.isFinite(first) || Number.isNaN(first)
      ? { slope: 0, intercept: first }
      : { slope: Number.NaN, intercept: Number.NaN };
  }
  const [x, y, xy, xx] = [sums.x.total, sums.y.total, sums.xy.total, sums.xx.total];
  const slope = (xy - (x * y) / length) / (xx - (x * x) / length);
  return { slope, intercept: y / length - (slope * x) / length };
}

function countPairs({ values, length }: RangeWindow, differs: (before: number, after: number) => boolean): number {
  let count = 0;
  for (let index = 1; index < length; index++) {
    if (differs(at(values, index - 1), at(values, index))) count++;
  }
  return count;
}

export const RATE_FUNCTIONS: FunctionRows = {
  changes: overRange((window) =>
    countPairs(window, (before, after) => before !== after && !(Number.isNaN(before) && Number.isNaN(after))),
  ),
  delta: overRange((window) => extrapolated(window, false, false)),
  // Around the first sample, where the figures are small.
  deriv: overRange((window) => (window.length < 2 ? null : regression(window, at(window.timesMs, 0)).slope)),
  idelta: overRange((window) => instant(window, false)),
  increase: overRange((window) => extrapolated(window, true, false)),
  irate: overRange((window) => instant(window, true)),
  predict_linear: overRange(
    (window, { atMs, scalars: [seconds = Number.NaN] }) => {
      if (window.length < 2) return null;
      const { slope, intercept } = regression(window, atMs);
      return slope * seconds + intercept;
    },
    { required: ['matrix', 'scalar'] },
  ),
  rate: overRange((window) => extrapolated(window, true, true)),
  resets: overRange((window) => countPairs(window, (before, after) => after < before)),
};
