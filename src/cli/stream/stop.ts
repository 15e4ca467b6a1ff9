/** Waiting that a signal cuts short. */

/** What ends the stream; SIGHUP and SIGQUIT are raised again at the end, so that whoever waits sees them. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
export type StopSignal = (typeof SIGNALS)[number];

export class Stop {
  #signal: StopSignal | null = null;
  #wake: () => void = () => {};

  constructor() {
    for (const name of SIGNALS) process.on(name, this.#onSignal);
  }

  get signal(): StopSignal | null {
    return this.#signal;
  }

  /** Whoever waits goes on. */
  wake(): void {
    this.#wake();
  }

  /** Waits for `work`, or until it is woken or a signal comes. A promise is not raced with one that lives for ever: that leaks. */
  async wait(work: Promise<unknown>): Promise<void> {
    if (this.#signal !== null) return;
    await new Promise<void>((resolve, reject) => {
      this.#wake = resolve;
      work.then(() => resolve(), reject);
    });
  }

  /** As {@link wait}, but nothing else than a signal cuts it short. */
  async waitForSignalOr(work: Promise<unknown>): Promise<void> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    while (!isDone && this.#signal === null) await this.wait(done);
  }

  /** Signals do again what they do by themselves. */
  release(): void {
    for (const name of SIGNALS) process.off(name, this.#onSignal);
  }

  readonly #onSignal = (name: NodeJS.Signals): void => {
    // Whoever asks twice does not want to wait for a reader that takes nothing.
    if (this.#signal !== null) this.release();
    this.#signal ??= name as StopSignal;
    this.wake();
  };
}
