/** The first rows of many, without sorting them all. */

/** Cells by key; a Map is one. */
export interface Cells<C> {
  readonly size: number;
  /** A cell may be true only during its visit. */
  forEach(visit: (cell: C, key: string) => void): void;
}

export interface Keyed<C> {
  readonly key: string;
  readonly cell: C;
}

/**
 * The `limit` first cells in order. Of two that are equal the one with the lesser key comes first, so that rows do not
 * change places by themselves.
 * @param compare negative when `a` comes before `b`, as `Array.sort` takes it.
 */
export function topCells<C extends object>(
  cells: Cells<C>,
  limit: number,
  compare: (a: C, b: C) => number,
): readonly Keyed<C>[] {
  const before = (a: Keyed<C>, b: Keyed<C>): number => compare(a.cell, b.cell) || (a.key < b.key ? -1 : 1);
  let kept: Keyed<C>[] = [];
  let last: Keyed<C> | null = null;
  cells.forEach((cell, key) => {
    if (last !== null) {
      const order = compare(cell, last.cell);
      if (order > 0 || (order === 0 && key > last.key)) return;
    }
    kept.push({ key, cell: { ...cell } });
    if (kept.length < 4 * limit) return;
    kept = kept.sort(before).slice(0, limit);
    last = kept[limit - 1] ?? null;
  });
  return kept.sort(before).slice(0, limit);
}
