import type { MetricsOptions } from '../model/metrics/index.ts';
import type { LinePattern } from '../model/watched-lines.ts';
import type { ListenAddress } from '../output/prometheus/index.ts';
import type { GunicornSettings } from '../sources/gunicorn/index.ts';

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
  /** How far the logs are read back at the start. */
  readonly historySeconds: number;
  /** The history goes on in rotated and compressed siblings of the access logs. */
  readonly historySiblings: boolean;
  readonly follow: 'generations' | 'tail';
  readonly sampler: 'proc' | 'portable';
  readonly noRoutes: boolean;
  /** Patterns that go before the built-in ones: `/posts/{slug}`. */
  readonly routes: readonly string[];
  /** Lines of the error logs and the application's logs to count. */
  readonly linePatterns: readonly LinePattern[];
  /** Nothing that is in the logs at the start is read (unless `fromStart`). */
  readonly fromEnd?: boolean;
  /** Counts what metrics need; absent or null: nobody asks for them. */
  readonly metrics?: MetricsOptions | null;
  /** The engine's thread serves metrics itself; absent or null: it does not. */
  readonly exporter?: ExporterConfig | null;
  /** What a configuration file says; null without one. */
  readonly gunicornSettings: Partial<GunicornSettings> | null;
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
}
