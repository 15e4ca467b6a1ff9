/** How well a format fits a log now: over the lines read last, so that a change of the format shows. */

const WINDOW_LINES = 1000;

export class RecentFit {
  readonly #fits = new Uint8Array(WINDOW_LINES);
  #next = 0;
  /** Lines looked at, at most the window; how many of them fitted. */
  lines = 0;
  fitting = 0;

  /** @param fit 1 for a line that fitted, 0 for one that did not. */
  add(fit: 0 | 1): void {
    this.fitting += fit - this.#fits[this.#next];
    this.#fits[this.#next] = fit;
    this.#next = this.#next + 1 === WINDOW_LINES ? 0 : this.#next + 1;
    if (this.lines < WINDOW_LINES) this.lines++;
  }
}
