/** A master with its workers, and what is told of it. */

import type { MasterFact, ProcessFact } from '../../model/facts.ts';
import type { Family } from './family.ts';
import type { WatchedMaster } from './masters.ts';
import { writtenAtMs } from './stat.ts';

export interface Household {
  readonly master: WatchedMaster;
  readonly fact: ProcessFact;
  readonly family: Family;
  readonly workerClass: string | null;
}

export function masterFact(
  { master, fact, workerClass }: Pick<Household, 'master' | 'fact' | 'workerClass'>,
  listeners: readonly string[],
): MasterFact {
  const { settings } = master;
  return {
    ...fact,
    role: master.role,
    app: master.app,
    version: null,
    workerClass,
    workersTarget: settings.workers,
    threadsPerWorker: workerClass === 'sync' ? 1 : settings.threads,
    timeoutSeconds: settings.timeoutSeconds,
    listeners,
    pidFile: master.pidFile,
    // For a moment in each reload there is none.
    pidFileAtMs: writtenAtMs(master.pidFile),
    maxRequests: settings.maxRequests,
    workerConnections: settings.workerConnections,
    logLevel: settings.logLevel,
  };
}
