/** One worker: what it is doing, how it has been, what it served, and what became of it. */
import type { EventRow, Snapshot, WorkerInfo } from '../../model/snapshot.ts';
import { type DrawContext, momentText } from '../context.ts';
import {
  formatAge,
  formatCount,
  formatCpu,
  formatDuration,
  formatMemory,
  formatRate,
  formatRatio,
  UNKNOWN,
} from '../format.ts';
import { againstTimeout, formatBusy, PRIVILEGE, STATE_STYLES } from '../panes/worker-columns.ts';
import { drawSpans, fitItems, type Item, item, labelled } from '../widgets/line.ts';
import { endName } from '../widgets/time-line.ts';
import { type Block, type BlockRow, blocksHeight, drawBlocks, fixed, single } from './blocks.ts';
import { eventsBlock, figuresRow, latencyBlock, pathsBlock, slowBlock, statusBlock, trafficBlock } from './common.ts';
import type { DetailView, TargetOf } from './detail-view.ts';
import { drawRecorded, type RecordedRow } from './recorded.ts';
import { errorRows } from './tracebacks.ts';

type Target = TargetOf<'worker'>;

const workerOf = ({ snapshot }: DrawContext, { pid, startedAt }: Target): WorkerInfo | undefined =>
  snapshot.workers.find((row) => row.pid === pid && (startedAt === null || row.startedAt === startedAt));

export const worker: DetailView<'worker'> = {
  summary: 'One worker: what it does now, how it has been, what it served, and what became of it.',
  help: [
    { term: 'CPU %', meaning: 'percent of one core; any user may read it' },
    { term: 'PSS', meaning: `memory with its share of shared pages; RSS where it cannot be read; ${PRIVILEGE}` },
    { term: 'busy', meaning: `share of the looks that found it serving a request; ${PRIVILEGE}` },
    {
      term: 'silent',
      meaning: `age of its heartbeat: the master kills it when that reaches the timeout; ${PRIVILEGE}`,
    },
    { term: 'requests', meaning: 'of the window; need %(p)s in the access log format' },
    { term: 'v', meaning: 'the raw lines that name it: its requests, and what it logged' },
  ],
  title: ({ pid }) => `worker ${pid}`,
  figures: (context, target) => {
    const state = workerOf(context, target)?.state;
    return [item(state ?? 'ended', state === undefined ? 'warning' : STATE_STYLES[state])];
  },
  height: (context, target, width) => blocksHeight(rowsOf(context, target), width),
  draw: (surface, context, target) => drawBlocks(surface, rowsOf(context, target)),
};

function rowsOf(context: DrawContext, target: Target): readonly BlockRow[] {
  const { snapshot } = context;
  const row = workerOf(context, target);
  const logNamesWorkers = snapshot.workers.length === 0 || snapshot.workers.some((each) => each.requestsTotal !== null);
  return [
    single(row === undefined ? endedBlock(context, target) : stateBlock(row, context)),
    single(historyBlock(snapshot)),
    ...(logNamesWorkers ? requestRows(context) : [single(namelessBlock())]),
    single(eventsBlock('What happened to it', context, ownEvents(snapshot.events, target))),
    single(eventsBlock('Workers that ended before', context, earlierEnds(context, target))),
    ...errorRows(context),
  ];
}

const requestRows = (context: DrawContext): readonly BlockRow[] => [
  figuresRow(context),
  { least: 50, blocks: [trafficBlock(context), latencyBlock(context), statusBlock(context)] },
  { least: 74, blocks: [pathsBlock(context), slowBlock(context)] },
];

const namelessBlock = (): Block =>
  fixed('Requests', 1, (surface) =>
    surface.text(1, 0, 'not known: %(p)s in the access log format names the worker of each request', 'dim'),
  );

function stateBlock(row: WorkerInfo, context: DrawContext): Block {
  const { snapshot } = context;
  const doing = row.activity === null ? [] : [item(row.activity, row.activity === 'computing' ? 'warning' : 'text', 1)];
  const busy =
    row.busySeconds === null
      ? []
      : [labelled('for', formatBusy(row.busySeconds), 0, againstTimeout(row.busySeconds, row, snapshot))];
  const slope = row.memorySlopeBytesPerHour;
  const lines: readonly (readonly Item[])[] = [
    [
      item(row.state, STATE_STYLES[row.state]),
      ...busy,
      ...doing,
      ...((row.backlog ?? null) === null
        ? []
        : [labelled('queue of its own', formatCount(row.backlog), 1, row.backlog === 0 ? 'text' : 'critical')]),
      ...(row.clientAddress === null ? [] : [labelled('client', row.clientAddress, 2)]),
      labelled(
        'heartbeat',
        `${formatDuration(row.heartbeatAgeSeconds)} ago`,
        1,
        againstTimeout(row.heartbeatAgeSeconds, row, snapshot),
      ),
      ...(row.secondsToKill === null
        ? []
        : [labelled('killed, if it stays silent, in', formatDuration(row.secondsToKill), 3)]),
    ],
    [
      labelled('CPU', `${formatCpu(row.cpuPercent)} %`, 0, 'strong'),
      labelled('PSS', formatMemory(row.pssBytes), 0, 'strong'),
      labelled('RSS', formatMemory(row.rssBytes), 1),
      labelled('USS', formatMemory(row.ussBytes), 2),
      labelled('memory', slope === null ? UNKNOWN : `${slope > 0 ? '+' : ''}${formatMemory(slope)}/h`, 1),
      labelled('threads', formatCount(row.threads), 3),
      labelled('connections', formatCount(row.connections), 3),
      labelled('descriptors', formatCount(row.fds), 4),
    ],
    [
      labelled('master', String(row.masterPid), 1),
      labelled('started', `${momentText(row.startedAt, context)}, ${formatAge(row.ageSeconds)} ago`),
      labelled('served', `${formatCount(row.requestsTotal)} since gtop began to read`, 2),
      item(`${formatRate(row.requestsPerSecond)}/s`, 'text', 3),
    ],
  ];
  return fixed('Now', lines.length, (surface) => {
    for (const [y, items] of lines.entries()) drawSpans(surface, 1, y, fitItems(items, surface.width - 2));
  });
}

/** It is gone: the event of its end says how. */
function endedBlock({ snapshot }: DrawContext, target: Target): Block {
  const end = ownEvents(snapshot.events, target).find(({ kind }) => isEnd(kind));
  return fixed('Now', 1, (surface) =>
    surface.text(1, 0, end === undefined ? 'this worker is not there any more' : `✖ ${end.text}`, 'warning'),
  );
}

const HISTORY_LINES = 9;

function historyBlock(snapshot: Snapshot): Block {
  const history = snapshot.workerHistory ?? null;
  if (history === null) {
    return fixed('How it has been', 1, (surface) => surface.text(1, 0, 'nothing was recorded of it yet', 'dim'));
  }
  const memory = history.pssBytes.some((bytes) => bytes !== null) ? history.pssBytes : history.rssBytes;
  const rows: readonly RecordedRow[] = [
    { name: 'CPU %', values: history.cpuPercent, merge: 'max', format: formatCpu, style: 'series1' },
    {
      name: memory === history.pssBytes ? 'PSS' : 'RSS',
      values: memory,
      merge: 'max',
      format: formatMemory,
      style: 'series3',
    },
    {
      name: 'busy',
      values: history.busyRatio,
      merge: 'mean',
      format: (ratio) => `${formatRatio(ratio)}%`,
      style: 'series4',
    },
    { name: 'silent', values: history.heartbeatAgeSeconds, merge: 'max', format: formatDuration, style: 'series2' },
  ];
  return {
    ...fixed('How it has been', HISTORY_LINES, (surface) => drawRecorded(surface, history, rows, endName(snapshot))),
    grows: true,
  };
}

/** Kinds of events that are the end of a worker. */
const isEnd = (kind: string): boolean => /^worker-(?!boot)/.test(kind);

const ownEvents = (events: readonly EventRow[], { pid }: Target): readonly EventRow[] =>
  events.filter((event) => event.worker === pid);

/** What the workers before it died of often says what it will die of. */
function earlierEnds({ snapshot, whole }: DrawContext, { pid, startedAt }: Target): readonly EventRow[] {
  return (whole ?? snapshot).events.filter(
    (event) =>
      event.worker !== null &&
      event.worker !== pid &&
      isEnd(event.kind) &&
      (startedAt === null || event.at <= startedAt),
  );
}
