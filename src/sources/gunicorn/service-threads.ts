/** How many pool threads of a gthread worker serve a request at this moment (gunicorn/workers/gthread.py). */

import { listThreads, readTimeSlices, readWaitChannel } from './proc.ts';
import { SchedulerClocks } from './scheduler-clocks.ts';

/** How often an idle worker is searched for threads of the application's own. */
const LEARN_INTERVAL_MS = 5000;

interface KnownWorker {
  readonly startTicks: number;
  readonly firstLookMs: number;
  /** Looks that showed a connection in service. */
  looks: number;
  /** Threads that were active at the last look without a connection: one of them may just have taken a new one. */
  suspects: ReadonlySet<string>;
  /** Threads that were active at the last two of these looks. */
  own: ReadonlySet<string>;
  learnedAtMs: number;
  /** Threads in service at the last look: since when they have not run at all, and by which account. */
  still: ReadonlyMap<string, Stillness>;
  /** Connections in service at the last look: since which look without a break. */
  served: ReadonlyMap<number, number>;
}

interface Stillness {
  readonly timeSlices: string | null;
  readonly sinceMs: number;
}

/** The clients of a worker at one look. */
export interface Clients {
  /** Sockets of connections that are in the hands of a thread, or wait for one. */
  readonly inService: readonly number[];
  /** Sockets that may be clients', too. */
  readonly unsettled: number;
  /** `inService` leaves out those that wait for their client's next request; else they cannot be told apart. */
  readonly isExact: boolean;
}

export interface Service {
  /** Threads that serve a request. */
  readonly busy: number;
  /** How long each of them has not run at all, the longest first: what it waits for has not come. Seconds. */
  readonly stillSeconds: readonly number[];
  /** Those of them that wait for a lock, or look like it, for they wait for the interpreter's; null: not to be told. */
  readonly locked: number | null;
}

const AT_REST: Service = { busy: 0, stillSeconds: [], locked: null };

/**
 * Each connection in service takes a pool thread, as long as there are threads: all others wait in the worker's epoll
 * (`gunicorn/workers/gthread.py`, run). Where that cannot be read, the threads tell: one without work waits for a lock, in
 * a kernel function named `futex_…`; one that serves a request is anywhere else: on the CPU, in `poll`, in `nanosleep`.
 *
 * The threads also tell which request hangs. Two limits: a thread that waits for a lock while it serves looks idle; and
 * threads that the application started itself (a metrics server in `select`) look busy. The latter are learned while no
 * connection is in service, and left out; and of threads that do not run only as many are believed to serve as there are
 * connections that have been in service all the while.
 */
export class ServiceThreads {
  readonly #workers = new Map<number, KnownWorker>();
  #pids: ReadonlySet<number> = new Set();
  #clocks: SchedulerClocks | null = null;

  /**
   * @param threads of the pool; null unknown.
   * @returns null when its threads cannot be looked at.
   */
  look(pid: number, startTicks: number, clients: Clients, threads: number | null, nowMs: number): Service | null {
    const known = this.#known(pid, startTicks, nowMs);
    const { inService, unsettled, isExact } = clients;
    const most = inService.length + unsettled;
    known.served = new Map(inService.map((inode) => [inode, known.served.get(inode) ?? nowMs]));
    if (most === 0) {
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
    const isFirst = ++known.looks === 1;
    known.still = new Map(
      active.map((thread) => {
        const found = stillness(pid, thread, known.still.get(thread), nowMs);
        return [thread, isFirst ? { ...found, sinceMs: this.#restsSinceMs(pid, thread, nowMs) } : found];
      }),
    );
    const isCounted = isExact && unsettled === 0 && threads !== null;
    const busy = Math.min(most, isCounted ? threads : active.length);
    return {
      busy,
      locked: isCounted ? Math.max(0, busy - active.length) : null,
      stillSeconds: stillOf(known).map((sinceMs) => (nowMs - sinceMs) / 1000),
    };
  }

  #known(pid: number, startTicks: number, nowMs: number): KnownWorker {
    const before = this.#workers.get(pid);
    if (before?.startTicks === startTicks) return before;
    const fresh = {
      startTicks,
      firstLookMs: nowMs,
      looks: 0,
      suspects: new Set<string>(),
      own: new Set<string>(),
      learnedAtMs: Number.NEGATIVE_INFINITY,
      still: new Map(),
      served: new Map(),
    };
    this.#workers.set(pid, fresh);
    return fresh;
  }

  /** Since when a thread has not run, at the first look; of one whose business is to wait for events that means nothing. */
  #restsSinceMs(pid: number, thread: string, nowMs: number): number {
    if (waitsForEvents(pid, thread)) return nowMs;
    this.#clocks ??= new SchedulerClocks(this.#pids);
    return Math.min(nowMs, this.#clocks.lastRunMs(pid, thread) ?? nowMs);
  }

  /** Before each look: forgets all workers but these. */
  keep(pids: ReadonlySet<number>): void {
    this.#pids = pids;
    this.#clocks = null;
    for (const pid of this.#workers.keys()) if (!pids.has(pid)) this.#workers.delete(pid);
  }
}

/** Looks come late on a crowded machine, and a request may begin just before one. */
const ONE_LOOK_MS = 2500;

/** A kept-alive connection may be in service at one look after the other, each time with another request. */
const LOOKS_TO_BE_SURE = 5;

/**
 * Since when threads have not run, the longest first; of them as many as there are connections that have been in service
 * since then, or since the first look. What the kernel tells of the time before it counts after some looks more.
 */
export function stillOf({
  still,
  served,
  firstLookMs,
  looks,
}: Pick<KnownWorker, 'still' | 'served' | 'firstLookMs' | 'looks'>): number[] {
  const spells = [...served.values()].sort((a, b) => a - b);
  const found: number[] = [];
  for (const sinceMs of [...still.values()].map((one) => one.sinceMs).sort((a, b) => a - b)) {
    const begunMs = spells[found.length];
    if (begunMs === undefined || begunMs > Math.max(sinceMs, firstLookMs) + ONE_LOOK_MS) continue;
    found.push(looks < LOOKS_TO_BE_SURE ? Math.max(sinceMs, firstLookMs) : sinceMs);
  }
  return found;
}

function stillness(pid: number, thread: string, before: Stillness | undefined, nowMs: number): Stillness {
  const timeSlices = readTimeSlices(pid, thread);
  const isStill = before !== undefined && timeSlices !== null && timeSlices === before.timeSlices;
  return { timeSlices, sinceMs: isStill ? before.sinceMs : nowMs };
}

/** In `epoll_wait`: the loops of libraries (gRPC, a message broker's client), which rest there for hours. */
const waitsForEvents = (pid: number, thread: string): boolean =>
  /ep_poll|epoll_wait/.test(readWaitChannel(pid, thread) ?? '');

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
