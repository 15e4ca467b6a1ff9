/** The one event loop of an async worker: whether something holds it. */
import type { MasterFact, WorkerFact } from './facts.ts';
import { workerKind } from './worker-kind.ts';

/** On a busy machine a loop may be a little late. */
const LATE_SECONDS = 1;

/** Workers of uvicorn's: they write their access lines themselves, whatever `access_log_format` says. */
export const isUvicorn = (workerClass: string | null): boolean => /uvicorn/i.test(workerClass ?? '');

/**
 * How old a heartbeat may become while all is well, in seconds. gevent, eventlet, tornado and Gunicorn's own ASGI
 * workers touch the file every second (`gunicorn/workers/ggevent.py`, run); uvicorn's at the first full second after half
 * the timeout (`uvicorn/workers.py`, timeout_notify; `uvicorn/server.py`, on_tick). Null: no event loop, or not known.
 */
function restSeconds({ workerClass, threadsPerWorker, timeoutSeconds }: Loop): number | null {
  if (workerKind(workerClass, threadsPerWorker) !== 'async') return null;
  if (!isUvicorn(workerClass)) return 1 + LATE_SECONDS;
  return timeoutSeconds === null ? null : timeoutSeconds / 2 + 1 + LATE_SECONDS;
}

type Loop = Pick<MasterFact, 'workerClass' | 'threadsPerWorker' | 'timeoutSeconds'>;

/**
 * Whether something holds the loop of this master's worker, so that it cannot touch its heartbeat.
 * @param spareSeconds how much longer than that it has to be silent.
 */
export function isLoopBlocked(
  { heartbeatAgeSeconds }: Pick<WorkerFact, 'heartbeatAgeSeconds'>,
  master: Loop | null,
  spareSeconds = 0,
): boolean {
  const limit = master && restSeconds(master);
  return limit !== null && heartbeatAgeSeconds !== null && heartbeatAgeSeconds > limit + spareSeconds;
}
