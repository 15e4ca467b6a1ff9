/** Bytes a second of a counter that only grows, over the last looks at it. */
const LOOKS = 10;

export class OutputRate {
  readonly #looks: { readonly atMs: number; readonly bytes: number }[] = [];

  look(atMs: number, bytes: number): void {
    this.#looks.push({ atMs, bytes });
    if (this.#looks.length > LOOKS + 1) this.#looks.shift();
  }

  /** Null before two looks. */
  get bytesPerSecond(): number | null {
    const first = this.#looks[0];
    const last = this.#looks.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.atMs - first.atMs);
  }
}
