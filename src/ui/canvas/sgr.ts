/** What the colour escapes of a text add up to. */

/** Bold, dim, italic, underlined, inverse, struck out; and which of them a code ends. */
const ON = new Set([1, 2, 3, 4, 7, 9]);
const OFF: Readonly<Record<number, readonly number[]>> = { 22: [1, 2], 23: [3], 24: [4], 27: [7], 29: [9] };

export class SgrState {
  readonly #attributes = new Set<number>();
  #foreground = '';
  #background = '';
  #parameters = '';

  /** Parameters of one escape that selects the look from scratch; empty for the terminal's own look. */
  get parameters(): string {
    return this.#parameters;
  }

  /** Takes in the parameters of one `ESC[…m`. Blinking, hidden text and fonts are left out. */
  apply(parameters: string): void {
    const codes = parameters.split(/[;:]/).map(Number);
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i] ?? 0;
      if (code === 38 || code === 48) {
        const length = codes[i + 1] === 2 ? 5 : 3;
        const color = codes.slice(i, i + length);
        i += length - 1;
        if (color.length === length && color.every((part) => part >= 0 && part <= 255))
          this.#color(code, color.join(';'));
      } else this.#apply(code);
    }
    const attributes = [...this.#attributes].sort((a, b) => a - b).map(String);
    this.#parameters = [...attributes, this.#foreground, this.#background].filter((part) => part !== '').join(';');
  }

  #apply(code: number): void {
    if (code === 0) {
      this.#attributes.clear();
      this.#foreground = '';
      this.#background = '';
    } else if (ON.has(code)) this.#attributes.add(code);
    else if (code in OFF) for (const attribute of OFF[code] ?? []) this.#attributes.delete(attribute);
    else if (code === 39) this.#foreground = '';
    else if (code === 49) this.#background = '';
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) this.#foreground = String(code);
    else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) this.#background = String(code);
  }

  #color(target: 38 | 48, color: string): void {
    if (target === 38) this.#foreground = color;
    else this.#background = color;
  }
}
