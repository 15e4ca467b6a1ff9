/** What copytruncate leaves beside a log: where the rest of truncated bytes is, and what was never seen in the log. */
import { closeSync } from 'node:fs';
import { bytesAt, type Generation, HEAD_BYTES, holdsPlace, type Place, PROOF_BYTES } from './generation.ts';
import { startsAlike } from './heads.ts';
import { type FileIdentity, isProblem, type OpenLog, openLog } from './open-log.ts';
import type { Sibling } from './siblings.ts';

/** A file that was truncated or rewritten since the last step. */
export interface Truncation {
  readonly generation: Generation;
  /** Where reading stood in the old bytes. */
  readonly place: Place;
  /** Bytes that were seen behind it. */
  readonly lag: number;
  /** The file's first bytes now; read before the copies are, so that one more truncation in between shows in it. */
  readonly present: Buffer;
  /** The copy that holds the old bytes, at least as long as what was read of them. */
  rest: OpenLog | null;
}

export interface Copies {
  /** New files that are none of the log's bytes known so far: copies of truncations that came and went unseen. */
  readonly between: readonly OpenLog[];
  /** Copies of what was read: never to be read from their beginning. */
  readonly accountedFor: readonly FileIdentity[];
}

function isRestOf({ fd, stat }: OpenLog, place: Place, isNew: boolean): boolean {
  const proof = Math.max(place.marker.length, place.head.length);
  return proof > 0 && Number(stat.size) >= place.offset && (isNew || proof >= PROOF_BYTES) && holdsPlace(fd, place);
}

/**
 * Goes through the files beside a log and sets the `rest` of every truncation whose copy is there.
 *
 * @param siblings the oldest first; none of them open.
 * @param present the first bytes of every open generation: what starts like one of them is a copy of what stands there.
 * @param isNew whether a file came up since the last step.
 */
export function findCopies(
  siblings: readonly Sibling[],
  truncations: readonly Truncation[],
  present: readonly Buffer[],
  isNew: (file: FileIdentity) => boolean,
): Copies {
  const between: OpenLog[] = [];
  const accountedFor: FileIdentity[] = [];
  for (const sibling of siblings) {
    const log = openLog(sibling.path);
    if (isProblem(log)) continue;
    const couldBeUnread = sibling.hasRotatedName && isNew(log.stat);
    const truncation = truncations.find(({ place }) => isRestOf(log, place, couldBeUnread));
    // Of two copies of the same bytes the longer one has more of them.
    if (truncation && (!truncation.rest || log.stat.size > truncation.rest.stat.size)) {
      if (truncation.rest) closeSync(truncation.rest.fd);
      truncation.rest = log;
      accountedFor.push(log.stat);
      continue;
    }
    const head = couldBeUnread ? bytesAt(log.fd, 0, HEAD_BYTES) : Buffer.alloc(0);
    const isShorterCopy = truncations.some(
      ({ place }) => Number(log.stat.size) < place.offset && startsAlike(head, place.head),
    );
    if (truncation || isShorterCopy) accountedFor.push(log.stat);
    else if (head.length > 0 && !present.some((bytes) => startsAlike(head, bytes))) {
      between.push(log);
      continue;
    }
    closeSync(log.fd);
  }
  return { between, accountedFor };
}

/** Whether a file is the copy of one that is deleted but still open: `cp log log.1; rm log`. */
export function isCopyOfDeleted({ fd, stat }: OpenLog, open: readonly Generation[]): boolean {
  const size = Number(stat.size);
  const tail = Math.max(0, size - HEAD_BYTES);
  return open.some(
    (generation) =>
      generation.links === 0 &&
      size > 0 &&
      bytesAt(fd, 0, HEAD_BYTES).equals(bytesAt(generation.fd, 0, Math.min(HEAD_BYTES, size))) &&
      bytesAt(fd, tail, HEAD_BYTES).equals(bytesAt(generation.fd, tail, size - tail)),
  );
}
