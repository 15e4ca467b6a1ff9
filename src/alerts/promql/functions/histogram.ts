/** Quantiles of histograms with cumulative buckets (`promql/quantile.go`). */
import type { Element } from '../evaluation.ts';
import { BUCKET_LABEL, dropLabels, remember, signatureOf } from '../labels.ts';
import { parseFloatText } from '../numbers.ts';
import type { Labels } from '../types.ts';
import { argument, type FunctionRows } from './definition.ts';

interface Bucket {
  /** Upper bound, inclusive. */
  readonly bound: number;
  /** Observations up to the bound. */
  count: number;
}

interface Histogram {
  readonly labels: Labels;
  readonly buckets: Bucket[];
}

/** Relative difference of two buckets that is put down to rounding. */
const SMALL_DIFFERENCE = 1e-12;
const MIN_NORMAL = 2 ** -1022;

const withoutBound = remember((labels) => dropLabels(labels, [BUCKET_LABEL]));

/** Elements whose `le` is no number are passed over. */
function histogramsOf(elements: readonly Element[]): Iterable<Histogram> {
  const histograms = new Map<string, Histogram>();
  for (const { labels, value } of elements) {
    const bound = parseFloatText(labels.get(BUCKET_LABEL) ?? '');
    if (bound === null) continue;
    const group = withoutBound(labels);
    const key = signatureOf(group);
    const histogram = histograms.get(key);
    if (histogram === undefined) histograms.set(key, { labels: group, buckets: [{ bound, count: value }] });
    else histogram.buckets.push({ bound, count: value });
  }
  return histograms.values();
}

/** The value below which a share of all observations lies, linear inside its bucket. NaN without a `+Inf` bucket. */
function quantileOfBuckets(quantile: number, buckets: Bucket[]): number {
  if (Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const merged = coalesced(buckets.sort((a, b) => a.bound - b.bound || 0));
  makeMonotonic(merged);
  const last = merged.at(-1);
  if (last === undefined || last.bound !== Number.POSITIVE_INFINITY || merged.length < 2 || last.count === 0) {
    return Number.NaN;
  }
  const rank = quantile * last.count;
  const found = bucketOfRank(merged, rank);
  // What lies beyond the last finite bound is as large as that bound, for all that is known.
  if (found === merged.length - 1) return merged.at(-2)?.bound ?? Number.NaN;
  const { bound, count } = merged[found] ?? last;
  if (found === 0 && bound <= 0) return bound;
  const below = merged[found - 1] ?? { bound: 0, count: 0 };
  return below.bound + (bound - below.bound) * ((rank - below.count) / (count - below.count));
}

/**
 * Index of the first bucket that holds a rank; of the last one where no other does. Halved as Go's `sort.Search` does it:
 * with a count that is NaN, which no order can hold, the way decides the answer.
 */
function bucketOfRank(buckets: readonly Bucket[], rank: number): number {
  let low = 0;
  let high = buckets.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((buckets[middle]?.count ?? Number.NaN) >= rank) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Buckets with one bound (`1` and `1.0`) are one. */
function coalesced(sorted: readonly Bucket[]): Bucket[] {
  const merged: Bucket[] = [];
  for (const bucket of sorted) {
    const last = merged.at(-1);
    if (last?.bound === bucket.bound) last.count += bucket.count;
    else merged.push({ ...bucket });
  }
  return merged;
}

/** Buckets that were not read at the same moment may go down from one to the next; so may sums of rates, by rounding. */
function makeMonotonic(buckets: readonly Bucket[]): void {
  let previous = buckets[0]?.count ?? 0;
  for (const bucket of buckets) {
    if (bucket.count < previous || isAlmostEqual(previous, bucket.count)) bucket.count = previous;
    else if (bucket.count !== previous) previous = bucket.count;
  }
}

function isAlmostEqual(a: number, b: number): boolean {
  if (a === b) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < MIN_NORMAL) return difference < SMALL_DIFFERENCE * MIN_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < SMALL_DIFFERENCE;
}

export const HISTOGRAM_FUNCTIONS: FunctionRows = {
  histogram_quantile: {
    required: ['scalar', 'vector'],
    optional: [],
    returns: 'vector',
    evaluate: (call, atMs, evaluation) => {
      const quantile = evaluation.scalar(argument(call, 0), atMs);
      const elements = evaluation.vector(argument(call, 1), atMs);
      return Array.from(histogramsOf(elements), ({ labels, buckets }) =>
        evaluation.renamed(labels, quantileOfBuckets(quantile, buckets)),
      );
    },
  },
};
