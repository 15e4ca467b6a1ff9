/** Lines out to a stream that may be slow. */
import type { Writable } from 'node:stream';

/** Gathers lines and writes them in one go; whoever gathers more waits until they are taken. */
export class LineWriter {
  readonly #out: Writable;
  #lines: string[] = [];
  #writing: Promise<void> | null = null;

  constructor(out: Writable) {
    this.#out = out;
  }

  /** Lines were handed over that are not taken yet. */
  get isBusy(): boolean {
    return this.#writing !== null;
  }

  /** Lines that were added since the last `flush`. */
  get waitingLines(): number {
    return this.#lines.length;
  }

  add(line: string): void {
    this.#lines.push(line);
  }

  /**
   * Resolves when every line so far is with the reader (in a pipe's buffer, in a file).
   * @throws what the stream fails with.
   */
  async flush(): Promise<void> {
    if (this.#writing !== null) await this.#writing;
    if (this.#lines.length === 0) return;
    const text = `${this.#lines.join('\n')}\n`;
    this.#lines = [];
    this.#writing = new Promise((resolve, reject) => {
      this.#out.write(text, (error) => (error ? reject(error) : resolve()));
    });
    try {
      await this.#writing;
    } finally {
      this.#writing = null;
    }
  }
}
