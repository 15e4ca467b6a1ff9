/** A histogram as Prometheus has it: counts by upper bound, a sum, a count. None of them ever goes down. */
import type { MetricLabels, MetricSample } from './family.ts';

export class BucketCounts {
  readonly #labels: MetricLabels;
  readonly #bounds: readonly number[];
  /** Of each bucket alone, the one above the last bound included; summed up when read. */
  readonly #counts: Float64Array;
  #sum = 0;
  #count = 0;
  /** Made when they are first asked for; the same ones ever after, so that they need be written only once. */
  #bucketLabels: readonly MetricLabels[] | null = null;

  /** @param bounds upper bounds, inclusive, ascending. */
  constructor(labels: MetricLabels, bounds: readonly number[]) {
    this.#labels = labels;
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  get count(): number {
    return this.#count;
  }

  /** @param value not negative. */
  add(value: number): void {
    let bucket = 0;
    // Most requests are quick: a walk from below beats a binary search.
    while (value > this.#bounds[bucket]) bucket++;
    this.#counts[bucket] += 1;
    this.#sum += value;
    this.#count += 1;
  }

  /** The series of this histogram, the lowest bound first. */
  samples(): MetricSample[] {
    const labels = this.#labels;
    this.#bucketLabels ??= Array.from(this.#counts, (_, index) => ({ ...labels, le: boundLabel(this.#bounds[index]) }));
    let below = 0;
    const samples = this.#bucketLabels.map((bucketLabels, index): MetricSample => {
      below += this.#counts[index];
      return { suffix: '_bucket', labels: bucketLabels, value: below };
    });
    samples.push({ suffix: '_sum', labels, value: this.#sum }, { suffix: '_count', labels, value: this.#count });
    return samples;
  }
}

/** `1.0`, not `1`: the form that OpenMetrics demands and to which Prometheus 3 turns every `le` that it reads. */
export const boundLabel = (bound: number | undefined): string => {
  if (bound === undefined) return '+Inf';
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
};
