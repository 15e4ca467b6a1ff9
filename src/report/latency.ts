/** Request times and their histogram. */
import { Histogram, middleOf } from '../model/histogram.ts';
import type { Durations } from './durations.ts';
import type { HistogramBin, ReportLatency } from './report.ts';
import { orNull } from './rows.ts';

/** 1, 2, 5, 10, …, from 1 ms (all below is one bin) to 1,000 s. */
const EDGES_SECONDS = [
  0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000,
] as const;

/** Null when no request has a duration, true or made up. */
export function latencyOf(durations: Durations, excluded: number): ReportLatency | null {
  if (durations.count === 0 && excluded === 0) return null;
  const histogram = new Histogram();
  histogram.merge(durations);
  return {
    count: histogram.count,
    excluded,
    minSeconds: orNull(histogram.min),
    meanSeconds: histogram.mean,
    p50Seconds: histogram.quantile(0.5),
    p90Seconds: histogram.quantile(0.9),
    p95Seconds: histogram.quantile(0.95),
    p99Seconds: histogram.quantile(0.99),
    p999Seconds: histogram.quantile(0.999),
    maxSeconds: orNull(histogram.max),
    sumSeconds: histogram.sum,
    histogram: binsOf(histogram),
  };
}

/** From the first bin that holds something to the last. */
function binsOf(histogram: Histogram): readonly HistogramBin[] {
  const bins = EDGES_SECONDS.map((fromSeconds, index) => ({
    fromSeconds,
    toSeconds: EDGES_SECONDS[index + 1] ?? null,
    count: 0,
  }));
  histogram.forEach((bucket, count) => {
    const middle = middleOf(bucket);
    let index = bins.length - 1;
    while (index > 0 && middle < bins[index].fromSeconds) index--;
    bins[index].count += count;
  });
  const first = bins.findIndex((bin) => bin.count > 0);
  return first === -1 ? [] : bins.slice(first, bins.findLastIndex((bin) => bin.count > 0) + 1);
}
