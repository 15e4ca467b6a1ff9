/** Work that is due every so often. The time is an argument; two runs never overlap. */
export class Recurring {
  readonly #run: (nowMs: number) => Promise<void>;
  readonly #intervalMs: number;
  #dueMs: number;
  #lastMs = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | null = null;

  /** @param firstMs when the first run is due. `run` must not reject. */
  constructor(intervalMs: number, firstMs: number, run: (nowMs: number) => Promise<void>) {
    this.#intervalMs = intervalMs;
    this.#dueMs = firstMs;
    this.#run = run;
  }

  /** Begins a run when one is due and none is under way; one that outlasts the interval makes the next one late. */
  poll(nowMs: number): void {
    // A clock that was set back must not stop the work until it has caught up.
    if (nowMs < this.#lastMs) this.#dueMs -= this.#lastMs - nowMs;
    this.#lastMs = nowMs;
    if (this.#running === null && nowMs >= this.#dueMs) void this.now(nowMs);
  }

  /** A run at once, due or not; the one under way where there is one. */
  now(nowMs: number): Promise<void> {
    if (this.#running !== null) return this.#running;
    this.#dueMs = nowMs + this.#intervalMs;
    this.#running = this.#run(nowMs).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Puts the next run off until then. */
  postpone(untilMs: number): void {
    this.#dueMs = untilMs;
  }
}
