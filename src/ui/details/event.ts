/** The incident card: what happened, when, in which request, and what it was like before and after. */
import type { DeployPathRow, DeployRow, EventRow, Series } from '../../model/snapshot.ts';
import type { StyleName } from '../canvas/surface.ts';
import { type DrawContext, momentText, shownAt } from '../context.ts';
import {
  formatAge,
  formatClock,
  formatCount,
  formatDay,
  formatDuration,
  formatRate,
  secondsSince,
  UNKNOWN,
} from '../format.ts';
import { isOfAlert, toldEvent } from '../headline.ts';
import { LEVELS } from '../levels.ts';
import { change, DEPLOY_COLUMNS, durationChange, ratioChange } from '../panes/deploy-columns.ts';
import { visibleCopy } from '../visible-snapshot.ts';
import { drawSpans, fitItems, type Item, item, labelled } from '../widgets/line.ts';
import type { Column } from '../widgets/table/index.ts';
import { fitText, wrap } from '../widgets/text.ts';
import { type Block, type BlockRow, blocksHeight, drawBlocks, fixed, single } from './blocks.ts';
import { eventsBlock, latencyBlock, tableBlock, trafficBlock } from './common.ts';
import type { DetailView, TargetOf } from './detail-view.ts';
import { drawTraceback, tracebackLines } from './tracebacks.ts';

/** Kinds that do not read as words. */
const TITLES: Readonly<Record<string, string>> = { 'error-new': 'new error' };

export const event: DetailView<'event'> = {
  summary: 'One event: what happened, when, in which request, and what it was like before and after.',
  help: [
    { term: 'request', meaning: 'the one that was running in the worker, joined by its pid and time from both logs' },
    { term: 'Traceback', meaning: 'from the error log, its end where it is long: the innermost frames' },
    {
      term: 'before, after',
      meaning:
        'the minute before it and the minute since, as far as the window shows them; of a deploy at most five minutes each',
    },
    { term: 'Around it', meaning: 'what else happened within 30 seconds' },
    { term: 'v', meaning: 'the raw lines up to it: all entries, and the requests of its worker and of its path' },
  ],
  title: ({ event: { kind } }) => TITLES[kind] ?? kind.replaceAll('-', ' '),
  copied: ({ timeZone }, { event: { at, text, details } }) =>
    [`${formatDay(at, timeZone)} ${formatClock(at, timeZone)} ${text}`, ...(details === null ? [] : [details])].join(
      '\n',
    ),
  figures: (context, { event: { at, level } }) => {
    const { glyph, word, style } = LEVELS[level];
    return [item(`${glyph} ${word}`, style), item(momentText(at, context))];
  },
  height: (context, target, width) => blocksHeight(rowsOf(context, target), width),
  draw: (surface, context, target) => drawBlocks(surface, rowsOf(context, target)),
};

function rowsOf(context: DrawContext, target: TargetOf<'event'>): readonly BlockRow[] {
  const row = visibleCopy(target.event);
  const deploys = context.snapshot.deploys.filter((deploy) => isOf(deploy, row));
  // What an alert fires about has the request and the traceback.
  const told = (isOfAlert(row) ? toldEvent(context.snapshot.events, row.text) : null) ?? row;
  return [
    single(whatBlock(row)),
    single(whenBlock(told, context)),
    ...detailsRows(told),
    ...(deploys.length > 0 ? deployRows(deploys, context) : [single(beforeAfterBlock(row, context))]),
    { least: 50, blocks: [{ ...trafficBlock(context), grows: true }, latencyBlock(context)] },
    single(eventsBlock('Around it', context, around(row, context))),
  ];
}

function whatBlock({ text, level }: EventRow): Block {
  const { glyph, style } = LEVELS[level];
  const lines = (width: number): readonly string[] => wrap(`${glyph} ${text}`, width - 2);
  return {
    title: 'What',
    lines: (width) => lines(width).length,
    draw(surface) {
      for (const [y, line] of lines(surface.width).entries())
        surface.text(1, y, line, level === 'ok' ? 'strong' : style);
    },
  };
}

export function whenBlock(row: EventRow, { snapshot, timeZone }: DrawContext): Block {
  const { at, worker, path } = row;
  const ago = formatAge(secondsSince(at, shownAt(snapshot)));
  const request = snapshot.slow.find((each) => each.path !== null && each.path === path && each.worker === worker);
  const isThere = snapshot.workers.some(({ pid }) => pid === worker);
  const when: readonly Item[] = [
    labelled('at', `${formatDay(at, timeZone)} ${formatClock(at, timeZone)}`, 0, 'strong'),
    item(`${ago} ago`),
    ...(worker === null ? [] : [labelled('worker', `${worker}${isThere ? '' : ' (gone)'}`, 1, 'strong')]),
  ];
  const what: readonly Item[] = [
    ...requestItems(row),
    ...(request === undefined
      ? []
      : [
          labelled('took', `${request.status === null ? '≥' : ''}${formatDuration(request.seconds)}`, 3),
          labelled('client', request.address ?? UNKNOWN, 4),
        ]),
  ];
  const lines = (width: number) => (width < ONE_LINE && what.length > 0 ? [when, what] : [[...when, ...what]]);
  return {
    title: 'When and where',
    lines: (width) => lines(width).length,
    draw(surface) {
      for (const [y, items] of lines(surface.width).entries())
        drawSpans(surface, 1, y, fitItems(items, surface.width - 2));
    },
  };
}

/** Cells that a request has room in beside the time. By what stands there it would change as the age grows. */
const ONE_LINE = 130;

/** Ends of a worker with a request in it that no log need tell. */
const SUDDEN_ENDS: readonly string[] = ['worker-crash', 'worker-oom', 'worker-killed', 'worker-timeout', 'worker-lost'];

function requestItems({ kind, method, path }: EventRow): readonly Item[] {
  if (path !== null) return [labelled('request', `${method ?? UNKNOWN} ${path}`, 2, 'strong')];
  return SUDDEN_ENDS.includes(kind) ? [item('its request, if it had one, is in no log', 'dim', 2)] : [];
}

/** A traceback, or what else the log says of it. */
export function detailsRows({ details }: EventRow): readonly BlockRow[] {
  return details === null ? [] : [single(detailsBlock(details))];
}

function detailsBlock(details: string): Block {
  return {
    title: details.includes('Traceback') ? 'Traceback' : 'What the log says',
    lines: () => tracebackLines(details).length,
    draw: (surface) => drawTraceback(surface, 0, details),
  };
}

const DEPLOY_KINDS: Readonly<Record<string, DeployRow['kind']>> = {
  reload: 'reload',
  upgrade: 'upgrade',
  'master-start': 'restart',
};
/** An event's time is the log's, a deploy's may be the process table's. */
const SAME_MS = 5000;

function isOf(deploy: DeployRow, row: EventRow): boolean {
  return DEPLOY_KINDS[row.kind] === deploy.kind && Math.abs(Date.parse(deploy.at) - Date.parse(row.at)) <= SAME_MS;
}

/** What the deploy changed, for everything and for the routes it changed most. */
const deployRows = (deploys: readonly DeployRow[], context: DrawContext): readonly BlockRow[] => [
  single(tableBlock('Before and after', context, { columns: DEPLOY_COLUMNS, rows: deploys, most: 3, empty: '' })),
  single(
    tableBlock('Routes, the worst change first', context, {
      columns: ROUTE_COLUMNS,
      rows: deploys.flatMap(({ paths }) => paths),
      most: 8,
      empty: 'no route has had 10 requests before and since',
    }),
  ),
];

const ROUTE_COLUMNS: readonly Column<DeployPathRow>[] = [
  {
    id: 'path',
    header: 'PATH',
    width: 28,
    align: 'left',
    rank: 0,
    fill: true,
    meaning: 'method and route',
    cell: ({ method, path }) => ({ text: `${method} ${path}` }),
  },
  {
    id: 'p50',
    header: 'P50 BEFORE → AFTER',
    width: 18,
    align: 'left',
    rank: 1,
    meaning: 'median',
    cell: ({ before, after }) => durationChange(before.p50Seconds, after.p50Seconds),
  },
  {
    id: 'p95',
    header: 'P95',
    width: 18,
    align: 'left',
    rank: 2,
    meaning: '95th percentile',
    cell: ({ before, after }) => durationChange(before.p95Seconds, after.p95Seconds),
  },
  {
    id: 'errors',
    header: '5XX',
    width: 16,
    align: 'left',
    rank: 2,
    meaning: 'share of 5xx',
    cell: ({ before, after }) => ratioChange(before.errorRatio, after.errorRatio),
  },
];

/** More traffic is not worse. */
const rateChange: Figure['show'] = (before, after) => ({
  text: `${formatRate(before)} → ${formatRate(after)}`,
  style: 'text',
});
const countChange: Figure['show'] = (before, after) => change(before, after, formatCount);

/** Seconds of each side that are compared. */
const SIDE_SECONDS = 60;

interface Figure {
  readonly name: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly show: (before: number | null, after: number | null) => { readonly text: string; readonly style: StyleName };
}

/** From the series on the screen: what it does not hold is not known. */
function figuresOf({ series }: DrawContext['snapshot'], atMs: number): readonly Figure[] {
  const side = (values: readonly (number | null)[], fold: (known: readonly number[]) => number) => ({
    before: foldSide(series, values, [atMs - SIDE_SECONDS * 1000, atMs], fold),
    after: foldSide(series, values, [atMs, atMs + SIDE_SECONDS * 1000], fold),
  });
  const mean = (known: readonly number[]): number => known.reduce((sum, value) => sum + value, 0) / known.length;
  const most = (known: readonly number[]): number => Math.max(...known);
  return [
    { name: 'req/s', ...side(series.requestsPerSecond, mean), show: rateChange },
    { name: 'p95', ...side(series.p95Seconds, most), show: durationChange },
    { name: '5xx', ...side(series.serverErrorRatio, mean), show: ratioChange },
    { name: 'busy', ...side(series.busyWorkers, most), show: countChange },
    { name: 'queue', ...side(series.backlog, most), show: countChange },
  ];
}

function foldSide(
  { from, stepSeconds }: Series,
  values: readonly (number | null)[],
  [fromMs, toMs]: readonly [number, number],
  fold: (known: readonly number[]) => number,
): number | null {
  if (from === null) return null;
  const indexOf = (ms: number): number => Math.max(0, Math.round((ms - Date.parse(from)) / 1000 / stepSeconds));
  const known = values.slice(indexOf(fromMs), indexOf(toMs)).filter((value) => value !== null);
  return known.length === 0 ? null : fold(known);
}

function beforeAfterBlock(row: EventRow, { snapshot }: DrawContext): Block {
  const figures = figuresOf(snapshot, Date.parse(row.at));
  if (figures.every(({ before, after }) => before === null && after === null)) return outOfSight(snapshot);
  const items = figures.map(({ name, before, after, show }, rank) => {
    const { text, style } = show(before, after);
    return labelled(name, text, rank, style);
  });
  return fixed('A minute before → after', 1, (surface) => drawSpans(surface, 1, 0, fitItems(items, surface.width - 2)));
}

/** A longer window has longer charts. */
function outOfSight({ series: { stepSeconds, requestsPerSecond } }: DrawContext['snapshot']): Block {
  const reach = formatDuration(stepSeconds * requestsPerSecond.length);
  const text = `older than the charts, which reach back ${reach}: w takes a longer window`;
  return fixed('A minute before → after', 1, (surface) => surface.text(1, 0, fitText(text, surface.width - 2), 'dim'));
}

const AROUND_MS = 30_000;

const around = (row: EventRow, { snapshot }: DrawContext): readonly EventRow[] =>
  snapshot.events.filter(
    (other) => other.text !== row.text && Math.abs(Date.parse(other.at) - Date.parse(row.at)) <= AROUND_MS,
  );
