/** What was read of the logs, read once more for somebody who came later: in slices between the engine's other work. */
import type { LogSource } from '../sources/logs.ts';
import type { Reread, RereadSink } from '../sources/reread.ts';
import { eventLoopTurn } from './pace.ts';

export class LookBack {
  readonly #rereads: readonly Reread[];
  readonly #seamMs: number;
  /** Some log cannot be read again: its past is lost. */
  #isCut: boolean;
  #sinceMs = Number.POSITIVE_INFINITY;
  #isReading = false;
  #isClosed = false;

  /**
   * Everything that was handed on before this moment will be read again, nothing that comes after it: whoever wants
   * both lets nothing come in between.
   */
  constructor(logs: readonly LogSource[], sink: RereadSink, nowMs: number) {
    const rereads = logs.map((log) => log.reread(sink));
    this.#rereads = rereads.filter((reread) => reread !== null);
    this.#isCut = this.#rereads.length < logs.length;
    this.#seamMs = nowMs;
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  /** Epoch milliseconds: what is younger was read again; -Infinity: everything was. */
  get coveredFromMs(): number {
    const covered = this.#rereads.map((reread) => Math.min(reread.coveredFromMs, this.#seamMs));
    return Math.max(...covered, this.#isCut ? this.#seamMs : Number.NEGATIVE_INFINITY);
  }

  /** Goes back so far, unless that is done or under way. @param onProgress called now and then, and at the end. */
  reachBack(sinceMs: number, onProgress: () => void): void {
    this.#sinceMs = Math.min(this.#sinceMs, sinceMs);
    if (!this.#isReading && this.#owes()) void this.#run(onProgress);
  }

  close(): void {
    this.#isClosed = true;
    // A slice that is under way still reads.
    if (!this.#isReading) this.#release();
  }

  #owes(): boolean {
    return !this.#isClosed && this.#rereads.some((reread) => reread.owes(this.#sinceMs));
  }

  async #run(onProgress: () => void): Promise<void> {
    this.#isReading = true;
    // Whoever asked is answered first.
    await eventLoopTurn();
    try {
      while (this.#owes()) {
        for (const reread of this.#rereads) await reread.step(this.#sinceMs);
        onProgress();
        await eventLoopTurn();
      }
    } catch (error) {
      // A file that can no longer be read (EIO, ESTALE): what is covered stays covered.
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      this.#isClosed = true;
    }
    this.#isReading = false;
    if (this.#isClosed) this.#release();
    else onProgress();
  }

  #release(): void {
    for (const reread of this.#rereads) reread.close();
  }
}
