import type { ExitReason, Series, Snapshot, WorkerInfo } from '../../model/snapshot.ts';
import { stringWidth } from '../../text/width.ts';
import type { Surface } from '../canvas/surface.ts';
import { type DrawContext, momentText, shownAt } from '../context.ts';
import {
  formatCount,
  formatCpu,
  formatDuration,
  formatMemory,
  formatRate,
  formatRatioSign,
  secondsSince,
  UNKNOWN,
} from '../format.ts';
import { headlineWorker } from '../headline.ts';
import { isNotKept, notKept } from '../notes.ts';
import { bar } from '../widgets/bar.ts';
import { drawSpark, sparkColumns } from '../widgets/chart-panel.ts';
import { columnsOf } from '../widgets/history.ts';
import { drawSpans, fitItems, type Item, item, labelled, SEPARATOR, spansWidth } from '../widgets/line.ts';
import { defineTable } from '../widgets/table/index.ts';
import { fitText } from '../widgets/text.ts';
import type { Pane } from './pane.ts';
import { PRIVILEGE, WORKER_COLUMNS } from './worker-columns.ts';

/** The built-in alert on saturation fires above it. */
const FULL_RATIO = 0.9;

const table = defineTable<WorkerInfo>({
  pane: 'workers',
  columns: WORKER_COLUMNS,
  rows: ({ snapshot }) => snapshot.workers,
  key: ({ pid }) => String(pid),
  defaultSort: () => 'pid',
  first({ snapshot }) {
    const worker = headlineWorker(snapshot);
    return worker === null ? null : String(worker.pid);
  },
  empty: ({ snapshot }) => absence(snapshot),
});

/** Why there are no workers to show. */
function absence(snapshot: Snapshot): string {
  const { master, masters, verdict, replay } = snapshot;
  if (replay) return 'a log of the past has no processes to look at';
  if (isNotKept(snapshot)) return notKept('workers');
  if (master !== null) return 'the master has no worker';
  const gone = verdict.causes.find(({ kind }) => kind === 'master-down');
  if (gone !== undefined || masters.length > 0) return gone?.text ?? 'the master is gone';
  return 'no master watched: use --pid FILE';
}

export const workers: Pane = {
  id: 'workers',
  title: 'Workers',
  summary: 'Worker processes, from /proc: who is busy, since when and for whom.',
  figures,
  draw,
  table,
  help: [
    {
      term: 'used',
      meaning:
        'time of all requests that have ended ÷ (workers × threads × window); above 90 % requests queue; what still runs is not in it',
    },
    { term: 'wait', meaning: 'estimated time in the accept queue, which no log shows' },
    { term: 'queue', meaning: 'connections that wait to be accepted, of all listeners; the log never shows this wait' },
    { term: 'PSS in all', meaning: `memory of master and workers, shared pages counted once; ${PRIVILEGE}` },
    { term: 'exits', meaning: 'workers that ended since gtop began, by reason' },
  ],
};

/** Looks at the past are kept every few seconds: from so many on the difference shows in ages. */
const WORTH_TELLING_SECONDS = 2;

/** When the workers were looked at, where that is not the moment shown. */
function lookItems(context: DrawContext): readonly Item[] {
  const at = context.snapshot.past?.recordedAt ?? null;
  const apart = secondsSince(at, shownAt(context.snapshot)) ?? 0;
  return apart < WORTH_TELLING_SECONDS ? [] : [item(`as of ${momentText(at, context)}`, 'dim', 3)];
}

function figures(context: DrawContext): readonly Item[] {
  const { workers: rows, master, saturation } = context.snapshot;
  const target = master?.workersTarget ?? null;
  const count = target === null ? String(rows.length) : `${rows.length} of ${target}`;
  const { busyWorkers, backlog, backlogLimit } = saturation;
  const all = busyWorkers !== null && rows.length > 0 && busyWorkers >= rows.length;
  const limit = backlogLimit === null ? '' : `/${backlogLimit}`;
  return [
    item(rows.length === 0 ? UNKNOWN : count, target !== null && rows.length < target ? 'warning' : 'strong'),
    item(`${formatCount(busyWorkers)} busy`, all ? 'critical' : 'text', 1),
    item(`queue ${formatCount(backlog)}${backlog === null ? '' : limit}`, (backlog ?? 0) > 0 ? 'critical' : 'text', 2),
    ...lookItems(context),
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
  const note: DrawLine = (surface, y) => {
    const room = surface.width - 2;
    const text = lack?.find((each) => stringWidth(each) <= room) ?? lack?.at(-1) ?? '';
    surface.text(1, y, fitText(text, room), 'warning');
  };
  const summary: DrawLine = (surface, y) =>
    drawSpans(surface, 1, y, fitItems(masterItems(snapshot, surface.width - 2), surface.width - 2));
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

/** How many requests were served at a time, of how many that can be. */
function servedAtOnce({ saturation: { offeredErlangs, capacity }, master, workers: rows }: Snapshot): string {
  if (capacity === null) return `${formatRate(offeredErlangs)} at a time`;
  const slots = (master?.threads ?? 1) > 1 && capacity > rows.length ? 'threads' : 'workers';
  return `${formatRate(offeredErlangs)} of ${formatCount(capacity)} ${slots}`;
}

/** From here on a request that still runs makes the figure of those that have ended misleading. */
const LONG_SECONDS = 5;

/** Every worker is held by a request that no log tells of yet, and the log's figure says that there is room. */
function isBehindTheTimes({ saturation: { utilizationRatio }, workers: rows }: Snapshot): boolean {
  const held = rows.length > 0 && rows.every(({ busySeconds }) => (busySeconds ?? 0) >= LONG_SECONDS);
  return held && (utilizationRatio ?? 0) < FULL_RATIO / 2;
}

/** What stands beside the share in use. */
function utilizationOf(snapshot: Snapshot): Item {
  if (snapshot.saturation.utilizationRatio === null) return item('needs durations in the access log', 'dim', 1);
  return isBehindTheTimes(snapshot) ? item('ended ones only', 'warning') : item(servedAtOnce(snapshot), 'text', 1);
}

function drawUtilization(surface: Surface, y: number, snapshot: Snapshot): void {
  const { saturation } = snapshot;
  const { utilizationRatio, estimatedQueueSeconds } = saturation;
  const full = utilizationRatio !== null && utilizationRatio >= FULL_RATIO;
  surface.text(1, y, 'used', 'dim');
  surface.text(LOAD_LABEL, y, bar(utilizationRatio, GAUGE_WIDTH), full ? 'critical' : 'series1');
  const x = LOAD_LABEL + GAUGE_WIDTH + 1;
  const items = [
    item(formatRatioSign(utilizationRatio), full ? 'critical' : 'strong'),
    utilizationOf(snapshot),
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

/** What no worker tells, and how to see it, in shorter and shorter words. */
function lackOf({ workers: rows, master }: Snapshot): readonly string[] | null {
  if (rows.length === 0) return null;
  const old = rows.filter((row) => row.masterPid !== master?.pid).length;
  if (old > 0) {
    const share = `${old} of ${rows.length}`;
    return [`▲ two masters: ${share} workers belong to another one`, `▲ two masters: ${share} of another one`];
  }
  const exiting = rows.filter((row) => row.state === 'exiting').length;
  if (exiting > 0) {
    const share = `▲ ${exiting} of ${rows.length} workers are exiting`;
    return [`${share}: they finish what they serve`, share];
  }
  const blind = rows.every((row) => row.pssBytes === null && row.heartbeatAgeSeconds === null);
  return blind
    ? [`▲ permission denied: run gtop as root or as Gunicorn's user`, '▲ permission denied: needs root or its user']
    : null;
}

/** Reasons for exits that are told: fewer of them rather than none of it. */
const REASONS_TOLD = [3, 2, 1, 0];

function masterItems({ master, workers: rows, workerExits, saturation }: Snapshot, width: number): readonly Item[] {
  const parts = [master, ...rows].map((process) => process?.pssBytes ?? null);
  const total = parts.reduce<number | null>((sum, pss) => (sum === null || pss === null ? null : sum + pss), 0);
  const bad = ABNORMAL.reduce((sum, reason) => sum + workerExits.byReason[reason], 0);
  const advice = saturation.recommendationText;
  const memory = labelled('PSS in all', formatMemory(total), 1);
  const exits = (most: number): Item =>
    labelled('exits', exitsText(workerExits, most), 2, bad > 0 ? 'warning' : 'text');
  const told = REASONS_TOLD.find(
    (most) => spansWidth([...memory.spans, ...exits(most).spans]) + SEPARATOR.length <= width,
  );
  return [
    labelled('master', `${master?.pid ?? UNKNOWN}`, 4),
    labelled('cpu', formatCpu(master?.cpuPercent), 5),
    memory,
    exits(told ?? 0),
    ...(advice === null ? [] : [item(advice, 'accent', 3)]),
  ];
}

/** Ends that nobody asked for. */
const ABNORMAL: readonly ExitReason[] = ['timeout', 'oom', 'crash'];

/** `4 (1 timeout, 1 crash, 2 reload)`, `4 (1 timeout, …)`: what nobody asked for comes first. */
function exitsText({ total, byReason }: Snapshot['workerExits'], most: number): string {
  const isAbnormal = (reason: string): number => Number(ABNORMAL.some((each) => each === reason));
  const reasons = Object.entries(byReason)
    .filter(([, count]) => count > 0)
    .sort(([a, some], [b, others]) => isAbnormal(b) - isAbnormal(a) || others - some)
    .map(([reason, count]) => `${formatCount(count)} ${reason}`);
  const told = [...reasons.slice(0, most), ...(most > 0 && most < reasons.length ? ['…'] : [])];
  return told.length === 0 ? formatCount(total) : `${formatCount(total)} (${told.join(', ')})`;
}
