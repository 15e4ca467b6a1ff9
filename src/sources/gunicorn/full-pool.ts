/** gthread workers that are full (gunicorn/workers/gthread.py). */
import type { WorkerFact } from '../../model/facts.ts';
import type { WatchedMaster } from './masters.ts';
import { serviceKind } from './service-kind.ts';

/** From here on a gthread worker may be held up by its own computing. */
const COMPUTING_PERCENT = 40;

interface Household {
  readonly master: WatchedMaster;
  readonly workerClass: string | null;
}

/** Whether a worker has all its threads busy: what it accepts from now on waits inside of it. */
export function hasFullPool(workers: readonly WorkerFact[], households: readonly Household[]): boolean {
  return households.some(({ master: { pid, settings }, workerClass }) => {
    const threads = serviceKind(workerClass) === 'gthread' ? settings.threads : null;
    return workers.some((worker) => worker.masterPid === pid && threads !== null && isFull(worker, threads));
  });
}

/**
 * All threads are in service, or as good as that: threads that compute wait for the interpreter's lock most of the time,
 * and look idle then.
 */
function isFull({ busyThreads, connections, cpuPercent }: WorkerFact, threads: number): boolean {
  if (busyThreads === null) return false;
  return busyThreads >= threads || ((connections ?? 0) >= threads && (cpuPercent ?? 0) >= COMPUTING_PERCENT);
}
