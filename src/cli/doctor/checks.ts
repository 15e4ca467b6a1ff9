/** What of a set-up hides information or invites trouble. One row each. */
import { isUvicorn } from '../../model/event-loop.ts';
import type { SourceInfo } from '../../model/snapshot.ts';
import { workerKind } from '../../model/worker-kind.ts';
import type { Check, Finding, Patient } from './finding.ts';

const FORMAT = `access_log_format = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s %(p)s'`;
/** Of uvicorn's workers, which write their access lines themselves (uvicorn/workers.py). */
const OTHER_WRITER =
  'worker_class = "asgi" (Gunicorn 24.0 and newer), which heeds access_log_format; uvicorn\'s workers do not';
/** Levels that leave out what Gunicorn says at INFO: boots, reloads, exits. */
const QUIET_LEVELS = ['warning', 'error', 'critical'];
/** A request that takes this much of the timeout is close to being killed. */
const NEAR_TIMEOUT = 0.8;

/** What lies beyond the 99.9th percentile is left to chance. */
const RARE_RATIO = 0.001;

const accessLogs = ({ snapshot }: Patient): readonly SourceInfo[] =>
  snapshot.ingest.sources.filter(({ kind, linesParsed }) => kind === 'access' && linesParsed > 0);

const formatSetting = ({ snapshot }: Patient): string =>
  isUvicorn(snapshot.master?.workerClass ?? null) ? OTHER_WRITER : FORMAT;

const minutes = (seconds: number): string =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;

export const CHECKS: readonly Check[] = [
  {
    id: 'no-duration',
    level: 'warning',
    setting: formatSetting,
    look: (patient) =>
      accessLogs(patient).some(({ durationUnit }) => durationUnit === null)
        ? 'the access log has no request times: no latency, no utilisation, no slow requests'
        : null,
  },
  {
    id: 'no-worker-pid',
    level: 'advice',
    setting: formatSetting,
    look: (patient) =>
      accessLogs(patient).length > 0 && patient.snapshot.workers.every(({ requestsTotal }) => requestsTotal === null)
        ? 'the access log does not name the worker: no requests by worker'
        : null,
  },
  {
    id: 'assumed-unit',
    level: 'advice',
    setting: "gtop --log-format '…' (Gunicorn's access_log_format, verbatim)",
    look: (patient) =>
      accessLogs(patient).some(({ durationUnitAssumed }) => durationUnitAssumed)
        ? 'the unit of the request times is assumed: nothing says that they are microseconds'
        : null,
  },
  {
    id: 'no-access-log',
    level: 'warning',
    setting: 'accesslog = "/var/log/app/access.log"',
    look: ({ settings, snapshot }) =>
      settings !== null && settings.accessLog === null && !snapshot.ingest.sources.some(({ kind }) => kind === 'access')
        ? 'Gunicorn writes no access log, as far as can be seen: it does not unless it is told to'
        : null,
  },
  {
    id: 'no-access-lines',
    level: 'warning',
    setting:
      'worker_class = "gthread" for a WSGI application, or gtop --log FILE of what writes a line for each request',
    look: ({ snapshot }) =>
      /tornado/i.test(snapshot.master?.workerClass ?? '') &&
      snapshot.ingest.sources.every(({ kind, linesRead }) => kind !== 'access' || linesRead === 0)
        ? 'tornado workers write no access log, whatever accesslog says: requests are not known'
        : null,
  },
  {
    id: 'quiet-log-level',
    level: 'warning',
    setting: 'loglevel = "info"',
    look: ({ settings }) =>
      settings !== null && QUIET_LEVELS.includes(settings.logLevel?.toLowerCase() ?? '')
        ? `loglevel is ${settings.logLevel}: boots, reloads and orderly exits are not written, and have to be guessed`
        : null,
  },
  {
    id: 'no-error-log',
    level: 'advice',
    setting: ({ settings }) => {
      const written = settings?.errorLog ?? '-';
      return written === '-'
        ? 'errorlog = "/var/log/app/error.log", and gtop --error-log /var/log/app/error.log'
        : `gtop --error-log ${written}`;
    },
    look: ({ snapshot, errorsInAccessLog }) =>
      errorsInAccessLog || snapshot.ingest.sources.some(({ kind }) => kind === 'error')
        ? null
        : 'no error log is read: which request a timeout killed stays unknown',
  },
  {
    id: 'secrets-in-urls',
    level: 'warning',
    setting: 'send them in a header or the body, or log %(U)s instead of %(r)s',
    look: ({ secretParameters }) =>
      secretParameters.length === 0 ? null : `secrets stand in logged URLs: ${secretParameters.join(', ')}`,
  },
  {
    id: 'no-jitter',
    level: 'warning',
    setting: ({ settings }) =>
      `max_requests_jitter = ${Math.ceil((settings?.maxRequests ?? 0) / 10)} (a tenth of max_requests)`,
    look: ({ settings }) =>
      settings !== null && (settings.maxRequests ?? 0) > 0 && settings.maxRequestsJitter === 0
        ? `max_requests is ${settings.maxRequests} without a jitter: all workers are replaced at about the same time`
        : null,
  },
  {
    id: 'timeout-near-latency',
    level: 'warning',
    setting: ({ snapshot: { master } }) =>
      `timeout = ${2 * (master?.timeoutSeconds ?? 0)}, or more: above the slowest request that is meant to succeed`,
    look: ({ snapshot: { master, latency, slow, status } }) => {
      const limit = master?.timeoutSeconds;
      // Of other workers a request may last as long as it likes (gunicorn/workers/gthread.py): the timeout is not its.
      const kind = master && workerKind(master.workerClass, master.threads);
      if (!limit || kind === 'gthread' || kind === 'async' || latency?.maxSeconds == null) return null;
      const near = slow.filter(({ seconds }) => seconds >= NEAR_TIMEOUT * limit).length;
      // More than are listed: then a hundredth of all tells.
      const isCommon = near > RARE_RATIO * latency.count || (latency.p99Seconds ?? 0) >= NEAR_TIMEOUT * limit;
      if (!isCommon && latency.maxSeconds < limit) return null;
      const killed = status.timeouts > 0 ? `: it has killed ${status.timeouts}` : ': it kills them';
      return `the slowest requests (at most ${latency.maxSeconds.toFixed(1)} s) come near the timeout of ${minutes(limit)}${killed}`;
    },
  },
  {
    id: 'backlog-above-somaxconn',
    level: 'advice',
    setting: ({ settings, somaxconn }) => `sysctl net.core.somaxconn=${settings?.backlog}, or backlog = ${somaxconn}`,
    look: ({ settings, somaxconn }) =>
      settings?.backlog != null && somaxconn !== null && settings.backlog > somaxconn
        ? `backlog is ${settings.backlog}, but the kernel allows ${somaxconn} (net.core.somaxconn)`
        : null,
  },
  {
    id: 'heartbeat-on-disk',
    level: 'advice',
    setting: 'worker_tmp_dir = "/dev/shm"',
    look: ({ heartbeatsInMemory, heartbeatFolder }) =>
      heartbeatsInMemory === false
        ? `heartbeat files lie on a disk (${heartbeatFolder}): when that is slow, healthy workers are killed`
        : null,
  },
  {
    id: 'log-not-reopened',
    level: 'warning',
    setting: 'postrotate: kill -USR1 $(cat gunicorn.pid), or copytruncate',
    look: ({ snapshot, unheldLogs }) => {
      const moved = unheldLogs.find(({ writesTo }) => writesTo !== null);
      if (moved) return `Gunicorn writes to ${moved.writesTo}, not to ${moved.path}: it was rotated and never reopened`;
      const isSeen =
        snapshot.ingest.sources.some(({ message }) => message?.startsWith('moved away')) ||
        snapshot.verdict.causes.some(({ kind }) => kind === 'log-moved');
      return isSeen ? 'the log was rotated and Gunicorn goes on writing to the old file' : null;
    },
  },
  {
    id: 'log-not-written',
    level: 'warning',
    setting: 'look where accesslog points, and whether this is its file',
    look: ({ snapshot, unheldLogs }) => {
      // Said above.
      if (unheldLogs.some(({ writesTo }) => writesTo !== null)) return null;
      if (snapshot.ingest.sources.some(({ kind, state }) => kind === 'access' && state === 'waiting')) {
        return 'the access log is not there';
      }
      const [unheld] = unheldLogs;
      if (unheld) return `Gunicorn does not have ${unheld.path} open: what it logs goes elsewhere`;
      return snapshot.verdict.causes.find(({ kind }) => kind === 'stale-log')?.text ?? null;
    },
  },
  {
    id: 'control-socket',
    level: 'advice',
    setting: ({ snapshot }) => {
      const error = snapshot.control?.error ?? '';
      if (error.startsWith('permission')) return 'run gtop as the user of the master, or as root';
      return error.startsWith('belongs to')
        ? 'control_socket = "/run/app/gunicorn.ctl": a path of its own for each Gunicorn'
        : 'control_socket = "/run/app/gunicorn.ctl", or control_socket_disable = True: gtop is whole without it';
    },
    look: ({ snapshot }) =>
      snapshot.control?.error ? `the control socket gives no answer: ${snapshot.control.error}` : null,
  },
  {
    id: 'permissions',
    level: 'warning',
    setting: 'run gtop as the user of the master, or as root',
    look: ({ snapshot }) => {
      const { master, workers } = snapshot;
      if (master === null || workers.length === 0) return null;
      return workers.every(({ pssBytes, fds }) => pssBytes === null && fds === null)
        ? 'memory (PSS), descriptors and heartbeats of the workers may not be read'
        : null;
    },
  },
];

/** Everything that is found, the warnings first. */
export function examine(patient: Patient): Finding[] {
  return CHECKS.flatMap(({ id, level, setting, look }) => {
    const text = look(patient);
    if (text === null) return [];
    return [{ id, level, text, setting: typeof setting === 'string' ? setting : setting(patient) }];
  }).sort((a, b) => Number(a.level === 'advice') - Number(b.level === 'advice'));
}
