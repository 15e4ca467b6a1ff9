/** Which moment a Snapshot is of, and which lines its figures cover. */
import type { IsoTime } from './scalars.ts';

/** The time that windowed figures cover. */
export interface WindowSpan {
  /** Length asked for, or null for `all` (every line read). */
  readonly seconds: number | null;
  /** First instant of the window, inclusive; null when nothing was read. */
  readonly from: IsoTime | null;
  /** Last instant of the window, exclusive; null when nothing was read. */
  readonly to: IsoTime | null;
}

/** How far back filtered figures are whole. */
export interface FilterCoverage {
  /** From then on every line was looked at; null while none was, as the logs are still being read for the first time. */
  readonly from: IsoTime | null;
  /** More of the past is being looked through. */
  readonly reading: boolean;
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

/** How past logs are played. */
export interface ReplayInfo {
  /** Seconds of the log in a second. */
  readonly speed: number;
  /** The last line was played. */
  readonly ended: boolean;
}
