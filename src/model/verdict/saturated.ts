import { sayCount, sayPercent, saySeconds } from '../figures.ts';
import { usedRatio } from '../service-view.ts';
import { type Diagnosis, isFiring, join, type VerdictView } from './diagnosis.ts';
import { blameForTime } from './routes.ts';

/** Beyond this use, requests wait for each other (the alert Saturated draws the line at the same place). */
const FULL_RATIO = 0.9;

const isFull = (view: VerdictView): boolean => (usedRatio(view) ?? 0) > FULL_RATIO;
const isWaiting = (view: VerdictView): boolean => (view.saturation.backlog ?? 0) > 0;

/** A queue that is there at one look is chance; one that stays is not. */
const LEAST_WAIT_MS = 2000;

const hasWaited = (view: VerdictView): boolean =>
  isWaiting(view) &&
  view.alerts.some(
    ({ name, state, since }) =>
      name === 'Saturated' && state === 'pending' && since !== null && view.atMs - Date.parse(since) >= LEAST_WAIT_MS,
  );

export const saturated: Diagnosis = {
  kind: 'saturated',
  summary:
    'All workers are busy, and new connections wait to be accepted: a wait that no log shows. Speed up the route named, or add workers or threads.',
  check: (view) => {
    const { busyWorkers } = view.saturation;
    const allBusy = busyWorkers !== null && busyWorkers > 0 && busyWorkers >= view.workers.length;
    if (isFiring(view, 'Saturated') || ((isFull(view) || allBusy) && isWaiting(view))) return 'critical';
    return isFull(view) || hasWaited(view) ? 'warning' : null;
  },
  sentence: (view) => {
    const { backlog, estimatedQueueSeconds } = view.saturation;
    const wait = estimatedQueueSeconds ? ` (about ${saySeconds(estimatedQueueSeconds)})` : '';
    return join(sayBusy(view), isWaiting(view) ? `${backlog} waiting to be accepted${wait}` : null, blameForTime(view));
  },
};

/** `4/4 workers busy for 38 s`, or the share of the capacity where workers cannot be told apart. */
function sayBusy(view: VerdictView): string | null {
  const { busyWorkers, capacity } = view.saturation;
  const used = usedRatio(view);
  if (busyWorkers === null || busyWorkers < view.workers.length) {
    if (used === null) return null;
    return `${sayPercent(Math.min(1, used))} of ${capacity === null ? 'the capacity' : sayCount(capacity, 'slot')} in use`;
  }
  const spells = view.workers.flatMap((worker) => (worker.busySeconds === null ? [] : [worker.busySeconds]));
  const since = spells.length > 0 ? Math.min(...spells) : 0;
  return `${busyWorkers}/${sayCount(view.workers.length, 'worker')} busy${since >= 1 ? ` for ${saySeconds(since)}` : ''}`;
}
