/** History for charts. */
import type { IsoTime } from './scalars.ts';

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
