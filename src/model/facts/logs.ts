/** What the lines of the logs say, and how reading them goes. */
import type { DurationUnit, SourceState } from '../snapshot.ts';

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
