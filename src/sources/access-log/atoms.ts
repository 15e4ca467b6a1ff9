/** The table of atoms: what an atom's bytes look like, and where its value goes. One row to add one. */
import { digitsEnd, isDigit, type Line, readNumber } from './line.ts';
import { isStampAt, STAMP_LENGTH, type StampReader } from './timestamp.ts';

export interface Atom {
  /** What stands here, for messages. */
  readonly expected: string;
  /**
   * For values whose bytes show where they end: that end, or -1 when there is no such value at `start`. Values of any
   * text have none: they end where the literal behind them begins.
   */
  readonly end?: (bytes: Buffer, start: number, end: number) => number;
  readonly store?: (line: Line, bytes: Buffer, start: number, end: number, stamps: StampReader) => void;
}

const NOTHING = 0x2d;

/** Digits, with a fraction perhaps, or `-`. */
function numberEnd(bytes: Buffer, start: number, end: number): number {
  if (start < end && bytes[start] === NOTHING && !isDigit(bytes[start + 1] ?? 0)) return start + 1;
  let index = digitsEnd(bytes, start, end);
  if (index === start) return -1;
  if (bytes[index] === 0x2e && index + 1 < end && isDigit(bytes[index + 1])) index = digitsEnd(bytes, index + 1, end);
  return index;
}

function statusEnd(bytes: Buffer, start: number, end: number): number {
  const index = digitsEnd(bytes, start, end);
  if (index - start === 3) return index;
  return start < end && bytes[start] === NOTHING ? start + 1 : -1;
}

/** `<26190>`. */
function pidEnd(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] !== 0x3c) return numberEnd(bytes, start, end);
  const index = digitsEnd(bytes, start + 1, end);
  return index > start + 1 && bytes[index] === 0x3e ? index + 1 : -1;
}

const duration =
  (perSecond: number): Atom['store'] =>
  (line, bytes, start, end) => {
    line.setSeconds(readNumber(bytes, start, end) / perSecond);
  };

const number = (expected: string, store?: Atom['store']): Atom => ({
  expected,
  end: numberEnd,
  ...(store ? { store } : {}),
});

const text = (expected: string, store?: Atom['store']): Atom => ({ expected, ...(store ? { store } : {}) });

const storeBytes: Atom['store'] = (line, bytes, start, end) => {
  line.bytes = readNumber(bytes, start, end);
};

const storePath: Atom['store'] = (line, bytes, start, end) => {
  // %(r)s has the target as it was sent; %(U)s is decoded and says None where Gunicorn had no request.
  if (line.target !== null) return;
  const path = line.optional(bytes, start, end);
  if (path !== 'None') {
    line.path = path;
    line.target = path;
  }
};

export const ATOMS: Readonly<Record<string, Atom>> = {
  h: text('an address', (line, bytes, start, end) => {
    line.address = line.optional(bytes, start, end);
  }),
  l: text('-'),
  u: text('a user', (line, bytes, start, end) => {
    line.user = line.optional(bytes, start, end);
  }),
  t: {
    expected: 'a time such as [21/Nov/2026:02:04:27 +0000]',
    end: (bytes, start, end) => (isStampAt(bytes, start, end) ? start + STAMP_LENGTH : -1),
    store: (line, bytes, start, end, stamps) => {
      line.atMs = stamps.read(bytes, start, end);
    },
  },
  r: text('a request line', (line, bytes, start, end) => line.setRequest(bytes, start, end)),
  m: text('a method', (line, bytes, start, end) => {
    line.method = line.optional(bytes, start, end);
  }),
  U: text('a path', storePath),
  q: text('a query', (line, bytes, start, end) => {
    if (end > start && line.path !== null && line.target === line.path) {
      line.target = `${line.path}?${line.text(bytes, start, end)}`;
    }
  }),
  H: text('a protocol', (line, bytes, start, end) => {
    line.protocol = line.optional(bytes, start, end);
  }),
  s: {
    expected: 'a status of three digits',
    end: statusEnd,
    store: (line, bytes, start, end) => {
      line.status = readNumber(bytes, start, end);
    },
  },
  B: number('a number of bytes', storeBytes),
  b: number('a number of bytes', storeBytes),
  f: text('a referrer', (line, bytes, start, end) => {
    line.referrer = line.optional(bytes, start, end);
  }),
  a: text('a user agent', (line, bytes, start, end) => {
    line.userAgent = line.optional(bytes, start, end);
  }),
  D: number('microseconds', duration(1e6)),
  M: number('milliseconds', duration(1e3)),
  T: number('seconds', duration(1)),
  L: number('seconds with six decimals', duration(1)),
  p: {
    expected: 'a pid such as <26190>',
    end: pidEnd,
    store: (line, bytes, start, end) => {
      const bracket = bytes[start] === 0x3c ? 1 : 0;
      line.worker = readNumber(bytes, start + bracket, end - bracket) || 0;
    },
  },
  '{x-forwarded-for}i': text('an address', (line, bytes, start, end) => {
    // A list, the client first. It stands for the client where the format has no %(h)s of its own.
    const comma = bytes.indexOf(0x2c, start);
    line.address ??= line.optional(bytes, start, comma === -1 || comma > end ? end : comma);
  }),
  '{referer}i': text('a referrer', (line, bytes, start, end) => {
    line.referrer = line.optional(bytes, start, end);
  }),
  '{user-agent}i': text('a user agent', (line, bytes, start, end) => {
    line.userAgent = line.optional(bytes, start, end);
  }),
};

/** An atom that gtop has no use for, or that Gunicorn does not know. */
export const OTHER_ATOM: Atom = text('a value');

/** Durations from fine to coarse, with their units: of several in one format the finest counts. */
export const DURATION_ATOMS = [
  { name: 'D', unit: 'microseconds' },
  { name: 'L', unit: 'seconds' },
  { name: 'M', unit: 'milliseconds' },
  { name: 'T', unit: 'seconds' },
] as const;
