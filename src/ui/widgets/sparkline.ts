/** Blocks that stand for values: `▁▂▅▇█`, one row or several. */

const BLOCKS = '▁▂▃▄▅▆▇█';

/**
 * One character a value, the top block at `max`. Zero is the lowest block; unknown is a blank, never a low block.
 * @param max the scale; null or 0 draws every known value at the bottom.
 */
export function sparkline(values: readonly (number | null)[], max: number | null): string {
  return columnChart(values, max, 1).join('');
}

/**
 * The same in several rows, the top first: eight steps a row.
 * @param rows at least 1.
 */
export function columnChart(values: readonly (number | null)[], max: number | null, rows: number): string[] {
  const lines = new Array<string>(rows).fill('');
  for (const value of values) {
    const eighths = value === null ? 0 : eighthsOf(value, max, rows);
    for (let row = 0; row < rows; row++) {
      const filled = Math.max(0, Math.min(8, eighths - 8 * (rows - 1 - row)));
      lines[row] += filled === 0 ? ' ' : BLOCKS[filled - 1];
    }
  }
  return lines;
}

function eighthsOf(value: number, max: number | null, rows: number): number {
  if (max === null || max <= 0 || value <= 0) return 1;
  return Math.min(8 * rows, Math.max(1, Math.ceil((value / max) * 8 * rows)));
}
