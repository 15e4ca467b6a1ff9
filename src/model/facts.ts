/**
 * Facts: what the sources tell the model. Plain data, no behaviour. Sources import these types; the model imports
 * nothing of the sources.
 */

import type { CustomMetric, DurationUnit, HealthRow, SourceState } from './snapshot.ts';

/**
 * One request of an access log.
 *
 * A flyweight: the scanner fills the same object for every line, so a receiver copies what it keeps. Strings are
 * interned or copied and never hold on to the read buffer; `target` is made when it is asked for, which `{ ...record }`
 * does not do. Unknown numbers are `NaN`, unknown strings `null` (the hot path has no room for wrappers).
 */
export interface AccessRecord {
  /** Epoch milliseconds of the line's own time stamp (a whole second in `%(t)s`); NaN where the format has none. */
  atMs: number;
  method: string | null;
  /** As sent, with the query. */
  target: string | null;
  /** The target without the query and fragment. */
  path: string | null;
  protocol: string | null;
  status: number;
  /** Body bytes; NaN unknown. */
  bytes: number;
  /** Request time; NaN unknown. Values that wrapped at 24 h (a clock stepped back) are NaN. */
  seconds: number;
  address: string | null;
  user: string | null;
  referrer: string | null;
  userAgent: string | null;
  /** Pid of the worker (`%(p)s`); 0 unknown. */
  worker: number;
  /** Gunicorn made the duration up (`500 0 "-" "-"` under 20 ms): a request and an error, but no latency sample. */
  excluded: boolean;
  /** The whole line; only where a parser was asked to keep it. */
  raw?: string | null;
}

/** What a life-cycle line of the error log says. `pid` is the worker that the line is about. */
export type LifecycleEvent =
  | { readonly kind: 'master-start'; readonly version: string }
  | { readonly kind: 'listening'; readonly listeners: readonly string[]; readonly masterPid: number | null }
  | { readonly kind: 'worker-class'; readonly name: string }
  | { readonly kind: 'control-socket'; readonly path: string }
  | { readonly kind: 'control-socket-error' }
  | { readonly kind: 'worker-boot'; readonly pid: number }
  | { readonly kind: 'worker-exit'; readonly pid: number }
  | { readonly kind: 'worker-recycle' }
  | { readonly kind: 'worker-reload'; readonly file: string }
  | { readonly kind: 'worker-timeout'; readonly pid: number }
  | { readonly kind: 'worker-signal'; readonly pid: number; readonly signal: string }
  | { readonly kind: 'worker-exit-code'; readonly pid: number; readonly code: number }
  | { readonly kind: 'worker-exception' }
  | { readonly kind: 'worker-orphaned' }
  | { readonly kind: 'master-shutdown'; readonly name: string }
  | { readonly kind: 'shutdown-reason'; readonly reason: string }
  | { readonly kind: 'signal'; readonly name: string }
  | { readonly kind: 'reload' }
  | { readonly kind: 'promoted' }
  | { readonly kind: 'upgrade-ignored' }
  | { readonly kind: 'master-exception' }
  | { readonly kind: 'bind-failed' }
  | { readonly kind: 'request-error'; readonly method: string | null; readonly target: string | null }
  | { readonly kind: 'invalid-request'; readonly address: string; readonly reason: string };

/** One entry of an error log: its line and the traceback that follows it. */
export interface ErrorEntry {
  /** Epoch milliseconds; NaN where the line has no date. */
  readonly atMs: number;
  /** Pid of the process that wrote the line: the master for reap and timeout lines. */
  readonly pid: number | null;
  readonly level: string | null;
  readonly message: string;
  readonly event: LifecycleEvent | null;
  /** The unprefixed lines that followed, joined with newlines: a traceback, text of the application on standard error;
   * null when there were none. */
  readonly traceback: string | null;
  /** Absent in Gunicorn's own lines, which name none. */
  readonly logger?: string | null;
  /** What else a JSON line says; absent where that is nothing. */
  readonly fields?: Readonly<Record<string, unknown>> | null;
  /** The entry's lines as they stand; only where a parser was asked to keep them. */
  readonly raw?: string | null;
}

/** One entry of an application's own log. */
export interface AppEntry {
  /** Epoch milliseconds; NaN where the entry has no time. */
  readonly atMs: number;
  /** Lower case: `warning`. */
  readonly level: string | null;
  readonly logger: string | null;
  /** Null in a JSON line that has none. */
  readonly message: string | null;
  /** What else the entry says, a traceback among it; null when that is nothing. */
  readonly fields: Readonly<Record<string, unknown>> | null;
  /** The traceback, also when it is one of the fields. */
  readonly traceback: string | null;
  /** The entry's lines as they stand; only where a parser was asked to keep them. */
  readonly raw?: string | null;
}

/** What one process looks like from outside, at one moment. Null where it may not or cannot be read. */
export interface ProcessFact {
  readonly pid: number;
  readonly parentPid: number;
  /** Start time in clock ticks since boot (proc(5) field 22): with the pid it names a process for good. */
  readonly startTicks: number | null;
  readonly startedAtMs: number | null;
  /** utime + stime so far. */
  readonly cpuSeconds: number | null;
  /** Percent of one core since the sample before; null on the first. */
  readonly cpuPercent: number | null;
  readonly rssBytes: number | null;
  readonly pssBytes: number | null;
  readonly ussBytes: number | null;
  readonly vmsBytes: number | null;
  readonly osState: string | null;
  readonly threads: number | null;
  readonly fds: number | null;
  /** How many it may have open; null or absent: unknown. */
  readonly fdLimit?: number | null;
}

export interface MasterFact extends ProcessFact {
  readonly role: 'current' | 'old' | 'new';
  readonly app: string | null;
  readonly version: string | null;
  readonly workerClass: string | null;
  readonly workersTarget: number | null;
  readonly threadsPerWorker: number | null;
  readonly timeoutSeconds: number | null;
  readonly listeners: readonly string[];
  readonly pidFile: string | null;
  /** When its pid file was written; a reload writes it anew (gunicorn/arbiter.py, reload). Absent or null unknown. */
  readonly pidFileAtMs?: number | null;
  /** `--max-requests`; 0 is "never". Absent or null unknown. */
  readonly maxRequests?: number | null;
  /** `--worker-connections`. Absent or null unknown. */
  readonly workerConnections?: number | null;
}

export interface WorkerFact extends ProcessFact {
  readonly masterPid: number;
  /** Accepted client connections it holds; null without permission to read its descriptors. */
  readonly connections: number | null;
  /** Peer of one of these connections, the longest held. */
  readonly clientAddress: string | null;
  /** Requests in service, as far as /proc tells; null unknown. */
  readonly busyThreads: number | null;
  /** gthread: for each request in service how long its thread has not run at all, the longest first. Absent: unknown. */
  readonly stillSeconds?: readonly number[];
  /** Seconds since the heartbeat file was touched; null without permission. */
  readonly heartbeatAgeSeconds: number | null;
  /** It has touched its heartbeat file, as it does on its way into its loop. Absent or null unknown. */
  readonly hasBegun?: boolean | null;
  /** Connections that wait in accept queues of its own (`--reuse-port`). Absent: it shares them, or that is not known. */
  readonly backlog?: number;
}

/** An address that Gunicorn listens on: `127.0.0.1:8000`, `unix:/path`. */
export interface ListenerFact {
  readonly name: string;
  /** Connections accepted on it and still open. */
  readonly connections: number | null;
  /** Connections that wait to be accepted. */
  readonly backlog: number | null;
  /** The same by socket, where each worker has one of its own (`--reuse-port`); absent where all share one queue. */
  readonly queues?: readonly number[];
}

/** One look at the processes. */
export interface ProcessSample {
  readonly atMs: number;
  /** Selected master first. Empty when the master is gone. */
  readonly masters: readonly MasterFact[];
  readonly workers: readonly WorkerFact[];
  /** Connections accepted on the listeners, all workers together. */
  readonly activeConnections: number | null;
  /** Connections that wait to be accepted, all listeners together. */
  readonly backlog: number | null;
  /** The same by listener; absent where they cannot be told apart. */
  readonly listeners?: readonly ListenerFact[];
  /**
   * Requests that were accepted and that no thread has begun to read: gthread workers accept more than they can serve
   * (gunicorn/workers/gthread.py), so that their queue is not the listener's. Absent or null unknown.
   */
  readonly waitingInWorkers?: number | null;
  /**
   * The kernel's count of out-of-memory kills in the master's cgroup (`memory.events`, oom_kill), as long as the master is
   * watched and after its end; absent or null unknown.
   */
  readonly oomKills?: number | null;
  /**
   * The master that ended last, while none runs, and what has become of its pid file: one that stops in order removes it
   * (gunicorn/arbiter.py, halt). Absent: one runs, none was seen, or it had none.
   */
  readonly gone?: {
    readonly pid: number;
    readonly pidFile: 'left' | 'removed';
    /** When the file that is left was written; null for one that is not. */
    readonly pidFileAtMs: number | null;
  };
  /** What the master's control groups allow all its processes together; absent or null: no limit, or not known. */
  readonly limits?: { readonly cpus: number | null; readonly memoryBytes: number | null };
  /** One sentence where something is missing: `pid file not found`, `heartbeat needs root`. */
  readonly notes: readonly string[];
}

export interface DiskFact {
  readonly mount: string;
  readonly device: string | null;
  readonly totalBytes: number | null;
  readonly usedBytes: number | null;
  readonly usedRatio: number | null;
}

/** One look at the host. */
export interface HostSample {
  readonly atMs: number;
  readonly cpuPercent: number | null;
  readonly cpuCount: number | null;
  readonly loadAverage: readonly number[] | null;
  readonly memoryUsedBytes: number | null;
  readonly memoryAvailableBytes: number | null;
  readonly memoryTotalBytes: number | null;
  readonly swapUsedBytes: number | null;
  readonly disks: readonly DiskFact[];
  readonly networkReceivedBytesPerSecond: number | null;
  readonly networkSentBytesPerSecond: number | null;
  /** The kernel's own counts behind these rates; absent or null unknown. */
  readonly networkReceivedBytes?: number | null;
  readonly networkSentBytes?: number | null;
}

/** Facts of the host that do not change while gtop runs. */
export interface HostFacts {
  readonly cpuModel: string | null;
  readonly operatingSystem: string | null;
  readonly hostname: string | null;
}

/** How reading one log goes. Counters only grow. */
export interface SourceFact {
  readonly path: string;
  readonly kind: 'access' | 'error' | 'app' | 'unknown';
  readonly state: SourceState;
  readonly format: string | null;
  readonly durationUnit: DurationUnit | null;
  readonly durationUnitAssumed: boolean;
  readonly bytesRead: number;
  readonly lagBytes: number | null;
  readonly linesRead: number;
  readonly linesParsed: number;
  readonly linesRejected: number;
  readonly linesTruncated: number;
  readonly rotations: number;
  readonly truncations: number;
  readonly possiblyLostBytes: number;
  readonly message: string | null;
  /** Epoch milliseconds of the newest line's time stamp; null before the first. */
  readonly lastLineAtMs: number | null;
  /**
   * Writers that go on in a file that the path no longer names: since when it does not, and the newest bytes, epoch
   * milliseconds. Absent or null: none since the path last changed.
   */
  readonly strayed?: { readonly sinceMs: number; readonly lastMs: number } | null;
}

/** What a probe knows of its target. */
export interface ProbeFact {
  readonly name: string;
  /** For people: URL without its query, or address. */
  readonly target: string;
  readonly kind: 'http' | 'tcp';
  /** Null before the first result. That one counts at once; a change takes as many results as the probe asks for. */
  readonly up: boolean | null;
  /** It failed as many times in a row as it takes to be sure. */
  readonly isFailing: boolean;
  /** Failures in a row, up to now. */
  readonly failures: number;
  /** The newest result; null before the first. */
  readonly last: ProbeResult | null;
  /** When the newest began, epoch milliseconds. */
  readonly checkedAtMs: number | null;
}

/** One look of a probe at its target. */
export interface ProbeResult {
  readonly ok: boolean;
  readonly status: HealthRow['status'];
  readonly statusCode: number | null;
  /** Null where nothing came back. */
  readonly seconds: number | null;
  /** One sentence; null when all is well. */
  readonly error: string | null;
  /** The target took the connection and did not answer in time, or a proxy says so: a sign of a queue. */
  readonly isUnanswered: boolean;
  readonly checks: HealthRow['checks'];
}

/** An application's metrics endpoint, as it was read last. */
export interface EndpointFact {
  readonly name: string;
  /** For people: URL without its query. */
  readonly target: string;
  /** Null before the first answer that could be read. */
  readonly form: 'prometheus' | 'json' | null;
  readonly checkedAtMs: number | null;
  /** Time of the newest reading. */
  readonly seconds: number | null;
  /** Empty after a reading that failed: old numbers would pass for new ones. */
  readonly series: readonly CustomMetric[];
  /** Series beyond the limit, and lines that could not be read. */
  readonly dropped: number;
  readonly rejected: number;
  /** Why it could not be read; null when it could. */
  readonly error: string | null;
}

/** One number that Gunicorn sent by StatsD (`gunicorn/instrument/statsd.py`). */
export type StatsdMetric =
  | { readonly kind: 'requests'; readonly count: number }
  | { readonly kind: 'duration'; readonly seconds: number }
  | { readonly kind: 'status'; readonly code: number; readonly count: number }
  | { readonly kind: 'log'; readonly level: StatsdLogLevel; readonly count: number }
  | { readonly kind: 'workers' | 'backlog'; readonly value: number };

export type StatsdLogLevel = 'critical' | 'error' | 'exception' | 'warning';

/** How listening for StatsD goes. Counters only grow. */
export interface StatsdFact {
  /** `127.0.0.1:8125`. */
  readonly address: string;
  readonly packets: number;
  /** Well-formed numbers that are not Gunicorn's. */
  readonly foreign: number;
  /** Rubbish. */
  readonly rejected: number;
  /** Why nothing can be heard; null when it listens. */
  readonly error: string | null;
}

/** What a master says of itself through its control socket (`gunicorn/ctl/`, since 25.1). */
export interface ControlFact {
  readonly atMs: number;
  /** As gtop reaches it; null while none was found. */
  readonly path: string | null;
  /** Null while it has not answered. */
  readonly answer: ControlAnswer | null;
  /** Why there is none: `permission denied`, `belongs to master 4711`. */
  readonly error: string | null;
}

export interface ControlAnswer {
  readonly masterPid: number;
  readonly uptimeSeconds: number | null;
  readonly workersTarget: number | null;
  /** Since the start of the master. */
  readonly workersSpawned: number | null;
  /** Ended by the master with TERM or KILL; ends by ABRT are not in it. */
  readonly workersKilled: number | null;
  readonly reloads: number | null;
  /** Null: none runs. */
  readonly dirtyArbiterPid: number | null;
  readonly dirtyApps: readonly string[];
  readonly workers: readonly ControlWorker[];
}

export interface ControlWorker {
  readonly pid: number;
  /** Its number: how many workers the master had started when this one came. */
  readonly age: number | null;
  /** The master has sent it ABRT: it was silent for longer than the timeout. */
  readonly isAborted: boolean;
  readonly heartbeatAgeSeconds: number | null;
}
