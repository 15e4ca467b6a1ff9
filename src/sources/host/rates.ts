/** Growth of counters between two looks. */

interface Reading {
  readonly atMs: number;
  readonly values: readonly number[];
}

/**
 * Remembers a row of counters and answers with their growth since the look before: null on the first look, when a
 * counter went down (an interface was replaced, a counter wrapped) and when no time has passed.
 */
export class Growth {
  #before: Reading | null = null;

  since(values: readonly number[], atMs: number): { readonly seconds: number; readonly by: readonly number[] } | null {
    const before = this.#before;
    this.#before = { atMs, values };
    if (before === null || atMs <= before.atMs || before.values.length !== values.length) return null;
    const by = values.map((value, index) => value - (before.values[index] ?? Number.NaN));
    return by.every((step) => step >= 0) ? { seconds: (atMs - before.atMs) / 1000, by } : null;
  }
}
