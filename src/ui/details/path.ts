/** One route, or one slow request: what came of it, how long it took when, who asked and who served it. */
import type { SlowRequest } from '../../model/snapshot.ts';
import { type DrawContext, momentText } from '../context.ts';
import { formatBytes, formatDuration, UNKNOWN } from '../format.ts';
import { percentileText } from '../panes/latency.ts';
import { drawSpans, fitItems, type Item, item, labelled } from '../widgets/line.ts';
import { type BlockRow, blocksHeight, drawBlocks, fixed, single } from './blocks.ts';
import {
  clientsBlock,
  figuresRow,
  mapRows,
  servedByBlock,
  slowBlock,
  spreadBlock,
  statusBlock,
  trafficBlock,
} from './common.ts';
import type { DetailView, TargetOf } from './detail-view.ts';
import { errorRowsOfRoute } from './tracebacks.ts';

type Target = TargetOf<'path'>;

export const path: DetailView<'path'> = {
  summary: 'One route, or one request and others like it: all of the window that passes the filter.',
  help: [
    {
      term: 'Durations',
      meaning: 'requests by how long they took; durations that Gunicorn made up for failed requests are left out',
    },
    {
      term: '✖ …',
      meaning:
        'what was thrown on it since gtop began to read, each with its newest traceback; what no log tells the path of comes last, as it may be of another one',
    },
    {
      term: 'over time',
      meaning: 'requests by time and duration, on a logarithmic scale; the legend says how many a shade stands for',
    },
    { term: 'WORKER', meaning: 'who served it; needs %(p)s in the access log format' },
    { term: 'v', meaning: 'the raw lines of it alone, with their query strings' },
  ],
  title: ({ method, path: route }) => `${method ?? UNKNOWN} ${route ?? '(path not logged)'}`,
  figures: ({ snapshot: { latency } }) => [
    labelled('p50', percentileText({ of: (l) => l.p50Seconds, needs: 2 }, latency), 1),
    labelled('p95', percentileText({ of: (l) => l.p95Seconds, needs: 20 }, latency), 0, 'strong'),
    labelled('max', formatDuration(latency?.maxSeconds), 2),
  ],
  height: (context, target, width) => blocksHeight(rowsOf(context, target), width),
  draw: (surface, context, target) => drawBlocks(surface, rowsOf(context, target)),
};

function rowsOf(context: DrawContext, { slow }: Target): readonly BlockRow[] {
  return [
    ...(slow === null ? [] : [requestRow(slow, context)]),
    figuresRow(context),
    { least: 50, blocks: [trafficBlock(context), spreadBlock(context), statusBlock(context)] },
    ...errorRowsOfRoute(context),
    ...mapRows(context),
    {
      least: 36,
      blocks: [clientsBlock('addresses', context), clientsBlock('methods', context), servedByBlock(context)],
    },
    single(slowBlock(context)),
  ];
}

/** The request that was chosen among the slow ones. */
function requestRow(request: SlowRequest, context: DrawContext): BlockRow {
  const { at, status, seconds, bytes, address, worker } = request;
  const items: readonly Item[] = [
    labelled('took', `${status === null ? '≥' : ''}${formatDuration(seconds)}`, 0, 'strong'),
    status === null
      ? item('✖ killed with its worker', 'critical')
      : labelled('status', String(status), 0, status >= 500 ? 'critical' : 'text'),
    labelled('ended', momentText(at, context), 1),
    labelled('worker', worker === null ? UNKNOWN : String(worker), 2),
    labelled('client', address ?? UNKNOWN, 3),
    labelled('body', formatBytes(bytes), 4),
  ];
  return single(fixed('This request', 1, (surface) => drawSpans(surface, 1, 0, fitItems(items, surface.width - 2))));
}
