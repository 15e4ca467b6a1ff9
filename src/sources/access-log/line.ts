/** One access line on its way from bytes to AccessRecord, and the reading of the values that all formats share. */
import type { AccessRecord } from '../../model/facts.ts';
import type { DurationUnit } from '../../model/snapshot.ts';
import { findByte, findLastByte, isAt, isExactly, MINUS, SPACE, wholeUpTo } from './bytes.ts';
import { decode, decodeEscaped } from './decode.ts';
import { Interner } from './interner.ts';

const QUESTION = 0x3f;
const HASH = 0x23;
const COLON = 0x3a;
const SLASH = 0x2f;
const HTTP = Buffer.from('HTTP/');
const NONE = Buffer.from('None');

/** How many of a unit make a second. */
export const PER_SECOND: Readonly<Record<DurationUnit, number>> = { microseconds: 1e6, milliseconds: 1e3, seconds: 1 };

/** A clock that stepped back makes Gunicorn's durations wrap at 24 h: they come out just below a day. */
const WRAPPED_SECONDS = 86_390;
/** A pebibyte: no body is longer. */
const MOST_BYTES = 2 ** 50;
/** A process id is a signed number of 32 bits, whatever the system. */
const MOST_PID = 2 ** 31 - 1;
/** `gunicorn/workers/base.py`, handle_error restarts the clock: such a line claims a millisecond or so. */
const MADE_UP_SECONDS = 0.02;

/** Texts in which a quote is written `\"`, as Gunicorn does. Shared by all parsers of the thread. */
export const ESCAPED = new Interner(decodeEscaped);
/** Texts that stand as they are. */
export const PLAIN = new Interner(decode);

/** A flyweight: one object for all lines of a parser. */
export class Line implements AccessRecord {
  atMs = Number.NaN;
  method: string | null = null;
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
  /** The whole line, where that was asked for. */
  raw: string | null = null;

  /** What kind of line it is: `combined`, `json`, … or a format string. */
  shape = '';
  /** The name of the field that `seconds` or `unitless` is from; null without one. */
  durationName: string | null = null;
  /** The unit of that field; null when neither the format nor the line tells. */
  unit: DurationUnit | null = null;
  /** Nobody said that this is the unit: it follows from how the number is written. */
  unitAssumed = false;
  /** A whole-number duration whose unit nobody has told; NaN when there is none. */
  unitless = Number.NaN;
  /** Whole seconds that stand before that in a pair (`%(T)s/%(D)s`); NaN when nothing does. */
  pairedSeconds = Number.NaN;
  /** The line has a field for the referrer or the user agent. */
  showsClient = false;
  /** `%(U)s` says `None`: Gunicorn wrote the line without asking the application. */
  saysNone = false;
  strings = ESCAPED;
  #target: string | null = null;
  /** Where a target with a query stands that nobody has asked for; null without. */
  #targetBytes: Buffer | null = null;
  #targetStart = 0;
  #targetEnd = 0;

  /**
   * Decoded when it is asked for: a target with its query is rarely the same twice. Valid until the next line, as all of
   * the record; `{ ...record }` does not copy it.
   */
  get target(): string | null {
    if (this.#targetBytes !== null) {
      this.#target = this.strings.decode(this.#targetBytes, this.#targetStart, this.#targetEnd);
      this.#targetBytes = null;
    }
    return this.#target;
  }

  set target(target: string | null) {
    this.#target = target;
    this.#targetBytes = null;
  }

  /** The target stands in [start, end). */
  deferTarget(bytes: Buffer, start: number, end: number): void {
    this.#targetBytes = bytes;
    this.#targetStart = start;
    this.#targetEnd = end;
  }

  /** Forgets the line before. */
  reset(shape: string, strings: Interner): void {
    this.atMs = Number.NaN;
    this.method = null;
    this.#target = null;
    this.#targetBytes = null;
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
    this.shape = shape;
    this.durationName = null;
    this.unit = null;
    this.unitAssumed = false;
    this.unitless = Number.NaN;
    this.pairedSeconds = Number.NaN;
    this.showsClient = false;
    this.saysNone = false;
    this.strings = strings;
  }

  copy(): Line {
    const copy = Object.assign(new Line(), this);
    copy.target = this.target;
    return copy;
  }

  text(bytes: Buffer, start: number, end: number): string {
    return this.strings.text(bytes, start, end);
  }

  /** Text, or null for the empty string and for `-`, Gunicorn's word for a value that is not there. */
  optional(bytes: Buffer, start: number, end: number): string | null {
    const length = end - start;
    return length === 0 || (length === 1 && bytes[start] === MINUS) ? null : this.text(bytes, start, end);
  }

  /** `%(r)s`: `METHOD target PROTOCOL`; what is not of this form stays whole as the target. */
  setRequest(bytes: Buffer, start: number, end: number): void {
    const first = findByte(bytes, SPACE, start, end);
    const last = findLastByte(bytes, SPACE, start, end);
    const hasProtocol = last > first && isAt(bytes, last + 1, end, HTTP);
    // Without a protocol only `GET /path` is a request; anything else is what a scanner sent instead of one.
    if (first <= start || !(hasProtocol || bytes[first + 1] === SLASH)) {
      this.path = this.optional(bytes, start, end);
      this.#target = this.path;
      return;
    }
    this.method = this.text(bytes, start, first);
    if (hasProtocol) this.protocol = this.text(bytes, last + 1, end);
    this.setTarget(bytes, first + 1, hasProtocol ? last : end);
  }

  /** A request target as sent: origin form, absolute form (`http://host/path`) or `*`. */
  setTarget(bytes: Buffer, start: number, end: number): void {
    const query = findByte(bytes, QUESTION, start, end);
    const fragment = findByte(bytes, HASH, start, query === -1 ? end : query);
    const pathEnd = fragment !== -1 ? fragment : query !== -1 ? query : end;
    const pathStart = bytes[start] === SLASH ? start : pathStartOfAbsolute(bytes, start, pathEnd);
    this.path = this.text(bytes, pathStart, pathEnd);
    if (pathStart === start && pathEnd === end) this.target = this.path;
    else this.deferTarget(bytes, start, end);
  }

  /** `%(U)s`: decoded, without the query. `%(r)s` has the target as it was sent, and goes before it. */
  setPath(bytes: Buffer, start: number, end: number): void {
    this.saysNone = isExactly(bytes, start, end, NONE);
    if (this.target !== null || this.saysNone) return;
    this.path = this.optional(bytes, start, end);
    this.target = this.path;
  }

  /** `%(q)s`, which belongs to a path of `%(U)s`. */
  setQuery(bytes: Buffer, start: number, end: number): void {
    if (end > start && this.path !== null && this.target === this.path) {
      this.target = `${this.path}?${this.text(bytes, start, end)}`;
    }
  }

  setBytes(bytes: number): void {
    this.bytes = wholeUpTo(bytes, MOST_BYTES);
  }

  setWorker(pid: number): void {
    this.worker = wholeUpTo(pid, MOST_PID) || 0;
  }

  setSeconds(seconds: number): void {
    this.seconds = seconds >= WRAPPED_SECONDS || seconds < 0 ? Number.NaN : seconds;
  }

  /**
   * Marks a line whose duration Gunicorn made up: an unhandled exception or a killed request, logged with status 500,
   * without bytes, and with nothing of the client. A framework's own error page has bytes and the true duration. Where
   * the format shows neither client nor `%(U)s`, nothing proves it and the duration counts.
   */
  judge(): void {
    this.excluded =
      this.status === 500 &&
      this.bytes === 0 &&
      this.seconds < MADE_UP_SECONDS &&
      (this.saysNone || (this.showsClient && this.referrer === null && this.userAgent === null));
  }
}

/** Where the path of `scheme://host/path` begins; `start` when it is not of that form. */
function pathStartOfAbsolute(bytes: Buffer, start: number, end: number): number {
  const colon = findByte(bytes, COLON, start, end);
  if (colon === -1 || bytes[colon + 1] !== SLASH || bytes[colon + 2] !== SLASH) return start;
  const slash = findByte(bytes, SLASH, colon + 3, end);
  return slash === -1 ? start : slash;
}
