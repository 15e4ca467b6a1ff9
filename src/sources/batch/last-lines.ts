/** Where the last lines of a log begin. */
import { readSync } from 'node:fs';

const NEWLINE = 0x0a;
const PIECE_BYTES = 256 * 1024;

export interface Tail {
  /** Where the first of the lines begins. */
  readonly offset: number;
  /** Lines from there on: fewer than asked for when the file has no more. */
  readonly lines: number;
}

/** The last `count` lines of a plain file, found by reading backwards; an unfinished last line is one. */
export function lastLines(fd: number, size: number, count: number): Tail {
  if (count === 0 || size === 0) return { offset: size, lines: 0 };
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  let lines = 1;
  // The newline that ends the file ends the last line, and begins no other.
  let before = size - 1;
  while (before > 0) {
    const from = Math.max(0, before - PIECE_BYTES);
    const length = readSync(fd, piece, 0, before - from, from);
    for (let at = length - 1; at >= 0; ) {
      const newline = piece.subarray(0, at + 1).lastIndexOf(NEWLINE);
      if (newline === -1) break;
      if (lines === count) return { offset: from + newline + 1, lines };
      lines++;
      at = newline - 1;
    }
    before = from;
  }
  return { offset: 0, lines };
}

/** Counts the lines of a stream of chunks; an unfinished last one is one. */
export class LineCounter {
  #newlines = 0;
  #endsInside = false;

  push(chunk: Buffer): void {
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) this.#newlines++;
    if (chunk.length > 0) this.#endsInside = chunk[chunk.length - 1] !== NEWLINE;
  }

  get lines(): number {
    return this.#newlines + (this.#endsInside ? 1 : 0);
  }
}

/** A filter of chunks that leaves out the first `count` lines. */
export function skipLines(count: number): (chunk: Buffer) => Buffer {
  let left = count;
  return (chunk) => {
    let at = 0;
    while (left > 0) {
      const newline = chunk.indexOf(NEWLINE, at);
      if (newline === -1) return chunk.subarray(chunk.length);
      at = newline + 1;
      left--;
    }
    return at === 0 ? chunk : chunk.subarray(at);
  };
}
