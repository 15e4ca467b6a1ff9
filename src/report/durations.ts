/** Durations of one route or one step of time: exact moments and the buckets of the model's histogram. */
import { BUCKET_COUNT, bucketOf, type Population } from '../model/histogram.ts';

/** Up to so many samples are kept as a list of their buckets (2 bytes each) before the dense array pays (8 kB). */
const MOST_LISTED = 512;
/** The first list's length: it doubles. */
const FIRST_LISTED = 16;

/** A population as plain data: what crosses from one thread to another. */
export interface PackedDurations {
  readonly count: number;
  readonly sumMicroseconds: number;
  readonly min: number;
  readonly max: number;
  /** The bucket of the only sample. */
  readonly first: number;
  /** The buckets of several samples, one by one; null when they are counted. */
  readonly listed: Uint16Array<ArrayBuffer> | null;
  readonly counts: Uint32Array<ArrayBuffer> | null;
}

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
  /** The bucket of the first sample. */
  #first = 0;
  #listed: Uint16Array<ArrayBuffer> | null = null;
  #counts: Uint32Array<ArrayBuffer> | null = null;

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
    if (this.#counts === null && other.#counts === null && this.count + other.count <= MOST_LISTED) {
      const listed = this.#listFor(this.count + other.count);
      let at = this.count;
      other.forEach((bucket) => {
        listed[at++] = bucket;
      });
    } else if (other.#counts === null) {
      const counts = this.#dense();
      other.forEach((bucket) => {
        counts[bucket]++;
      });
    } else {
      const counts = this.#dense();
      for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) counts[bucket] += other.#counts[bucket];
    }
    this.min = this.count === 0 ? other.min : Math.min(this.min, other.min);
    this.max = this.count === 0 ? other.max : Math.max(this.max, other.max);
    this.count += other.count;
    this.sumMicroseconds += other.sumMicroseconds;
  }

  pack(): PackedDurations {
    const { count, sumMicroseconds, min, max } = this;
    return { count, sumMicroseconds, min, max, first: this.#first, listed: this.#listed, counts: this.#counts };
  }

  static unpack({ count, sumMicroseconds, min, max, first, listed, counts }: PackedDurations): Durations {
    const durations = new Durations();
    Object.assign(durations, { count, sumMicroseconds, min, max });
    durations.#first = first;
    durations.#listed = listed;
    durations.#counts = counts;
    return durations;
  }

  /** Visits buckets in use; while few samples are there, one by one and in the order they came. */
  forEach(visit: (bucket: number, count: number) => void): void {
    if (this.#counts === null) {
      if (this.#listed === null && this.count === 1) visit(this.#first, 1);
      else for (let index = 0; index < this.count; index++) visit(this.#listed?.[index] ?? 0, 1);
      return;
    }
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
      if (this.#counts[bucket] > 0) visit(bucket, this.#counts[bucket]);
    }
  }

  #list(bucket: number): void {
    if (this.count === 0) this.#first = bucket;
    else if (this.count === MOST_LISTED) this.#dense()[bucket]++;
    else this.#listFor(this.count + 1)[this.count] = bucket;
  }

  /** The list with room for so many samples; made for the second one: most of what comes by the million comes once. */
  #listFor(samples: number): Uint16Array<ArrayBuffer> {
    const list = this.#listed;
    if (list !== null && samples <= list.length) return list;
    let length = list?.length ?? FIRST_LISTED;
    while (length < samples) length *= 2;
    const longer = new Uint16Array(length);
    if (list === null) longer[0] = this.#first;
    else longer.set(list);
    this.#listed = longer;
    return longer;
  }

  #dense(): Uint32Array<ArrayBuffer> {
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
