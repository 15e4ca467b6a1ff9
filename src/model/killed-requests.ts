/** Requests that died with their worker: a timeout joined with the line that names the request. */
import { exceptionIn, placeIn } from './errors/index.ts';
import type { WorkerSighting } from './workers.ts';

/** A request that a worker timeout killed; the access log does not tell of it, or not truly. */
export interface KilledRequest {
  readonly atMs: number;
  /** Null where Gunicorn logs no request for a timeout: 20.1, and all worker classes but sync. */
  readonly method: string | null;
  /** As sent, without the query. */
  readonly path: string | null;
  /** It took at least this long: the timeout, else what was seen of it. Null: not known; count it, but no latency. */
  readonly seconds: number | null;
  readonly worker: number;
  readonly address: string | null;
  /** Gunicorn (22.0 and newer, sync) also wrote it to the access log, as `500 0` within a millisecond. */
  readonly logged: boolean;
  /** Where it hung: the traceback that Gunicorn logged for it. */
  readonly traceback: string | null;
  /** The innermost frame of the application in it: `app/views.py:88`. */
  readonly place: string | null;
  /** The worker waited for the client to send (the rest of) its request; false also where that is not known. */
  readonly awaitedClient: boolean;
}

/** A timeout whose request is not known yet. */
export interface OpenTimeout {
  readonly pid: number;
  readonly atMs: number;
  readonly seconds: number | null;
  readonly sighting: WorkerSighting | null;
}

type Named = Pick<KilledRequest, 'method' | 'path' | 'logged' | 'traceback' | 'place' | 'awaitedClient'>;

/** Where a worker reads what a client sends, head and body alike (`gunicorn/http/unreader.py`). */
const READS_CLIENT = /^ +File "[^"\n]*gunicorn\/http\/unreader\.py"/m;

/** SIGABRT follows the timeout's line at once and SIGKILL a second later (`gunicorn/arbiter.py`): nothing comes after. */
const WAIT_MS = 3000;

/**
 * Waits, after a timeout, for the line in which the worker names its request, and delivers the killed requests: one for
 * a sync worker, as many as were in service for gthread, one where that is not known.
 */
export class KilledRequests {
  readonly #open = new Map<number, OpenTimeout>();
  readonly #deliver: (request: KilledRequest) => void;

  constructor(deliver: (request: KilledRequest) => void) {
    this.#deliver = deliver;
  }

  /** A worker timed out. */
  add(timeout: OpenTimeout): void {
    this.finish(timeout.pid);
    this.#open.set(timeout.pid, timeout);
  }

  /** `Error handling request METHOD TARGET`, written by this pid. */
  named(pid: number, method: string | null, target: string | null, traceback: string | null): void {
    const timeout = this.#open.get(pid);
    if (!timeout) return;
    // On SIGABRT a worker raises SystemExit where the request is; a thread beside it may fail for its own reasons.
    const isAbort = traceback === null || /^SystemExit\b/.test(exceptionIn(traceback));
    if (!isAbort && timeout.sighting?.kind !== 'sync') return;
    const place = traceback === null ? null : placeIn(traceback);
    const awaitedClient = READS_CLIENT.test(traceback ?? '');
    this.#close(timeout, { method, path: pathOf(target), logged: true, traceback, place, awaitedClient });
  }

  /** Nothing more will be logged about this pid's request. */
  finish(pid: number): void {
    const timeout = this.#open.get(pid);
    if (timeout) this.#close(timeout, UNNAMED);
  }

  settle(nowMs: number): void {
    for (const timeout of this.#open.values()) {
      if (nowMs >= timeout.atMs + WAIT_MS) this.finish(timeout.pid);
    }
  }

  #close(timeout: OpenTimeout, named: Named): void {
    const { pid, atMs, seconds, sighting } = timeout;
    this.#open.delete(pid);
    this.#deliver({ atMs, seconds, worker: pid, address: sighting?.clientAddress ?? null, ...named });
    const others = sighting?.kind === 'gthread' ? Math.max(0, (sighting.busyThreads ?? 1) - 1) : 0;
    for (let i = 0; i < others; i += 1) this.#deliver({ atMs, seconds, worker: pid, address: null, ...UNNAMED });
  }
}

const UNNAMED: Named = {
  method: null,
  path: null,
  logged: false,
  traceback: null,
  place: null,
  awaitedClient: false,
};

const pathOf = (target: string | null): string | null =>
  target === null ? null : (target.split(/[?#]/, 1)[0] ?? null);
