import { sayCount, sayPercent, saySeconds } from '../figures.ts';
import { usedRatio } from '../service-view.ts';
import { workerKind } from '../worker-kind.ts';
import { type Diagnosis, isFiring, join, type VerdictView } from './diagnosis.ts';
import { blameForTime } from './routes.ts';
import { unevenQueue } from './uneven-queue.ts';
import { unservedSeconds } from './unserved.ts';
import { sayWork } from './work.ts';

/** Beyond this use, requests wait for each other (the alert Saturated draws the line at the same place). */
const FULL_RATIO = 0.9;

/** The log and the samples may differ by so much: whole seconds here, a look a second there. */
const LOGGED_BEYOND_SEEN = 0.2;
/** Threads that compute wait for the interpreter's lock, and look idle: then the log knows better. */
const COMPUTING_RATIO = 0.5;

/**
 * `usedRatio`, but for requests that took long and are over: four that have ended leave a minute's work in one second of
 * the log. What it has beyond the samples counts only so far.
 */
function usedNow(view: VerdictView): number | null {
  const { busyRatio: seen, busyWork } = view;
  const used = usedRatio(view);
  const isHidden = busyWork !== null && Math.max(busyWork.cpuRatio, busyWork.runningRatio) >= COMPUTING_RATIO;
  return used === null || seen === null || isHidden ? used : Math.min(used, seen + LOGGED_BEYOND_SEEN);
}

const isFull = (view: VerdictView): boolean => (usedNow(view) ?? 0) > FULL_RATIO;

/** Connections to be accepted, and requests that gthread workers have accepted and not begun. */
const waiting = ({ saturation, waitingInWorkers }: VerdictView): number =>
  (saturation.backlog ?? 0) + (waitingInWorkers ?? 0);

/** A queue that is there at one look is chance; one that stays is not. */
const LEAST_WAIT_MS = 2000;

const hasWaited = ({ waitingSinceMs, atMs }: VerdictView): boolean =>
  waitingSinceMs !== null && atMs - waitingSinceMs >= LEAST_WAIT_MS;

/** A look may find all workers between two lives, and a reload leave a moment without one. */
const NOTED_UNSERVED_SECONDS = 1;
const BAD_UNSERVED_SECONDS = 3;

export const saturated: Diagnosis = {
  kind: 'saturated',
  summary:
    'All workers are busy, and new connections wait to be accepted: a wait that no log shows. Speed up the route named, or add workers or threads.',
  check: (view) => {
    if (unevenQueue.check(view) !== null) return null;
    const { busyWorkers, capacity } = view.saturation;
    const allBusy = busyWorkers !== null && busyWorkers > 0 && busyWorkers >= view.workers.length;
    // Of several queues one is longer than the others at any moment: not before all are full is that worth a word.
    const isShared = (view.unsharedQueues ?? []).length === 0;
    // A worker that is found between two requests has the next one waiting.
    const isBehind = isShared && waiting(view) > (capacity ?? Number.POSITIVE_INFINITY);
    if (
      isFiring(view, 'Saturated') ||
      (hasWaited(view) && (isFull(view) || allBusy || isBehind || unservedSeconds(view) >= BAD_UNSERVED_SECONDS))
    )
      return 'critical';
    return isFull(view) || (isShared && hasWaited(view)) ? 'warning' : null;
  },
  sentence: (view) => {
    if (unservedSeconds(view) >= NOTED_UNSERVED_SECONDS) return sayUnserved(view);
    const full = sayFullLoops(view);
    return full === null
      ? join(sayBusy(view), sayQueue(view), sayBlame(view), sayWork(view))
      : join(sayQueue(view), full, sayBlame(view));
  },
};

/** What was served before is not to blame. */
function sayUnserved(view: VerdictView): string {
  const { workers, saturation } = view;
  const ages = workers.flatMap(({ state, ageSeconds }) =>
    state === 'booting' && ageSeconds !== null ? [ageSeconds] : [],
  );
  return join(
    `no worker is up for ${saySeconds(unservedSeconds(view))}`,
    ages.length === 0
      ? null
      : `${sayCount(ages.length, 'worker')} booting for ${saySeconds(Math.max(...ages))}: how long does the application take to import?`,
    saturation.backlog ? `${saturation.backlog} waiting to be accepted` : null,
  );
}

/**
 * The log knows a request only when it has ended: as long as it accounts for little of what the samples see in service,
 * it does not tell whose work that is.
 */
const ACCOUNTED_RATIO = 0.3;

function sayBlame(view: VerdictView): string | null {
  const logged = view.saturation.utilizationRatio;
  const isHidden = logged !== null && view.busyRatio !== null && logged < ACCOUNTED_RATIO * view.busyRatio;
  return isHidden ? null : blameForTime(view);
}

/**
 * An event loop accepts no more than `--worker-connections` at once (`gunicorn/workers/ggevent.py`): what waits then
 * waits for that. Null where no such limit is reached, or known.
 */
function sayFullLoops({ workers, masters }: VerdictView): string | null {
  const limits = workers.map(({ masterPid, connections }) => {
    const master = masters?.find(({ pid }) => pid === masterPid);
    const limit = master?.workerConnections ?? null;
    const isLoop = master !== undefined && workerKind(master.workerClass, master.threadsPerWorker) === 'async';
    return isLoop && limit !== null && connections !== null && connections >= limit ? limit : null;
  });
  const full = limits.filter((limit) => limit !== null);
  const [limit] = full;
  if (limit === undefined) return null;
  return `${full.length} of ${sayCount(workers.length, 'worker')} at the limit of ${sayCount(limit, 'connection')}: raise worker_connections, or add workers`;
}

/** `4/4 workers busy for 38 s`, `7 of 12 threads busy`, or the share of the capacity where neither can be counted. */
function sayBusy(view: VerdictView): string | null {
  if (view.workers.length === 0) return 'no worker is up';
  const { busyWorkers, capacity } = view.saturation;
  const used = waiting(view) > 0 ? usedRatio(view) : usedNow(view);
  const threads = sumOf(view.workers.map(({ busyThreads }) => busyThreads));
  // A worker of several threads that serves one request is not full.
  if (
    waiting(view) > 0 &&
    capacity !== null &&
    capacity > view.workers.length &&
    threads !== null &&
    threads < capacity
  ) {
    return `${threads} of ${capacity} threads busy`;
  }
  if (busyWorkers === null || busyWorkers < view.workers.length) {
    if (used === null) return null;
    return `${sayPercent(Math.min(1, used))} of ${capacity === null ? 'the capacity' : sayCount(capacity, 'slot')} in use`;
  }
  const spells = view.workers.flatMap((worker) => (worker.busySeconds === null ? [] : [worker.busySeconds]));
  const since = spells.length > 0 ? Math.min(...spells) : 0;
  return `${busyWorkers}/${sayCount(view.workers.length, 'worker')} busy${since >= 1 ? ` for ${saySeconds(since)}` : ''}`;
}

const sumOf = (counts: readonly (number | null)[]): number | null =>
  counts.reduce<number | null>((sum, count) => (sum === null || count === null ? null : sum + count), 0);

/** `14 waiting to be accepted (about 3.9 s), which no log shows: there p95 is 52 ms`. */
function sayQueue(view: VerdictView): string | null {
  const { backlog } = view.saturation;
  const inside = view.waitingInWorkers ?? 0;
  const queues = [
    backlog ? `${backlog} waiting to be accepted` : null,
    inside ? `${inside} waiting for a thread` : null,
  ];
  const said = queues.filter((queue) => queue !== null).join(', ');
  if (said === '') return null;
  const { requestsPerSecond } = view.tenSeconds;
  if (!requestsPerSecond) return said;
  const seconds = waiting(view) / requestsPerSecond;
  const { p95Seconds } = view.oneMinute;
  const hidden = p95Seconds !== null && seconds > p95Seconds;
  const contrast = hidden ? `, which no log shows: there p95 is ${saySeconds(p95Seconds)}` : '';
  return `${said} (about ${saySeconds(seconds)})${contrast}`;
}
