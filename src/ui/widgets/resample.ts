/**
 * A series of equal steps onto columns. Columns are cut at absolute places of the time line, so that a picture only
 * scrolls when time goes on and no column changes its value because of where it stands.
 */

/** `mean` for rates; `max` for percentiles, which must not be averaged. */
export type Merge = 'mean' | 'max';

/** How the values `firstIndex … firstIndex + count - 1` of the absolute time line (time ÷ step) lie on `width` columns. */
export interface Axis {
  readonly firstIndex: number;
  readonly count: number;
  readonly width: number;
}

// Keeps a value that stands exactly on a column's edge from falling to the other side by rounding.
const EDGE = 1e-9;

/** The absolute column that holds the end of the newest value: the rightmost one shown. */
function lastColumn(axis: Axis): number {
  return Math.ceil(((axis.firstIndex + axis.count) * axis.width) / axis.count - EDGE) - 1;
}

/**
 * Exactly `axis.width` values, the newest last; null where no value is known.
 * Fewer values than columns: each value takes several columns. More: each column takes several values.
 * @param values the newest values of the axis; shorter than `axis.count` leaves the oldest columns unknown.
 */
export function resample(values: readonly (number | null)[], axis: Axis, merge: Merge): (number | null)[] {
  if (axis.count <= 0 || axis.width <= 0) return new Array<number | null>(Math.max(0, axis.width)).fill(null);
  const valuesPerColumn = axis.count / axis.width;
  const first = axis.firstIndex + axis.count - values.length;
  const last = lastColumn(axis);
  const columns: (number | null)[] = [];
  for (let column = last - axis.width + 1; column <= last; column++) {
    const from = Math.floor(column * valuesPerColumn + EDGE);
    const to = Math.max(from + 1, Math.floor((column + 1) * valuesPerColumn + EDGE));
    columns.push(merged(values, Math.max(0, from - first), Math.min(values.length, to - first), merge));
  }
  return columns;
}

function merged(values: readonly (number | null)[], from: number, to: number, merge: Merge): number | null {
  let known = 0;
  let sum = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = from; index < to; index++) {
    const value = values[index];
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    known++;
    sum += value;
    highest = Math.max(highest, value);
  }
  if (known === 0) return null;
  return merge === 'mean' ? sum / known : highest;
}

/** The column of a place on the absolute time line (in steps, with a fraction); null when it is not shown. */
export function columnOf(place: number, axis: Axis): number | null {
  if (axis.count <= 0 || axis.width <= 0) return null;
  const column = Math.floor((place * axis.width) / axis.count + EDGE) - (lastColumn(axis) - axis.width + 1);
  return column >= 0 && column < axis.width ? column : null;
}

/** The largest known value; null when nothing is known. */
export function largest(values: readonly (number | null)[]): number | null {
  let found: number | null = null;
  for (const value of values) {
    if (value !== null && Number.isFinite(value) && (found === null || value > found)) found = value;
  }
  return found;
}
