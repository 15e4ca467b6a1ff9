/** What a master's answers say (gunicorn/ctl/handlers.py). They come from outside: every field is checked. */
import type { ControlAnswer, ControlWorker } from '../../model/facts.ts';
import type { GunicornSettings } from './command-line.ts';
import type { ControlData } from './control-socket.ts';

/** More are not kept. */
const MOST_WORKERS = 2000;
const MOST_APPS = 50;

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const fieldsOf = (value: unknown): ControlData =>
  typeof value === 'object' && value !== null ? (value as ControlData) : {};

/** @returns null when `show stats` names no master. */
export function readControlAnswer(
  stats: ControlData | null,
  workers: ControlData | null,
  dirty: ControlData | null,
): ControlAnswer | null {
  const masterPid = numberOf(stats?.pid);
  if (stats === null || masterPid === null) return null;
  return {
    masterPid,
    uptimeSeconds: numberOf(stats.uptime),
    workersTarget: numberOf(stats.workers_target),
    workersSpawned: numberOf(stats.workers_spawned),
    workersKilled: numberOf(stats.workers_killed),
    reloads: numberOf(stats.reloads),
    dirtyArbiterPid: numberOf(stats.dirty_arbiter_pid),
    dirtyApps: listOf(dirty?.apps)
      .slice(0, MOST_APPS)
      .flatMap((app) => {
        const path = fieldsOf(app).import_path;
        return typeof path === 'string' ? [path.slice(0, 200)] : [];
      }),
    workers: listOf(workers?.workers).slice(0, MOST_WORKERS).flatMap(readWorker),
  };
}

/** Its `booted` is left out: only the worker itself sets it, and the master's copy is never true. */
function readWorker(value: unknown): readonly ControlWorker[] {
  const { pid, age, aborted, last_heartbeat } = fieldsOf(value);
  const known = numberOf(pid);
  if (known === null) return [];
  return [
    { pid: known, age: numberOf(age), isAborted: aborted === true, heartbeatAgeSeconds: numberOf(last_heartbeat) },
  ];
}

/** Short names of worker classes (gunicorn/workers/__init__.py). */
const CLASSES: Readonly<Record<string, string>> = {
  'gunicorn.workers.sync.SyncWorker': 'sync',
  'gunicorn.workers.gthread.ThreadWorker': 'gthread',
  'gunicorn.workers.ggevent.GeventWorker': 'gevent',
  'gunicorn.workers.ggevent.GeventPyWSGIWorker': 'gevent_pywsgi',
  'gunicorn.workers.geventlet.EventletWorker': 'eventlet',
  'gunicorn.workers.gtornado.TornadoWorker': 'tornado',
  'gunicorn.workers.gasgi.ASGIWorker': 'asgi',
};

/** The settings in force, whatever command line, environment and configuration file said. */
export function readControlSettings(config: ControlData | null): Partial<GunicornSettings> {
  if (config === null) return {};
  const said = /^<class '([\w.]+)'>$/.exec(String(config.worker_class))?.[1] ?? null;
  return {
    workerClass: said === null ? null : (CLASSES[said] ?? said),
    threads: numberOf(config.threads),
    workerConnections: numberOf(config.worker_connections),
    timeoutSeconds: numberOf(config.timeout),
    maxRequests: numberOf(config.max_requests),
  };
}
