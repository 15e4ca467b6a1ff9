/**
 * A line chart by asciichart, which draws finite runs on a given scale; scaling, gaps, axis and colour are ours.
 * (asciichart throws on an empty or NaN series and never resamples.)
 */
import asciichart from 'asciichart';
import { roundScale } from './scale.ts';

export interface LineChart {
  /** `height` rows of `width` characters, the top first; a gap in the data is blank. */
  readonly rows: readonly string[];
  /** Value of each row's middle, the top first. */
  readonly levels: readonly number[];
  /** Rows from one round figure to the next, from the bottom upwards. */
  readonly every: number;
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

/** One column a value, newest at the right; the scale runs from 0 to just above the largest value. */
export function lineChart(given: readonly (number | null)[], options: LineChartOptions): LineChart {
  const { height, ascii, atLeast = 0 } = options;
  const values = given.map(drawable);
  const steps = Math.max(1, height - 1);
  const known = values.filter((value) => value !== null);
  const { step, every } = roundScale(Math.max(atLeast, ...known), steps);
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
    every,
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
