/** Requests by time and duration: what percentiles hide, two groups of requests and the long tail, shows here. */
import { BUCKET_COUNT, lowOf, type Population } from './histogram.ts';
import type { HeatMap } from './snapshot.ts';

/**
 * Buckets of the histogram that make one row: sixteen rows a factor of two. Several times finer than a screen has lines
 * for, so that lines of seven rows and of eight beside each other look alike.
 */
const BUCKETS_PER_ROW = 4;
const ROW_COUNT = Math.ceil(BUCKET_COUNT / BUCKETS_PER_ROW);

export interface HeatMapSteps {
  readonly stepSeconds: number;
  readonly points: number;
  readonly fromSecond: number;
  readonly toSecond: number;
  /** The first second that there are data for: steps that begin earlier are null. */
  readonly coveredFromSecond: number;
}

/** Visits what was measured in [fromSecond, toSecond), with the second at which each slot begins. */
export type ForEachDurations = (
  fromSecond: number,
  toSecond: number,
  visit: (slot: { readonly durations: Population }, startSecond: number) => void,
) => void;

/**
 * Counts durations into the steps of a chart. Rows reach from the shortest to the longest duration of the whole map,
 * so that it carries no empty edges; a map without durations has no rows.
 * Costs one visit of every bucket in use: some 3 ms for 15 min at 50,000 requests a second.
 */
export function heatMap(steps: HeatMapSteps, forEach: ForEachDurations): HeatMap {
  const { stepSeconds, points, fromSecond, toSecond, coveredFromSecond } = steps;
  const counts = new Float64Array(points * ROW_COUNT);
  let lowest = ROW_COUNT;
  let highest = -1;
  forEach(fromSecond, toSecond, ({ durations }, startSecond) => {
    const column = Math.floor((startSecond - fromSecond) / stepSeconds);
    // A coarse slot may begin before the first step.
    if (column < 0 || column >= points) return;
    durations.forEach((bucket, count) => {
      const row = Math.floor(bucket / BUCKETS_PER_ROW);
      counts[column * ROW_COUNT + row] += count;
      if (row < lowest) lowest = row;
      if (row > highest) highest = row;
    });
  });
  const rows = Math.max(0, highest - lowest + 1);
  return {
    stepSeconds,
    from: new Date(fromSecond * 1000).toISOString(),
    edgesSeconds: rows === 0 ? [] : Array.from({ length: rows + 1 }, (_, row) => edgeOf(lowest + row)),
    columns: Array.from({ length: points }, (_, column) =>
      fromSecond + column * stepSeconds < coveredFromSecond
        ? null
        : [...counts.subarray(column * ROW_COUNT + lowest, column * ROW_COUNT + lowest + rows)],
    ),
  };
}

const edgeOf = (row: number): number => lowOf(row * BUCKETS_PER_ROW);
