/**
 * A line chart by asciichart, which draws finite runs on a given scale; scaling, gaps, axis and colour are ours.
 * (asciichart throws on an empty or NaN series and never resamples.)
 */
import asciichart from 'asciichart';

export interface LineChart {
  /** `height` rows of `width` characters, the top first; a gap in the data is blank. */
  readonly rows: readonly string[];
  /** Value of each row's middle, the top first. */
  readonly levels: readonly number[];
}

export interface LineChartOptions {
  readonly height: number;
  /** For a 7-bit terminal: corners as `.` and `'`. */
  readonly ascii: boolean;
  /** Scale for at least this value, so that several lines can share it. */
  readonly atLeast?: number;
}

/** Order of asciichart's symbols: ┼ ┤ ╶ ╴ ─ ╰ ╭ ╮ ╯ │. */
const ASCII_SYMBOLS = ['-', '-', '-', '-', '-', "'", '.', '.', "'", '|'];
const SYMBOLS = ['─', '─', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│'];

/** One column a value, newest at the right; the scale runs from 0 to a round number above the largest value. */
export function lineChart(given: readonly (number | null)[], options: LineChartOptions): LineChart {
  const { height, ascii, atLeast = 0 } = options;
  const values = given.map(drawable);
  const steps = Math.max(1, height - 1);
  const known = values.filter((value) => value !== null);
  const step = roundStep(Math.max(atLeast, ...known) / steps);
  const grid = Array.from({ length: height }, () => new Array<string>(values.length).fill(' '));
  for (const run of runsOf(values)) {
    // In rows, and one more than there are columns: asciichart draws the way from each value to the next.
    const points = [...run.values, run.values.at(-1) ?? 0].map((value) => Math.min(steps, Math.max(0, value / step)));
    const plotted = asciichart.plot(points, {
      min: 0,
      max: steps,
      height: steps,
      offset: 1,
      padding: ' ',
      format: () => ' ',
      symbols: ascii ? ASCII_SYMBOLS : SYMBOLS,
    });
    const lines = plotted.split('\n').slice(-height);
    for (const [row, line] of lines.entries()) {
      const target = grid[row];
      for (let column = 0; target !== undefined && column < run.values.length; column++) {
        target[run.start + column] = line[column + 1] ?? ' ';
      }
    }
  }
  return {
    rows: grid.map((row) => row.join('')),
    levels: Array.from({ length: height }, (_, row) => step * (steps - row)),
  };
}

/** Beyond these a scale of floating-point numbers falls apart; no rate is there. */
const [LEAST, MOST] = [1e-12, 1e15];

const drawable = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) ? null : value < LEAST ? 0 : Math.min(MOST, value);

function runsOf(values: readonly (number | null)[]): { start: number; values: number[] }[] {
  const runs: { start: number; values: number[] }[] = [];
  let open: { start: number; values: number[] } | null = null;
  for (const [index, value] of values.entries()) {
    if (value === null || !Number.isFinite(value)) {
      open = null;
      continue;
    }
    if (open === null) {
      open = { start: index, values: [] };
      runs.push(open);
    }
    open.values.push(value);
  }
  return runs;
}

const ROUND = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The next round number at or above a value; 1 for nothing. */
export function roundStep(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const round = ROUND.find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return round * power;
}
