/** The rotated files beside a log, compressed ones too: what it was before. */
import { type BigIntStats, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isRotatedName } from './follow/siblings.ts';

const GZIP = /\.gz$/;

/**
 * Paths of the earlier generations of the log at `path`, the newest first. A compressed file is left out while the file
 * that it is made of is still there.
 * @param own what the path names now: a link beside it that leads to the same file is no earlier one.
 */
export function earlierGenerations(path: string, own: Pick<BigIntStats, 'dev' | 'ino'>): string[] {
  const folder = dirname(path);
  const names = list(folder);
  const present = new Set(names);
  const found = names.flatMap((name) => {
    const plain = name.replace(GZIP, '');
    if (!isRotatedName(plain, basename(path)) || (plain !== name && present.has(plain))) return [];
    const stat = statOrNull(join(folder, name));
    if (!stat?.isFile() || (stat.dev === own.dev && stat.ino === own.ino)) return [];
    return [{ path: join(folder, name), mtimeNs: stat.mtimeNs }];
  });
  // gzip keeps the time of the last line: the order is that of the contents.
  return found.sort((a, b) => (a.mtimeNs < b.mtimeNs ? 1 : -1)).map((file) => file.path);
}

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
