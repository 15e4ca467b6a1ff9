/** What happened: errors, events, deploys, lines that the configuration asks to count. */
import type { IsoTime, Level } from './scalars.ts';

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
