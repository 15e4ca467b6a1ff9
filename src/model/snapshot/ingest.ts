/** How reading the logs goes. */
import type { IsoTime } from './scalars.ts';

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
