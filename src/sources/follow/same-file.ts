/** Tells whether two names given by a person are one log. */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isProblem, statLog } from './open-log.ts';

/** A file that is there is its inode; one that is not yet there is its place, with the links on the way followed. */
function keyOf(path: string): string {
  if (path === '-') return path;
  const stat = statLog(path);
  if (!isProblem(stat)) return `${stat.dev}:${stat.ino}`;
  const full = resolve(path);
  try {
    return join(realpathSync(dirname(full)), basename(full));
  } catch {
    return full;
  }
}

/** Whether two paths name one file now, by a symbolic link, a hard link or spelling. */
export const sameFile = (a: string, b: string): boolean => keyOf(a) === keyOf(b);

/** The paths in their order, without those that name a file named before; `-` is standard input. */
export function dedupePaths(paths: readonly string[]): string[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const key = keyOf(path);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
