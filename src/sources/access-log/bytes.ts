/**
 * Small readings of bytes that all parsers of access lines share. None looks beyond `end`: `Buffer.indexOf` would search
 * the rest of the chunk whenever a line lacks what is looked for, and make a chunk of short lines cost its square.
 */

export const SPACE = 0x20;
export const QUOTE = 0x22;
export const MINUS = 0x2d;
export const BACKSLASH = 0x5c;

export const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** Offset of the last such byte in [start, end), or -1. */
export function findLastByte(bytes: Uint8Array, byte: number, start: number, end: number): number {
  for (let index = end - 1; index >= start; index--) if (bytes[index] === byte) return index;
  return -1;
}

/** Whether `expected` stands at `offset`, before `end`. */
export function isAt(bytes: Uint8Array, offset: number, end: number, expected: Uint8Array): boolean {
  if (offset + expected.length > end) return false;
  for (let index = 0; index < expected.length; index++) if (bytes[offset + index] !== expected[index]) return false;
  return true;
}

/** Whether [start, end) holds exactly the bytes of `expected`. */
export const isExactly = (bytes: Uint8Array, start: number, end: number, expected: Uint8Array): boolean =>
  end - start === expected.length && isAt(bytes, start, end, expected);

/** End of the run of digits that begins at `start`. */
export function digitsEnd(bytes: Uint8Array, start: number, end: number): number {
  let index = start;
  while (index < end && isDigit(bytes[index])) index++;
  return index;
}

/** The number that the digits of [start, end) make, which the caller has checked to be digits; NaN of none. */
export function readDigits(bytes: Uint8Array, start: number, end: number): number {
  let value = start < end ? 0 : Number.NaN;
  for (let index = start; index < end; index++) value = value * 10 + (bytes[index] - 0x30);
  return value;
}

/** A whole number from 0 to `most`; NaN for anything else: one damaged line would spoil every sum for good. */
export const wholeUpTo = (value: number, most: number): number =>
  value >= 0 && value <= most && Number.isInteger(value) ? value : Number.NaN;

let viewed: Uint8Array | null = null;
let view: DataView = new DataView(new ArrayBuffer(0));

/**
 * A view of the buffer, to read it by words. The one that was asked for last is kept: lines come in chunks, and their
 * reader uses the same buffer again and again.
 */
export function viewOf(bytes: Uint8Array): DataView {
  if (bytes !== viewed) {
    viewed = bytes;
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  return view;
}

/** Offset of the first such byte in [start, end), or -1. It looks at four bytes at once: most of a line is searched. */
export function findByte(bytes: Uint8Array, byte: number, start: number, end: number): number {
  let at = start;
  if (end - start >= 8) {
    const view = viewOf(bytes);
    const pattern = Math.imul(byte, 0x01010101);
    for (const last = end - 4; at <= last; at += 4) {
      // A byte of zero borrows from the bit above it: `((x - 1…) & ~x & 0x80…)` is zero without one.
      const difference = view.getInt32(at, true) ^ pattern;
      if (((difference - 0x01010101) & ~difference & 0x80808080) !== 0) break;
    }
  }
  for (; at < end; at++) if (bytes[at] === byte) return at;
  return -1;
}
