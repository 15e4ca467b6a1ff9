import { sayCount, saySeconds } from '../figures.ts';
import { blockedLoops } from './blocked-loop.ts';
import { type Diagnosis, join, type VerdictView } from './diagnosis.ts';

/** But for those that `blocked-loop` tells of. */
const stuck = (view: VerdictView) => {
  const told = blockedLoops(view);
  return view.workers.filter((worker) => worker.state === 'stuck' && !told.includes(worker));
};

/** Stopped ones first, then the longest busy. */
const rank = ({ osState, busySeconds }: VerdictView['workers'][number]): number =>
  osState === 'T' ? Number.POSITIVE_INFINITY : (busySeconds ?? 0);

export const stuckWorker: Diagnosis = {
  kind: 'stuck-worker',
  summary:
    'A worker is silent or busy for longer than --timeout. A gthread worker keeps its heartbeat while a request hangs and is never killed; threads that hang are lost to the service until the worker is recycled.',
  check: (view) => (stuck(view).length > 0 ? 'warning' : null),
  sentence: (view) => {
    const workers = stuck(view);
    const [worst] = workers.toSorted((a, b) => rank(b) - rank(a));
    const silent = worst?.heartbeatAgeSeconds ?? null;
    const requests = workers.reduce((sum, worker) => sum + worker.stuckThreads, 0);
    return join(
      `${sayCount(workers.length, 'worker')} of ${view.workers.length} stuck: ${worst?.pid}`,
      worst?.osState === 'T' ? `stopped by a signal: kill -CONT ${worst.pid}` : null,
      worst?.busySeconds ? `busy for ${saySeconds(worst.busySeconds)}` : null,
      silent !== null && silent > 2 ? `no heartbeat for ${saySeconds(silent)}` : null,
      worst?.clientAddress ? `client ${worst.clientAddress}` : null,
      requests > 0 ? `${sayCount(requests, 'request')} in threads, which no timeout ends` : null,
    );
  },
};
