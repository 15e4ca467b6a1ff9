/** Bytes a second of a counter that only grows, over the last ten seconds or so. */
const LOOKS = 10;
/** Looks that follow another sooner are not kept: a second's, less what its frame may be early. */
const KEPT_AFTER_MS = 900;

export class OutputRate {
  readonly #looks: { readonly atMs: number; readonly bytes: number }[] = [];

  /**
   * Looks at the counter. Asked for with each frame, so that measuring wakes nobody up.
   * @returns null in the first second.
   */
  bytesPerSecond(atMs: number, bytes: number): number | null {
    const newest = this.#looks.at(-1);
    const oldest = this.#looks[0];
    if (newest === undefined || atMs - newest.atMs >= KEPT_AFTER_MS) this.#looks.push({ atMs, bytes });
    if (this.#looks.length > LOOKS) this.#looks.shift();
    if (oldest === undefined || atMs - oldest.atMs < KEPT_AFTER_MS) return null;
    return ((bytes - oldest.bytes) * 1000) / (atMs - oldest.atMs);
  }
}
