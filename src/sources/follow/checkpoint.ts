/**
 * Where reading of a log stands, so that a later run goes on there: every open generation by its identity and the bytes
 * last read of it, and the files beside the log that are not to be read.
 */
import { closeSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { holdsPlace, type Place, PROOF_BYTES } from './generation.ts';
import { type FileIdentity, isProblem, isSameIdentity, type OpenLog, openLog } from './open-log.ts';

/** One generation that was open. */
export interface OpenCheckpoint extends FileIdentity {
  /** At a line's start, unless `insideLine`. */
  readonly place: Place;
  /** The line at `place` was longer than the longest that is kept, and was handed on: its rest is passed over. */
  readonly insideLine: boolean;
  /** The path named it. */
  readonly isCurrent: boolean;
  readonly isCopy: boolean;
}

/** A file that is closed, and how far it was read. */
export type KnownCheckpoint = FileIdentity & { readonly place: Place };

export interface Checkpoint {
  /** Device of the log's folder: its number may be another one after a restart of the host or the container. */
  readonly folderDev: bigint;
  /** The oldest first. */
  readonly open: readonly OpenCheckpoint[];
  readonly known: readonly KnownCheckpoint[];
}

/** 0 when the folder is not there. */
export const folderDevOf = (path: string): bigint =>
  statSync(dirname(path), { bigint: true, throwIfNoEntry: false })?.dev ?? 0n;

/** The same checkpoint by the device numbers that hold now. */
export function onTodaysDevice(checkpoint: Checkpoint, path: string): Checkpoint {
  const { folderDev } = checkpoint;
  const dev = folderDevOf(path);
  if (dev === folderDev || dev === 0n) return checkpoint;
  const moved = <T extends FileIdentity>(file: T): T => (file.dev === folderDev ? { ...file, dev } : file);
  return { folderDev: dev, open: checkpoint.open.map(moved), known: checkpoint.known.map(moved) };
}

/**
 * Opens the file of a checkpoint under the name that it has now: found by its inode, else by the bytes that were read
 * of it (a log that was moved to another disk). A truncated file is itself still; its old bytes are in a copy.
 *
 * @param paths the log and its siblings.
 */
export function reopen(saved: OpenCheckpoint, paths: readonly string[]): OpenLog | null {
  return (
    openFirst(paths, ({ stat }) => isSameIdentity(stat, saved)) ??
    (saved.place.marker.length < PROOF_BYTES
      ? null
      : openFirst(paths, ({ fd, stat }) => Number(stat.size) >= saved.place.offset && holdsPlace(fd, saved.place)))
  );
}

/** Whether {@link reopen} finds it. */
export function canReopen(saved: OpenCheckpoint, paths: readonly string[]): boolean {
  const log = reopen(saved, paths);
  if (log) closeSync(log.fd);
  return log !== null;
}

function openFirst(paths: readonly string[], isWanted: (log: OpenLog) => boolean): OpenLog | null {
  for (const path of paths) {
    const log = openLog(path);
    if (isProblem(log)) continue;
    if (isWanted(log)) return log;
    closeSync(log.fd);
  }
  return null;
}

/** Bytes as base64, big integers as decimal text. */
type FileJson = { dev: string; ino: string; birthtimeNs: string; offset: number; marker: string; head: string };

const fileToJson = ({ dev, ino, birthtimeNs, place }: KnownCheckpoint): FileJson => ({
  dev: String(dev),
  ino: String(ino),
  birthtimeNs: String(birthtimeNs),
  offset: place.offset,
  marker: place.marker.toString('base64'),
  head: place.head.toString('base64'),
});

/** As plain data for JSON. */
export const checkpointToJson = ({ folderDev, open, known }: Checkpoint): unknown => ({
  folderDev: String(folderDev),
  open: open.map((file) => ({
    ...fileToJson(file),
    insideLine: file.insideLine,
    isCurrent: file.isCurrent,
    isCopy: file.isCopy,
  })),
  known: known.map(fileToJson),
});

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null) throw new TypeError('not an object');
  return value as Fields;
}

function list(value: unknown): readonly Fields[] {
  if (!Array.isArray(value)) throw new TypeError('not a list');
  return value.map(fields);
}

function fileOf({ dev, ino, birthtimeNs, offset, marker, head }: Fields): KnownCheckpoint {
  if (!Number.isSafeInteger(offset) || Number(offset) < 0) throw new TypeError('not an offset');
  const bytes = (text: unknown): Buffer => Buffer.from(String(text), 'base64');
  return {
    dev: BigInt(String(dev)),
    ino: BigInt(String(ino)),
    birthtimeNs: BigInt(String(birthtimeNs)),
    place: { offset: Number(offset), marker: bytes(marker), head: bytes(head) },
  };
}

/** @throws TypeError or SyntaxError when it is not what {@link checkpointToJson} made. */
export function checkpointFromJson(json: unknown): Checkpoint {
  const { folderDev, open, known } = fields(json);
  return {
    folderDev: BigInt(String(folderDev)),
    open: list(open).map((file) => ({
      ...fileOf(file),
      insideLine: file.insideLine === true,
      isCurrent: file.isCurrent === true,
      isCopy: file.isCopy === true,
    })),
    known: list(known).map(fileOf),
  };
}
