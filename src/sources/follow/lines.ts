/** Cuts a stream of bytes into whole lines, whatever the pieces it comes in. */
import type { LineSink } from './follower.ts';
import { areZero } from './holes.ts';

/** A longer line is cut here, so that a line that never ends costs bounded memory. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;

const NEWLINE = 0x0a;
const NEWLINE_THEN_NUL = Buffer.from([NEWLINE, 0]);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** A hole is compared by the block: byte by byte it would take seconds. */
const BLOCK_BYTES = 64 * 1024;
const EMPTY = Buffer.alloc(0);
/** A buffer that grew beyond this for one long line is let go with it. */
const KEPT_CAPACITY = 64 * 1024;

export interface LineSplitterOptions {
  readonly sink: LineSink;
  /** Called once for every line that was longer than {@link MAX_LINE_BYTES}. */
  readonly onTruncated?: () => void;
  /** True when the first byte to come is the first of a file: a byte order mark there is no part of the line. */
  readonly atFileStart?: boolean;
  /** True when the first byte to come lies inside a line: everything up to the next newline is passed over. */
  readonly insideLine?: boolean;
}

/**
 * Hands whole lines to a sink and keeps the unfinished one until its end comes.
 *
 * - Of a line over {@link MAX_LINE_BYTES} the first so many bytes are handed on as a line, the rest is dropped.
 * - NULs at the start of a line are a hole that truncation under a writer without O_APPEND leaves: they are dropped.
 *   NULs inside a line are the line's own (Gunicorn writes those of a request path verbatim) and stay.
 * - `\r` before the newline stays: the parser's matter.
 */
export class LineSplitter {
  readonly #sink: LineSink;
  readonly #onTruncated: () => void;
  #atFileStart: boolean;
  #passingOver: boolean;
  #unfinished: Buffer = EMPTY;
  #length = 0;

  constructor({ sink, onTruncated, atFileStart, insideLine }: LineSplitterOptions) {
    this.#sink = sink;
    this.#onTruncated = onTruncated ?? (() => {});
    this.#atFileStart = atFileStart ?? false;
    this.#passingOver = insideLine ?? false;
  }

  /** True while the next byte belongs to a line that was begun and is kept. */
  get isInsideLine(): boolean {
    return this.#length > 0;
  }

  /** Bytes of the line that was begun and is kept: the last ones that came. */
  get unfinishedBytes(): number {
    return this.#length;
  }

  /** True while the rest of a line that was too long is passed over. */
  get isPassingOver(): boolean {
    return this.#passingOver;
  }

  /** @param bytes the next bytes; not kept after the call. */
  push(bytes: Buffer, live: boolean): void {
    const start = this.#finishLine(bytes, live);
    const lastNewline = bytes.lastIndexOf(NEWLINE);
    if (lastNewline >= start) this.#deliverWhole(bytes, start, lastNewline + 1, live);
    this.#keep(bytes, Math.max(start, lastNewline + 1), bytes.length, live);
  }

  /** Nothing will follow: an unfinished line is handed on as a line. */
  giveUp(live: boolean): void {
    this.#passingOver = false;
    if (this.#length > 0) this.#deliverUnfinished(live);
  }

  /** Completes the unfinished line. @returns where the next line starts in `bytes`. */
  #finishLine(bytes: Buffer, live: boolean): number {
    if (!this.#passingOver && this.#length === 0) return 0;
    const newline = bytes.indexOf(NEWLINE);
    const end = newline === -1 ? bytes.length : newline;
    if (!this.#passingOver) this.#keep(bytes, 0, end, live);
    if (newline === -1) return end;
    if (this.#passingOver) this.#passingOver = false;
    else this.#deliverUnfinished(live);
    return newline + 1;
  }

  /** Adds a piece without a newline to the unfinished line, or cuts the line when it has grown too long. */
  #keep(bytes: Buffer, from: number, to: number, live: boolean): void {
    const start = this.#length === 0 ? skipNuls(bytes, from, to) : from;
    if (start >= to || this.#passingOver) return;
    const fitting = Math.min(to - start, MAX_LINE_BYTES - this.#length);
    this.#reserve(this.#length + fitting + 1);
    bytes.copy(this.#unfinished, this.#length, start, start + fitting);
    this.#length += fitting;
    if (start + fitting === to) return;
    this.#onTruncated();
    this.#deliverUnfinished(live);
    this.#passingOver = true;
  }

  #reserve(capacity: number): void {
    if (this.#unfinished.length >= capacity) return;
    const grown = Buffer.allocUnsafe(
      Math.min(Math.max(capacity, 2 * this.#unfinished.length, 512), MAX_LINE_BYTES + 1),
    );
    this.#unfinished.copy(grown, 0, 0, this.#length);
    this.#unfinished = grown;
  }

  #deliverUnfinished(live: boolean): void {
    const line = this.#unfinished;
    const end = this.#length;
    line[end] = NEWLINE;
    this.#length = 0;
    if (line.length > KEPT_CAPACITY) this.#unfinished = EMPTY;
    this.#deliver(line, 0, end + 1, live);
  }

  /** Whole lines; holes between them are left out. */
  #deliverWhole(bytes: Buffer, start: number, end: number, live: boolean): void {
    const nul = bytes.indexOf(0, start);
    if (nul === -1 || nul >= end) {
      this.#deliver(bytes, start, end, live);
      return;
    }
    let from = skipNuls(bytes, start, end);
    for (;;) {
      const newline = bytes.indexOf(NEWLINE_THEN_NUL, from);
      const to = newline === -1 || newline + 1 >= end ? end : newline + 1;
      this.#deliver(bytes, from, to, live);
      if (to === end) return;
      from = skipNuls(bytes, to, end);
    }
  }

  #deliver(bytes: Buffer, start: number, end: number, live: boolean): void {
    const marked = this.#atFileStart && bytes.subarray(start, start + 3).equals(BYTE_ORDER_MARK);
    this.#atFileStart = false;
    this.#sink.lines(bytes, marked ? start + 3 : start, end, live);
  }
}

function skipNuls(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at + BLOCK_BYTES <= to && areZero(bytes, at, at + BLOCK_BYTES)) at += BLOCK_BYTES;
  while (at < to && bytes[at] === 0) at++;
  return at;
}
