import { readSync } from 'node:fs';

/** The bytes of an open file from one offset to another or to its end, in buffers of their own. @throws the system's error. */
export function* piecesOf(fd: number, pieceBytes: number, from = 0, to = Number.POSITIVE_INFINITY): Generator<Buffer> {
  for (let offset = from; offset < to; ) {
    const piece = Buffer.allocUnsafe(Math.min(pieceBytes, to - offset));
    const length = readSync(fd, piece, 0, piece.length, offset);
    if (length === 0) return;
    offset += length;
    yield piece.subarray(0, length);
  }
}
