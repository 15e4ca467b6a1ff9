/** Tells whether two names given by a person are one log. */
import { readlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isProblem, statLog } from './open-log.ts';

/** As many links on the way as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

/** The path without links, whether anything is there or not; of a circle of links, one of them. */
function placeOf(path: string, links = { left: MOST_LINKS }): string {
  const parent = dirname(path);
  if (parent === path) return path;
  const folder = placeOf(parent, links);
  const place = join(folder, basename(path));
  if (links.left === 0) return place;
  let target: string;
  try {
    target = readlinkSync(place);
  } catch {
    return place;
  }
  links.left--;
  return placeOf(resolve(folder, target), links);
}

/** A file that is there is its inode; one that is not yet there is its place. */
function keyOf(path: string): string {
  if (path === '-') return path;
  const stat = statLog(path);
  return isProblem(stat) ? placeOf(resolve(path)) : `${stat.dev}:${stat.ino}`;
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
