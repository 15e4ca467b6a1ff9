/**
 * The Snapshot: what gtop says about one Gunicorn for one window and one moment.
 *
 * Screen, JSON, exporter and alerts read such values and nothing behind them. A Snapshot is immutable and plain
 * data, so that it crosses a thread boundary and becomes JSON unchanged. Base units stand in the names (Seconds,
 * Bytes, Ratio 0–1, PerSecond); times are ISO 8601 in UTC; what is not known is `null`, never 0.
 *
 * `schema/snapshot.schema.json` is generated from this file (`npm run schema`): its doc comments are the schema's.
 */

/** How bad something is. */
export type Level = 'ok' | 'warning' | 'critical' | 'unknown';

/** An ISO 8601 time in UTC, for example `2026-11-21T12:03:44.000Z`. */
export type IsoTime = string;

export interface Snapshot {
  /** Version of this shape; raised only when a field is renamed or removed. */
  readonly schemaVersion: 1;
  readonly gtop: GtopSelf;
  readonly generatedAt: IsoTime;
  readonly window: WindowSpan;
  /** The filter expression in force, or null. */
  readonly filter: string | null;
  readonly verdict: Verdict;
  /** The selected master, or null while none is known or alive. */
  readonly master: MasterInfo | null;
  readonly masters: readonly MasterInfo[];
  readonly workers: readonly WorkerInfo[];
  readonly workerExits: WorkerExits;
  readonly saturation: Saturation;
  readonly traffic: Traffic;
  /** Null when no line of the window carries a duration and no request was killed. */
  readonly latency: Latency | null;
  readonly status: StatusSummary;
  /** The busiest routes of the window, most worker time first (most requests first when durations are unknown). */
  readonly paths: readonly PathRow[];
  readonly clients: Clients;
  /** The slowest requests of the window, slowest first. */
  readonly slow: readonly SlowRequest[];
  readonly errors: readonly ErrorGroup[];
  /** What happened, newest first. */
  readonly events: readonly EventRow[];
  readonly alerts: readonly AlertRow[];
  readonly health: readonly HealthRow[];
  readonly custom: readonly CustomMetric[];
  readonly system: SystemInfo;
  readonly ingest: Ingest;
  readonly series: Series;
}

/** gtop's own cost. */
export interface GtopSelf {
  readonly version: string;
  readonly pid: number;
  /** Percent of one core, since the sample before. */
  readonly cpuPercent: number | null;
  readonly rssBytes: number | null;
}

export interface WindowSpan {
  /** Length asked for, or null for `all` (every line read). */
  readonly seconds: number | null;
  /** First instant of the window, inclusive; null when nothing was read. */
  readonly from: IsoTime | null;
  /** Last instant of the window, exclusive; null when nothing was read. */
  readonly to: IsoTime | null;
}

export interface Verdict {
  readonly level: Level;
  /** One sentence for the header. */
  readonly text: string;
  readonly causes: readonly Cause[];
}

export interface Cause {
  /** Stable name of the diagnosis, for example `saturated`. */
  readonly kind: string;
  readonly level: Level;
  readonly text: string;
}

export interface MasterInfo {
  readonly pid: number;
  /** `old` and `new` while a USR2 upgrade runs two masters side by side. */
  readonly role: 'current' | 'old' | 'new';
  readonly startedAt: IsoTime | null;
  /** The process name Gunicorn was given, usually the application's URI (`app:app`). */
  readonly app: string | null;
  readonly version: string | null;
  readonly workerClass: string | null;
  readonly workersTarget: number | null;
  readonly threads: number | null;
  readonly timeoutSeconds: number | null;
  readonly listeners: readonly string[];
  readonly pidFile: string | null;
  /** Percent of one core; null until two samples exist. */
  readonly cpuPercent: number | null;
  readonly rssBytes: number | null;
  readonly pssBytes: number | null;
  readonly vmsBytes: number | null;
  /** State letter of proc(5), for example `S`. */
  readonly osState: string | null;
}

export interface WorkerInfo {
  readonly pid: number;
  readonly masterPid: number;
  readonly startedAt: IsoTime | null;
  readonly ageSeconds: number | null;
  readonly state: 'busy' | 'idle' | 'booting' | 'exiting' | 'stuck' | 'unknown';
  /** How long it has been busy without a break that gtop saw; null when not busy or not known. */
  readonly busySeconds: number | null;
  readonly clientAddress: string | null;
  /** Open client connections. */
  readonly connections: number | null;
  /** Percent of one core; null until two samples exist. */
  readonly cpuPercent: number | null;
  readonly rssBytes: number | null;
  readonly pssBytes: number | null;
  readonly ussBytes: number | null;
  readonly vmsBytes: number | null;
  readonly osState: string | null;
  readonly threads: number | null;
  readonly fds: number | null;
  readonly heartbeatAgeSeconds: number | null;
  /** Access lines with this worker's pid since gtop began to read; null when the log has no `%(p)s`. */
  readonly requestsTotal: number | null;
  readonly requestsPerSecond: number | null;
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

export interface WorkerExits {
  readonly total: number;
  readonly byReason: Readonly<Record<ExitReason, number>>;
}

export interface Saturation {
  readonly busyWorkers: number | null;
  /** Requests that can be served at once: workers × threads. */
  readonly capacity: number | null;
  /** Σ request time ÷ (capacity × window). */
  readonly utilizationRatio: number | null;
  /** Σ request time ÷ window: the mean number of requests in service. */
  readonly offeredErlangs: number | null;
  /** Connections that wait to be accepted. */
  readonly backlog: number | null;
  readonly backlogLimit: number | null;
  readonly estimatedQueueSeconds: number | null;
  readonly recommendedWorkers: number | null;
  readonly recommendationText: string | null;
}

export interface Traffic {
  /** Access lines parsed since gtop began to read. */
  readonly requestsTotal: number;
  /** Of these, the ones with a 5xx status. */
  readonly errorsTotal: number;
  readonly bytesTotal: number;
  /** Requests in the window. */
  readonly requests: number;
  /** requests ÷ length of the window (÷ time covered, while that is shorter); null before anything was covered. */
  readonly requestsPerSecond: number | null;
  readonly requestsPerMinute: number | null;
  readonly bytes: number;
  readonly bytesPerSecond: number | null;
  /** Accepted connections of all workers. */
  readonly activeConnections: number | null;
}

export interface Latency {
  /** Lines with a duration − excluded + timeouts. */
  readonly count: number;
  /** Lines whose duration Gunicorn made up; kept out of the percentiles. */
  readonly excluded: number;
  readonly minSeconds: number | null;
  readonly meanSeconds: number | null;
  /** Null below 2 samples; nearest rank, at most 1 % off. */
  readonly p50Seconds: number | null;
  /** Null below 10 samples. */
  readonly p90Seconds: number | null;
  /** Null below 20 samples. */
  readonly p95Seconds: number | null;
  /** Null below 100 samples. */
  readonly p99Seconds: number | null;
  readonly maxSeconds: number | null;
}

export interface StatusSummary {
  readonly classes: Readonly<Record<'1xx' | '2xx' | '3xx' | '4xx' | '5xx', number>>;
  readonly codes: Readonly<Record<string, number>>;
  /** 4xx ÷ all; null without requests. */
  readonly clientErrorRatio: number | null;
  /** 5xx ÷ all; null without requests. */
  readonly serverErrorRatio: number | null;
  /** Requests killed by a worker timeout in the window. */
  readonly timeouts: number;
  readonly timeoutRatio: number | null;
}

export interface PathRow {
  readonly method: string;
  /** The route: `/users/{id}`; null where Gunicorn did not log the path of a killed request. */
  readonly path: string | null;
  readonly count: number;
  readonly requestsPerSecond: number | null;
  readonly bytes: number;
  /** 5xx ÷ all of this route. */
  readonly errorRatio: number;
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
  readonly maxSeconds: number | null;
  /** Share of the window's whole request time that this route took; null when durations are unknown. */
  readonly timeRatio: number | null;
}

export interface ClientRow {
  readonly value: string;
  readonly count: number;
  readonly bytes: number;
}

export interface Clients {
  readonly addresses: readonly ClientRow[];
  readonly userAgents: readonly ClientRow[];
  readonly methods: readonly ClientRow[];
  readonly referrers: readonly ClientRow[];
  /** Estimated number of distinct values in the window. */
  readonly distinct: {
    readonly addresses: number;
    readonly userAgents: number;
    readonly methods: number;
    readonly referrers: number;
    readonly paths: number;
  };
}

export interface SlowRequest {
  readonly at: IsoTime | null;
  readonly method: string | null;
  /** As sent, without the query. */
  readonly path: string | null;
  /** Null for a request that was killed and never logged. */
  readonly status: number | null;
  /** For a killed request: at least this long. */
  readonly seconds: number;
  readonly bytes: number | null;
  readonly address: string | null;
  readonly worker: number | null;
}

export interface ErrorGroup {
  readonly fingerprint: string;
  /** Exception type, for example `ValueError`. */
  readonly type: string;
  readonly message: string;
  /** Innermost frame of the application, `file:line in function`. */
  readonly frame: string | null;
  readonly count: number;
  readonly firstAt: IsoTime | null;
  readonly lastAt: IsoTime | null;
  readonly paths: readonly string[];
}

export interface EventRow {
  readonly at: IsoTime;
  /** Stable name, for example `worker-timeout`, `reload`, `worker-boot`. */
  readonly kind: string;
  readonly level: Level;
  readonly worker: number | null;
  readonly method: string | null;
  readonly path: string | null;
  readonly text: string;
  /** Further text, for example a traceback. */
  readonly details: string | null;
}

export interface AlertRow {
  readonly name: string;
  readonly severity: 'critical' | 'warning' | 'info';
  readonly state: 'pending' | 'firing' | 'resolved' | 'nodata';
  readonly value: number | null;
  readonly threshold: number | null;
  readonly since: IsoTime | null;
  readonly summary: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface HealthRow {
  readonly name: string;
  readonly target: string;
  readonly up: boolean;
  readonly status: 'ok' | 'degraded' | 'error' | 'unknown';
  readonly statusCode: number | null;
  readonly seconds: number | null;
  readonly checkedAt: IsoTime | null;
  readonly error: string | null;
  readonly checks: readonly { readonly name: string; readonly status: string; readonly message: string | null }[];
}

export interface CustomMetric {
  readonly source: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | null;
}

export interface DiskInfo {
  readonly mount: string;
  readonly device: string | null;
  readonly totalBytes: number | null;
  readonly usedBytes: number | null;
  readonly usedRatio: number | null;
}

/** The host. Null throughout where no sampler could read it. */
export interface SystemInfo {
  /** Percent of all CPUs, 0–100; null until two samples exist. */
  readonly cpuPercent: number | null;
  /** 1, 5 and 15 minutes. */
  readonly loadAverage: readonly number[] | null;
  readonly memoryUsedBytes: number | null;
  readonly memoryAvailableBytes: number | null;
  readonly memoryTotalBytes: number | null;
  readonly swapUsedBytes: number | null;
  /** Of the disk that is fullest among those that hold a log or the application. */
  readonly diskUsedRatio: number | null;
  readonly disks: readonly DiskInfo[];
  readonly networkReceivedBytesPerSecond: number | null;
  readonly networkSentBytesPerSecond: number | null;
  readonly cpuCount: number | null;
  /** For example `AMD EPYC 7763 64-Core Processor`; read once, after the first frame. */
  readonly cpuModel: string | null;
  /** For example `Debian GNU/Linux 12 (bookworm)`. */
  readonly operatingSystem: string | null;
  readonly hostname: string | null;
}

/** What a source is doing. `waiting`: the file is not there yet. */
export type SourceState = 'waiting' | 'reading' | 'live' | 'deleted' | 'denied' | 'failed' | 'ended';

/** Unit of the duration field of an access log: `%(D)s` µs, `%(M)s` ms, `%(L)s` and `%(T)s` seconds. */
export type DurationUnit = 'microseconds' | 'milliseconds' | 'seconds';

export interface SourceInfo {
  readonly path: string;
  readonly kind: 'access' | 'error' | 'app' | 'unknown';
  readonly state: SourceState;
  /** The format string, or the name of a built-in or detected format; null while not known. */
  readonly format: string | null;
  readonly durationUnit: DurationUnit | null;
  /** True when no format string confirmed the unit. */
  readonly durationUnitAssumed: boolean;
  readonly bytesRead: number;
  /** Bytes in the file that were not read yet. */
  readonly lagBytes: number | null;
  readonly linesRead: number;
  readonly linesParsed: number;
  readonly linesRejected: number;
  /** One sentence when something is wrong with the source: `not found: waiting`, `permission denied`. */
  readonly message: string | null;
  /** Time stamp of the newest line. */
  readonly lastLineAt: IsoTime | null;
}

export interface Ingest {
  readonly sources: readonly SourceInfo[];
  /** linesParsed + linesRejected; blank lines count as neither. */
  readonly linesRead: number;
  readonly linesParsed: number;
  readonly linesRejected: number;
  readonly linesTruncated: number;
  readonly rotations: number;
  readonly truncations: number;
  readonly possiblyLostBytes: number;
}

/** Equally spaced history for charts; index 0 is `from`, the last is the newest complete step. Gaps are null. */
export interface Series {
  readonly stepSeconds: number;
  readonly from: IsoTime | null;
  readonly requestsPerSecond: readonly (number | null)[];
  readonly bytesPerSecond: readonly (number | null)[];
  readonly p50Seconds: readonly (number | null)[];
  readonly p90Seconds: readonly (number | null)[];
  readonly p95Seconds: readonly (number | null)[];
  readonly p99Seconds: readonly (number | null)[];
  readonly clientErrorRatio: readonly (number | null)[];
  readonly serverErrorRatio: readonly (number | null)[];
  readonly busyWorkers: readonly (number | null)[];
  readonly backlog: readonly (number | null)[];
}
