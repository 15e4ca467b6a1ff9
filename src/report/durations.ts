/** Durations of one route or one step of time: exact moments and the buckets of the model's histogram. */
import { BUCKET_COUNT, bucketOf, type Population } from '../model/histogram.ts';

/** Up to so many samples are kept as a list of their buckets (2 bytes each) before the dense array pays (8 kB). */
const LISTED = 32;

/**
 * A population of durations that is cheap to fill: one increment per sample once it is dense. Its quantiles are asked
 * of a `Histogram` that it is merged into.
 */
export class Durations implements Population {
  count = 0;
  sumMicroseconds = 0;
  /** Seconds, as is `max`; NaN of an empty population. */
  min = Number.NaN;
  max = Number.NaN;
  #listed: Uint16Array | null = null;
  #counts: Uint32Array | null = null;

  /** Seconds. */
  get sum(): number {
    return this.sumMicroseconds / 1e6;
  }

  add(seconds: number): void {
    this.addTo(bucketOf(seconds), seconds);
  }

  /** @param bucket of `seconds`: the hot path asks for it once for several populations. */
  addTo(bucket: number, seconds: number): void {
    if (this.#counts === null) this.#list(bucket);
    else this.#counts[bucket]++;
    if (this.count === 0) {
      this.min = seconds;
      this.max = seconds;
    } else if (seconds > this.max) this.max = seconds;
    else if (seconds < this.min) this.min = seconds;
    this.count++;
    this.sumMicroseconds += Math.round(seconds * 1e6);
  }

  merge(other: Durations): void {
    if (other.count === 0) return;
    const counts = this.#dense();
    other.forEach((bucket, count) => {
      counts[bucket] += count;
    });
    this.min = this.count === 0 ? other.min : Math.min(this.min, other.min);
    this.max = this.count === 0 ? other.max : Math.max(this.max, other.max);
    this.count += other.count;
    this.sumMicroseconds += other.sumMicroseconds;
  }

  /** Visits buckets in use; while few samples are there, one by one and in the order they came. */
  forEach(visit: (bucket: number, count: number) => void): void {
    if (this.#counts === null) {
      for (let index = 0; index < this.count; index++) visit(this.#listed?.[index] ?? 0, 1);
      return;
    }
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
      if (this.#counts[bucket] > 0) visit(bucket, this.#counts[bucket]);
    }
  }

  #list(bucket: number): void {
    if (this.count === LISTED) {
      this.#dense()[bucket]++;
      return;
    }
    this.#listed ??= new Uint16Array(LISTED);
    this.#listed[this.count] = bucket;
  }

  #dense(): Uint32Array {
    if (this.#counts !== null) return this.#counts;
    const counts = new Uint32Array(BUCKET_COUNT);
    this.forEach((bucket) => {
      counts[bucket]++;
    });
    this.#listed = null;
    this.#counts = counts;
    return counts;
  }
}
