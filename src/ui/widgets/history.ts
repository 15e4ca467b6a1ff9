/** The Snapshot's series on the columns of a chart. */
import type { Series } from '../../model/snapshot.ts';
import { type Axis, columnOf, type Merge, resample } from './resample.ts';

/** The axis of a chart of `width` columns over the whole series. */
function axisOf(series: Series, width: number): Axis {
  const fromMs = series.from === null ? 0 : Date.parse(series.from);
  return { firstIndex: Math.round(fromMs / 1000 / series.stepSeconds), count: series.requestsPerSecond.length, width };
}

export function columnsOf(
  series: Series,
  values: readonly (number | null)[],
  width: number,
  merge: Merge,
): (number | null)[] {
  return resample(values, axisOf(series, width), merge);
}

/** The column of a moment; null when it is not on the chart. */
export function columnAt(series: Series, at: string, width: number): number | null {
  return columnOf(Date.parse(at) / 1000 / series.stepSeconds, axisOf(series, width));
}

/** Seconds from the first to the last column. */
export function spanSeconds(series: Series): number {
  return series.requestsPerSecond.length * series.stepSeconds;
}
