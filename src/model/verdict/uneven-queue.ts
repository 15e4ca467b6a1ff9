import { sayCount, saySeconds } from '../figures.ts';
import { usedRatio } from '../service-view.ts';
import { type Diagnosis, isFiring, join, type VerdictView } from './diagnosis.ts';

/** Beyond this use the queues are everybody's. */
const FULL_RATIO = 0.9;
/** The kernel deals connections out by their addresses: for a moment some queue is longer than the others all the time. */
const LEAST_SECONDS = 5;
/** A queue behind a request that lasts is none of these. */
const LEAST_HELD_SECONDS = 2;

/** Workers for which connections wait, and have waited for a while; the longest queue first. */
function behind({ workers }: VerdictView): VerdictView['workers'] {
  const isBehind = ({ backlog, backlogSeconds, busySeconds }: VerdictView['workers'][number]): boolean => {
    const isHeld = (busySeconds ?? 0) >= LEAST_HELD_SECONDS;
    return (backlog ?? 0) > 0 && (backlogSeconds ?? 0) >= (isHeld ? LEAST_HELD_SECONDS : LEAST_SECONDS);
  };
  return workers.filter(isBehind).toSorted((a, b) => (b.backlog ?? 0) - (a.backlog ?? 0));
}

/** Where the workers' sockets may not be read: some queues are not empty, and others are. */
function isUnevenUnseen({ workers, unsharedQueues = [], waitingSinceMs, atMs }: VerdictView): boolean {
  if (workers.some(({ backlog }) => backlog != null)) return false;
  const hasLasted = waitingSinceMs !== null && atMs - waitingSinceMs >= LEAST_SECONDS * 1000;
  return hasLasted && unsharedQueues.some((waiting) => waiting > 0) && unsharedQueues.includes(0);
}

const idle = ({ workers }: VerdictView): number =>
  workers.filter(({ state, backlog }) => state === 'idle' && !backlog).length;

/** With `--reuse-port` the kernel does not ask who is idle: what waits for one worker is served by no other. */
export const unevenQueue: Diagnosis = {
  kind: 'uneven-queue',
  summary:
    'With --reuse-port each worker has an accept queue of its own, and connections wait for one worker while others are idle: a wait that no log shows. Look at what holds that worker, or leave --reuse-port out, so that all share one queue.',
  check: (view) => {
    if ((usedRatio(view) ?? 0) > FULL_RATIO) return null;
    const isUneven = (behind(view).length > 0 && idle(view) > 0) || isUnevenUnseen(view);
    if (!isUneven) return null;
    return isFiring(view, 'Saturated') ? 'critical' : 'warning';
  },
  sentence: (view) => join(...(behind(view).length > 0 ? sayWorkers(view) : sayQueues(view))),
};

function sayWorkers(view: VerdictView): (string | null)[] {
  const workers = behind(view);
  const [worst] = workers;
  const waiting = workers.reduce((sum, { backlog }) => sum + (backlog ?? 0), 0);
  const rest = idle(view);
  const whom =
    workers.length === 1 ? `worker ${worst?.pid} alone` : `${workers.length} workers, most for ${worst?.pid}`;
  return [
    `${waiting} waiting to be accepted by ${whom}, while ${rest} of ${sayCount(view.workers.length, 'worker')} ${rest === 1 ? 'is' : 'are'} idle`,
    worst?.busySeconds == null ? null : `it is busy for ${saySeconds(worst.busySeconds)}`,
    worst?.clientAddress ? `client ${worst.clientAddress}` : null,
    'with --reuse-port each worker has a queue of its own',
  ];
}

function sayQueues({ unsharedQueues = [] }: VerdictView): string[] {
  const full = unsharedQueues.filter((waiting) => waiting > 0);
  const waiting = full.reduce((sum, one) => sum + one, 0);
  return [
    `${waiting} waiting in ${full.length} of ${unsharedQueues.length} accept queues, the others are empty`,
    'with --reuse-port each worker has a queue of its own',
  ];
}
