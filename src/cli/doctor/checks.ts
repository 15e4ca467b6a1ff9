/** What of a set-up hides information or invites trouble. One row each. */
import type { SourceInfo } from '../../model/snapshot.ts';
import type { Check, Finding, Patient } from './finding.ts';

const FORMAT = `access_log_format = '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s %(p)s'`;
/** Levels that leave out what Gunicorn says at INFO: boots, reloads, exits. */
const QUIET_LEVELS = ['warning', 'error', 'critical'];
/** A request that takes this much of the timeout is close to being killed. */
const NEAR_TIMEOUT = 0.8;

const accessLogs = ({ snapshot }: Patient): readonly SourceInfo[] =>
  snapshot.ingest.sources.filter(({ kind, linesParsed }) => kind === 'access' && linesParsed > 0);

const minutes = (seconds: number): string =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;

export const CHECKS: readonly Check[] = [
  {
    id: 'no-duration',
    level: 'warning',
    setting: FORMAT,
    look: (patient) =>
      accessLogs(patient).some(({ durationUnit }) => durationUnit === null)
        ? 'the access log has no request times: no latency, no utilisation, no slow requests'
        : null,
  },
  {
    id: 'no-worker-pid',
    level: 'advice',
    setting: FORMAT,
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
    look: ({ snapshot }) =>
      snapshot.ingest.sources.some(({ kind }) => kind === 'error')
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
    setting: 'max_requests_jitter = 50 (a tenth of max_requests)',
    look: ({ settings }) =>
      settings !== null && (settings.maxRequests ?? 0) > 0 && settings.maxRequestsJitter === 0
        ? `max_requests is ${settings.maxRequests} without a jitter: all workers are replaced at about the same time`
        : null,
  },
  {
    id: 'timeout-near-latency',
    level: 'warning',
    setting: 'timeout = …: above the slowest request that is meant to succeed',
    look: ({ snapshot: { master, latency } }) => {
      const limit = master?.timeoutSeconds;
      if (!limit || latency === null || latency.p99Seconds === null || latency.maxSeconds === null) return null;
      if (latency.p99Seconds < NEAR_TIMEOUT * limit && latency.maxSeconds < limit) return null;
      return `the slowest requests (p99 ${latency.p99Seconds.toFixed(1)} s, at most ${latency.maxSeconds.toFixed(1)} s) come near the timeout of ${minutes(limit)}: it kills them`;
    },
  },
  {
    id: 'backlog-above-somaxconn',
    level: 'advice',
    setting: 'sysctl net.core.somaxconn=2048, or a backlog that it allows',
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
    look: ({ snapshot }) =>
      snapshot.ingest.sources.find(({ message }) => message?.startsWith('moved away'))
        ? 'the log was rotated and Gunicorn goes on writing to the old file'
        : snapshot.verdict.causes.some(({ kind }) => kind === 'log-moved')
          ? 'the log was rotated and Gunicorn goes on writing to the old file'
          : null,
  },
  {
    id: 'log-not-written',
    level: 'warning',
    setting: 'look where accesslog points, and whether this is its file',
    look: ({ snapshot }) =>
      snapshot.ingest.sources.some(({ kind, state }) => kind === 'access' && state === 'waiting')
        ? 'the access log is not there'
        : (snapshot.verdict.causes.find(({ kind }) => kind === 'stale-log')?.text ?? null),
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
