import type { Latency, Series, Snapshot } from '../../model/snapshot.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import { formatCount, formatDuration, UNKNOWN } from '../format.ts';
import { accessSources, FULL_FORMAT, whyNoRequest } from '../notes.ts';
import { drawSpark, sparkColumns } from '../widgets/chart-panel.ts';
import { columnsOf } from '../widgets/history.ts';
import { drawSpans, fitItems, type Item, labelled, type Span } from '../widgets/line.ts';
import { region } from '../widgets/region.ts';
import { fitText, wrap } from '../widgets/text.ts';
import { drawTall, TALL } from './latency-tall.ts';
import type { Pane } from './pane.ts';

interface Percentile {
  readonly name: string;
  readonly of: (latency: Latency) => number | null;
  readonly history: (series: Series) => readonly (number | null)[];
  /** Samples it takes: 1/(1−q). */
  readonly needs: number;
}

const PERCENTILES = {
  p50: { name: 'p50', of: (l) => l.p50Seconds, history: (s) => s.p50Seconds, needs: 2 },
  p90: { name: 'p90', of: (l) => l.p90Seconds, history: (s) => s.p90Seconds, needs: 10 },
  p95: { name: 'p95', of: (l) => l.p95Seconds, history: (s) => s.p95Seconds, needs: 20 },
  p99: { name: 'p99', of: (l) => l.p99Seconds, history: (s) => s.p99Seconds, needs: 100 },
} satisfies Record<string, Percentile>;

const ALL: readonly Percentile[] = Object.values(PERCENTILES);
const SHORT: readonly Percentile[] = [PERCENTILES.p50, PERCENTILES.p95, PERCENTILES.p99];

export const latency: Pane = {
  id: 'latency',
  title: 'Latency',
  summary: 'How long requests took, from the duration field of the access log; queueing before a worker is not in it.',
  figures: ({ snapshot }) => [labelled('p95', percentileText(PERCENTILES.p95, snapshot.latency), 0, 'strong')],
  draw,
  line: drawLine,
  help: [
    {
      term: 'p50…p99',
      meaning: 'nearest-rank percentiles of the window, at most 1 % off; never averages of percentiles',
    },
    { term: 'n<100', meaning: 'too few requests for that percentile' },
    {
      term: '≤',
      meaning: 'top of the small chart beside it; –: no step of it had enough requests for that percentile',
    },
    {
      term: 'excluded',
      meaning: 'durations that Gunicorn made up for failed requests; counted as errors, not as latency',
    },
    { term: 'killed', meaning: 'requests lost to a worker timeout; counted as at least the timeout' },
    {
      term: 'map',
      meaning:
        'zoomed: requests by time and duration, on a logarithmic scale; the legend says how many a shade stands for',
    },
    { term: 'source', meaning: `a duration in the access log; start Gunicorn with ${FULL_FORMAT}` },
  ],
};

/** A percentile, or how many samples it lacks. */
export function percentileText(percentile: Pick<Percentile, 'of' | 'needs'>, latency: Latency | null): string {
  if (latency === null) return UNKNOWN;
  const value = percentile.of(latency);
  return value === null ? `n<${percentile.needs}` : formatDuration(value);
}

function draw(surface: Surface, context: DrawContext): void {
  const { snapshot } = context;
  if (snapshot.latency === null) {
    drawLack(surface, context);
    return;
  }
  const notes = notesOf(snapshot);
  if (surface.height >= TALL + 1 + notes.length) {
    drawZoomed(surface, context, snapshot.latency, notes);
    return;
  }
  const rows = surface.height >= 5 ? ALL : SHORT;
  const notesShown = Math.max(0, Math.min(notes.length, surface.height - rows.length - 1));
  let y = 0;
  for (const percentile of rows) {
    if (y >= surface.height) return;
    drawPercentile(surface, snapshot, snapshot.latency, percentile, y++);
  }
  if (y < surface.height) drawSpans(surface, 1, y++, fitItems(summary(snapshot.latency), surface.width - 2));
  for (const note of notes.slice(0, notesShown)) surface.text(1, y++, fitText(note, surface.width - 2), 'warning');
}

/** The charts between the figures of the window and the notes. */
function drawZoomed(surface: Surface, context: DrawContext, latency: Latency, notes: readonly string[]): void {
  const figures = ALL.map((percentile) =>
    labelled(
      percentile.name,
      percentileText(percentile, latency),
      0,
      percentile.of(latency) === null ? 'unknown' : 'strong',
    ),
  );
  drawSpans(surface, 1, 0, fitItems([...figures, ...summary(latency)], surface.width - 2));
  const bottom = surface.height - notes.length;
  drawTall(region(surface, { x: 0, y: 1, width: surface.width, height: bottom - 1 }), context);
  for (const [index, note] of notes.entries())
    surface.text(1, bottom + index, fitText(note, surface.width - 2), 'warning');
}

function drawPercentile(
  surface: Surface,
  { series }: Snapshot,
  latency: Latency,
  percentile: Percentile,
  y: number,
): void {
  surface.text(1, y, percentile.name, 'dim');
  const value = percentile.of(latency);
  surface.text(5, y, fitText(percentileText(percentile, latency), 7, 'right'), value === null ? 'unknown' : 'strong');
  const panel = { x: 13, y, width: surface.width - 14, style: 'series1', format: formatDuration } as const;
  if (sparkColumns(panel) < 4) return;
  drawSpark(surface, columnsOf(series, percentile.history(series), sparkColumns(panel), 'max'), panel);
}

function summary({ maxSeconds, meanSeconds, count }: Latency): readonly Item[] {
  return [
    labelled('max', formatDuration(maxSeconds)),
    labelled('mean', formatDuration(meanSeconds), 1),
    labelled('n', formatCount(count), 2),
  ];
}

const UNIT_SIGNS = { microseconds: 'µs', milliseconds: 'ms', seconds: 's' } as const;

/** What the reader of the figures must know. */
function notesOf(snapshot: Snapshot): readonly string[] {
  const notes: string[] = [];
  const assumed = accessSources(snapshot).find((source) => source.durationUnitAssumed && source.durationUnit !== null);
  if (assumed?.durationUnit)
    notes.push(`▲ unit assumed: ${UNIT_SIGNS[assumed.durationUnit]} · confirm with --log-format`);
  const killed = snapshot.status.timeouts;
  if (killed > 0) notes.push(`▲ ${formatCount(killed)} killed by timeout: counted as ≥ the timeout`);
  const excluded = snapshot.latency?.excluded ?? 0;
  if (excluded > 0) notes.push(`${formatCount(excluded)} excluded: duration made up by Gunicorn`);
  return notes;
}

/** Why there is no latency, and what gives it. */
function drawLack(surface: Surface, context: DrawContext): void {
  const width = surface.width - 2;
  if (context.snapshot.traffic.requests === 0) {
    surface.text(1, 0, fitText(whyNoRequest(context), width), 'dim');
    return;
  }
  const paragraph = (text: string, style: StyleName): Span[] =>
    wrap(text, width).map((line) => ({ text: line, style }));
  const why = paragraph('The access log has no durations.', 'warning');
  const how = [...paragraph('Start Gunicorn with', 'dim'), ...paragraph(FULL_FORMAT, 'strong')];
  // The line is there to be copied: in pieces only where it fits as a whole.
  const whole = why.length + how.length <= surface.height;
  const lines = [...why, ...(whole ? how : paragraph('z zooms: the line that gives them, to be copied.', 'dim'))];
  for (const [y, { text, style }] of lines.entries()) if (y < surface.height) surface.text(1, y, text, style);
}

function drawLine(surface: Surface, context: DrawContext): void {
  const { latency, series, traffic } = context.snapshot;
  if (latency === null) {
    const why =
      traffic.requests === 0
        ? whyNoRequest(context)
        : 'no durations in the access log: the keys 2 z show how to get them';
    surface.text(0, 0, fitText(why, surface.width), 'dim');
    return;
  }
  if (latency.count === 0) {
    const why = `none is true: Gunicorn made up ${formatCount(latency.excluded)}, of requests that failed`;
    surface.text(0, 0, fitText(why, surface.width), 'dim');
    return;
  }
  let x = 0;
  for (const percentile of SHORT) {
    x = surface.text(x, 0, `${percentile.name} `, 'dim');
    x = surface.text(
      x,
      0,
      fitText(percentileText(percentile, latency), 8),
      percentile.name === 'p95' ? 'strong' : 'text',
    );
  }
  const panel = { x, y: 0, width: surface.width - x, style: 'series1', format: formatDuration } as const;
  if (sparkColumns(panel) >= 4)
    drawSpark(surface, columnsOf(series, series.p95Seconds, sparkColumns(panel), 'max'), panel);
}
