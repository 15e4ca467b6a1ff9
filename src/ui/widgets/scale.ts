/** The scale of a chart: round figures on the edges of rows, and a top that is not far above the largest value. */

export interface Scale {
  /** What one row stands for. */
  readonly step: number;
  /** Rows from one round figure to the next, from zero upwards. */
  readonly every: number;
}

/** Charts with fewer rows have a figure at each. */
const LEAST_ROWS = 5;
/** More rows without a figure are hard to follow to the axis, more figures hard to read. */
const MOST_EVERY = 7;
const MOST_FIGURES = 12;

/**
 * The lowest scale on which a value fits into so many rows. Figures may stand some rows apart: with one at every second
 * row alone, a quarter of the height would be lost to the next round number.
 */
export function roundScale(most: number, rows: number): Scale {
  if (rows < LEAST_ROWS) return { step: roundStep(most / Math.max(1, rows)), every: 1 };
  const closest = Math.max(2, Math.ceil(rows / MOST_FIGURES));
  const widest = Math.min(Math.max(MOST_EVERY, 2 * closest), Math.max(2, Math.floor(rows / 2)));
  let lowest: Scale | null = null;
  for (let every = closest; every <= widest; every++) {
    const step = roundStep((every * most) / rows) / every;
    if (lowest === null || step < lowest.step * (1 - 1e-9)) lowest = { step, every };
  }
  return lowest ?? { step: 1, every: 1 };
}

const ROUND = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The next round number at or above a value; 1 for nothing. */
export function roundStep(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const round = ROUND.find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return round * power;
}
