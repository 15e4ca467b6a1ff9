/**
 * What was worked out for a window last time. A window ends with the last complete second, so that within one second
 * alerts, verdict and screen ask for the same thing: it stays true until something is added to a second that is over.
 */
export class WindowMemo<T> {
  readonly #known = new Map<number, { readonly endSecond: number; readonly version: number; readonly value: T }>();

  /** @param version grows with every change of the past. `all` (null) holds the running second and is never kept. */
  get(windowSeconds: number | null, atMs: number, version: number, work: () => T): T {
    if (windowSeconds === null) return work();
    const endSecond = Math.floor(atMs / 1000);
    const known = this.#known.get(windowSeconds);
    if (known !== undefined && known.endSecond === endSecond && known.version === version) return known.value;
    const value = work();
    this.#known.set(windowSeconds, { endSecond, version, value });
    return value;
  }
}
