/**
 * The follower's interface: a log file as one endless sequence of whole lines, through every rotation.
 * Two back ends stand behind it: `generations` (ours) and `tail` (an adapter over the npm package, lossy on rotation).
 */

import type { SourceState } from '../../model/snapshot.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { FileId, FileIdentity } from './open-log.ts';

/** Receives what a follower reads. */
export interface LineSink {
  /**
   * Whole lines: bytes `start` to `end` (exclusive) of `chunk`, every line closed by `\n`. The chunk is reused after
   * the call. `live` is false for lines that were in the file before gtop began to watch.
   */
  lines(chunk: Buffer, start: number, end: number, live: boolean): void;
}

/** Where reading of a file that exists at the start begins: a byte offset at a line's start, worked out from the open file. */
export type StartPosition = 'beginning' | 'end' | ((file: { readonly fd: number; readonly size: number }) => number);

export interface FollowStats {
  readonly state: SourceState;
  /** One sentence when something is wrong (`not found: waiting`), else null. */
  readonly message: string | null;
  readonly bytesRead: number;
  /** Bytes that are in the file but not read yet. */
  readonly lagBytes: number | null;
  readonly linesTruncated: number;
  readonly rotations: number;
  readonly truncations: number;
  /**
   * What truncations may have taken before it could be read: bytes that were seen and not read, and an estimate of what
   * came after the last look and was in no copy (the growth before it, over the time since). Nobody outside
   * the writer can know better.
   */
  readonly possiblyLostBytes: number;
  /**
   * Writers that go on in a file that the path no longer names: since when it does not, and the newest bytes, epoch
   * milliseconds. Absent or null: none since the path last changed.
   */
  readonly strayed?: { readonly sinceMs: number; readonly lastMs: number } | null;
}

export type GiveUp = 'all' | 'old' | 'none';

export interface Follower {
  readonly path: string;
  readonly stats: FollowStats;
  /** The files being read now: two followers that share one would count its lines twice. */
  readonly openFiles: readonly FileId[];
  /**
   * One step: looks for rotation and reads what is there, at most `budgetBytes`.
   * Never blocks on anything but the disk. Time is an argument, so that tests step it without waiting.
   * @returns true when more can be read at once.
   */
  poll(nowMs: number, budgetBytes?: number): boolean;
  /**
   * One last poll to the end of every open generation; then nothing is read any more.
   * @param giveUp whose unterminated last line is handed on as a line: everyone's, or only that of files that the path
   * no longer names, or none (a later run goes on from {@link checkpoint}).
   */
  finish(nowMs: number, giveUp?: GiveUp): void;
  /**
   * Where reading stands: every line before it was handed on, none after it. Null when a later run cannot go on there
   * (standard input, the package `tail`).
   */
  checkpoint(): Checkpoint | null;
  /** Whether a file is another log that is followed together with this one, or was read as one. Absent: none is. */
  isOfPeer?(file: FileIdentity): boolean;
  /** Reads nothing more, or goes on; only for what reads by events and not by `poll`. */
  pause?(): void;
  resume?(): void;
  /** Releases descriptors and watches without reading. */
  close(): void;
}
