import type { Snapshot } from '../../model/snapshot.ts';
import type { Surface } from '../canvas/surface.ts';
import { type DrawContext, momentText } from '../context.ts';
import { formatBytes, formatCount, formatRate } from '../format.ts';
import { LEVELS } from '../levels.ts';
import { sourceNotes } from '../notes.ts';
import { CHART_MARGIN, drawChart, drawSpark, sparkColumns } from '../widgets/chart-panel.ts';
import { columnsOf } from '../widgets/history.ts';
import { drawSpans, fitItems, type Item, item } from '../widgets/line.ts';
import { region } from '../widgets/region.ts';
import { fitText, wrap } from '../widgets/text.ts';
import { drawTimeLine } from '../widgets/time-line.ts';
import type { Pane } from './pane.ts';
import { drawTall, TALL } from './traffic-tall.ts';

/** A chart below this height shows less than a sparkline does. */
const LEAST_CHART = 3;

export const traffic: Pane = {
  id: 'traffic',
  title: 'Traffic',
  summary: 'Requests per second, from the access log.',
  figures: ({ snapshot }) => [item(`${formatRate(snapshot.traffic.requestsPerSecond)}/s`, 'strong')],
  draw,
  line: drawLine,
  help: [
    { term: 'chart', meaning: 'requests finished in each second (or step), by the time stamps of the access log' },
    { term: '/s, /min', meaning: 'requests of the window ÷ its length; – before anything was read' },
    { term: 'B/s', meaning: 'response bodies without headers, units of 1000' },
    {
      term: 'since start',
      meaning: 'access lines read since gtop began; with a filter, or of one thing, from the time on that stands there',
    },
    { term: '▲ ✖', meaning: 'a reload (HUP), an alert or something bad: pane 7 tells what' },
    {
      term: '█ ▒ ▓',
      meaning: 'zoomed: answers 2xx and 3xx, 4xx, 5xx; errors take at least one cell, the height is exact',
    },
    { term: 'blank', meaning: 'nothing is known of that time; a low line is a real zero' },
  ],
};

/** Since when they are counted: with a filter not since gtop began to read, but for as far back as it has looked again. */
function sinceText(context: DrawContext): string | null {
  const { past, filter, filterCoverage } = context.snapshot;
  // How many there were at a moment of the past was not kept.
  if (past != null) return null;
  if (filter === null) return 'since start';
  const from = filterCoverage?.from ?? null;
  return from === null ? null : `since ${momentText(from, context)}`;
}

function summary(context: DrawContext): readonly Item[] {
  const { requestsPerMinute, bytesPerSecond, requestsTotal } = context.snapshot.traffic;
  const since = sinceText(context);
  return [
    item(`${formatRate(requestsPerMinute)}/min`, 'text', 1),
    item(`${formatBytes(bytesPerSecond)}/s`, 'text', 0),
    ...(since === null ? [] : [item(`${formatCount(requestsTotal)} ${since}`, 'dim', 2)]),
  ];
}

/** What is said of the source comes before the chart, as far as that remains one. */
const noteLines = (height: number): number => (height < 2 ? 0 : height >= 8 ? 2 : 1);

function draw(surface: Surface, context: DrawContext): void {
  const { snapshot } = context;
  const note = sourceNotes(snapshot)[0];
  let bottom = surface.height - 1;
  drawSpans(surface, 1, bottom, fitItems(summary(context), surface.width - 2));
  if (note !== undefined) {
    const { glyph, style } = LEVELS[note.level];
    const lines = wrap(`${glyph} ${note.text}`, surface.width - 2).slice(0, noteLines(surface.height));
    bottom -= lines.length;
    for (const [index, line] of lines.entries()) surface.text(1, bottom + index, line, style);
  }
  if (surface.height >= TALL) {
    drawTall(region(surface, { x: 0, y: 0, width: surface.width, height: bottom }), context);
    return;
  }
  if (bottom < LEAST_CHART + 1) {
    const width = surface.width - 2;
    if (bottom > 0) drawRate(surface, snapshot, { x: 1, y: 0, width, rows: bottom });
    return;
  }
  const columns = surface.width - CHART_MARGIN - 1;
  const values = columnsOf(snapshot.series, snapshot.series.requestsPerSecond, columns, 'mean');
  drawChart(surface, { y: 0, height: bottom - 1, values, format: formatRate, style: 'series1', ascii: context.ascii });
  drawTimeLine(surface, snapshot, { x: CHART_MARGIN, y: bottom - 1, columns });
}

function drawRate(
  surface: Surface,
  { series }: Snapshot,
  area: { x: number; y: number; width: number; rows?: number },
): void {
  const panel = { ...area, style: 'series1', format: formatRate } as const;
  drawSpark(surface, columnsOf(series, series.requestsPerSecond, sparkColumns(panel), 'mean'), panel);
}

function drawLine(surface: Surface, { snapshot }: DrawContext): void {
  const note = sourceNotes(snapshot)[0];
  const { requestsPerSecond, bytesPerSecond } = snapshot.traffic;
  let x = surface.text(0, 0, fitText(`${formatRate(requestsPerSecond)}/s`, 9), 'strong');
  x = surface.text(x, 0, fitText(`${formatBytes(bytesPerSecond)}/s`, 10), 'text');
  if (note !== undefined) {
    const { glyph, style } = LEVELS[note.level];
    surface.text(x, 0, fitText(`${glyph} ${note.text}`, surface.width - x), style);
  } else drawRate(surface, snapshot, { x, y: 0, width: surface.width - x });
}
