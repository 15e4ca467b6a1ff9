/** The table of atoms: what an atom's bytes look like, and where its value goes. One row to add one. */
import { digitsEnd, findByte, isAt, isDigit, MINUS, readDigits, SPACE } from './bytes.ts';
import type { Line } from './line.ts';
import { readStamp, STAMP_LENGTH } from './timestamp.ts';

/** A value whose bytes show where it ends. */
export interface ValueAtom {
  readonly kind: 'value';
  /** What stands here, for messages. */
  readonly expected: string;
  /** Reads the value at `start` into `values[index]` (NaN for none, written `-`). @returns its end, or -1. */
  readonly read: (bytes: Uint8Array, start: number, end: number, values: Float64Array, index: number) => number;
  /** Takes the value from where `read` put it: a number in a call would be allocated. */
  readonly store: (line: Line, values: Float64Array, index: number) => void;
}

/** Any text: it ends where what follows it in the format begins. */
export interface TextAtom {
  readonly kind: 'text';
  readonly expected: string;
  /** The last place where the text can end: that of the first byte that cannot be in it, or (`isHabit`) seldom is. */
  readonly limit?: (bytes: Uint8Array, start: number, end: number) => number;
  readonly isHabit?: boolean;
  /** Whether it may begin at a place, whatever follows, and end at one. */
  readonly beginsAt?: (bytes: Uint8Array, start: number, end: number) => boolean;
  readonly endsAt?: (bytes: Uint8Array, start: number, end: number) => boolean;
  readonly store: (line: Line, bytes: Buffer, start: number, end: number) => void;
}

export type Atom = ValueAtom | TextAtom;

const PLUS = 0x2b;
const DOT = 0x2e;
const COMMA = 0x2c;
const ZERO = 0x30;
const LESS = 0x3c;
const GREATER = 0x3e;
const LETTER_E = 0x65;
const NONE = Buffer.from('None');
const HTTP = Buffer.from(' HTTP/');
/** Bytes (`gunicorn/http/message.py`, parse_request_line). */
const LONGEST_METHOD = 20;

/** `-`, or Python's `None`. @returns the end, or -1 when the value is there. */
function absentEnd(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return -1;
  if (bytes[start] === MINUS) return start + 1;
  return isAt(bytes, start, end, NONE) ? start + NONE.length : -1;
}

/** Any number that Python's conversions d, s, f, e and g print: `12`, `+12`, `0.001619`, `1.619000e+03`. */
const readNumber: ValueAtom['read'] = (bytes, start, end, values, index) => {
  let at = start < end && (bytes[start] === PLUS || bytes[start] === SPACE) ? start + 1 : start;
  const first = at;
  let value = 0;
  while (at < end && isDigit(bytes[at])) value = value * 10 + (bytes[at++] - ZERO);
  if (at === first) {
    values[index] = Number.NaN;
    return absentEnd(bytes, start, end);
  }
  if (at + 1 < end && bytes[at] === DOT && isDigit(bytes[at + 1])) {
    let scale = 1;
    for (at++; at < end && isDigit(bytes[at]); at++) {
      value = value * 10 + (bytes[at] - ZERO);
      scale *= 10;
    }
    value /= scale;
  }
  if (at + 2 < end && (bytes[at] | 0x20) === LETTER_E && (bytes[at + 1] === PLUS || bytes[at + 1] === MINUS)) {
    const exponentEnd = digitsEnd(bytes, at + 2, end);
    if (exponentEnd > at + 2) {
      const exponent = readDigits(bytes, at + 2, exponentEnd);
      value *= 10 ** (bytes[at + 1] === MINUS ? -exponent : exponent);
      at = exponentEnd;
    }
  }
  values[index] = value;
  return at;
};

const readStatus: ValueAtom['read'] = (bytes, start, end, values, index) => {
  if (start + 3 <= end && isDigit(bytes[start]) && isDigit(bytes[start + 1]) && isDigit(bytes[start + 2])) {
    values[index] = readDigits(bytes, start, start + 3);
    return start + 3 < end && isDigit(bytes[start + 3]) ? -1 : start + 3;
  }
  values[index] = Number.NaN;
  return absentEnd(bytes, start, end);
};

/** `<26190>`. */
const readPid: ValueAtom['read'] = (bytes, start, end, values, index) => {
  const first = bytes[start] === LESS ? start + 1 : start;
  const at = digitsEnd(bytes, first, end);
  values[index] = readDigits(bytes, first, at);
  if (at === first) return absentEnd(bytes, start, end);
  if (first === start) return at;
  return at < end && bytes[at] === GREATER ? at + 1 : -1;
};

const readTime: ValueAtom['read'] = (bytes, start, end, values, index) => {
  const atMs = readStamp(bytes, start, end);
  values[index] = atMs;
  return Number.isNaN(atMs) ? -1 : start + STAMP_LENGTH;
};

const text = (expected: string, store: TextAtom['store']): TextAtom => ({ kind: 'text', expected, store });

/** It holds none of certain bytes. */
const word = (expected: string, limit: TextAtom['limit'], store: TextAtom['store']): TextAtom => ({
  ...text(expected, store),
  ...(limit && { limit }),
});

/** Gunicorn splits a request line at its blanks (`gunicorn/http/message.py`, parse_request_line). */
function firstBlank(bytes: Uint8Array, start: number, end: number): number {
  const blank = findByte(bytes, SPACE, start, end);
  return blank === -1 ? end : blank;
}

/** Methods and protocols: letters, digits, and a few signs that separate nothing. */
function tokenEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && IS_TOKEN[bytes[at]] === 1) at++;
  return at;
}

const bytesOf = (pattern: RegExp): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => (pattern.test(String.fromCharCode(byte)) ? 1 : 0));
const IS_TOKEN = bytesOf(/[\w.+/-]/);
const IS_ADDRESS = bytesOf(/[\w.:%/[\]-]/);

/** An address, or a list of them: no blank but behind a comma. */
function addressesEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (;;) {
    while (at < end && IS_ADDRESS[bytes[at]] === 1) at++;
    if (at + 1 >= end || bytes[at] !== COMMA || bytes[at + 1] !== SPACE) return at;
    at += 2;
  }
}

/** Where a method ends; far behind the longest there is, it is none. */
const methodEnd = (bytes: Uint8Array, start: number, end: number): number =>
  tokenEnd(bytes, start, Math.min(end, start + LONGEST_METHOD + 1));

/** `GET `. */
const beginsRequest: TextAtom['beginsAt'] = (bytes, start, end) => {
  const behind = methodEnd(bytes, start, end);
  return behind > start && behind < end && bytes[behind] === SPACE;
};

/** A method, a blank, a target, a blank and `HTTP/1.1` or `HTTP/2`. */
const isRequest: TextAtom['endsAt'] = (bytes, start, end) => {
  if (end - start < HTTP.length + 3 || !isDigit(bytes[end - 1])) return false;
  const digits = bytes[end - 2] === DOT && isDigit(bytes[end - 3]) ? end - 3 : end - 1;
  const protocol = digits - HTTP.length;
  if (!isAt(bytes, protocol, end, HTTP)) return false;
  const method = methodEnd(bytes, start, end);
  return method > start && bytes[method] === SPACE && protocol > method + 1;
};

const value = (expected: string, read: ValueAtom['read'], store: ValueAtom['store']): ValueAtom => ({
  kind: 'value',
  expected,
  read,
  store,
});

const setReferrer: TextAtom['store'] = (line, bytes, start, end) => {
  line.showsClient = true;
  line.referrer = line.optional(bytes, start, end);
};

const setUserAgent: TextAtom['store'] = (line, bytes, start, end) => {
  line.showsClient = true;
  line.userAgent = line.optional(bytes, start, end);
};

const setBytes: ValueAtom['store'] = (line, values, index) => {
  line.setBytes(values[index]);
};

/** A duration of which so many make a second. */
const secondsPer =
  (perSecond: number): ValueAtom['store'] =>
  (line, values, index) =>
    line.setSeconds(values[index] / perSecond);

export const ATOMS: Readonly<Record<string, Atom>> = {
  h: {
    ...word('an address', addressesEnd, (line, bytes, start, end) => {
      // Empty behind a unix socket: there the proxy's word counts, if the format has it.
      line.address = line.optional(bytes, start, end) ?? line.address;
    }),
    isHabit: true,
  },
  // Gunicorn prints `-`, other servers a name of the machine's user: no blank in either.
  l: { ...word('a value', firstBlank, () => {}), isHabit: true },
  u: text('a user', (line, bytes, start, end) => {
    line.user = line.optional(bytes, start, end);
  }),
  t: value('a time such as [21/Nov/2026:02:04:27 +0000]', readTime, (line, values, index) => {
    line.atMs = values[index];
  }),
  r: {
    ...text('a request line', (line, bytes, start, end) => line.setRequest(bytes, start, end)),
    beginsAt: beginsRequest,
    endsAt: isRequest,
  },
  m: word('a method', tokenEnd, (line, bytes, start, end) => {
    line.method = line.optional(bytes, start, end);
  }),
  U: text('a path', (line, bytes, start, end) => line.setPath(bytes, start, end)),
  q: word('a query', firstBlank, (line, bytes, start, end) => line.setQuery(bytes, start, end)),
  H: word('a protocol', tokenEnd, (line, bytes, start, end) => {
    line.protocol = line.optional(bytes, start, end);
  }),
  s: value('a status of three digits', readStatus, (line, values, index) => {
    line.status = values[index];
  }),
  B: value('a number of bytes', readNumber, setBytes),
  b: value('a number of bytes', readNumber, setBytes),
  f: text('a referrer', setReferrer),
  '{referer}i': text('a referrer', setReferrer),
  a: text('a user agent', setUserAgent),
  '{user-agent}i': text('a user agent', setUserAgent),
  D: value('microseconds', readNumber, secondsPer(1e6)),
  M: value('milliseconds', readNumber, secondsPer(1e3)),
  T: value('seconds', readNumber, secondsPer(1)),
  L: value('seconds with six decimals', readNumber, secondsPer(1)),
  p: value('a pid such as <26190>', readPid, (line, values, index) => {
    line.setWorker(values[index]);
  }),
  '{x-forwarded-for}i': text('an address', (line, bytes, start, end) => {
    // A list, the client first. It stands for the client where the format has no %(h)s of its own.
    const comma = findByte(bytes, COMMA, start, end);
    line.address ??= line.optional(bytes, start, comma === -1 ? end : comma);
  }),
};

/** An atom that gtop has no use for, or that Gunicorn does not know. */
export const OTHER_ATOM: TextAtom = text('a value', () => {});

/** Durations from fine to coarse, with their units: of several in one format the finest counts. */
export const DURATION_ATOMS = [
  { name: 'D', unit: 'microseconds' },
  { name: 'L', unit: 'seconds' },
  { name: 'M', unit: 'milliseconds' },
  { name: 'T', unit: 'seconds' },
] as const;
