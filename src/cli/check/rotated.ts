/** Whether a check may look into the logs of before a rotation: it has to answer within seconds. */
import { statSync } from 'node:fs';
import { earlierGenerations } from '../../sources/earlier-generations.ts';

/** A compressed log is read from its beginning: so much takes a second. */
const MOST_COMPRESSED_BYTES = 4e6;

/** @param sinceMs what was written to last before that is not read. */
export const isQuicklyReadBack = (paths: readonly string[], sinceMs: number): boolean =>
  paths.every((path) => {
    const own = path === '-' ? undefined : statSync(path, { bigint: true, throwIfNoEntry: false });
    if (own === undefined) return true;
    const packed = earlierGenerations(path, own).filter(
      (file) => file.path.endsWith('.gz') && Number(file.mtimeNs) / 1e6 >= sinceMs,
    );
    const bytes = packed.map((file) => statSync(file.path, { throwIfNoEntry: false })?.size ?? 0);
    return bytes.reduce((sum, size) => sum + size, 0) <= MOST_COMPRESSED_BYTES;
  });
