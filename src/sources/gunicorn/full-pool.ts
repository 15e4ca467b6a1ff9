/** gthread workers that are full (gunicorn/workers/gthread.py). */
import type { WorkerFact } from '../../model/facts.ts';
import type { ClientConnections } from './connections.ts';
import type { Household } from './household.ts';
import type { Resting } from './resting-sockets.ts';
import { serviceKind } from './service-kind.ts';

/** From here on a gthread worker may be held up by its own computing. */
const COMPUTING_PERCENT = 40;

/** Whether a worker has all its threads busy: what it accepts from now on waits inside of it. */
export function hasFullPool(
  workers: readonly WorkerFact[],
  households: readonly Pick<Household, 'master' | 'workerClass'>[],
  clients: ReadonlyMap<number, Pick<ClientConnections, 'most'>>,
): boolean {
  return households.some(({ master: { pid, settings }, workerClass }) => {
    const threads = serviceKind(workerClass) === 'gthread' ? settings.threads : null;
    if (threads === null) return false;
    return workers.some(
      (worker) => worker.masterPid === pid && isFull(worker, clients.get(worker.pid)?.most ?? 0, threads),
    );
  });
}

/**
 * Requests that gthread workers have accepted and that no thread serves: each connection that does not rest wants one.
 * On TCP the bytes that nobody has read tell it better; of a unix socket no table of `/proc` tells how many there are.
 * Null where connections that rest cannot be told from others.
 */
export function waitingForThreads(
  workers: readonly Pick<WorkerFact, 'pid' | 'masterPid'>[],
  households: readonly Pick<Household, 'master' | 'workerClass'>[],
  clients: ReadonlyMap<number, Pick<ClientConnections, 'inService'>>,
  resting: Resting,
): number | null {
  let waiting = 0;
  for (const { master, workerClass } of households) {
    if (serviceKind(workerClass) !== 'gthread') continue;
    for (const { pid, masterPid } of workers) {
      if (masterPid !== master.pid) continue;
      const { threads } = master.settings;
      if (threads === null || !resting.has(pid)) return null;
      waiting += Math.max(0, (clients.get(pid)?.inService.length ?? 0) - threads);
    }
  }
  return waiting;
}

/**
 * All threads are in service, or as good as that: threads that compute wait for the interpreter's lock most of the time,
 * and look idle then.
 */
function isFull({ busyThreads, cpuPercent }: WorkerFact, connections: number, threads: number): boolean {
  if (busyThreads === null) return false;
  return busyThreads >= threads || (connections >= threads && (cpuPercent ?? 0) >= COMPUTING_PERCENT);
}
