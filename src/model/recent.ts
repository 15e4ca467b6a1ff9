/** The mean of a gauge over the last seconds, from samples about a second apart. Bounded by its span. */
export class RecentMean {
  readonly #spanMs: number;
  #samples: { readonly atMs: number; readonly value: number }[] = [];

  constructor(spanSeconds: number) {
    this.#spanMs = spanSeconds * 1000;
  }

  /** Takes one sample; an unknown one (null) leaves a gap. Times must not go back: an earlier one starts anew. */
  add(atMs: number, value: number | null): void {
    const last = this.#samples.at(-1);
    if (last && atMs < last.atMs) this.#samples = [];
    if (value !== null) this.#samples.push({ atMs, value });
    this.#drop(atMs);
  }

  /** Mean of the samples in (now − span, now]; null without one. */
  mean(nowMs: number): number | null {
    this.#drop(nowMs);
    if (this.#samples.length === 0) return null;
    return this.#samples.reduce((sum, sample) => sum + sample.value, 0) / this.#samples.length;
  }

  #drop(nowMs: number): void {
    const from = nowMs - this.#spanMs;
    let old = 0;
    while (old < this.#samples.length && (this.#samples[old]?.atMs ?? 0) <= from) old += 1;
    if (old > 0) this.#samples.splice(0, old);
  }
}
