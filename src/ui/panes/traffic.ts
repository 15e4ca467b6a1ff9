import type { EventRow, Snapshot } from '../../model/snapshot.ts';
import { stringWidth } from '../../text/width.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import { formatAge, formatBytes, formatCount, formatRate } from '../format.ts';
import { LEVELS } from '../levels.ts';
import { sourceNotes } from '../notes.ts';
import { CHART_MARGIN, drawChart, drawSpark, sparkColumns } from '../widgets/chart-panel.ts';
import { columnAt, columnsOf, spanSeconds } from '../widgets/history.ts';
import { drawSpans, fitItems, type Item, item } from '../widgets/line.ts';
import { fitText } from '../widgets/text.ts';
import type { Pane } from './pane.ts';

/** Events that get their name on the time line; others are marked by their glyph, and only when they are bad. */
const MARK_NAMES: Readonly<Record<string, string>> = {
  reload: 'HUP',
  'worker-timeout': 'timeout',
  'worker-oom': 'oom',
  'worker-crash': 'crash',
  'master-start': 'start',
};

/** A chart below this height shows less than a sparkline does. */
const LEAST_CHART = 3;
/** From this height on there is room for the further series. */
const TALL = 16;

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
    { term: 'since start', meaning: 'access lines read since gtop began' },
    { term: '▲ ✖', meaning: 'a reload (HUP) or something bad happened here: pane 7 tells what' },
    { term: 'blank', meaning: 'nothing is known of that time; a low line is a real zero' },
  ],
};

function summary({ traffic: { requestsPerMinute, bytesPerSecond, requestsTotal } }: Snapshot): readonly Item[] {
  return [
    item(`${formatRate(requestsPerMinute)}/min`, 'text', 1),
    item(`${formatBytes(bytesPerSecond)}/s`, 'text', 0),
    item(`${formatCount(requestsTotal)} since start`, 'dim', 2),
  ];
}

function draw(surface: Surface, context: DrawContext): void {
  const { snapshot } = context;
  const note = sourceNotes(snapshot)[0];
  let bottom = surface.height - 1;
  drawSpans(surface, 1, bottom, fitItems(summary(snapshot), surface.width - 2));
  if (note !== undefined && bottom > 0) {
    const { glyph, style } = LEVELS[note.level];
    surface.text(1, --bottom, fitText(`${glyph} ${note.text}`, surface.width - 2), style);
  }
  if (surface.height >= TALL) bottom = drawFurther(surface, context, bottom - 1);
  if (bottom < LEAST_CHART + 1) {
    const width = surface.width - 2;
    if (bottom > 0) drawRate(surface, snapshot, { x: 1, y: 0, width, rows: bottom });
    return;
  }
  const columns = surface.width - CHART_MARGIN - 1;
  const values = columnsOf(snapshot.series, snapshot.series.requestsPerSecond, columns, 'mean');
  drawChart(surface, { y: 0, height: bottom - 1, values, format: formatRate, style: 'series1', ascii: context.ascii });
  drawTimeLine(surface, snapshot, bottom - 1, columns);
}

/** Series that belong to the traffic: what it weighs and who carries it. @returns the row above them. */
function drawFurther(surface: Surface, { snapshot: { series } }: DrawContext, bottom: number): number {
  const rows = [
    { name: 'bytes/s', values: series.bytesPerSecond, format: formatBytes, style: 'series2' },
    { name: 'busy', values: series.busyWorkers, format: formatCount, style: 'series3' },
    { name: 'queue', values: series.backlog, format: formatCount, style: 'series4' },
  ] as const;
  for (const [index, { name, values, format, style }] of rows.entries()) {
    const panel = { x: 9, y: bottom - rows.length + 1 + index, width: surface.width - 10, style, format };
    surface.text(1, panel.y, name, 'dim');
    drawSpark(surface, columnsOf(series, values, sparkColumns(panel), 'max'), panel);
  }
  return bottom - rows.length;
}

function drawRate(
  surface: Surface,
  { series }: Snapshot,
  area: { x: number; y: number; width: number; rows?: number },
): void {
  const panel = { ...area, style: 'series1', format: formatRate } as const;
  drawSpark(surface, columnsOf(series, series.requestsPerSecond, sparkColumns(panel), 'mean'), panel);
}

/** The time under a chart: how far back it goes, and what happened. Marks are drawn over the words at its ends. */
function drawTimeLine(surface: Surface, { series, events }: Snapshot, y: number, columns: number): void {
  const taken = new Set<number>();
  const draw = (column: number, text: string, style: StyleName): void => {
    surface.text(CHART_MARGIN + column, y, text, style);
    for (let cell = 0; cell < stringWidth(text); cell++) taken.add(column + cell);
  };
  const isFree = (column: number, width: number): boolean =>
    column + width <= columns && ![...new Array(width).keys()].some((cell) => taken.has(column + cell));

  const marks = events
    .flatMap((event) => {
      const mark = markOf(event);
      const column = mark === null ? null : columnAt(series, event.at, columns);
      return mark === null || column === null ? [] : [{ ...mark, column }];
    })
    .sort((a, b) => b.rank - a.rank)
    .filter(({ column }, index, all) => all.findIndex((other) => other.column === column) === index);
  // All the glyphs before any name: a name takes only what is left.
  for (const { column, glyph, style } of marks) draw(column, glyph, style);
  for (const { column, name, style } of marks) {
    if (isFree(column + 1, name.length)) draw(column + 1, name, style);
  }
  const from = `-${formatAge(spanSeconds(series))}`;
  if (isFree(0, from.length + 1)) draw(0, from, 'dim');
  const to = 'now';
  if (isFree(columns - to.length - 1, to.length + 1)) draw(columns - to.length, to, 'dim');
}

interface Mark {
  readonly glyph: string;
  readonly name: string;
  readonly style: StyleName;
  /** Where two fall on one column the higher is shown, the newer of equal ones. */
  readonly rank: number;
}

function markOf({ kind, level }: EventRow): Mark | null {
  const name = MARK_NAMES[kind];
  const { glyph, style, rank } = LEVELS[level];
  if (level === 'critical' || level === 'warning') return { glyph, name: name ?? '', style, rank };
  return name === undefined ? null : { glyph: '▲', name, style: 'accent', rank };
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
