import { readSync } from 'node:fs';

const NEWLINE = 0x0a;
/** Holds several lines of any usual log. */
const PIECE_BYTES = 64 * 1024;
/** Lines without a time stamp (those of a traceback) are stepped over; after this many bytes of them we give up. */
const GIVE_UP_BYTES = 1024 * 1024;

/** One for all: a search looks in some twenty places, and what is given back goes to the next look only after a while. */
const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);

/** Epoch milliseconds of a line, NaN when it has no time stamp. The line's bytes are the caller's again afterwards. */
export type TimeOfLine = (line: Buffer) => number;

/** The first line with a time stamp that starts at or after `from`. */
export function stampedLineAt(
  fd: number,
  from: number,
  size: number,
  timeOf: TimeOfLine,
): { offset: number; timeMs: number } | null {
  // One byte back: a newline there means that a line starts at `from` itself.
  let position = Math.max(0, from - 1);
  let atLineStart = from === 0;
  while (position < size && position - from < GIVE_UP_BYTES) {
    const bytes = piece.subarray(0, readSync(fd, piece, 0, Math.min(PIECE_BYTES, size - position), position));
    if (bytes.length === 0) return null;
    let start = 0;
    for (let newline = bytes.indexOf(NEWLINE); newline !== -1; newline = bytes.indexOf(NEWLINE, start)) {
      const timeMs = atLineStart ? timeOf(bytes.subarray(start, newline)) : Number.NaN;
      if (!Number.isNaN(timeMs)) return { offset: position + start, timeMs };
      atLineStart = true;
      start = newline + 1;
    }
    // A line that does not fit the piece is no use as a landmark: go on behind it.
    if (start === 0) atLineStart = false;
    position += start || bytes.length;
  }
  return null;
}

/**
 * Offset of the first line stamped at or after `sinceMs`, by binary search over the file: a log's time stamps grow.
 * @returns `size` when every line is older, 0 when none is; null when no line near the start has a time stamp.
 */
export function offsetSince(fd: number, size: number, sinceMs: number, timeOf: TimeOfLine): number | null {
  const first = stampedLineAt(fd, 0, size, timeOf);
  if (first === null) return null;
  if (first.timeMs >= sinceMs) return 0;
  // The line at or after `older` is older than asked for; the one at or after `found` is not, or there is none.
  let older = first.offset;
  let found = size;
  while (found - older > 1) {
    const middle = older + Math.floor((found - older) / 2);
    const line = stampedLineAt(fd, middle, size, timeOf);
    if (line !== null && line.timeMs < sinceMs) older = line.offset;
    else found = middle;
  }
  return stampedLineAt(fd, found, size, timeOf)?.offset ?? size;
}
