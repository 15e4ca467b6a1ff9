/** The traffic pane where there is room: requests by what came of them, and what belongs to them, on one time line. */
import type { Series } from '../../model/snapshot.ts';
import type { Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import { formatBytes, formatCount, formatDuration, formatRate, formatRatio } from '../format.ts';
import { drawAxis, drawHistoryRow, type HistoryRow, TALL_MARGIN, tallColumns } from '../widgets/chart-panel.ts';
import { columnsOf } from '../widgets/history.ts';
import { drawSpans } from '../widgets/line.ts';
import type { Merge } from '../widgets/resample.ts';
import { drawStacked, type Layer } from '../widgets/stacked-chart.ts';
import { drawClockLine, drawTimeLine } from '../widgets/time-line.ts';

/** From this height on. */
export const TALL = 16;
/** From here on the further histories take two lines each. */
const VERY_TALL = 34;

/** The worst stands at the bottom, on the axis, where its changes can be compared. */
const LAYERS = [
  { name: '5xx', style: 'critical', shade: '▓' },
  { name: '4xx', style: 'warning', shade: '▒' },
  { name: '2xx 3xx', style: 'ok', shade: '█' },
] as const;

/** Fills the surface down to its last line. */
export function drawTall(surface: Surface, { snapshot, timeZone }: DrawContext): void {
  const columns = tallColumns(surface);
  const rows = historyRows(snapshot.series, columns);
  const lines = surface.height >= VERY_TALL ? 2 : 1;
  const height = surface.height - 3 - rows.length * lines;
  const scale = drawStacked(surface, { x: TALL_MARGIN, y: 0, height, layers: layersOf(snapshot.series, columns) });
  // The figure of a row is that of its upper edge; the lowest row stands on zero.
  const labels = Array.from({ length: height }, (_, row) => {
    const steps = height - row;
    if (scale === null || steps === 1) return scale === null ? '' : '0';
    return steps % scale.every === 0 ? formatRate(steps * scale.step) : '';
  });
  drawAxis(surface, 0, TALL_MARGIN, labels);
  surface.text(1, 0, 'req/s', 'dim');
  const line = { x: TALL_MARGIN, y: height, columns };
  drawTimeLine(surface, snapshot, line);
  drawClockLine(surface, snapshot.series, timeZone, { ...line, y: height + 1 });
  drawLegend(surface, height + 2);
  for (const [index, row] of rows.entries()) drawHistoryRow(surface, height + 3 + index * lines, lines, row);
}

function drawLegend(surface: Surface, y: number): void {
  const spans = LAYERS.toReversed().flatMap(({ name, style, shade }) => [
    { text: `${shade} `, style },
    { text: `${name}   `, style: 'dim' as const },
  ]);
  drawSpans(surface, TALL_MARGIN, y, spans);
}

/** Requests a second by class of status. Redirects are successes. */
function layersOf(series: Series, columns: number): readonly Layer[] {
  const { requestsPerSecond: rate, clientErrorRatio, serverErrorRatio } = series;
  const part = (ratios: (index: number) => number) =>
    rate.map((requests, index) => (requests === null ? null : requests * ratios(index)));
  const client = (index: number): number => clientErrorRatio[index] ?? 0;
  const server = (index: number): number => serverErrorRatio[index] ?? 0;
  const values = [part(server), part(client), part((index) => Math.max(0, 1 - client(index) - server(index)))];
  return LAYERS.map((layer, index) => ({ ...layer, values: columnsOf(series, values[index] ?? [], columns, 'mean') }));
}

function historyRows(series: Series, columns: number): readonly HistoryRow[] {
  const row = (
    name: string,
    values: readonly (number | null)[],
    merge: Merge,
    look: Pick<HistoryRow, 'format' | 'style'>,
  ): HistoryRow => ({ name, values: columnsOf(series, values, columns, merge), ...look });
  return [
    row('p95', series.p95Seconds, 'max', { format: formatDuration, style: 'series1' }),
    row('5xx', series.serverErrorRatio, 'max', { format: (ratio) => `${formatRatio(ratio)}%`, style: 'critical' }),
    row('bytes/s', series.bytesPerSecond, 'mean', { format: formatBytes, style: 'series2' }),
    row('busy', series.busyWorkers, 'max', { format: formatCount, style: 'series3' }),
    row('queue', series.backlog, 'max', { format: formatCount, style: 'series4' }),
  ];
}
