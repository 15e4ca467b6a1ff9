/** The rotated files beside a log, compressed ones too: what it was before. */
import { type BigIntStats, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BatchInput, openFile } from './batch/input.ts';
import { type FileId, type FileIdentity, isSameFile } from './follow/open-log.ts';
import { isRotatedName } from './follow/siblings.ts';

const GZIP = /\.gz$/;
/** While files are being renamed the folder is listed again, at most so often. */
const MAX_LISTINGS = 5;

export interface EarlierGeneration extends FileIdentity {
  readonly path: string;
  readonly mtimeNs: bigint;
}

/**
 * The earlier generations of the log at `path`, those beside the file that it may link to as well, the newest first. A
 * compressed file is left out while the file that it is made of is still there.
 * @param own what the path names now: a link beside it that leads to the same file is no earlier one.
 */
export function earlierGenerations(path: string, own: FileId): EarlierGeneration[] {
  const found = [...new Set([path, realPath(path)])].flatMap((name) => besides(name, own));
  const isFirst = (file: EarlierGeneration, index: number): boolean =>
    found.findIndex((other) => isSameFile(other, file)) === index;
  // gzip keeps the time of the last line: the order is that of the contents.
  return found.filter(isFirst).sort((a, b) => (a.mtimeNs < b.mtimeNs ? 1 : -1));
}

function besides(path: string, own: FileId): EarlierGeneration[] {
  const folder = dirname(path);
  const names = list(folder);
  const present = new Set(names);
  return names.flatMap((name) => {
    const plain = name.replace(GZIP, '');
    if (!isRotatedName(plain, basename(path)) || (plain !== name && present.has(plain))) return [];
    const stat = statOrNull(join(folder, name));
    if (!stat?.isFile() || isSameFile(stat, own)) return [];
    const { dev, ino, birthtimeNs, mtimeNs } = stat;
    return [{ path: join(folder, name), dev, ino, birthtimeNs, mtimeNs }];
  });
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * Opens those that may hold lines of `sinceMs` or later: they stay what they are, whatever a rotation makes of their
 * names before they are read. Those that cannot be opened are left out.
 * @param isElsewhere whether a file is read under another name.
 */
export function openEarlierGenerations(
  path: string,
  own: FileId,
  sinceMs: number,
  isElsewhere: (file: FileIdentity) => boolean,
): BatchInput[] {
  for (let attempt = 1; ; attempt++) {
    const listed = earlierGenerations(path, own);
    // No file was written to before its newest line.
    const inputs = listed
      .filter((file) => Number(file.mtimeNs) / 1e6 >= sinceMs && !isElsewhere(file))
      .flatMap((file) => tryOpen(file.path));
    if (attempt === MAX_LISTINGS || areAlike(listed, earlierGenerations(path, own))) return inputs;
    for (const input of inputs) input.close();
  }
}

function tryOpen(path: string): BatchInput[] {
  try {
    return [openFile(path)];
  } catch {
    return [];
  }
}

const areAlike = (a: readonly EarlierGeneration[], b: readonly EarlierGeneration[]): boolean =>
  a.length === b.length && a.every((file) => b.some((other) => file.path === other.path && isSameFile(file, other)));

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function statOrNull(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
