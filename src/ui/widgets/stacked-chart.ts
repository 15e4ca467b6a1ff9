/** Columns made of layers, the first at the bottom: requests a second by what came of them. */
import type { StyleName, Surface } from '../canvas/surface.ts';
import { largest } from './resample.ts';
import { roundScale, type Scale } from './scale.ts';

export interface Layer {
  readonly style: StyleName;
  /** Fills the cells of this layer; the topmost one ends in eighths of a cell instead. */
  readonly shade: string;
  /** One value a column; null is a gap. */
  readonly values: readonly (number | null)[];
}

export interface StackedPanel {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  /** Of equally many columns. A column where the last layer is unknown is a gap. */
  readonly layers: readonly Layer[];
}

const EIGHTHS = ' ▁▂▃▄▅▆▇█';

/**
 * A layer that is not empty takes at least one cell where there is room: a single error among thousands is seen. The
 * layer above it gives that up, so that the top of a column is always true.
 * @returns the scale: the upper edge of row n from the bottom stands for n + 1 steps; null when nothing is known.
 */
export function drawStacked(surface: Surface, { x, y, height, layers }: StackedPanel): Scale | null {
  const columns = layers.at(-1)?.values.length ?? 0;
  const totals = Array.from({ length: columns }, (_, column) => totalAt(layers, column));
  const most = largest(totals);
  if (most === null || height <= 0) return null;
  const scale = roundScale(most, height);
  for (const [column, total] of totals.entries()) {
    if (total !== null) drawColumn(surface, x + column, y, height, cellsOf(layers, column, total / scale.step, height));
  }
  return scale;
}

function totalAt(layers: readonly Layer[], column: number): number | null {
  let total = 0;
  for (const { values } of layers) {
    const value = values[column];
    if (value === null || value === undefined) return null;
    total += value;
  }
  return total;
}

interface Cell {
  readonly text: string;
  readonly style: StyleName;
}

/** From the bottom. @param full cells that the whole column takes. */
function cellsOf(layers: readonly Layer[], column: number, full: number, height: number): readonly Cell[] {
  const cells: Cell[] = [];
  const whole = Math.min(height, Math.ceil(full - 1e-9));
  const sum = layers.reduce((total, { values }) => total + (values[column] ?? 0), 0);
  for (const [index, { style, shade, values }] of layers.entries()) {
    const value = values[column] ?? 0;
    if (value <= 0) continue;
    const isTop = layers.slice(index + 1).every((layer) => (layer.values[column] ?? 0) <= 0);
    const own = isTop ? whole - cells.length : Math.max(1, Math.round((value / sum) * full));
    for (let cell = 0; cell < own && cells.length < whole; cell++) cells.push({ text: shade, style });
  }
  const top = cells.at(-1);
  const rest = full - (whole - 1);
  if (top !== undefined && top.text === '█' && rest < 1) {
    cells[cells.length - 1] = { text: EIGHTHS[Math.max(1, Math.round(rest * 8))] ?? '█', style: top.style };
  }
  return cells;
}

function drawColumn(surface: Surface, x: number, y: number, height: number, cells: readonly Cell[]): void {
  if (cells.length === 0) surface.text(x, y + height - 1, '▁', 'dim');
  for (const [fromBottom, { text, style }] of cells.entries())
    surface.text(x, y + height - 1 - fromBottom, text, style);
}
