/** Blocks that several details show: the traffic of whatever the Snapshot was asked for. */
import type { EventRow, ServedBy } from '../../model/snapshot.ts';
import { type DrawContext, momentText } from '../context.ts';
import { formatBytes, formatCount, formatRate, formatRatio } from '../format.ts';
import { whyNoRequest } from '../notes.ts';
import { CLIENT_COLUMNS } from '../panes/clients.ts';
import { EVENT_COLUMNS } from '../panes/events.ts';
import { PANES } from '../panes/index.ts';
import { PATH_COLUMNS } from '../panes/paths.ts';
import { SLOW_COLUMNS } from '../panes/slow.ts';
import type { ClientList } from '../state.ts';
import { bar } from '../widgets/bar.ts';
import { drawDurationBins, durationBins } from '../widgets/duration-bins.ts';
import { drawSpans, fitItems, type Item, item, labelled } from '../widgets/line.ts';
import type { Column } from '../widgets/table/index.ts';
import { drawPlainTable } from '../widgets/table/plain.ts';
import { fitText, wrap } from '../widgets/text.ts';
import { type Block, type BlockRow, fixed, single } from './blocks.ts';

/** One line: what the window holds, and how far back that is whole. */
export function figuresRow(context: DrawContext): BlockRow {
  const { snapshot } = context;
  const { traffic, status } = snapshot;
  const figures: readonly Item[] = [
    labelled('requests', formatCount(traffic.requests), 0, 'strong'),
    item(`${formatRate(traffic.requestsPerSecond)}/s`),
    item(`${formatBytes(traffic.bytesPerSecond)}/s`, 'text', 2),
    labelled(
      '5xx',
      `${formatRatio(status.serverErrorRatio)} %`,
      1,
      (status.serverErrorRatio ?? 0) > 0 ? 'critical' : 'text',
    ),
    labelled('4xx', `${formatRatio(status.clientErrorRatio)} %`, 1),
    ...coverage(context),
  ];
  return single(fixed(null, 1, (surface) => drawSpans(surface, 1, 0, fitItems(figures, surface.width - 2))));
}

/** Log lines of before gtop began are read once more for a detail: that takes a moment. */
function coverage(context: DrawContext): readonly Item[] {
  const { filterCoverage } = context.snapshot;
  if (filterCoverage === null) return [];
  const { from, reading } = filterCoverage;
  if (from === null) return [item('▲ the logs are being looked through', 'warning')];
  if (!reading) return [];
  return [item(`▲ whole since ${momentText(from, context)}, the rest is being read`, 'warning')];
}

/** A pane's own drawing, as a block. */
function paneBlock(id: 'traffic' | 'latency' | 'status', context: DrawContext, lines: number): Block {
  const pane = PANES[id];
  return { title: pane.title, lines: () => lines, draw: (surface) => pane.draw(surface, context, false) };
}

export const trafficBlock = (context: DrawContext): Block => paneBlock('traffic', context, 8);
export const latencyBlock = (context: DrawContext): Block => paneBlock('latency', context, 8);
export const statusBlock = (context: DrawContext): Block => paneBlock('status', withoutErrors(context), 7);

/** Tracebacks stand in a block of their own. */
const withoutErrors = (context: DrawContext): DrawContext => ({
  ...context,
  snapshot: { ...context.snapshot, errors: [] },
});

/** Lines of the map: high enough for the pane to draw it. */
const MAP_LINES = 20;

/** The map of durations, where there is one. */
export function mapRows(context: DrawContext): readonly BlockRow[] {
  const { heatMap, latency } = context.snapshot;
  if (heatMap === null || heatMap.edgesSeconds.length === 0 || latency === null) return [];
  return [single({ ...paneBlock('latency', context, MAP_LINES), title: 'Latency over time', grows: true })];
}

const BINS = 8;

/** How the durations are spread; the percentiles where no map was asked for. */
export function spreadBlock(context: DrawContext): Block {
  const { heatMap } = context.snapshot;
  if (heatMap === null || heatMap.edgesSeconds.length === 0) return latencyBlock(context);
  const bins = durationBins(heatMap, BINS);
  const requests = bins.reduce((sum, { count }) => sum + count, 0);
  // Fewer than the requests of the line above where durations were made up or are missing.
  return fixed(`Durations of ${formatCount(requests)} request${requests === 1 ? '' : 's'}`, BINS, (surface) => {
    if (requests === 0) surface.text(1, 0, 'no request with a duration in the window', 'dim');
    else drawDurationBins(surface, bins);
  });
}

/** A table as a block, at least one line high: without rows it says so. */
export function tableBlock<Row>(
  title: string,
  context: DrawContext,
  {
    columns,
    rows,
    most,
    empty,
  }: { columns: readonly Column<Row>[]; rows: readonly Row[]; most: number; empty: string },
): Block {
  return fixed(title, rows.length === 0 ? 1 : Math.min(rows.length, most) + 1, (surface) => {
    if (rows.length === 0) surface.text(1, 0, fitText(empty, surface.width - 2), 'dim');
    else drawPlainTable(surface, context, columns, rows);
  });
}

export const slowBlock = (context: DrawContext): Block =>
  tableBlock('Slowest requests', context, {
    columns: SLOW_COLUMNS,
    rows: context.snapshot.slow,
    most: 10,
    empty: 'no request with a duration in the window',
  });

export const pathsBlock = (context: DrawContext): Block =>
  tableBlock('Paths', context, {
    columns: PATH_COLUMNS,
    rows: context.snapshot.paths,
    most: 10,
    empty: whyNoRequest(context),
  });

export const eventsBlock = (title: string, context: DrawContext, rows: readonly EventRow[]): Block =>
  tableBlock(title, context, { columns: EVENT_COLUMNS, rows, most: 8, empty: 'none' });

const CLIENT_TITLES: Readonly<Record<ClientList, string>> = {
  addresses: 'Clients',
  userAgents: 'User agents',
  methods: 'Methods',
  referrers: 'Referrers',
};

export const clientsBlock = (list: ClientList, context: DrawContext): Block =>
  tableBlock(CLIENT_TITLES[list], context, {
    columns: CLIENT_COLUMNS,
    rows: context.snapshot.clients[list],
    most: 6,
    empty: 'none',
  });

const SERVED_BY_COLUMNS: readonly Column<ServedBy>[] = [
  {
    id: 'worker',
    header: 'WORKER',
    width: 7,
    align: 'right',
    rank: 0,
    meaning: 'pid',
    cell: ({ worker }) => ({ text: String(worker), style: 'strong' }),
  },
  {
    id: 'state',
    header: 'STATE',
    width: 7,
    align: 'left',
    rank: 2,
    meaning: 'now; ended: it is gone',
    cell: ({ worker }, { snapshot: { workers } }) => {
      const state = workers.find(({ pid }) => pid === worker)?.state;
      return state === undefined ? { text: workers.length === 0 ? '' : 'ended', style: 'dim' } : { text: state };
    },
  },
  {
    id: 'count',
    header: 'COUNT',
    width: 6,
    align: 'right',
    rank: 0,
    meaning: 'requests of the window',
    cell: ({ count }) => ({ text: formatCount(count) }),
  },
  {
    id: 'errors',
    header: '5XX',
    width: 5,
    align: 'right',
    rank: 1,
    meaning: 'of these, the ones with a 5xx status',
    cell: ({ errors }) => ({ text: formatCount(errors), style: errors === 0 ? 'dim' : 'critical' }),
  },
  {
    id: 'share',
    header: '',
    width: 6,
    align: 'left',
    rank: 3,
    fill: true,
    meaning: 'share of the requests',
    cell: ({ count }, { snapshot }) => ({
      text: bar(snapshot.traffic.requests > 0 ? count / snapshot.traffic.requests : null, 6),
      style: 'series1',
    }),
  },
];

export const servedByBlock = (context: DrawContext): Block =>
  tableBlock('Workers that served it', context, {
    columns: SERVED_BY_COLUMNS,
    rows: context.snapshot.servedBy,
    most: 6,
    empty: 'not known: %(p)s in the access log format names the worker',
  });

/** Words of any length as a block. */
export function textBlock(title: string | null, text: string, style: 'text' | 'strong' | 'dim' = 'text'): Block {
  return {
    title,
    lines: (width) => Math.max(1, wrap(text, width - 2).length),
    draw(surface) {
      for (const [y, line] of wrap(text, surface.width - 2).entries()) surface.text(1, y, line, style);
    },
  };
}
