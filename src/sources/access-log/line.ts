/** One access line on its way from bytes to AccessRecord, and the reading of the values that all formats share. */
import type { AccessRecord } from '../../model/facts.ts';
import { decode, Interner } from './interner.ts';

const SPACE = 0x20;
const QUESTION = 0x3f;
const HASH = 0x23;
const MINUS = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;

/** A clock that stepped back makes Gunicorn's durations wrap at 24 h: they come out just below a day. */
const WRAPPED_SECONDS = 86_390;
/** `gunicorn/workers/base.py`, handle_error restarts the clock: such a line claims a millisecond or so. */
const MADE_UP_SECONDS = 0.02;

/** A flyweight: one object for all lines of a parser. */
export class Line implements AccessRecord {
  atMs = Number.NaN;
  method: string | null = null;
  target: string | null = null;
  path: string | null = null;
  protocol: string | null = null;
  status = Number.NaN;
  bytes = Number.NaN;
  seconds = Number.NaN;
  address: string | null = null;
  user: string | null = null;
  referrer: string | null = null;
  userAgent: string | null = null;
  worker = 0;
  excluded = false;
  /** A whole-number duration whose unit nobody has told; NaN when there is none. */
  unitless = Number.NaN;
  readonly #interner = new Interner();

  reset(): void {
    this.atMs = Number.NaN;
    this.method = null;
    this.target = null;
    this.path = null;
    this.protocol = null;
    this.status = Number.NaN;
    this.bytes = Number.NaN;
    this.seconds = Number.NaN;
    this.address = null;
    this.user = null;
    this.referrer = null;
    this.userAgent = null;
    this.worker = 0;
    this.excluded = false;
    this.unitless = Number.NaN;
  }

  text(bytes: Buffer, start: number, end: number): string {
    return this.#interner.text(bytes, start, end);
  }

  /** Text, or null for the empty string and for `-`, Gunicorn's word for a value that is not there. */
  optional(bytes: Buffer, start: number, end: number): string | null {
    const length = end - start;
    return length === 0 || (length === 1 && bytes[start] === MINUS) ? null : this.text(bytes, start, end);
  }

  /** `%(r)s`: `METHOD target PROTOCOL`; what is not of this form stays whole as the target. */
  setRequest(bytes: Buffer, start: number, end: number): void {
    const first = bytes.indexOf(SPACE, start);
    const last = bytes.lastIndexOf(SPACE, end - 1);
    if (first <= start || first >= end || last <= first) {
      const whole = this.optional(bytes, start, end);
      this.target = whole;
      this.path = whole;
      return;
    }
    this.method = this.text(bytes, start, first);
    this.protocol = this.text(bytes, last + 1, end);
    this.setTarget(bytes, first + 1, last);
  }

  /** A request target as sent: origin form, absolute form (`http://host/path`) or `*`. */
  setTarget(bytes: Buffer, start: number, end: number): void {
    let pathEnd = start;
    while (pathEnd < end && bytes[pathEnd] !== QUESTION && bytes[pathEnd] !== HASH) pathEnd++;
    const pathStart = bytes[start] === SLASH ? start : pathStartOfAbsolute(bytes, start, pathEnd);
    this.path = this.text(bytes, pathStart, pathEnd);
    this.target = pathStart === start && pathEnd === end ? this.path : decode(bytes, start, end);
  }

  setSeconds(seconds: number): void {
    this.seconds = seconds >= WRAPPED_SECONDS || seconds < 0 ? Number.NaN : seconds;
  }

  /**
   * Marks a line whose duration Gunicorn made up: an unhandled exception or a killed request, logged without bytes,
   * referrer and agent (a format may have neither). A framework's own error page has bytes and the true duration.
   */
  judge(): void {
    this.excluded =
      this.status === 500 &&
      this.bytes === 0 &&
      this.referrer === null &&
      this.userAgent === null &&
      this.seconds < MADE_UP_SECONDS;
  }
}

/** Where the path of `scheme://host/path` begins; `start` when it is not of that form. */
function pathStartOfAbsolute(bytes: Buffer, start: number, end: number): number {
  for (let index = start; index + 2 < end; index++) {
    if (bytes[index] !== 0x3a) continue;
    if (bytes[index + 1] !== SLASH || bytes[index + 2] !== SLASH) return start;
    const slash = bytes.indexOf(SLASH, index + 3);
    return slash === -1 || slash >= end ? start : slash;
  }
  return start;
}

export const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** End of the run of digits that begins at `start`. */
export function digitsEnd(bytes: Buffer, start: number, end: number): number {
  let index = start;
  while (index < end && isDigit(bytes[index])) index++;
  return index;
}

/** A decimal number of the form `123` or `1.250000`; NaN for anything else, `-` included. */
export function readNumber(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  let scale = 0;
  if (start >= end) return Number.NaN;
  for (let index = start; index < end; index++) {
    const byte = bytes[index];
    if (isDigit(byte)) {
      value = value * 10 + (byte - 0x30);
      scale *= 10;
    } else if (byte === DOT && scale === 0 && index > start) scale = 1;
    else return Number.NaN;
  }
  return scale > 1 ? value / scale : value;
}
