/** Says each trouble once, when it has come to stay, and again when it comes back. */

/** A log that is missing this long is no rotation. At the start nothing rotates. */
const WORTH_SAYING_MS = 2_000;

export class Troubles {
  readonly #standing = new Map<string, { readonly sinceMs: number; said: boolean }>();
  #isFirst = true;

  /**
   * @param troubles all there are now, a sentence each.
   * @returns those that are to be said.
   */
  look(troubles: readonly string[], nowMs: number): string[] {
    for (const text of this.#standing.keys()) if (!troubles.includes(text)) this.#standing.delete(text);
    const worthSayingMs = this.#isFirst ? 0 : WORTH_SAYING_MS;
    this.#isFirst = false;
    return troubles.filter((text) => {
      const standing = this.#standing.get(text) ?? { sinceMs: nowMs, said: false };
      this.#standing.set(text, standing);
      if (standing.said || nowMs - standing.sinceMs < worthSayingMs) return false;
      standing.said = true;
      return true;
    });
  }
}
