import type { GunicornSettings } from '../sources/gunicorn/index.ts';

/** What an engine is to watch. Plain data: it crosses into the worker thread. */
export interface EngineConfig {
  readonly version: string;
  /** Pid file or pid of the master; null when only logs are watched. */
  readonly pid: string | null;
  /** Paths, or `-` for standard input. */
  readonly accessLogs: readonly string[];
  readonly errorLogs: readonly string[];
  /** Gunicorn's access_log_format verbatim, or `auto`, `common`, `combined`, `json`, `uvicorn`. */
  readonly logFormat: string;
  readonly fromStart: boolean;
  /** How far the logs are read back at the start. */
  readonly historySeconds: number;
  readonly follow: 'generations' | 'tail';
  readonly sampler: 'proc' | 'portable';
  readonly noRoutes: boolean;
  /** Patterns that go before the built-in ones: `/posts/{slug}`. */
  readonly routes: readonly string[];
  /** What a configuration file says; null without one. */
  readonly gunicornSettings: Partial<GunicornSettings> | null;
}

/** What a view asks for. */
export interface SnapshotQuery {
  /** Null is `all`. */
  readonly windowSeconds: number | null;
  /** The moment; null is now. */
  readonly atMs: number | null;
}
