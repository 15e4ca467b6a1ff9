import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';

const STDERR = 2;
/** Often enough to look alive. */
const EVERY_MS = 200;

/** One line on standard error that says how far reading is; nothing unless that is a terminal. */
export class Progress {
  readonly #isShown = isatty(STDERR);
  #shownAtMs = performance.now();
  #isDirty = false;

  /** @param sizeBytes null when the end is not known. */
  show(bytes: number, sizeBytes: number | null, lines: number): void {
    if (!this.#isShown || performance.now() - this.#shownAtMs < EVERY_MS) return;
    this.#shownAtMs = performance.now();
    this.#isDirty = true;
    const share = sizeBytes === null || sizeBytes === 0 ? '' : `${Math.floor((100 * bytes) / sizeBytes)} % · `;
    writeSync(STDERR, `\r\x1b[K${share}${(lines / 1e6).toFixed(1)} M lines`);
  }

  clear(): void {
    if (this.#isDirty) writeSync(STDERR, '\r\x1b[K');
  }
}
