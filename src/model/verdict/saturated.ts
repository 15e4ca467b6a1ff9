import { sayCount, sayPercent, saySeconds } from '../figures.ts';
import { usedRatio } from '../service-view.ts';
import { type Diagnosis, isFiring, join, type VerdictView } from './diagnosis.ts';
import { blameForTime } from './routes.ts';
import { unevenQueue } from './uneven-queue.ts';
import { sayWork } from './work.ts';

/** Beyond this use, requests wait for each other (the alert Saturated draws the line at the same place). */
const FULL_RATIO = 0.9;

const isFull = (view: VerdictView): boolean => (usedRatio(view) ?? 0) > FULL_RATIO;

/** Connections to be accepted, and requests that gthread workers have accepted and not begun. */
const waiting = ({ saturation, waitingInWorkers }: VerdictView): number =>
  (saturation.backlog ?? 0) + (waitingInWorkers ?? 0);

/** A queue that is there at one look is chance; one that stays is not. */
const LEAST_WAIT_MS = 2000;

const hasWaited = ({ waitingSinceMs, atMs }: VerdictView): boolean =>
  waitingSinceMs !== null && atMs - waitingSinceMs >= LEAST_WAIT_MS;

export const saturated: Diagnosis = {
  kind: 'saturated',
  summary:
    'All workers are busy, and new connections wait to be accepted: a wait that no log shows. Speed up the route named, or add workers or threads.',
  check: (view) => {
    if (unevenQueue.check(view) !== null) return null;
    const { busyWorkers } = view.saturation;
    const allBusy = busyWorkers !== null && busyWorkers > 0 && busyWorkers >= view.workers.length;
    if (isFiring(view, 'Saturated') || ((isFull(view) || allBusy) && hasWaited(view))) return 'critical';
    // Of several queues one is longer than the others at any moment: not before all are full is that worth a word.
    const isShared = (view.unsharedQueues ?? []).length === 0;
    return isFull(view) || (isShared && hasWaited(view)) ? 'warning' : null;
  },
  sentence: (view) => join(sayBusy(view), sayQueue(view), sayBlame(view), sayWork(view)),
};

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

/** `4/4 workers busy for 38 s`, or the share of the capacity where workers cannot be told apart. */
function sayBusy(view: VerdictView): string | null {
  const { busyWorkers, capacity } = view.saturation;
  if (view.noWorkerSinceMs !== null) return 'no worker is up';
  const used = usedRatio(view);
  if (busyWorkers === null || busyWorkers < view.workers.length) {
    if (used === null) return null;
    return `${sayPercent(Math.min(1, used))} of ${capacity === null ? 'the capacity' : sayCount(capacity, 'slot')} in use`;
  }
  const spells = view.workers.flatMap((worker) => (worker.busySeconds === null ? [] : [worker.busySeconds]));
  const since = spells.length > 0 ? Math.min(...spells) : 0;
  return `${busyWorkers}/${sayCount(view.workers.length, 'worker')} busy${since >= 1 ? ` for ${saySeconds(since)}` : ''}`;
}

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
