/** A line chart with its labels, and a sparkline with its scale: what panes put on their surface. */
import { clip, padStart, stringWidth } from '../../text/width.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import { lineChart } from './line-chart.ts';
import { largest } from './resample.ts';
import { columnChart, sparkline } from './sparkline.ts';
import { fitText } from './text.ts';

/** Cells left of a line chart: a figure and the axis. */
export const CHART_MARGIN = 8;

export interface ChartPanel {
  readonly y: number;
  readonly height: number;
  /** One value a column of `surface.width - CHART_MARGIN`. */
  readonly values: readonly (number | null)[];
  readonly format: (value: number) => string;
  readonly style: StyleName;
  readonly ascii: boolean;
}

export function drawChart(surface: Surface, panel: ChartPanel): void {
  const { y, height, values, format, style, ascii } = panel;
  if (height <= 0) return;
  const chart = lineChart(values, { height, ascii });
  // Without a value there is no scale. Every row has its figure in a low chart, every other one in a high one; the zero line always.
  const every = height <= 5 ? 1 : 2;
  const scaled = values.some((value) => value !== null);
  for (let row = 0; row < height; row++) {
    const fromBottom = height - 1 - row;
    const label = scaled && fromBottom % every === 0 ? clip(format(chart.levels[row] ?? 0), CHART_MARGIN - 2) : '';
    surface.text(0, y + row, padStart(label, CHART_MARGIN - 2), 'dim');
    surface.text(CHART_MARGIN - 1, y + row, fromBottom === 0 ? '┼' : label === '' ? '│' : '┤', 'dim');
    surface.text(CHART_MARGIN, y + row, chart.rows[row] ?? '', style);
  }
}

/** Cells of the scale behind a sparkline: `≤` and a figure. */
export const SCALE_WIDTH = 8;

export interface SparkPanel {
  readonly x: number;
  readonly y: number;
  /** With the scale. */
  readonly width: number;
  /** Rows of blocks; one unless said otherwise. */
  readonly rows?: number;
  readonly style: StyleName;
  readonly format: (value: number) => string;
}

/** Columns that the blocks of a panel take. */
export function sparkColumns(panel: Pick<SparkPanel, 'width'>): number {
  return Math.max(0, panel.width - SCALE_WIDTH);
}

/** @param values one a column (see `sparkColumns`). */
export function drawSpark(surface: Surface, values: readonly (number | null)[], panel: SparkPanel): void {
  if (values.length === 0) return;
  const max = largest(values);
  const rows = panel.rows ?? 1;
  const lines = rows === 1 ? [sparkline(values, max)] : columnChart(values, max, rows);
  for (const [row, line] of lines.entries()) surface.text(panel.x, panel.y + row, line, panel.style);
  const scale = max === null ? '' : ` ≤${panel.format(max)}`;
  surface.text(panel.x + values.length, panel.y, fitText(scale, Math.min(SCALE_WIDTH, stringWidth(scale))), 'dim');
}
