import type { MetricsOptions } from '../model/metrics/index.ts';
import type { RecordedSubject } from '../model/recorder.ts';
import type { LinePattern } from '../model/watched-lines.ts';
import type { ListenAddress } from '../output/prometheus/index.ts';
import type { EndpointSpec } from '../sources/app-metrics/index.ts';
import type { GunicornSettings } from '../sources/gunicorn/index.ts';
import type { PastLogOptions } from '../sources/past-log.ts';
import type { ProbeSpec } from '../sources/probe/index.ts';
import type { StatsdAddress } from '../sources/statsd/index.ts';
import type { AlertingConfig } from './alerting/index.ts';

/** What an engine is to watch. Plain data: it crosses into the worker thread. */
export interface EngineConfig {
  readonly version: string;
  /** Pid file or pid of the master; null when only logs are watched. */
  readonly pid: string | null;
  /** Paths, or `-` for standard input. */
  readonly accessLogs: readonly string[];
  readonly errorLogs: readonly string[];
  readonly appLogs: readonly string[];
  /** Gunicorn's access_log_format verbatim, or `auto`, `common`, `combined`, `json`, `uvicorn`. */
  readonly logFormat: string;
  readonly fromStart: boolean;
  /** Epoch milliseconds: at the start the logs are read back to the lines that were stamped then. */
  readonly sinceMs: number;
  /** The history goes on in rotated and compressed siblings of all of them. */
  readonly historySiblings: boolean;
  readonly follow: 'generations' | 'tail';
  readonly sampler: 'proc' | 'portable';
  readonly noRoutes: boolean;
  /** Patterns that go before the built-in ones: `/posts/{slug}`. */
  readonly routes: readonly string[];
  /** Lines of the error logs and the application's logs to count. */
  readonly linePatterns: readonly LinePattern[];
  /** Epoch milliseconds: lines stamped then or later are left out; absent: none are. */
  readonly untilMs?: number | undefined;
  /** Nothing that is in the logs at the start is read (unless `fromStart`). */
  readonly fromEnd?: boolean;
  /** Counts what metrics need; absent or null: nobody asks for them. */
  readonly metrics?: MetricsOptions | null;
  /** The engine's thread serves metrics itself; absent or null: it does not. */
  readonly exporter?: ExporterConfig | null;
  /** Health checks; absent: none. */
  readonly probes?: readonly ProbeSpec[];
  /** Endpoints on which the application publishes numbers of its own; absent: none. */
  readonly metricsEndpoints?: readonly EndpointSpec[];
  /** Where to listen for what Gunicorn sends by StatsD; absent or null: nowhere. */
  readonly statsd?: StatsdAddress | null;
  /** Rules, changes to the built-in ones, and who is told; absent: the built-in ones alone. */
  readonly alerting?: AlertingConfig;
  /** A filter in force before the first line is read, which so costs no second reading; absent or null: none. */
  readonly filter?: string | null;
  /** Zone of the times in filters that name none (local). */
  readonly timeZone?: 'local' | 'utc';
  /** What a configuration file says; null without one. */
  readonly gunicornSettings: Partial<GunicornSettings> | null;
  /** Somebody may go back in time: what is sampled is recorded for a while. Absent: it is not. */
  readonly records?: boolean;
  /** Signals may be sent to the master and its workers when a person asks for it. Absent: never. */
  readonly allowActions?: boolean;
}

/** Past logs on a clock of their own. Plain data: it crosses into the worker thread. */
export interface ReplayConfig {
  readonly version: string;
  readonly logs: readonly PastLogOptions[];
  /** Seconds of the log in a second. */
  readonly speed: number;
  /** Where the clock begins; null: at the first line. */
  readonly fromMs: number | null;
  /** Zone of the times in filters that name none (local). */
  readonly timeZone?: 'local' | 'utc';
  readonly noRoutes: boolean;
  readonly routes: readonly string[];
}

export interface ExporterConfig {
  readonly listen: ListenAddress;
  /** Families under the names of other exporters as well. */
  readonly httpAliases: boolean;
}

/** What a view asks for. */
export interface SnapshotQuery {
  /** Null is `all`. */
  readonly windowSeconds: number | null;
  /** The moment; null is now. */
  readonly atMs: number | null;
  /** Only what passes is shown; null or absent: everything. */
  readonly filter?: string | null;
  /** With the heat map of durations; absent: without. */
  readonly heatMap?: boolean;
  /** With what was recorded of a worker or an alert; null or absent: without. */
  readonly recorded?: RecordedSubject | null;
}
