/**
 * How much of a log is read at once, so that the thread answers in between: lines cost thirty times as much before V8
 * has compiled what reads them, and as much again in a log of nothing but new addresses.
 */
const LEAST_BYTES = 32 * 1024;
const MOST_BYTES = 512 * 1024;
/** What a slice may take. */
const SLICE_MS = 10;

export class Pace {
  #bytes = LEAST_BYTES;

  /** The bytes of the next slice, 32 KiB to 512 KiB. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Learns from a slice that was read in full. */
  took(milliseconds: number): void {
    const fitting = (this.#bytes * SLICE_MS) / Math.max(milliseconds, 0.001);
    // Towards more only step by step: the next lines may be dearer than the last.
    this.#bytes = Math.round(Math.min(MOST_BYTES, 2 * this.#bytes, Math.max(LEAST_BYTES, fitting)));
  }
}

/** Lets everything else that is due have its turn: polls, ticks and questions come before long work. */
export const eventLoopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
