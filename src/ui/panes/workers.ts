import type { MasterInfo, Series, Snapshot, WorkerInfo } from '../../model/snapshot.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import {
  formatAge,
  formatCount,
  formatCpu,
  formatDuration,
  formatMemory,
  formatRate,
  formatRatioSign,
  UNKNOWN,
} from '../format.ts';
import { bar } from '../widgets/bar.ts';
import { drawSpark, sparkColumns } from '../widgets/chart-panel.ts';
import { columnsOf } from '../widgets/history.ts';
import { drawSpans, fitItems, type Item, item, labelled } from '../widgets/line.ts';
import { type Column, defineTable } from '../widgets/table/index.ts';
import { fitText } from '../widgets/text.ts';
import type { Pane } from './pane.ts';

const STATE_STYLES: Readonly<Record<WorkerInfo['state'], StyleName>> = {
  busy: 'accent',
  idle: 'dim',
  booting: 'warning',
  exiting: 'warning',
  stuck: 'critical',
  unknown: 'unknown',
};

/** Shares of `--timeout` after which a silent worker is worth a look, and is about to be killed. */
const BEAT_WARNING = 0.5;
const BEAT_CRITICAL = 0.8;

const masterOf = (worker: WorkerInfo, { masters, master }: Snapshot): MasterInfo | null =>
  masters.find(({ pid }) => pid === worker.masterPid) ?? master;

/** How near an age is to the time at which the master kills the worker. */
function againstTimeout(seconds: number | null, worker: WorkerInfo, snapshot: Snapshot): StyleName {
  if (seconds === null) return 'unknown';
  const timeout = masterOf(worker, snapshot)?.timeoutSeconds ?? null;
  // gunicorn/config.py: a timeout of 0 means never.
  if (timeout === null || timeout === 0) return 'text';
  if (seconds >= timeout * BEAT_CRITICAL) return 'critical';
  return seconds >= timeout * BEAT_WARNING ? 'warning' : 'text';
}

const number = (value: number | null, text: string, style: StyleName = 'text') => ({
  text,
  style: value === null ? ('unknown' as const) : value === 0 ? ('dim' as const) : style,
});

/** The built-in alert on saturation fires above it. */
const FULL_RATIO = 0.9;

const PRIVILEGE = 'needs root or the user of Gunicorn';

const columns: readonly Column<WorkerInfo>[] = [
  {
    id: 'pid',
    header: 'PID',
    width: 7,
    align: 'right',
    rank: 0,
    firstAscending: true,
    meaning: 'process id',
    cell: ({ pid }) => ({ text: String(pid), style: 'strong' }),
    sortBy: ({ pid }) => pid,
  },
  {
    id: 'master',
    header: 'MASTER',
    width: 7,
    align: 'right',
    rank: 12,
    meaning: 'its master; two masters run side by side during an upgrade (USR2)',
    cell: ({ masterPid }) => ({ text: String(masterPid), style: 'dim' }),
    sortBy: ({ masterPid }) => masterPid,
  },
  {
    id: 'state',
    header: 'STATE',
    width: 8,
    align: 'left',
    rank: 1,
    firstAscending: true,
    meaning: `busy: serves a request; stuck: no heartbeat for most of the timeout; ${PRIVILEGE}`,
    cell: ({ state }) => ({ text: state, style: STATE_STYLES[state] }),
    sortBy: ({ state }) => state,
  },
  {
    id: 'for',
    header: 'FOR',
    width: 6,
    align: 'right',
    rank: 2,
    meaning: 'busy without a break that gtop saw; coloured as the worker timeout comes near',
    cell: (row, { snapshot }) => ({
      text: formatDuration(row.busySeconds),
      style: againstTimeout(row.busySeconds, row, snapshot),
    }),
    sortBy: ({ busySeconds }) => busySeconds,
  },
  {
    id: 'cpu',
    header: 'CPU%',
    width: 5,
    align: 'right',
    rank: 3,
    letter: 'P',
    meaning: 'percent of one core since the look before; any user may read it',
    cell: ({ cpuPercent }) => number(cpuPercent, formatCpu(cpuPercent)),
    sortBy: ({ cpuPercent }) => cpuPercent,
  },
  {
    id: 'pss',
    header: 'PSS',
    width: 5,
    align: 'right',
    rank: 4,
    letter: 'M',
    meaning: `memory with its share of shared pages, units of 1024; ${PRIVILEGE}`,
    cell: ({ pssBytes }) => number(pssBytes, formatMemory(pssBytes)),
    sortBy: ({ pssBytes, rssBytes }) => pssBytes ?? rssBytes,
  },
  {
    id: 'rss',
    header: 'RSS',
    width: 5,
    align: 'right',
    rank: 8,
    meaning: 'memory with all shared pages: never add these up; any user may read it',
    cell: ({ rssBytes }) => number(rssBytes, formatMemory(rssBytes)),
    sortBy: ({ rssBytes }) => rssBytes,
  },
  {
    id: 'uss',
    header: 'USS',
    width: 5,
    align: 'right',
    rank: 11,
    meaning: `memory of its own alone: grows when the application leaks; ${PRIVILEGE}`,
    cell: ({ ussBytes }) => number(ussBytes, formatMemory(ussBytes)),
    sortBy: ({ ussBytes }) => ussBytes,
  },
  {
    id: 'threads',
    header: 'THR',
    width: 3,
    align: 'right',
    rank: 7,
    meaning: 'threads of the process, idle ones too',
    cell: ({ threads }) => number(threads, formatCount(threads)),
    sortBy: ({ threads }) => threads,
  },
  {
    id: 'connections',
    header: 'CONN',
    width: 4,
    align: 'right',
    rank: 9,
    meaning: `open client connections, kept-alive ones too; ${PRIVILEGE}`,
    cell: ({ connections }) => number(connections, formatCount(connections)),
    sortBy: ({ connections }) => connections,
  },
  {
    id: 'fds',
    header: 'FDS',
    width: 4,
    align: 'right',
    rank: 13,
    meaning: `open file descriptors; ${PRIVILEGE}`,
    cell: ({ fds }) => number(fds, formatCount(fds)),
    sortBy: ({ fds }) => fds,
  },
  {
    id: 'rate',
    header: 'REQ/S',
    width: 5,
    align: 'right',
    rank: 6,
    meaning: 'requests a second; needs %(p)s in the access log format',
    cell: ({ requestsPerSecond }) => number(requestsPerSecond, formatRate(requestsPerSecond)),
    sortBy: ({ requestsPerSecond }) => requestsPerSecond,
  },
  {
    id: 'beat',
    header: 'BEAT',
    width: 6,
    align: 'right',
    rank: 5,
    meaning: `age of the heartbeat: the master kills the worker when it reaches the timeout; ${PRIVILEGE}`,
    cell: (row, { snapshot }) => ({
      text: formatDuration(row.heartbeatAgeSeconds),
      style: againstTimeout(row.heartbeatAgeSeconds, row, snapshot),
    }),
    sortBy: ({ heartbeatAgeSeconds }) => heartbeatAgeSeconds,
  },
  {
    id: 'age',
    header: 'AGE',
    width: 6,
    align: 'right',
    rank: 6,
    letter: 'A',
    meaning: 'since the worker was started',
    cell: ({ ageSeconds }) => ({ text: formatAge(ageSeconds), style: ageSeconds === null ? 'unknown' : 'text' }),
    sortBy: ({ ageSeconds }) => ageSeconds,
  },
  {
    id: 'client',
    header: 'CLIENT',
    width: 15,
    align: 'left',
    rank: 10,
    meaning: `whom it serves: the peer of the connection held longest; ${PRIVILEGE}`,
    cell: ({ clientAddress }) => ({ text: clientAddress ?? '', style: 'dim' }),
    sortBy: ({ clientAddress }) => clientAddress,
    firstAscending: true,
  },
];

const table = defineTable<WorkerInfo>({
  pane: 'workers',
  columns,
  rows: ({ snapshot }) => snapshot.workers,
  key: ({ pid }) => String(pid),
  defaultSort: () => 'pid',
  empty: ({ snapshot }) => absence(snapshot),
});

/** Why there are no workers to show. */
function absence({ master, masters }: Snapshot): string {
  if (master !== null) return 'the master has no worker';
  return masters.length > 0 ? 'the master is gone' : 'no master watched: use --pid FILE';
}

export const workers: Pane = {
  id: 'workers',
  title: 'Workers',
  summary: 'Worker processes, from /proc: who is busy, since when and for whom.',
  figures: ({ snapshot }) => figures(snapshot),
  draw,
  table,
  help: [
    { term: 'used', meaning: 'time of all requests ÷ (workers × threads × window); above 90 % requests queue' },
    { term: 'wait', meaning: 'estimated time in the accept queue, which no log shows' },
    { term: 'queue', meaning: 'connections that wait to be accepted, of all listeners; the log never shows this wait' },
    { term: 'PSS in all', meaning: `memory of master and workers, shared pages counted once; ${PRIVILEGE}` },
    { term: 'exits', meaning: 'workers that ended since gtop began, by reason' },
  ],
};

function figures({ workers: rows, master, saturation }: Snapshot): readonly Item[] {
  const target = master?.workersTarget ?? null;
  const count = target === null ? String(rows.length) : `${rows.length} of ${target}`;
  const { busyWorkers, backlog, backlogLimit } = saturation;
  const all = busyWorkers !== null && rows.length > 0 && busyWorkers >= rows.length;
  const limit = backlogLimit === null ? '' : `/${backlogLimit}`;
  return [
    item(rows.length === 0 ? UNKNOWN : count, target !== null && rows.length < target ? 'warning' : 'strong'),
    item(`${formatCount(busyWorkers)} busy`, all ? 'critical' : 'text', 1),
    item(`queue ${formatCount(backlog)}${backlog === null ? '' : limit}`, (backlog ?? 0) > 0 ? 'critical' : 'text', 2),
  ];
}

function draw(surface: Surface, context: DrawContext, focused: boolean): void {
  const { snapshot } = context;
  const below = linesBelow(snapshot, surface.height - 1 - Math.max(1, snapshot.workers.length));
  const height = surface.height - below.length;
  table.draw(surface, context, { y: 0, height, focused });
  for (const [index, line] of below.entries()) line(surface, height + index);
}

type DrawLine = (surface: Surface, y: number) => void;

/** What stands below the workers, the most needed first; nothing of it pushes a worker out of sight. */
function linesBelow(snapshot: Snapshot, room: number): readonly DrawLine[] {
  const lack = lackOf(snapshot);
  const note: DrawLine = (surface, y) => surface.text(1, y, fitText(lack ?? '', surface.width - 2), 'warning');
  const summary: DrawLine = (surface, y) =>
    drawSpans(surface, 1, y, fitItems(masterItems(snapshot), surface.width - 2));
  const lines = [...(lack === null ? [] : [note]), ...(snapshot.master === null ? [] : [summary])];
  // With an empty line before them.
  const load = snapshot.master !== null && room >= lines.length + LOAD.length + 1 ? LOAD : [];
  return [
    ...load.map(
      (line): DrawLine =>
        (surface, y) =>
          line(surface, y, snapshot),
    ),
    ...lines,
  ].slice(0, Math.max(0, room));
}

/** Saturation: how much of the capacity is in use, and how it came to that. */
const LOAD: readonly ((surface: Surface, y: number, snapshot: Snapshot) => void)[] = [
  drawUtilization,
  (surface, y, { series }) => drawSeries(surface, y, 'busy', { series, values: series.busyWorkers }),
  (surface, y, { series }) => drawSeries(surface, y, 'queue', { series, values: series.backlog }),
];

const LOAD_LABEL = 7;
const GAUGE_WIDTH = 20;

function drawUtilization(surface: Surface, y: number, { saturation }: Snapshot): void {
  const { utilizationRatio, offeredErlangs, capacity, estimatedQueueSeconds } = saturation;
  const full = utilizationRatio !== null && utilizationRatio >= FULL_RATIO;
  surface.text(1, y, 'used', 'dim');
  surface.text(LOAD_LABEL, y, bar(utilizationRatio, GAUGE_WIDTH), full ? 'critical' : 'series1');
  const x = LOAD_LABEL + GAUGE_WIDTH + 1;
  const items = [
    item(formatRatioSign(utilizationRatio), full ? 'critical' : 'strong'),
    item(`${formatRate(offeredErlangs)} of ${capacity ?? UNKNOWN} in service`, 'text', 1),
    ...((estimatedQueueSeconds ?? 0) > 0 ? [labelled('wait', formatDuration(estimatedQueueSeconds), 2)] : []),
  ];
  drawSpans(surface, x, y, fitItems(items, surface.width - x - 1));
}

function drawSeries(
  surface: Surface,
  y: number,
  name: string,
  { series, values }: { series: Series; values: readonly (number | null)[] },
): void {
  surface.text(1, y, name, 'dim');
  const panel = {
    x: LOAD_LABEL,
    y,
    width: surface.width - LOAD_LABEL - 1,
    style: 'series1',
    format: formatCount,
  } as const;
  drawSpark(surface, columnsOf(series, values, sparkColumns(panel), 'max'), panel);
}

/** What no worker tells, and how to see it. */
function lackOf({ workers: rows, master }: Snapshot): string | null {
  if (rows.length === 0) return null;
  const old = rows.filter((row) => row.masterPid !== master?.pid).length;
  if (old > 0) return `▲ two masters: ${old} of ${rows.length} workers belong to another one`;
  const blind = rows.every((row) => row.pssBytes === null && row.heartbeatAgeSeconds === null);
  return blind ? `▲ state, PSS, beat: permission denied, run gtop as root or as Gunicorn's user` : null;
}

function masterItems({ master, workers: rows, workerExits, saturation }: Snapshot): readonly Item[] {
  const parts = [master, ...rows].map((process) => process?.pssBytes ?? null);
  const total = parts.reduce<number | null>((sum, pss) => (sum === null || pss === null ? null : sum + pss), 0);
  const bad = workerExits.byReason.timeout + workerExits.byReason.oom + workerExits.byReason.crash;
  const advice = saturation.recommendationText;
  return [
    labelled('master', `${master?.pid ?? UNKNOWN}`, 4),
    labelled('cpu', formatCpu(master?.cpuPercent), 5),
    labelled('PSS in all', formatMemory(total), 1),
    labelled('exits', exitsText(workerExits), 2, bad > 0 ? 'warning' : 'text'),
    ...(advice === null ? [] : [item(advice, 'accent', 3)]),
  ];
}

function exitsText({ total, byReason }: Snapshot['workerExits']): string {
  const reasons = Object.entries(byReason)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([reason, count]) => `${count} ${reason}`);
  return reasons.length === 0 ? formatCount(total) : `${formatCount(total)} (${reasons.join(', ')})`;
}
