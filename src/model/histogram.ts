/**
 * Log-linear histograms of durations: 64 buckets per factor of two, so that a bucket is at most 1/64 wide and its
 * middle at most 0.8 % away from any value in it. Whole microseconds below 128 have a bucket each.
 */

const SUB_BUCKETS = 64;
const MICROSECONDS = 1e6;
/** A request cannot take longer than a day: Gunicorn drops the days of a duration (`timedelta.seconds`). */
const MOST_MICROSECONDS = 2 ** 37 - 1;

export const BUCKET_COUNT = bucketOf(MOST_MICROSECONDS / MICROSECONDS) + 1;

/** Index of the bucket of a duration in seconds; negative counts as 0, more than 38 h as 38 h. */
export function bucketOf(seconds: number): number {
  // Rounded, because 0.000123 × 1e6 is 122.99999999999999.
  const us = Math.min(MOST_MICROSECONDS, Math.max(0, Math.round(seconds * MICROSECONDS)));
  if (us < SUB_BUCKETS) return us;
  if (us < 0x80000000) {
    // The octave: floor(log2(us)). Shifts, because this runs once per line.
    const octave = 31 - Math.clz32(us);
    return (octave - 5) * SUB_BUCKETS + (us >>> (octave - 6)) - SUB_BUCKETS;
  }
  // clz32 is exact, but reads 32 bits only.
  const octave = 62 - Math.clz32(Math.floor(us / 0x80000000));
  return (octave - 5) * SUB_BUCKETS + Math.floor(us / 2 ** (octave - 6)) - SUB_BUCKETS;
}

/** Whole microseconds of a bucket: from `low` on, `width` of them. */
function spanOf(bucket: number): { low: number; width: number } {
  if (bucket < SUB_BUCKETS) return { low: bucket, width: 1 };
  const width = 2 ** (Math.floor(bucket / SUB_BUCKETS) - 1);
  return { low: (SUB_BUCKETS + (bucket % SUB_BUCKETS)) * width, width };
}

/** The middle of a bucket, in seconds. */
export function middleOf(bucket: number): number {
  const { low, width } = spanOf(bucket);
  return (low + (width - 1) / 2) / MICROSECONDS;
}

/** The shortest duration in a bucket, in seconds. */
export function lowOf(bucket: number): number {
  return spanOf(bucket).low / MICROSECONDS;
}

/** What can be asked of a population of durations. All in seconds; NaN of an empty one. */
export interface Durations {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** Durations that can be merged into a histogram: `forEach` visits the buckets in use, each any number of times. */
export interface Population extends Durations {
  /** The sum in whole microseconds, the resolution of Gunicorn's clock: exact, however often it is added and taken away. */
  readonly sumMicroseconds: number;
  forEach(visit: (bucket: number, count: number) => void): void;
}

/** Count, sum and extremes of a population: what every kind of histogram knows besides its buckets. */
class Moments implements Durations {
  count = 0;
  sumMicroseconds = 0;
  min = Number.NaN;
  max = Number.NaN;

  get sum(): number {
    return this.sumMicroseconds / MICROSECONDS;
  }

  /** Arithmetic mean in seconds; null without samples. */
  get mean(): number | null {
    return this.count > 0 ? this.sum / this.count : null;
  }

  protected addMoments(count: number, sumMicroseconds: number, min: number, max: number): void {
    if (count === 0) return;
    this.min = this.count === 0 ? min : Math.min(this.min, min);
    this.max = this.count === 0 ? max : Math.max(this.max, max);
    this.count += count;
    this.sumMicroseconds += sumMicroseconds;
  }

  /**
   * The place of a nearest-rank quantile, counted from 1; 0 when there are too few samples for one that far out.
   * @param q 0 < q < 1
   */
  protected rankOf(q: number): number {
    // 1 − 0.95 is 0.05000000000000004: without the rounding, p95 would ask for 20 samples and find 19.99….
    if (this.count < Math.round(1 / (1 - q))) return 0;
    return Math.ceil(Number((q * this.count).toFixed(9)));
  }

  /** A bucket's middle, but nothing that nobody measured. */
  protected valueIn(bucket: number): number {
    return Math.min(this.max, Math.max(this.min, middleOf(bucket)));
  }
}

/** Of a bucket and its count, in {@link SparseHistogram}. */
const PAIR = 2;
const NO_PAIRS = new Int32Array(0);

/**
 * A small population: only the buckets that are in use are stored, in order. A second with 200 requests costs some
 * 1 kB instead of the 8 kB of a dense one. What was merged in can be taken out again.
 */
export class SparseHistogram extends Moments implements Population {
  /** A bucket, its count, the next bucket …: one array for both, because most of these are small and there are many. */
  #pairs = NO_PAIRS;
  /** Numbers of `#pairs` in use. */
  #used = 0;
  #hasLostExtreme = false;

  add(seconds: number): void {
    this.#addTo(bucketOf(seconds), 1);
    this.addMoments(1, Math.round(seconds * MICROSECONDS), seconds, seconds);
  }

  merge(other: SparseHistogram): void {
    for (let at = 0; at < other.#used; at += PAIR) this.#addTo(other.#pairs[at], other.#pairs[at + 1]);
    this.addMoments(other.count, other.sumMicroseconds, other.min, other.max);
  }

  /** Takes out what was merged in. An extreme that goes with it is not known any more: see `hasLostExtreme`. */
  subtract(other: SparseHistogram): void {
    if (other.count === 0) return;
    for (let at = 0; at < other.#used; at += PAIR) this.#addTo(other.#pairs[at], -other.#pairs[at + 1]);
    this.count -= other.count;
    this.sumMicroseconds -= other.sumMicroseconds;
    if (this.count === 0) this.setExtremes(Number.NaN, Number.NaN);
    else if (other.min <= this.min || other.max >= this.max) this.#hasLostExtreme = true;
  }

  /** `min` and `max` may be those of what was taken out: to be set anew. */
  get hasLostExtreme(): boolean {
    return this.#hasLostExtreme;
  }

  setExtremes(min: number, max: number): void {
    this.min = min;
    this.max = max;
    this.#hasLostExtreme = false;
  }

  /** As {@link Histogram.quantile}. */
  quantile(q: number): number | null {
    let left = this.rankOf(q);
    if (left === 0) return null;
    let at = 0;
    while (at < this.#used - PAIR && left > this.#pairs[at + 1]) {
      left -= this.#pairs[at + 1];
      at += PAIR;
    }
    return this.valueIn(this.#pairs[at]);
  }

  forEach(visit: (bucket: number, count: number) => void): void {
    for (let at = 0; at < this.#used; at += PAIR) visit(this.#pairs[at], this.#pairs[at + 1]);
  }

  #addTo(bucket: number, count: number): void {
    const at = this.#placeOf(bucket);
    if (at === this.#used || this.#pairs[at] !== bucket) this.#insert(at, bucket, count);
    else if (this.#pairs[at + 1] + count > 0) this.#pairs[at + 1] += count;
    else {
      this.#pairs.copyWithin(at, at + PAIR, this.#used);
      this.#used -= PAIR;
    }
  }

  /** Where a bucket is in `#pairs`, or belongs. */
  #placeOf(bucket: number): number {
    let low = 0;
    let high = this.#used / PAIR;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#pairs[PAIR * middle] < bucket) low = middle + 1;
      else high = middle;
    }
    return PAIR * low;
  }

  #insert(at: number, bucket: number, count: number): void {
    if (this.#used === this.#pairs.length) {
      // From two pairs on: with up to 64 bytes V8 keeps the numbers in the array itself.
      const grown = new Int32Array(Math.max(2 * PAIR, 2 * this.#used));
      grown.set(this.#pairs);
      this.#pairs = grown;
    }
    this.#pairs.copyWithin(at + PAIR, at, this.#used);
    this.#pairs[at] = bucket;
    this.#pairs[at + 1] = count;
    this.#used += PAIR;
  }
}

/** Any population; made to merge many small ones into and to answer quantiles. */
export class Histogram extends Moments implements Population {
  readonly #counts = new Float64Array(BUCKET_COUNT);

  add(seconds: number): void {
    this.#counts[bucketOf(seconds)] += 1;
    this.addMoments(1, Math.round(seconds * MICROSECONDS), seconds, seconds);
  }

  merge(other: Population): void {
    other.forEach((bucket, count) => {
      this.#counts[bucket] += count;
    });
    this.addMoments(other.count, other.sumMicroseconds, other.min, other.max);
  }

  forEach(visit: (bucket: number, count: number) => void): void {
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
      const count = this.#counts[bucket];
      if (count > 0) visit(bucket, count);
    }
  }

  clear(): void {
    this.#counts.fill(0);
    this.count = 0;
    this.sumMicroseconds = 0;
    this.min = Number.NaN;
    this.max = Number.NaN;
  }

  /**
   * Nearest-rank quantile in seconds, at most 0.8 % off, never outside [min, max].
   * @param q 0 < q < 1
   * @returns null below 1/(1−q) samples: then there is no sample that far out.
   */
  quantile(q: number): number | null {
    const rank = this.rankOf(q);
    if (rank === 0) return null;
    let seen = 0;
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
      seen += this.#counts[bucket];
      if (seen >= rank) return this.valueIn(bucket);
    }
    return this.max;
  }
}
