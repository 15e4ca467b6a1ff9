/** Masters and workers: what they are, how full they are, how they end. */
import type { IsoTime } from './scalars.ts';

/** A Gunicorn master. */
export interface MasterInfo {
  /** Process id. */
  readonly pid: number;
  /** `old` and `new` while a USR2 upgrade runs two masters side by side. */
  readonly role: 'current' | 'old' | 'new';
  /** Start of the process. */
  readonly startedAt: IsoTime | null;
  /** The process name Gunicorn was given, usually the application's URI (`app:app`). */
  readonly app: string | null;
  /** Version of Gunicorn. */
  readonly version: string | null;
  /** `sync`, `gthread`, `gevent` … or a dotted class. */
  readonly workerClass: string | null;
  /** Workers it was asked to keep. */
  readonly workersTarget: number | null;
  /** Threads per worker. */
  readonly threads: number | null;
  /** `--timeout`: a silent worker is killed after it. */
  readonly timeoutSeconds: number | null;
  /** Addresses it listens on: `127.0.0.1:8000`, `[::1]:8000`, `unix:/path`. */
  readonly listeners: readonly string[];
  /** Its pid file, when gtop was given one. */
  readonly pidFile: string | null;
  /** Percent of one core; null until two samples exist. */
  readonly cpuPercent: number | null;
  /** Resident memory. */
  readonly rssBytes: number | null;
  /** Proportional share of resident memory. */
  readonly pssBytes: number | null;
  /** Virtual memory. */
  readonly vmsBytes: number | null;
  /** State letter of proc(5), for example `S`. */
  readonly osState: string | null;
}

/** A web worker. */
export interface WorkerInfo {
  /** Process id. */
  readonly pid: number;
  /** Its parent. */
  readonly masterPid: number;
  /** Start of the process. */
  readonly startedAt: IsoTime | null;
  /** Time since its start. */
  readonly ageSeconds: number | null;
  /** `busy`: serving a request; `stuck`: for longer than the timeout; `unknown`: may not be read. */
  readonly state: 'busy' | 'idle' | 'booting' | 'exiting' | 'stuck' | 'unknown';
  /** How long it has been busy without a break that gtop saw; null when not busy or not known. */
  readonly busySeconds: number | null;
  /** Requests in service, as far as its threads and connections tell; null where that cannot be counted. */
  readonly busyThreads: number | null;
  /** Of these, the ones whose thread has waited for longer than the timeout: gthread only, else 0. */
  readonly stuckThreads: number;
  /** Peer of the connection it has held longest. */
  readonly clientAddress: string | null;
  /** Open client connections. */
  readonly connections: number | null;
  /** Percent of one core; null until two samples exist. */
  readonly cpuPercent: number | null;
  /** Resident memory; shared pages count in every worker. */
  readonly rssBytes: number | null;
  /** Proportional share of resident memory: may be summed. */
  readonly pssBytes: number | null;
  /** Memory that is its alone. */
  readonly ussBytes: number | null;
  /** Virtual memory. */
  readonly vmsBytes: number | null;
  /** State letter of proc(5), for example `S`. */
  readonly osState: string | null;
  /** Threads of the process, idle ones included. */
  readonly threads: number | null;
  /** Open descriptors. */
  readonly fds: number | null;
  /** How many file descriptors it may have open (`ulimit -n`); null: not known, or without a limit. */
  readonly fdLimit?: number | null;
  /** Time since it last touched its heartbeat file; the master kills it beyond the timeout. */
  readonly heartbeatAgeSeconds: number | null;
  /** Time until the master kills it, should it stay silent; null where it never does, or that is not known. */
  readonly secondsToKill: number | null;
  /** Connections that wait for it alone (`--reuse-port`); null: all workers share one queue, or that is not known. */
  readonly backlog?: number | null;
  /** For how long no look has found that queue empty; null when it is. */
  readonly backlogSeconds?: number | null;
  /** What it has done while busy without a break: `computing`, half of that time or more on a CPU; null when not known. */
  readonly activity: 'waiting' | 'computing' | null;
  /** Trend of its memory (USS where it may be read, else RSS); null before it was watched for a minute. */
  readonly memorySlopeBytesPerHour: number | null;
  /** Access lines with this worker's pid since gtop began to read; null when the log has no `%(p)s`. */
  readonly requestsTotal: number | null;
  /** Of the window; null when the log has no `%(p)s`. */
  readonly requestsPerSecond: number | null;
}

/** What was recorded of a worker, in equal steps up to the moment shown. Gaps are null. */
export interface WorkerHistory {
  /** Process id. */
  readonly pid: number;
  /** Distance of two values. */
  readonly stepSeconds: number;
  /** Start of the first step. */
  readonly from: IsoTime;
  /** Percent of one core. */
  readonly cpuPercent: readonly (number | null)[];
  /** Resident memory. */
  readonly rssBytes: readonly (number | null)[];
  /** Proportional share of resident memory. */
  readonly pssBytes: readonly (number | null)[];
  /** 1 when it was busy or stuck, 0 when idle. */
  readonly busyRatio: readonly (number | null)[];
  /** Time since it last touched its heartbeat file. */
  readonly heartbeatAgeSeconds: readonly (number | null)[];
}

/** How a worker ended. */
export type ExitReason =
  | 'timeout'
  | 'oom'
  | 'crash'
  | 'killed'
  | 'recycled'
  | 'reload'
  | 'scaledown'
  | 'shutdown'
  | 'boot'
  | 'unknown';

/** How workers ended. */
export interface WorkerExits {
  /** All ends seen. */
  readonly total: number;
  /** The same by reason. */
  readonly byReason: Readonly<Record<ExitReason, number>>;
}

/** How full the service is. */
export interface Saturation {
  /** Workers serving a request now. */
  readonly busyWorkers: number | null;
  /** Requests that can be served at once: workers × threads. */
  readonly capacity: number | null;
  /** Σ request time ÷ (capacity × window). */
  readonly utilizationRatio: number | null;
  /** Σ request time ÷ window: the mean number of requests in service. */
  readonly offeredErlangs: number | null;
  /** Connections that wait to be accepted. */
  readonly backlog: number | null;
  /** Longest the accept queue can grow; null unless a source gives it. */
  readonly backlogLimit: number | null;
  /** Estimated wait in the accept queue (Little): backlog ÷ throughput. */
  readonly estimatedQueueSeconds: number | null;
  /** Workers that would be enough; null without advice. */
  readonly recommendedWorkers: number | null;
  /** The advice with its reasons. */
  readonly recommendationText: string | null;
}
