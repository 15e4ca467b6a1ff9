/** A line chart with its labels, and a sparkline with its scale: what panes put on their surface. */
import { clip, padStart, stringWidth } from '../../text/width.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import { UNKNOWN } from '../format.ts';
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
  // Without a value there is no scale.
  const scaled = values.some((value) => value !== null);
  for (let row = 0; row < height; row++) {
    const fromBottom = height - 1 - row;
    const label =
      scaled && fromBottom % chart.every === 0 ? clip(format(chart.levels[row] ?? 0), CHART_MARGIN - 2) : '';
    surface.text(0, y + row, padStart(label, CHART_MARGIN - 2), 'dim');
    surface.text(CHART_MARGIN - 1, y + row, fromBottom === 0 ? '┼' : label === '' ? '│' : '┤', 'dim');
    surface.text(CHART_MARGIN, y + row, chart.rows[row] ?? '', style);
  }
}

/** Cells of the scale behind a sparkline: `≤` and a figure. */
const SCALE_WIDTH = 8;

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
  const scale = max === null ? ` ${UNKNOWN}` : ` ≤${panel.format(max)}`;
  surface.text(panel.x + values.length, panel.y, fitText(scale, Math.min(SCALE_WIDTH, stringWidth(scale))), 'dim');
}

/** Cells before the charts of a tall pane: a name and a scale, so that all of them stand on the same columns. */
export const TALL_MARGIN = 16;

/** Columns of the charts of a tall pane. */
export const tallColumns = (surface: Surface): number => Math.max(0, surface.width - TALL_MARGIN - 1);

export interface HistoryRow {
  readonly name: string;
  /** One a column (see `tallColumns`). */
  readonly values: readonly (number | null)[];
  readonly format: (value: number) => string;
  readonly style: StyleName;
}

/** One history of a tall pane, in one line or several: name and scale before it. */
export function drawHistoryRow(surface: Surface, y: number, height: number, row: HistoryRow): void {
  const max = largest(row.values);
  surface.text(1, y, fitText(row.name, TALL_MARGIN - SCALE_WIDTH - 1), 'dim');
  const scale = max === null ? UNKNOWN : `≤${row.format(max)}`;
  surface.text(TALL_MARGIN - SCALE_WIDTH, y, fitText(scale, SCALE_WIDTH - 1, 'right'), 'dim');
  const lines = height === 1 ? [sparkline(row.values, max)] : columnChart(row.values, max, height);
  for (const [index, line] of lines.entries()) surface.text(TALL_MARGIN, y + index, line, row.style);
}

export interface LinesPanel {
  readonly y: number;
  readonly height: number;
  /** The one drawn last lies on top. */
  readonly lines: readonly HistoryRow[];
  readonly ascii: boolean;
}

/** Several lines of a tall pane on one scale, with their names at the left of the upper rows. */
export function drawLines(surface: Surface, { y, height, lines, ascii }: LinesPanel): void {
  const most = largest(lines.flatMap(({ values }) => values));
  const format = lines[0]?.format;
  if (height <= 0 || format === undefined) return;
  let labels = new Array<string>(height).fill('');
  for (const { values, style } of lines) {
    const chart = lineChart(values, { height, ascii, atLeast: most ?? 0 });
    if (most !== null)
      labels = chart.levels.map((level, row) => ((height - 1 - row) % chart.every === 0 ? format(level) : ''));
    for (const [row, text] of chart.rows.entries()) drawOver(surface, TALL_MARGIN, y + row, text, style);
  }
  drawAxis(surface, y, TALL_MARGIN, labels);
  for (const [row, { name, style }] of lines.toReversed().entries()) {
    // With a piece of its line: a name alone would read as that of the figure beside it.
    if (row < height) surface.text(1, y + row, `─ ${name}`, style);
  }
}

/** Text whose blanks leave what lies below them. */
function drawOver(surface: Surface, x: number, y: number, text: string, style: StyleName): void {
  for (const piece of text.matchAll(/[^ ]+/g)) surface.text(x + piece.index, y, piece[0], style);
}

/** Figures at the left of a chart, and its axis. `labels` stand at the upper edges of the rows, the top first. */
export function drawAxis(surface: Surface, y: number, x: number, labels: readonly string[]): void {
  for (const [row, label] of labels.entries()) {
    surface.text(0, y + row, padStart(clip(label, x - 2), x - 2), 'dim');
    const isLast = row === labels.length - 1;
    surface.text(x - 1, y + row, isLast ? '┼' : label === '' ? '│' : '┤', 'dim');
  }
}
