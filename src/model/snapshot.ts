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
  /** gtop's own cost. */
  readonly gtop: GtopSelf;
  /** The moment this was made. */
  readonly generatedAt: IsoTime;
  /** What the windowed figures cover. */
  readonly window: WindowSpan;
  /** Past logs are being played; null or absent: this is live. */
  readonly replay?: ReplayInfo | null;
  /** This is of a past moment; null or absent: of now. */
  readonly past?: PastInfo | null;
  /**
   * The filter in force, or null. With one, traffic, latency, status, paths, clients, slow, servedBy, errors and the
   * traffic's series are those of the lines that pass, and events those that it does not rule out; all else is never filtered.
   */
  readonly filter: string | null;
  /** How far back the filtered figures are whole; null without a filter. */
  readonly filterCoverage: FilterCoverage | null;
  /** What is wrong, in one sentence, with its reasons. */
  readonly verdict: Verdict;
  /** The selected master, or null while none is known or alive. */
  readonly master: MasterInfo | null;
  /** All masters watched: two while a USR2 upgrade runs. */
  readonly masters: readonly MasterInfo[];
  /** Web workers of all masters, by pid. */
  readonly workers: readonly WorkerInfo[];
  /** Ends of workers since gtop began to read, history read back included. */
  readonly workerExits: WorkerExits;
  /** How full the service is. */
  readonly saturation: Saturation;
  /** Requests and bytes. */
  readonly traffic: Traffic;
  /** Null when no line of the window carries a duration and no request was killed. */
  readonly latency: Latency | null;
  /** Response codes of the window. */
  readonly status: StatusSummary;
  /** The busiest routes of the window, most worker time first (most requests first when durations are unknown). */
  readonly paths: readonly PathRow[];
  /** Who asked, in the window. */
  readonly clients: Clients;
  /** The slowest requests of the window, slowest first. */
  readonly slow: readonly SlowRequest[];
  /** Workers whose pids stand in the lines of the window, most requests first; empty when the log has no `%(p)s`. */
  readonly servedBy: readonly ServedBy[];
  /** Tracebacks since gtop began to read, folded by type and frame; the most frequent first. */
  readonly errors: readonly ErrorGroup[];
  /** How many there are in all. */
  readonly errorTotals: ErrorTotals;
  /** Lines that the configuration asks to count. */
  readonly watched: readonly WatchedLines[];
  /** What happened, newest first. */
  readonly events: readonly EventRow[];
  /** Reloads, upgrades and restarts, the newest first, each with what was before and what has been since. */
  readonly deploys: readonly DeployRow[];
  /** Alerts that are pending, firing, lately resolved or without data; the worst first. */
  readonly alerts: readonly AlertRow[];
  /** When alerts fired and for how long, the newest first. */
  readonly alertHistory: readonly AlertFiring[];
  /** The rule files; null when no rules were given. */
  readonly rules: RulesInfo | null;
  /** Results of the configured probes. */
  readonly health: readonly HealthRow[];
  /** Numbers read from the application's own metrics endpoints. */
  readonly custom: readonly CustomMetric[];
  /** How reading these endpoints goes. */
  readonly endpoints: readonly EndpointRow[];
  /** What Gunicorn sends by StatsD; null unless gtop was told to listen. Never in `traffic`, which is the access log's. */
  readonly statsd: StatsdInfo | null;
  /** What the selected master says through its control socket; null before it was asked. */
  readonly control: ControlInfo | null;
  /** The host. */
  readonly system: SystemInfo;
  /** How reading the logs goes. */
  readonly ingest: Ingest;
  /** History for charts. */
  readonly series: Series;
  /** Requests by time and duration; null unless it was asked for. */
  readonly heatMap: HeatMap | null;
  /** What was recorded of the worker that a view asked for; null: nothing; absent: nobody asked. */
  readonly workerHistory?: WorkerHistory | null;
  /** What was recorded of the alert that a view asked for; null: nothing; absent: nobody asked. */
  readonly alertValues?: AlertValues | null;
}

/**
 * A look at a past moment. Traffic, latency, status, paths, clients, slow requests and series are those of that moment;
 * events, alerts and error groups are those known by then. Masters, workers, saturation, host, verdict and alerts are as
 * they were recorded; health, custom metrics and what the control socket said are not kept. Totals since gtop began,
 * the ends of workers where nothing was recorded, and the counts of error groups are those of now.
 */
export interface PastInfo {
  /** When masters, workers, host, alerts and verdict were recorded; null: they were not, and none are shown. */
  readonly recordedAt: IsoTime | null;
  /** The oldest moment of which they are kept; null: of none. */
  readonly recordedFrom: IsoTime | null;
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

/** What an alert compared, in equal steps up to the moment shown. A gap where it had no row. */
export interface AlertValues {
  /** The alert's. */
  readonly fingerprint: string;
  /** Distance of two values. */
  readonly stepSeconds: number;
  /** Start of the first step. */
  readonly from: IsoTime;
  /** Values compared. */
  readonly values: readonly (number | null)[];
}

/** How far back filtered figures are whole. */
export interface FilterCoverage {
  /** From then on every line was looked at; null while none was, as the logs are still being read for the first time. */
  readonly from: IsoTime | null;
  /** More of the past is being looked through. */
  readonly reading: boolean;
}

/** gtop's own cost. */
export interface GtopSelf {
  /** Version of gtop. */
  readonly version: string;
  /** Its process. */
  readonly pid: number;
  /** Percent of one core, since the sample before. */
  readonly cpuPercent: number | null;
  /** Resident memory of the process, all threads. */
  readonly rssBytes: number | null;
}

/** How past logs are played. */
export interface ReplayInfo {
  /** Seconds of the log in a second. */
  readonly speed: number;
  /** The last line was played. */
  readonly ended: boolean;
}

/** The time that windowed figures cover. */
export interface WindowSpan {
  /** Length asked for, or null for `all` (every line read). */
  readonly seconds: number | null;
  /** First instant of the window, inclusive; null when nothing was read. */
  readonly from: IsoTime | null;
  /** Last instant of the window, exclusive; null when nothing was read. */
  readonly to: IsoTime | null;
}

/** What is wrong. */
export interface Verdict {
  /** The worst level among the causes. */
  readonly level: Level;
  /** One sentence for the header. */
  readonly text: string;
  /** All that was found, the worst first. */
  readonly causes: readonly Cause[];
}

/** One thing that was found. */
export interface Cause {
  /** Stable name of the diagnosis, for example `saturated`. */
  readonly kind: string;
  /** How bad it is. */
  readonly level: Level;
  /** One sentence with the figures of this case. */
  readonly text: string;
}

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

/** Requests and bytes. */
export interface Traffic {
  /** Access lines parsed since gtop began to read. */
  readonly requestsTotal: number;
  /** Of these, the ones with a 5xx status. */
  readonly errorsTotal: number;
  /** Body bytes of all access lines. */
  readonly bytesTotal: number;
  /** Requests in the window. */
  readonly requests: number;
  /** requests ÷ length of the window (÷ time covered, while that is shorter); null before anything was covered. */
  readonly requestsPerSecond: number | null;
  /** 60 × requestsPerSecond. */
  readonly requestsPerMinute: number | null;
  /** Body bytes in the window. */
  readonly bytes: number;
  /** bytes ÷ length of the window. */
  readonly bytesPerSecond: number | null;
  /** Accepted connections of all workers. */
  readonly activeConnections: number | null;
}

/** Request times of the window: from the headers read to the last byte handed over; waiting to be accepted is not in them. */
export interface Latency {
  /** Lines with a duration − excluded + timeouts. */
  readonly count: number;
  /** Lines whose duration Gunicorn made up; kept out of the percentiles. */
  readonly excluded: number;
  /** Shortest; exact. */
  readonly minSeconds: number | null;
  /** Arithmetic mean; exact. */
  readonly meanSeconds: number | null;
  /** Null below 2 samples; nearest rank, at most 1 % off. */
  readonly p50Seconds: number | null;
  /** Null below 10 samples. */
  readonly p90Seconds: number | null;
  /** Null below 20 samples. */
  readonly p95Seconds: number | null;
  /** Null below 100 samples. */
  readonly p99Seconds: number | null;
  /** Longest; exact. */
  readonly maxSeconds: number | null;
}

/** Response codes. */
export interface StatusSummary {
  /** Requests of the window by the first digit of their status. */
  readonly classes: Readonly<Record<'1xx' | '2xx' | '3xx' | '4xx' | '5xx', number>>;
  /** Requests of the window by status. */
  readonly codes: Readonly<Record<string, number>>;
  /** 4xx ÷ all; null without requests. */
  readonly clientErrorRatio: number | null;
  /** 5xx ÷ all; null without requests. */
  readonly serverErrorRatio: number | null;
  /** Requests killed by a worker timeout in the window. */
  readonly timeouts: number;
  /** timeouts ÷ requests of the window, at most 1; null without either. */
  readonly timeoutRatio: number | null;
}

/** One route. */
export interface PathRow {
  /** Request method. */
  readonly method: string;
  /** The route: `/users/{id}`; null where Gunicorn did not log the path of a killed request. */
  readonly path: string | null;
  /** Requests in the window. */
  readonly count: number;
  /** count ÷ length of the window. */
  readonly requestsPerSecond: number | null;
  /** Body bytes in the window. */
  readonly bytes: number;
  /** 5xx ÷ all of this route. */
  readonly errorRatio: number;
  /** Null below 2 samples. */
  readonly p50Seconds: number | null;
  /** Null below 20 samples. */
  readonly p95Seconds: number | null;
  /** Longest; exact. */
  readonly maxSeconds: number | null;
  /** Share of the window's whole request time that this route took; null when durations are unknown. */
  readonly timeRatio: number | null;
}

/** One client value. */
export interface ClientRow {
  /** The address, agent, method or referrer. */
  readonly value: string;
  /** Requests in the window. */
  readonly count: number;
  /** Body bytes in the window. */
  readonly bytes: number;
}

/** Who asked. */
export interface Clients {
  /** By `%(h)s`. */
  readonly addresses: readonly ClientRow[];
  /** By `%(a)s`. */
  readonly userAgents: readonly ClientRow[];
  /** By request method. */
  readonly methods: readonly ClientRow[];
  /** By `%(f)s`. */
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

/** One slow request. */
export interface SlowRequest {
  /** When it ended. */
  readonly at: IsoTime | null;
  /** Request method; null where Gunicorn did not log it. */
  readonly method: string | null;
  /** As sent, without the query. */
  readonly path: string | null;
  /** Null for a request that was killed and never logged. */
  readonly status: number | null;
  /** For a killed request: at least this long. */
  readonly seconds: number;
  /** Body bytes. */
  readonly bytes: number | null;
  /** Client address. */
  readonly address: string | null;
  /** Pid of its worker; null when the log has no `%(p)s`. */
  readonly worker: number | null;
}

/** What one worker served; it may have ended since. */
export interface ServedBy {
  /** Its pid. */
  readonly worker: number;
  /** Requests in the window. */
  readonly count: number;
  /** Of these, the ones with a 5xx status. */
  readonly errors: number;
}

/** Errors of one kind: the same exception from the same place. */
export interface ErrorGroup {
  /** Stable name of the group, the same in every run. */
  readonly fingerprint: string;
  /** Exception type, for example `ValueError`; of a chain the last. */
  readonly type: string;
  /** First line of the newest one's message, at most 500 characters. */
  readonly message: string;
  /** Innermost frame of the application, `app/views.py:88 in report`; of a library where no frame is the application's. */
  readonly frame: string | null;
  /** Occurrences. One that both the error log and the application's log tell of counts once. */
  readonly count: number;
  /** First seen. */
  readonly firstAt: IsoTime | null;
  /** Last seen. */
  readonly lastAt: IsoTime | null;
  /** Routes on which it happened, at most 10. */
  readonly paths: readonly string[];
  /** The newest traceback; of a long one the last 4,000 characters. */
  readonly sample: string;
}

/** All tracebacks since gtop began to read. */
export interface ErrorTotals {
  /** Occurrences. */
  readonly count: number;
  /** Groups; an estimate beyond 256. */
  readonly groups: number;
  /** Groups that are not among `errors`: the rarest. */
  readonly groupsNotShown: number;
}

/** Lines that match one pattern of the configuration. */
export interface WatchedLines {
  /** Name of the pattern. */
  readonly name: string;
  /** Lines since gtop began to read. */
  readonly count: number;
  /** Time of the newest. */
  readonly lastAt: IsoTime | null;
  /** Lines of the last 60 s. */
  readonly perMinute: number;
}

/** Something that happened. */
export interface EventRow {
  /** When it happened, by the log or, without one, when gtop saw it. */
  readonly at: IsoTime;
  /** Stable name, for example `worker-timeout`, `reload`, `worker-boot`. */
  readonly kind: string;
  /** How bad it is. */
  readonly level: Level;
  /** Pid of the worker it is about. */
  readonly worker: number | null;
  /** Method of the request it is about. */
  readonly method: string | null;
  /** Path of the request it is about. */
  readonly path: string | null;
  /** One sentence. */
  readonly text: string;
  /** Further text, for example a traceback. */
  readonly details: string | null;
}

/** New code may run since then. */
export interface DeployRow {
  /** When it began. */
  readonly at: IsoTime;
  /** `reload`: HUP; `upgrade`: USR2; `restart`: a master started. */
  readonly kind: 'reload' | 'upgrade' | 'restart';
  /** At most the five minutes before it; null without requests. */
  readonly before: DeployFigures | null;
  /** At most the first five minutes since; null while these are fewer than 10 s or 10 requests. */
  readonly after: DeployFigures | null;
  /** Routes with 10 requests or more on both sides, the worst change first. */
  readonly paths: readonly DeployPathRow[];
}

/** One side of a deploy. */
export interface DeployFigures {
  /** Requests. */
  readonly requests: number;
  /** 5xx ÷ all; null without requests. */
  readonly serverErrorRatio: number | null;
  /** Null below 2 samples. */
  readonly p50Seconds: number | null;
  /** Null below 20 samples. */
  readonly p95Seconds: number | null;
  /** Mean memory of master and workers (PSS); null where it was not seen. */
  readonly memoryBytes: number | null;
}

/** A route before and after a deploy. */
export interface DeployPathRow {
  /** Request method. */
  readonly method: string;
  /** The route. */
  readonly path: string;
  /** Before. */
  readonly before: DeployPathFigures;
  /** Since. */
  readonly after: DeployPathFigures;
}

/** One side of a route. */
export interface DeployPathFigures {
  /** Requests. */
  readonly count: number;
  /** 5xx ÷ all. */
  readonly errorRatio: number;
  /** Null below 2 samples. */
  readonly p50Seconds: number | null;
  /** Null below 20 samples. */
  readonly p95Seconds: number | null;
}

/** One alert. */
export interface AlertRow {
  /** Name of the rule. */
  readonly name: string;
  /** As the rule says. */
  readonly severity: 'critical' | 'warning' | 'info';
  /** As Prometheus defines them, and `nodata`: what the rule watches was lost. */
  readonly state: 'pending' | 'firing' | 'resolved' | 'nodata';
  /** Value compared last. */
  readonly value: number | null;
  /** What it is compared with. */
  readonly threshold: number | null;
  /** Of both; absent where only the author of the rule knows it. */
  readonly unit?: 'ratio' | 'seconds' | 'percent' | 'count' | 'perSecond' | 'bytes';
  /** Since when it is in this state. */
  readonly since: IsoTime | null;
  /** One sentence with the figures. */
  readonly summary: string;
  /** Labels of this instance. */
  readonly labels: Readonly<Record<string, string>>;
  /** The same for the same rule and labels, in every run. */
  readonly fingerprint: string;
  /** Where the rule stands: built in, a Prometheus rule file, a classical JSON file. */
  readonly source: 'builtin' | 'rules' | 'classical';
  /** The condition as it was written; null of a built-in rule. */
  readonly expression: string | null;
  /** Annotations with their templates filled in. */
  readonly annotations: Readonly<Record<string, string>>;
  /** What was sent where. */
  readonly notices: readonly AlertNotice[];
}

/** What one channel was told of an alert. */
export interface AlertNotice {
  /** Name of the channel. */
  readonly channel: string;
  /** Its type: `slack`, `email`, `webhook`, `alertmanager`, `command`. */
  readonly type: string;
  /** What it is to be told. */
  readonly state: 'firing' | 'resolved';
  /** What arrived last; null: nothing yet. */
  readonly delivered: 'firing' | 'resolved' | null;
  /** When that arrived. */
  readonly deliveredAt: IsoTime | null;
  /** Why the last notice has not arrived. */
  readonly error: string | null;
}

/** A time that an alert fired. */
export interface AlertFiring {
  /** Name of the rule. */
  readonly name: string;
  /** As the rule says. */
  readonly severity: AlertRow['severity'];
  /** Labels of the instance. */
  readonly labels: Readonly<Record<string, string>>;
  /** The alert's. */
  readonly fingerprint: string;
  /** When it came to fire. */
  readonly from: IsoTime;
  /** When it resolved; null while it fires. */
  readonly to: IsoTime | null;
  /** How long it fired, up to now while it does. */
  readonly seconds: number;
  /** What it said when it came to fire. */
  readonly summary: string;
}

/** The rule files. */
export interface RulesInfo {
  /** Files, with what is wrong with them. */
  readonly files: readonly RuleFileRow[];
  /** Rules that cannot do what they are meant to. */
  readonly findings: readonly RuleFinding[];
  /** Rules whose last evaluation failed. */
  readonly failures: readonly RuleFailure[];
  /** Series that rules look at. */
  readonly series: number;
  /** Time that the last evaluation of all rules took; null before the first. */
  readonly evaluationSeconds: number | null;
}

/** A rule file. */
export interface RuleFileRow {
  /** Its path. */
  readonly path: string;
  /** Rules of it that are in force. */
  readonly rules: number;
  /** When those were read; null: never. */
  readonly loadedAt: IsoTime | null;
  /** What is wrong with the file as it is now; the rules that were read before stay in force. */
  readonly error: string | null;
}

/** A rule that can never fire, always fires, or compares unlike things. */
export interface RuleFinding {
  /** File of the rule. */
  readonly file: string;
  /** Line in which the rule begins. */
  readonly line: number;
  /** Its group. */
  readonly group: string;
  /** Its name. */
  readonly rule: string;
  /** What is to be expected of it. */
  readonly kind: 'never' | 'always' | 'unlike';
  /** Why, in a sentence. */
  readonly reason: string;
  /** An expression that does what was probably meant, or what to configure; null where nobody can guess. */
  readonly rewrite: string | null;
}

/** A rule that could not be evaluated. */
export interface RuleFailure {
  /** Its group. */
  readonly group: string;
  /** Its name. */
  readonly rule: string;
  /** Why. */
  readonly error: string;
}

/** One probe. */
export interface HealthRow {
  /** Name of the probe. */
  readonly name: string;
  /** URL or address probed. */
  readonly target: string;
  /** Whether it counts as up; null before the first result. */
  readonly up: boolean | null;
  /** What the answer said. */
  readonly status: 'ok' | 'degraded' | 'error' | 'unknown';
  /** HTTP status. */
  readonly statusCode: number | null;
  /** Time it took. */
  readonly seconds: number | null;
  /** When it was probed. */
  readonly checkedAt: IsoTime | null;
  /** Why it failed. */
  readonly error: string | null;
  /** Parts that the answer names. */
  readonly checks: readonly HealthCheck[];
}

/** A part of a health answer. */
export interface HealthCheck {
  /** Its name. */
  readonly name: string;
  /** As the answer says it: `healthy`, `disconnected`. */
  readonly status: string;
  /** What that means. */
  readonly level: 'ok' | 'degraded' | 'error' | 'unknown';
  /** What else the answer says. */
  readonly message: string | null;
}

/** One number of the application's own. */
export interface CustomMetric {
  /** Endpoint it was read from. */
  readonly source: string;
  /** Name of the metric. */
  readonly name: string;
  /** Its labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its value. */
  readonly value: number | null;
}

/** A metrics endpoint of the application. */
export interface EndpointRow {
  /** Its name: the `source` of its numbers. */
  readonly name: string;
  /** URL, without its query. */
  readonly target: string;
  /** What it answers with, told by looking; null while that is not known. */
  readonly form: 'prometheus' | 'json' | null;
  /** Numbers read. */
  readonly series: number;
  /** Numbers beyond the limit of 500. */
  readonly dropped: number;
  /** Lines that could not be read. */
  readonly rejected: number;
  /** Time it took. */
  readonly seconds: number | null;
  /** When it was read. */
  readonly checkedAt: IsoTime | null;
  /** Why it could not be read. */
  readonly error: string | null;
}

/** What Gunicorn sends by StatsD, since gtop began to listen. */
export interface StatsdInfo {
  /** Where gtop listens. */
  readonly address: string;
  /** Why nothing can be heard. */
  readonly error: string | null;
  /** Datagrams received. */
  readonly packets: number;
  /** Well-formed numbers that are not Gunicorn's. */
  readonly foreign: number;
  /** Lines that are no StatsD. */
  readonly rejected: number;
  /** Requests counted. */
  readonly requestsTotal: number;
  /** Mean of the last 10 complete seconds; null before anything came. */
  readonly requestsPerSecond: number | null;
  /** Requests by status. */
  readonly codes: Readonly<Record<string, number>>;
  /** Of all durations received, made-up ones of failed requests included; null below 2. */
  readonly p50Seconds: number | null;
  /** Null below 20. */
  readonly p95Seconds: number | null;
  /** Lines of the error log by level. */
  readonly logs: Readonly<Record<'critical' | 'error' | 'exception' | 'warning', number>>;
  /** Workers, as the master said last: it says so only when their number changes. */
  readonly workers: number | null;
  /** Connections that wait to be accepted (`--enable-backlog-metric`); null when it was not said for 5 s. */
  readonly backlog: number | null;
  /** When Gunicorn's last number came. */
  readonly lastAt: IsoTime | null;
}

/** What a master says of itself through its control socket (Gunicorn 25.1 and later). */
export interface ControlInfo {
  /** The socket; null where none was found. */
  readonly path: string | null;
  /** Why there is no answer. */
  readonly error: string | null;
  /** When it was asked. */
  readonly at: IsoTime;
  /** Workers it wants to have. */
  readonly workersTarget: number | null;
  /** Workers started since the start of the master. */
  readonly workersSpawned: number | null;
  /** Workers it ended with TERM or KILL. */
  readonly workersKilled: number | null;
  /** Reloads (HUP). */
  readonly reloads: number | null;
  /** Its dirty arbiter; null without one. */
  readonly dirtyArbiterPid: number | null;
  /** Applications of the dirty workers. */
  readonly dirtyApps: readonly string[];
  /** Its workers, as it knows them. */
  readonly workers: readonly {
    readonly pid: number;
    /** Its number: how many workers the master had started when this one came. */
    readonly age: number | null;
    /** The master has sent it ABRT: it was silent for longer than the timeout. */
    readonly isAborted: boolean;
    readonly heartbeatAgeSeconds: number | null;
  }[];
}

/** One disk. */
export interface DiskInfo {
  /** Mount point. */
  readonly mount: string;
  /** Device or file system. */
  readonly device: string | null;
  /** Size. */
  readonly totalBytes: number | null;
  /** In use. */
  readonly usedBytes: number | null;
  /** used ÷ (used + available to users), as df(1). */
  readonly usedRatio: number | null;
}

/** The host. Null throughout where no sampler could read it. */
export interface SystemInfo {
  /** Percent of all CPUs, 0–100; null until two samples exist. */
  readonly cpuPercent: number | null;
  /** 1, 5 and 15 minutes. */
  readonly loadAverage: readonly number[] | null;
  /** Total − available. */
  readonly memoryUsedBytes: number | null;
  /** What can be had without swapping (`MemAvailable`). */
  readonly memoryAvailableBytes: number | null;
  /** Physical memory. */
  readonly memoryTotalBytes: number | null;
  /** Swap in use. */
  readonly swapUsedBytes: number | null;
  /** Of the disk that is fullest among those that hold a log or the application. */
  readonly diskUsedRatio: number | null;
  /** Disks that hold a log or the application. */
  readonly disks: readonly DiskInfo[];
  /** All interfaces but loopback. */
  readonly networkReceivedBytesPerSecond: number | null;
  /** All interfaces but loopback. */
  readonly networkSentBytesPerSecond: number | null;
  /** Logical CPUs. */
  readonly cpuCount: number | null;
  /** For example `AMD EPYC 7763 64-Core Processor`; read once, after the first frame. */
  readonly cpuModel: string | null;
  /** For example `Debian GNU/Linux 12 (bookworm)`. */
  readonly operatingSystem: string | null;
  /** Name of the host. */
  readonly hostname: string | null;
}

/** What a source is doing. `waiting`: the file is not there yet. */
export type SourceState = 'waiting' | 'reading' | 'live' | 'deleted' | 'denied' | 'failed' | 'ended';

/** Unit of the duration field of an access log: `%(D)s` µs, `%(M)s` ms, `%(L)s` and `%(T)s` seconds. */
export type DurationUnit = 'microseconds' | 'milliseconds' | 'seconds';

/** One log. */
export interface SourceInfo {
  /** As it was named; `-` is standard input. */
  readonly path: string;
  /** What it holds. */
  readonly kind: 'access' | 'error' | 'app' | 'unknown';
  /** What reading does. */
  readonly state: SourceState;
  /** The format string, or the name of a built-in or detected format; null while not known. */
  readonly format: string | null;
  /** Unit of its duration field; null when it has none. */
  readonly durationUnit: DurationUnit | null;
  /** True when no format string confirmed the unit. */
  readonly durationUnitAssumed: boolean;
  /** Bytes read. */
  readonly bytesRead: number;
  /** Bytes in the file that were not read yet. */
  readonly lagBytes: number | null;
  /** linesParsed + linesRejected. */
  readonly linesRead: number;
  /** Lines understood. */
  readonly linesParsed: number;
  /** Lines not understood. */
  readonly linesRejected: number;
  /** One sentence when something is wrong with the source: `not found: waiting`, `permission denied`. */
  readonly message: string | null;
  /** Time stamp of the newest line. */
  readonly lastLineAt: IsoTime | null;
}

/** How reading the logs goes, all sources together. */
export interface Ingest {
  /** Every log. */
  readonly sources: readonly SourceInfo[];
  /** linesParsed + linesRejected; blank lines count as neither. */
  readonly linesRead: number;
  /** Lines understood. */
  readonly linesParsed: number;
  /** Lines not understood. */
  readonly linesRejected: number;
  /** Lines over 4 MiB: their rest was skipped. */
  readonly linesTruncated: number;
  /** Renames followed. */
  readonly rotations: number;
  /** Truncations followed. */
  readonly truncations: number;
  /** Upper bound of what truncations took before it could be read. */
  readonly possiblyLostBytes: number;
}

/** Equally spaced history for charts; index 0 is `from`, the last is the newest complete step. Gaps are null. */
export interface Series {
  /** Distance of two values. */
  readonly stepSeconds: number;
  /** Start of the first step. */
  readonly from: IsoTime | null;
  /** Requests ÷ step. */
  readonly requestsPerSecond: readonly (number | null)[];
  /** Body bytes ÷ step. */
  readonly bytesPerSecond: readonly (number | null)[];
  /** Median latency of the step. */
  readonly p50Seconds: readonly (number | null)[];
  /** 90th percentile of the step. */
  readonly p90Seconds: readonly (number | null)[];
  /** 95th percentile of the step. */
  readonly p95Seconds: readonly (number | null)[];
  /** 99th percentile of the step. */
  readonly p99Seconds: readonly (number | null)[];
  /** 4xx ÷ all of the step. */
  readonly clientErrorRatio: readonly (number | null)[];
  /** 5xx ÷ all of the step. */
  readonly serverErrorRatio: readonly (number | null)[];
  /** Busy workers, sampled. */
  readonly busyWorkers: readonly (number | null)[];
  /** Connections waiting to be accepted, sampled. */
  readonly backlog: readonly (number | null)[];
}

/** How many requests of which duration each step of the series had. */
export interface HeatMap {
  /** Length of a column, as of `series`. */
  readonly stepSeconds: number;
  /** Start of the first column. */
  readonly from: IsoTime;
  /** Edges of the rows, ascending, one more than there are rows; empty when nothing has a duration. */
  readonly edgesSeconds: readonly number[];
  /** Requests by row, the shortest first, for each step; null where gtop has no data. */
  readonly columns: readonly (readonly number[] | null)[];
  /** Requests of the window by row: a chart of a short window shows what came before it, too. */
  readonly window: readonly number[];
}
