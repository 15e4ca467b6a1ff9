/** Which class of worker a master runs, where it is not simply said. */
import type { GunicornSettings } from './command-line.ts';
import { readBeat } from './descriptors.ts';
import type { WorkerLook } from './family.ts';
import { serviceKind } from './service-kind.ts';

/** Sync workers with threads are gthread workers, which Gunicorn up to 20.1 calls `threads` (gunicorn/config.py). */
function effectiveClass(workerClass: string, threads: number | null): string {
  const isThreaded = workerClass === 'threads' || (serviceKind(workerClass) === 'sync' && (threads ?? 1) > 1);
  return isThreaded ? 'gthread' : workerClass;
}

/**
 * The worker class where only a configuration file says it: workers that are in their loop and hold no epoll
 * descriptor are sync workers, for every other class waits on one. Null as long as that is not certain.
 */
export function inferClass(settings: GunicornSettings, workers: readonly WorkerLook[]): string | null {
  if (settings.workerClass !== null) return effectiveClass(settings.workerClass, settings.threads);
  const isSync = ({ fact, holdings }: WorkerLook): boolean => {
    const heartbeat = holdings?.heartbeats[0];
    if (holdings === null || holdings.eventPolls.length > 0 || heartbeat === undefined) return false;
    return readBeat(fact.pid, heartbeat)?.hasBegun === true;
  };
  return workers.length > 0 && workers.every(isSync) ? 'sync' : null;
}
