/** The numbers of a JSON document, each under the dotted path that leads to it. */

export interface JsonReading {
  readonly numbers: readonly { readonly name: string; readonly value: number | null }[];
  /** Numbers beyond `most`, among the first 10,000 values. */
  readonly dropped: number;
}

/** Deeper ones are left out: no metrics are nested so deep. */
const MOST_DEPTH = 8;
/** Characters of a name. */
const LONGEST_NAME = 500;
/** Values looked at: a list of a million texts must not cost more than the numbers that are wanted. */
const MOST_VALUES = 10_000;

/**
 * `{"db": {"pool": [3, 5], "up": true}}` gives `db.pool.0` 3, `db.pool.1` 5 and `db.up` 1. Texts and nulls are no
 * numbers, `"3"` neither.
 * @param most numbers to keep: the first ones, so that the choice is the same at each reading.
 */
export function readJsonNumbers(json: unknown, most: number): JsonReading {
  const numbers: { name: string; value: number | null }[] = [];
  let dropped = 0;
  let values = 0;
  const visit = (value: unknown, name: string, depth: number): void => {
    if (++values > MOST_VALUES) return;
    if (typeof value === 'number' || typeof value === 'boolean') {
      const number = Number(value);
      // JSON has no infinity, but 1e999 is one.
      if (numbers.length < most) numbers.push({ name, value: Number.isFinite(number) ? number : null });
      else dropped++;
      return;
    }
    if (typeof value !== 'object' || value === null || depth === MOST_DEPTH) return;
    for (const key of Object.keys(value)) {
      const inner = name === '' ? key : `${name}.${key}`;
      visit((value as Readonly<Record<string, unknown>>)[key], inner.slice(0, LONGEST_NAME), depth + 1);
    }
  };
  visit(json, '', 0);
  return { numbers: numbers.filter(({ name }) => name !== ''), dropped };
}
