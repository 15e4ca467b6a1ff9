/** Looks of cells as small numbers: equal looks have equal numbers, so that grids compare and store them cheaply. */

/** The terminal's own look. */
export const PLAIN = 0;

/** Looks that one screen can tell apart; a program's own styles are a few dozen. Beyond it text is plain. */
const LIMIT = 0xffff;

export class StyleTable {
  readonly #ids = new Map<string, number>([['', PLAIN]]);
  readonly #parameters: string[] = [''];

  /** @param sgr parameters of the escape that selects the look, empty for plain. */
  id(sgr: string): number {
    const known = this.#ids.get(sgr);
    if (known !== undefined) return known;
    if (this.#parameters.length >= LIMIT) return PLAIN;
    const id = this.#parameters.length;
    this.#ids.set(sgr, id);
    this.#parameters.push(sgr);
    return id;
  }

  sgr(id: number): string {
    return this.#parameters[id] ?? '';
  }

  /** The escape that selects this look whatever was selected before. */
  escape(id: number): string {
    return id === PLAIN ? '\x1b[m' : `\x1b[0;${this.sgr(id)}m`;
  }
}
