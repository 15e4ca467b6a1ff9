/** How many pool threads of a gthread worker serve a request at this moment (gunicorn/workers/gthread.py). */

import { listThreads, readTimeSlices, readWaitChannel } from './proc.ts';

/** How often an idle worker is searched for threads of the application's own. */
const LEARN_INTERVAL_MS = 5000;

interface KnownWorker {
  readonly startTicks: number;
  /** Threads that were active at the last look without a connection: one of them may just have taken a new one. */
  suspects: ReadonlySet<string>;
  /** Threads that were active at the last two of these looks. */
  own: ReadonlySet<string>;
  learnedAtMs: number;
  /** Threads in service at the last look: since when they have not run at all, and by which account. */
  still: ReadonlyMap<string, Stillness>;
}

interface Stillness {
  readonly timeSlices: string | null;
  readonly sinceMs: number;
}

export interface Service {
  /** Threads that serve a request. */
  readonly busy: number;
  /** How long each of them has not run at all, the longest first: what it waits for has not come. Seconds. */
  readonly stillSeconds: readonly number[];
}

const AT_REST: Service = { busy: 0, stillSeconds: [] };

/**
 * A pool thread without work waits for a lock, in a kernel function named `futex_…`; one that serves a request is
 * anywhere else: on the CPU, in `poll`, in `nanosleep`. Two limits: a thread that waits for a lock while it serves looks
 * idle, the interpreter's own lock among them; and threads that the application started itself (a metrics server in
 * `select`) look busy. The latter are learned while the worker holds no connection, and left out.
 */
export class ServiceThreads {
  readonly #workers = new Map<number, KnownWorker>();

  /**
   * @param connections clients that the worker holds: no more threads than that can be in service.
   * @returns null when its threads cannot be looked at.
   */
  look(pid: number, startTicks: number, connections: number, nowMs: number): Service | null {
    const known = this.#known(pid, startTicks);
    if (connections === 0) {
      known.still = new Map();
      if (nowMs - known.learnedAtMs >= LEARN_INTERVAL_MS) {
        const active = new Set(activeThreads(pid));
        known.own = new Set([...active].filter((thread) => known.suspects.has(thread)));
        known.suspects = active;
        known.learnedAtMs = nowMs;
      }
      return AT_REST;
    }
    const active = activeThreads(pid)?.filter((thread) => !known.own.has(thread)) ?? null;
    if (active === null) return null;
    known.still = new Map(active.map((thread) => [thread, stillness(pid, thread, known.still.get(thread), nowMs)]));
    const stillSeconds = [...known.still.values()].map(({ sinceMs }) => (nowMs - sinceMs) / 1000).sort((a, b) => b - a);
    return { busy: Math.min(connections, active.length), stillSeconds: stillSeconds.slice(0, connections) };
  }

  #known(pid: number, startTicks: number): KnownWorker {
    const before = this.#workers.get(pid);
    if (before?.startTicks === startTicks) return before;
    const fresh = {
      startTicks,
      suspects: new Set<string>(),
      own: new Set<string>(),
      learnedAtMs: Number.NEGATIVE_INFINITY,
      still: new Map(),
    };
    this.#workers.set(pid, fresh);
    return fresh;
  }

  /** Forgets all workers but these. */
  keep(pids: ReadonlySet<number>): void {
    for (const pid of this.#workers.keys()) if (!pids.has(pid)) this.#workers.delete(pid);
  }
}

function stillness(pid: number, thread: string, before: Stillness | undefined, nowMs: number): Stillness {
  const timeSlices = readTimeSlices(pid, thread);
  const isStill = before !== undefined && timeSlices !== null && timeSlices === before.timeSlices;
  return { timeSlices, sinceMs: isStill ? before.sinceMs : nowMs };
}

/** Threads, without the main one, that do not wait for a lock. */
function activeThreads(pid: number): readonly string[] | null {
  const main = String(pid);
  return (
    listThreads(pid)?.filter((thread) => {
      if (thread === main) return false;
      const channel = readWaitChannel(pid, thread);
      return channel !== null && !channel.startsWith('futex');
    }) ?? null
  );
}
