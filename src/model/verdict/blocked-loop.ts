import { isLoopBlocked } from '../event-loop.ts';
import { saySeconds } from '../figures.ts';
import { type Diagnosis, join, type VerdictView } from './diagnosis.ts';

/** Shorter is a slow call, or a machine that is busy for a moment. */
const SPARE_SECONDS = 1;

/** Workers with clients whose event loop is held; the longest silent first. */
export function blockedLoops({ workers, masters }: VerdictView): VerdictView['workers'] {
  const isHeld = (worker: VerdictView['workers'][number]): boolean => {
    const master = masters?.find(({ pid }) => pid === worker.masterPid) ?? null;
    const isServing = (worker.state === 'busy' || worker.state === 'stuck') && (worker.connections ?? 0) > 0;
    return isServing && isLoopBlocked(worker, master, SPARE_SECONDS);
  };
  return workers.filter(isHeld).toSorted((a, b) => (b.heartbeatAgeSeconds ?? 0) - (a.heartbeatAgeSeconds ?? 0));
}

/** One thing that does not give way, and all other requests of that worker wait for it. */
export const blockedLoop: Diagnosis = {
  kind: 'blocked-loop',
  summary:
    'The event loop of a worker (gevent, eventlet, tornado, asgi, uvicorn) is held by one request: long computing, or a call that blocks, as with a database driver that the loop knows nothing of. Every other request of this worker waits for it, and after --timeout the worker is killed with all of them. Move such work to a thread pool or out of the request; more connections do not help.',
  check: (view) => {
    const held = blockedLoops(view).length;
    if (held === 0) return null;
    return held === view.workers.length ? 'critical' : 'warning';
  },
  sentence: (view) => {
    const held = blockedLoops(view);
    const [worst] = held;
    const connections = held.reduce((sum, worker) => sum + (worker.connections ?? 0), 0);
    const whose =
      held.length === 1 ? `the event loop of worker ${worst?.pid} is` : `the event loops of ${held.length} workers are`;
    return join(
      `${whose} blocked: no heartbeat for ${saySeconds(worst?.heartbeatAgeSeconds ?? 0)}`,
      connections > held.length ? `${connections} connections wait for ${held.length === 1 ? 'it' : 'them'}` : null,
      worst?.activity === 'computing' ? 'it computes' : null,
      worst?.activity === 'waiting' ? 'it waits in a call that does not give way' : null,
      worst?.secondsToKill == null ? null : `killed in ${saySeconds(worst.secondsToKill)} (--timeout)`,
    );
  },
};
