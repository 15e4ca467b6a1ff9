/**
 * How a worker class serves, as far as counting goes. `sync`: one request at a time, one connection per request;
 * `gthread`: one request per pool thread; `async`: any number on one loop, so that neither capacity nor "busy" is a
 * plain count.
 */
export type WorkerKind = 'sync' | 'gthread' | 'async';

/** Last part of the class name, lower case → kind. `gunicorn/workers/__init__.py` and uvicorn's two classes. */
const KINDS: Readonly<Record<string, WorkerKind>> = {
  sync: 'sync',
  syncworker: 'sync',
  gthread: 'gthread',
  threadworker: 'gthread',
  // What `Using worker:` says up to 20.1 (gunicorn/config.py, worker_class_str).
  threads: 'gthread',
  gevent: 'async',
  geventworker: 'async',
  gevent_pywsgi: 'async',
  gevent_wsgi: 'async',
  geventpywsgiworker: 'async',
  eventlet: 'async',
  eventletworker: 'async',
  tornado: 'async',
  tornadoworker: 'async',
  asgi: 'async',
  asgiworker: 'async',
  gaiohttp: 'async',
  uvicornworker: 'async',
  uvicornh11worker: 'async',
};

/**
 * Kind of a worker class as `Using worker: …` or the configuration names it: a short name or a dotted class.
 * `sync` with more than one thread runs as gthread (`gunicorn/config.py`, worker_class). Null for a class unknown here.
 */
export function workerKind(workerClass: string | null, threadsPerWorker: number | null): WorkerKind | null {
  const name = workerClass?.match(/(\w+)\W*$/)?.[1]?.toLowerCase();
  const kind = name === undefined ? undefined : KINDS[name];
  if (kind === undefined) return null;
  return kind === 'sync' && (threadsPerWorker ?? 1) > 1 ? 'gthread' : kind;
}
