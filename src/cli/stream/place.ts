/** How far a log was read, given out and taken by the reader. */
import { type Checkpoint, checkpointToJson } from '../../sources/follow/index.ts';
import type { LogSource } from '../../sources/logs.ts';

/**
 * Reading runs ahead of giving out: a traceback waits for its last line, an access line for the unit of its duration. A
 * place is safe when everything before it has been given out, and delivered when the reader has taken it. Before what
 * was there at the start has been read there is none.
 */
export class Place {
  readonly #source: LogSource;
  #ahead: { readonly checkpoint: Checkpoint | null; readonly isGivenOut: () => boolean } | null = null;
  #safe: Checkpoint | null = null;
  #delivered: Checkpoint | null;

  /** @param resumedFrom where the run before stood. */
  constructor(source: LogSource, resumedFrom: Checkpoint | null) {
    this.#source = source;
    this.#delivered = resumedFrom;
  }

  /** After each step of reading. */
  mark(): void {
    if (!this.#source.hasReadHistory || (this.#ahead !== null && !this.#ahead.isGivenOut())) return;
    if (this.#ahead !== null) this.#safe = this.#ahead.checkpoint;
    const isGivenOut = this.#source.mark();
    const checkpoint = this.#source.follower.checkpoint();
    this.#ahead = isGivenOut() ? null : { checkpoint, isGivenOut };
    if (this.#ahead === null) this.#safe = checkpoint;
  }

  /** @returns what to call when the reader has taken everything that was given out before the last `mark`. */
  handOver(): () => void {
    const place = this.#safe;
    return () => {
      this.#delivered = place ?? this.#delivered;
    };
  }

  /** What a later run goes on from; null when there is no such thing. */
  toJson(): unknown {
    return this.#delivered === null ? null : checkpointToJson(this.#delivered);
  }
}
