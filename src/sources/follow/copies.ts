/** Tells what a file beside a truncated log is to it. */
import { bytesAt, HEAD_BYTES, holdsPlace, type Place } from './generation.ts';
import type { OpenLog } from './open-log.ts';

/** Fewer equal bytes than this prove nothing about a file that was there before. */
const PROOF_BYTES = 64;

/**
 * - `rest`: a copy of what was truncated, at least as long as what was read of it;
 * - `shorter`: such a copy, made before the last reading: nothing in it is new;
 * - `present`: a copy of what stands in the log now;
 * - `between`: a new file that is neither: the copy of a truncation that came and went between two steps;
 * - `other`: none of the log's.
 */
export type Verdict = 'rest' | 'shorter' | 'present' | 'between' | 'other';

const startsAlike = (a: Buffer, b: Buffer): boolean => {
  const length = Math.min(a.length, b.length);
  return length > 0 && a.subarray(0, length).equals(b.subarray(0, length));
};

/**
 * @param place where reading stood in the truncated bytes.
 * @param present the first bytes of what stands in the log now.
 * @param isNew whether the file has a rotated log's name and was not there before.
 */
export function judgeSibling({ fd, stat }: OpenLog, place: Place, present: Buffer, isNew: boolean): Verdict {
  const size = Number(stat.size);
  const proof = Math.max(place.marker.length, place.head.length);
  if (proof > 0 && size >= place.offset && (isNew || proof >= PROOF_BYTES) && holdsPlace(fd, place)) return 'rest';
  if (!isNew || size === 0) return 'other';
  const head = bytesAt(fd, 0, HEAD_BYTES);
  if (size < place.offset && startsAlike(head, place.head)) return 'shorter';
  return startsAlike(head, present) ? 'present' : 'between';
}
