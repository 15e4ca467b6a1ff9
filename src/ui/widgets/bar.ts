/** A horizontal bar in eighths of a cell: `███▌`. */

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * @param ratio 0–1 of the width; outside it is clamped. Anything above zero shows at least the thinnest block.
 * @returns at most `width` cells, not padded.
 */
export function bar(ratio: number | null, width: number): string {
  if (ratio === null || !Number.isFinite(ratio) || ratio <= 0 || width <= 0) return '';
  const eighths = Math.max(1, Math.round(Math.min(1, ratio) * width * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}
