/** Logs that Gunicorn does not write, as its open files tell. */
import { type OpenLogFile, statOrNull } from '../../sources/gunicorn/index.ts';

/** A log by its path that no process of Gunicorn's holds under that path. */
export interface UnheldLog {
  readonly path: string;
  /** Where what belongs into it goes: the renamed or deleted file. Null: nowhere that is known. */
  readonly writesTo: string | null;
}

/** Somebody else may write it: a shell that redirects, syslog, a container's runtime. Then it is as young as this. */
const FRESH_MS = 60_000;
/** How gtop comes to the files of a container. */
const ROOT = /^\/proc\/\d+\/root(?=\/)/;

/** @param open what the master has open; null without permission: then nothing is known, and nothing is told. */
export function unheldLogs(
  paths: readonly string[],
  open: readonly OpenLogFile[] | null,
  nowMs = Date.now(),
): readonly UnheldLog[] {
  if (open === null) return [];
  return [...new Set(paths)].flatMap((path): UnheldLog[] => {
    const stats = path === '-' ? null : statOrNull(path);
    if (path === '-' || (stats && open.some(({ dev, ino }) => dev === stats.dev && ino === stats.ino))) return [];
    const own = path.replace(ROOT, '');
    // A rotated log keeps its name and gets something behind it; of a deleted one it is the last.
    const moved = open.find((file) => file.path.startsWith(own));
    if (moved) return [{ path: own, writesTo: moved.isDeleted ? `${moved.path} (deleted)` : moved.path }];
    const isFresh = stats !== null && stats.size > 0n && nowMs - Number(stats.mtimeMs) < FRESH_MS;
    return isFresh ? [] : [{ path: own, writesTo: null }];
  });
}
