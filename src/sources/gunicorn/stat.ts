/** stat(2) of what may be missing, or out of reach. */
import { type BigIntStats, statSync } from 'node:fs';

/** Null where there is nothing, and where a folder on the way may not be entered: that another user may not is no fault. */
export function statOrNull(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return null;
  }
}

/** Epoch milliseconds; null also for no path. */
export function writtenAtMs(path: string | null): number | null {
  const stats = path === null ? null : statOrNull(path);
  return stats === null ? null : mtimeMsOf(stats);
}

/**
 * When a file was written, epoch milliseconds: always by this, for times are compared. Node's own `mtimeMs` is rounded
 * another way: for one file in eight it is later by a few hundred nanoseconds.
 */
export const mtimeMsOf = ({ mtimeNs }: Pick<BigIntStats, 'mtimeNs'>): number => Number(mtimeNs) / 1e6;
