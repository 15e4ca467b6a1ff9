/** One row of blocks: `▁▂▅▇█`. */

const BLOCKS = '▁▂▃▄▅▆▇█';

/**
 * One character a value, the top block at `max`. Zero is the lowest block; unknown is a blank, never a low block.
 * @param max the scale; null or 0 draws every known value at the bottom.
 */
export function sparkline(values: readonly (number | null)[], max: number | null): string {
  let line = '';
  for (const value of values) line += value === null ? ' ' : BLOCKS[blockOf(value, max)];
  return line;
}

function blockOf(value: number, max: number | null): number {
  if (max === null || max <= 0 || value <= 0) return 0;
  return Math.min(BLOCKS.length - 1, Math.max(0, Math.ceil((value / max) * BLOCKS.length) - 1));
}
