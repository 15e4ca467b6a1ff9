/**
 * Where rotation puts what it does not leave beside the log as text: in another folder (logrotate's `olddir`), or
 * compressed, before a look could come in between. Nothing here is taken by its name alone: a file counts as the log
 * only if it holds what was read of it.
 */
import { closeSync, fstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { gunzipSync, constants as zlib } from 'node:zlib';
import { bytesAt, holdsPlace, type Place, PROOF_BYTES } from './generation.ts';
import { isProblem, type OpenLog, openLog } from './open-log.ts';
import { isRotatedName } from './siblings.ts';
import type { Unpacking } from './unpacking.ts';

const GZIP = /\.gz$/;
/** What folders for old logs are called. Inside the log's own folder any will do. */
const ARCHIVE = /old|arch|rotat|back|prev|hist/i;
/** Folders that are looked into, and the newest files of each: a look at the beginning of one takes some 0.1 ms. */
const MOST_FOLDERS = 64;
const MOST_FILES = 64;
/** Compressed bytes that hold the first lines. */
const PACKED_BYTES = 16 * 1024;

export interface StowedLog extends OpenLog {
  /** What was in a compressed file, copied to one without a name: nobody writes to it any more. */
  readonly isUnpacked: boolean;
}

export interface Stowed {
  /** The file that holds what was read. */
  readonly log: StowedLog;
  /** Its path as it lies there. */
  readonly path: string;
  /** Opens what was written to later and lies in the same folder: generations that came and went unseen, the oldest first. */
  openLater(): readonly StowedLog[];
}

interface Candidate {
  readonly path: string;
  readonly isPacked: boolean;
  readonly mtimeNs: bigint;
}

/**
 * Finds the file that holds what was read of the log at `path` up to `place`, in its folder, in those inside it and in
 * those beside it whose name is an archive's. Plain files in the log's own folder are not looked at: see copies.ts, and
 * `reopen`.
 *
 * @param unpacking has what {@link prepareStowed} began; anything else is waited for.
 * @param isTaken by its path: a file that is known to be another generation.
 * @returns null when there is none, or when too little was read to tell.
 */
export function findStowed(
  path: string,
  place: Place,
  unpacking: Unpacking,
  isTaken: (path: string) => boolean = () => false,
): Stowed | null {
  if (Math.max(place.marker.length, place.head.length) < PROOF_BYTES) return null;
  for (const { folder, base, isOwn } of placesOf(path)) {
    const candidates = candidatesIn(folder, base, isOwn).filter((candidate) => !isTaken(candidate.path));
    for (const [index, candidate] of candidates.entries()) {
      const log = openIf(candidate, place, unpacking);
      if (log === null) continue;
      const newer = candidates.slice(0, index).filter(({ mtimeNs }) => mtimeNs > candidate.mtimeNs);
      return {
        log,
        path: candidate.path,
        openLater: () => newer.reverse().flatMap((each) => open(each, unpacking) ?? []),
      };
    }
  }
  return null;
}

/**
 * Begins to unpack what {@link findStowed} will look into.
 * @returns whether that is over, so that nothing has to be waited for.
 */
export function prepareStowed(path: string, place: Place, unpacking: Unpacking): boolean {
  const packed: OpenLog[] = [];
  if (Math.max(place.marker.length, place.head.length) >= PROOF_BYTES) {
    for (const { folder, base, isOwn } of placesOf(path)) {
      const candidates = candidatesIn(folder, base, isOwn);
      const first = candidates.findIndex((candidate) => candidate.isPacked && beginsWith(candidate.path, place.head));
      for (const { path: found, isPacked } of candidates.slice(0, first + 1)) {
        const log = isPacked ? openLog(found) : null;
        if (log !== null && !isProblem(log)) packed.push(log);
      }
      if (first !== -1) break;
    }
  }
  const isOver = unpacking.prepare(packed);
  for (const { fd } of packed) closeSync(fd);
  return isOver;
}

/** The folders, by the log's name and by that of the file behind it when it is a symbolic link. */
function* placesOf(path: string): Generator<{ folder: string; base: string; isOwn: boolean }> {
  for (const name of new Set([resolve(path), attempt(() => realpathSync(path)) ?? resolve(path)])) {
    const folder = dirname(name);
    const base = basename(name);
    yield { folder, base, isOwn: true };
    const beside = foldersIn(dirname(folder)).filter((other) => ARCHIVE.test(basename(other)) && other !== folder);
    for (const other of [...foldersIn(folder), ...beside].slice(0, MOST_FOLDERS)) {
      yield { folder: other, base, isOwn: false };
    }
  }
}

const foldersIn = (folder: string): readonly string[] =>
  (attempt(() => readdirSync(folder, { withFileTypes: true })) ?? [])
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => join(folder, name));

/** Earlier generations by their names, the newest first. A file that is being compressed is still there as text. */
function candidatesIn(folder: string, base: string, isOwn: boolean): readonly Candidate[] {
  const names = new Set(attempt(() => readdirSync(folder)) ?? []);
  const found: Candidate[] = [];
  for (const name of names) {
    const plain = name.replace(GZIP, '');
    const isPacked = plain !== name;
    if (!isRotatedName(plain, base) || (isPacked ? names.has(plain) : isOwn)) continue;
    const path = join(folder, name);
    const stat = attempt(() => statSync(path, { bigint: true }));
    if (stat?.isFile()) found.push({ path, isPacked, mtimeNs: stat.mtimeNs });
  }
  // Compressing keeps the time of the last line: the order is that of the contents.
  return found.sort((a, b) => (a.mtimeNs < b.mtimeNs ? 1 : -1)).slice(0, MOST_FILES);
}

function openIf(candidate: Candidate, place: Place, unpacking: Unpacking): StowedLog | null {
  if (candidate.isPacked && !beginsWith(candidate.path, place.head)) return null;
  const log = open(candidate, unpacking);
  if (log === null || (Number(log.stat.size) >= place.offset && holdsPlace(log.fd, place))) return log;
  closeSync(log.fd);
  return null;
}

/** Whether a compressed file begins with these bytes: most do not, and need not be unpacked. */
function beginsWith(path: string, head: Buffer): boolean {
  const packed = openLog(path);
  if (isProblem(packed)) return false;
  const start = attempt(() =>
    gunzipSync(bytesAt(packed.fd, 0, PACKED_BYTES), { finishFlush: zlib.Z_SYNC_FLUSH }).subarray(0, head.length),
  );
  closeSync(packed.fd);
  return start?.equals(head) ?? false;
}

function open({ path, isPacked }: Candidate, unpacking: Unpacking): StowedLog | null {
  const log = openLog(path);
  if (isProblem(log)) return null;
  if (!isPacked) return { ...log, isUnpacked: false };
  const fd = attempt(() => unpacking.take(log));
  closeSync(log.fd);
  return fd === null ? null : { fd, stat: fstatSync(fd, { bigint: true }), isUnpacked: true };
}

/** Null for what the system refuses: a folder that may not be read, a file that has just gone. */
function attempt<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
