/** A heat map of durations: time to the right, longer upwards on a logarithmic scale, the more requests the brighter. */
import type { HeatMap } from '../../model/snapshot.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import { type Axis, resample } from './resample.ts';

/** Few to many; no two have the same glyph: where there is no colour it alone tells them apart. */
export const HEAT: readonly { readonly glyph: string; readonly style: StyleName }[] = [
  { glyph: '·', style: 'heat1' },
  { glyph: '░', style: 'heat2' },
  { glyph: '▒', style: 'heat3' },
  { glyph: '▓', style: 'heat4' },
  { glyph: '█', style: 'heat5' },
];

export interface HeatGrid {
  /** Requests by line, the longest durations first, and column; null is a gap. */
  readonly lines: readonly (readonly (number | null)[])[];
  /** Upper edge of each line in seconds, and behind them the lower edge of the last. */
  readonly edgesSeconds: readonly number[];
  /** The most that one cell holds. */
  readonly most: number;
}

/** The map on `width` columns and at most `height` lines, one for each row where there are fewer. Null when it is empty. */
export function heatGrid(map: HeatMap, width: number, height: number): HeatGrid | null {
  const rows = map.edgesSeconds.length - 1;
  if (rows <= 0 || width <= 0 || height <= 0) return null;
  const count = Math.min(rows, height);
  // The first row of each line, from the top, and behind them the lowest of all.
  const firsts = Array.from({ length: count + 1 }, (_, line) => Math.round(((count - line) * rows) / count));
  const axis: Axis = {
    firstIndex: Math.round(Date.parse(map.from) / 1000 / map.stepSeconds),
    count: map.columns.length,
    width,
  };
  const lines = firsts.slice(1).map((first, line) => {
    const counts = map.columns.map((column) => (column === null ? null : sumOf(column, first, firsts[line] ?? rows)));
    return resample(counts, axis, 'max');
  });
  return {
    lines,
    edgesSeconds: firsts.map((row) => map.edgesSeconds[row] ?? 0),
    most: Math.max(0, ...lines.flat().map((value) => value ?? 0)),
  };
}

function sumOf(counts: readonly number[], from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < Math.min(to, counts.length); index++) sum += counts[index] ?? 0;
  return sum;
}

/** The shade of so many requests, 0 for one or more; -1 for none. On a logarithmic scale: one of a kind must be seen. */
export function heatOf(count: number, most: number): number {
  if (count <= 0) return -1;
  const share = most <= 1 ? 0 : Math.log(count) / Math.log(most);
  return Math.min(HEAT.length - 1, Math.floor(share * HEAT.length));
}

/** The shades in use, each with the least number of requests that has it. */
export function heatSteps(most: number): readonly { readonly shade: number; readonly from: number }[] {
  return HEAT.flatMap((_, shade) => {
    const from = Math.max(1, Math.ceil(most ** (shade / HEAT.length) - 1e-9));
    return heatOf(from, most) === shade ? [{ shade, from }] : [];
  });
}

export function drawHeat(surface: Surface, x: number, y: number, { lines, most }: HeatGrid): void {
  for (const [row, line] of lines.entries()) {
    for (const [column, count] of line.entries()) {
      const look = HEAT[heatOf(count ?? 0, most)];
      if (look !== undefined) surface.text(x + column, y + row, look.glyph, look.style);
    }
  }
}
