/** The latency pane where there is room: how many requests were how slow when, and percentiles on the same time line. */
import type { Series } from '../../model/snapshot.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import { formatCount, formatDuration } from '../format.ts';
import {
  drawAxis,
  drawHistoryRow,
  drawLines,
  type HistoryRow,
  TALL_MARGIN,
  tallColumns,
} from '../widgets/chart-panel.ts';
import { drawHeat, HEAT, type HeatGrid, heatGrid, heatSteps } from '../widgets/heat-map.ts';
import { columnsOf } from '../widgets/history.ts';
import { drawSpans } from '../widgets/line.ts';
import { drawClockLine, drawTimeLine } from '../widgets/time-line.ts';

/** From this height on: below it the map has fewer than four lines. */
export const TALL = 11;
/** From here on the percentiles have a chart of their own below the map. */
const WITH_LINES = 30;
const LINES_SHARE = 0.4;

const PERCENTILES: readonly {
  readonly name: string;
  readonly of: (series: Series) => readonly (number | null)[];
  readonly style: StyleName;
}[] = [
  { name: 'p50', of: (series) => series.p50Seconds, style: 'series4' },
  { name: 'p90', of: (series) => series.p90Seconds, style: 'series1' },
  { name: 'p95', of: (series) => series.p95Seconds, style: 'series2' },
  { name: 'p99', of: (series) => series.p99Seconds, style: 'series3' },
];

/** Fills the surface. Without a map, which is asked for only when it is shown, the percentiles take its place. */
export function drawTall(surface: Surface, { snapshot, timeZone, ascii }: DrawContext): void {
  const columns = tallColumns(surface);
  const lines = PERCENTILES.map(({ name, of, style }): HistoryRow => {
    return {
      name,
      style,
      values: columnsOf(snapshot.series, of(snapshot.series), columns, 'max'),
      format: formatDuration,
    };
  });
  // Below the upper chart: time line, times of day, legend.
  const room = surface.height - 3;
  const below = surface.height >= WITH_LINES ? Math.floor(room * LINES_SHARE) : lines.length;
  const height = room - below;
  const grid = snapshot.heatMap === null ? null : heatGrid(snapshot.heatMap, columns, height);
  if (grid === null) drawLines(surface, { y: 0, height, lines, ascii });
  else drawMap(surface, grid, height);

  const line = { x: TALL_MARGIN, y: height, columns };
  drawTimeLine(surface, snapshot, line);
  drawClockLine(surface, snapshot.series, timeZone, { ...line, y: height + 1 });
  if (grid !== null) drawLegend(surface, height + 2, grid);
  const y = height + 3;
  if (surface.height >= WITH_LINES && grid !== null) drawLines(surface, { y, height: below, lines, ascii });
  else for (const [index, row] of lines.entries()) drawHistoryRow(surface, y + index, 1, row);
}

/** Lines that a row of the map may take: higher ones would look like a bar chart. */
const MOST_LINES = 4;

/** The map stands on the time line. Durations that are all alike have few rows: each then takes several lines. */
function drawMap(surface: Surface, grid: HeatGrid, height: number): void {
  const { lines, edgesSeconds } = grid;
  const each = Math.min(MOST_LINES, Math.floor(height / lines.length));
  const every = lines.length > 8 ? 2 : 1;
  const stretched = lines.flatMap((line) => new Array<typeof line>(each).fill(line));
  const top = height - stretched.length;
  const labels = stretched.map((_, line) => {
    const row = line / each;
    return row % every === 0 ? formatDuration(edgesSeconds[row]) : '';
  });
  drawAxis(surface, top, TALL_MARGIN, labels);
  drawHeat(surface, TALL_MARGIN, top, { ...grid, lines: stretched });
}

/** What the shades say: from how many requests on a cell has each. */
function drawLegend(surface: Surface, y: number, { most }: HeatGrid): void {
  const spans = heatSteps(most).flatMap(({ shade, from }) => {
    const { glyph, style } = HEAT[shade] ?? { glyph: '', style: 'text' };
    return [
      { text: glyph.repeat(2), style },
      { text: ` ${formatCount(from)}  `, style: 'dim' as const },
    ];
  });
  drawSpans(surface, TALL_MARGIN, y, [{ text: 'requests ', style: 'dim' }, ...spans]);
}
