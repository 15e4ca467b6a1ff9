/** Connections that are in no thread's hands: those that a gthread worker has in its epoll (gunicorn/workers/gthread.py). */
import type { WorkerLook } from './family.ts';
import { readPolled } from './proc.ts';
import { serviceKind } from './service-kind.ts';

/** Inodes of sockets by the worker's pid; of a worker that is left out it is not known. */
export type Resting = ReadonlyMap<number, ReadonlySet<number>>;

export const NONE_RESTS: Resting = new Map();

export interface RestingWorker {
  readonly look: Pick<WorkerLook, 'fact' | 'holdings'>;
  readonly workerClass: string | null;
}

/** Kept-alive connections, between two requests, of all gthread workers. */
export function restingSockets(workers: readonly RestingWorker[]): Resting {
  const resting = new Map<number, ReadonlySet<number>>();
  for (const { look, workerClass } of workers) {
    const polls = serviceKind(workerClass) === 'gthread' ? (look.holdings?.eventPolls ?? []) : [];
    const polled = polls.map((fd) => readPolled(look.fact.pid, fd));
    if (polls.length === 0 || polled.includes(null)) continue;
    resting.set(look.fact.pid, new Set(polled.flatMap((inodes) => inodes ?? [])));
  }
  return resting;
}
