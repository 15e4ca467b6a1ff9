/** Blocks that stand for values: `▁▂▅▇█`, one row or several. */

const BLOCKS = '▁▂▃▄▅▆▇█';

/** The full block stays out of a single row: rows that stand on each other would grow together. */
const ROW_STEPS = BLOCKS.length - 1;

/**
 * One character a value, the highest block at `max`. Zero is the lowest block; unknown is a blank, never a low block.
 * @param max the scale; null or 0 draws every known value at the bottom.
 */
export function sparkline(values: readonly (number | null)[], max: number | null): string {
  let line = '';
  for (const value of values) line += value === null ? ' ' : BLOCKS[stepsOf(value, max, ROW_STEPS) - 1];
  return line;
}

/**
 * A column of blocks a value, in several rows, the top first: eight steps a row.
 * @param rows at least 1.
 */
export function columnChart(values: readonly (number | null)[], max: number | null, rows: number): string[] {
  const lines = new Array<string>(rows).fill('');
  for (const value of values) {
    const steps = value === null ? 0 : stepsOf(value, max, BLOCKS.length * rows);
    for (let row = 0; row < rows; row++) {
      const filled = Math.max(0, Math.min(BLOCKS.length, steps - BLOCKS.length * (rows - 1 - row)));
      lines[row] += filled === 0 ? ' ' : BLOCKS[filled - 1];
    }
  }
  return lines;
}

/** 1 for nothing, `most` for the maximum. */
function stepsOf(value: number, max: number | null, most: number): number {
  const steps = max === null ? 0 : Math.ceil((value / max) * most);
  return steps >= 1 ? Math.min(most, steps) : 1;
}
