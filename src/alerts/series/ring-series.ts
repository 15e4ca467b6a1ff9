/** One series with a bounded past: what is new takes the place of what is oldest. */
import type { Labels, Series } from '../promql/types.ts';

const FIRST_CAPACITY = 16;

/**
 * Samples of one label set, times in whole seconds (until 2106), 12 bytes each. Grows with what it holds, up to
 * `maxSamples`; then it forgets its oldest ones.
 */
export class RingSeries implements Series {
  readonly labels: Labels;
  #times = new Uint32Array(FIRST_CAPACITY);
  #values = new Float64Array(FIRST_CAPACITY);
  #start = 0;
  #length = 0;
  /** Seconds at which the series was said to have ended; few, ascending. */
  #staleAt: number[] = [];

  constructor(labels: Labels) {
    this.labels = labels;
  }

  get length(): number {
    return this.#length;
  }

  /** Samples for which there is room without growing. */
  get capacity(): number {
    return this.#times.length;
  }

  /** Milliseconds since 1970 of the newest sample; NaN without any. */
  get newestMs(): number {
    return this.#length === 0 ? Number.NaN : this.timeMsAt(this.#length - 1);
  }

  timeMsAt(index: number): number {
    return (this.#times[this.#slot(index)] ?? Number.NaN) * 1000;
  }

  valueAt(index: number): number {
    return this.#values[this.#slot(index)] ?? Number.NaN;
  }

  isStaleAt(index: number): boolean {
    return this.#staleAt.length > 0 && Number.isNaN(this.valueAt(index)) && this.#isMarked(index);
  }

  /** Whether the newest sample says that the series has ended. */
  get hasEnded(): boolean {
    return this.#length > 0 && this.isStaleAt(this.#length - 1);
  }

  /**
   * @param atSeconds whole seconds since 1970. Of one second the last sample counts; what is older than the newest is left
   * out, for a clock that was set back must not disorder the past.
   * @param value null: the series has ended.
   * @param maxSamples how many it may hold.
   */
  add(atSeconds: number, value: number | null, maxSamples: number): void {
    const newest = this.#length === 0 ? -1 : (this.#times[this.#slot(this.#length - 1)] ?? -1);
    if (atSeconds < newest) return;
    if (atSeconds === newest) {
      this.#length--;
      this.#staleAt = this.#staleAt.filter((at) => at !== atSeconds);
    }
    if (this.#length === this.capacity && this.capacity < maxSamples) this.#grow(maxSamples);
    if (this.#length === this.capacity) this.#forget(1);
    const slot = this.#slot(this.#length);
    this.#times[slot] = atSeconds;
    this.#values[slot] = value ?? Number.NaN;
    this.#length++;
    if (value === null) this.#staleAt.push(atSeconds);
  }

  #isMarked(index: number): boolean {
    return this.#staleAt.includes(this.#times[this.#slot(index)] ?? -1);
  }

  #slot(index: number): number {
    const slot = this.#start + index;
    return slot < this.capacity ? slot : slot - this.capacity;
  }

  #forget(samples: number): void {
    this.#start = this.#slot(samples);
    this.#length -= samples;
    const oldest = this.#length === 0 ? Number.POSITIVE_INFINITY : (this.#times[this.#start] ?? 0);
    if (this.#staleAt.length > 0) this.#staleAt = this.#staleAt.filter((at) => at >= oldest);
  }

  #grow(maxSamples: number): void {
    const capacity = Math.min(maxSamples, this.capacity * 2);
    const [times, values] = [new Uint32Array(capacity), new Float64Array(capacity)];
    for (let index = 0; index < this.#length; index++) {
      times[index] = this.#times[this.#slot(index)] ?? 0;
      values[index] = this.#values[this.#slot(index)] ?? Number.NaN;
    }
    [this.#times, this.#values, this.#start] = [times, values, 0];
  }
}
