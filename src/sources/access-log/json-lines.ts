/** Access logs with one JSON object a line. */

import { BACKSLASH, digitsEnd, findByte, readDigits, wholeUpTo } from './bytes.ts';
import { combinedLines } from './combined-lines.ts';
import { fieldIndex, type JsonKey } from './json-keys.ts';
import { JsonScanner } from './json-scanner.ts';
import { type Line, PER_SECOND, PLAIN } from './line.ts';
import { prefixOf } from './prefix.ts';
import { readStamp } from './timestamp.ts';

const [
  TIME,
  REQUEST,
  METHOD,
  PATH,
  QUERY,
  PROTOCOL,
  STATUS,
  BYTES,
  ADDRESS,
  USER,
  REFERRER,
  AGENT,
  WORKER,
  LINE,
  DURATION,
] = (
  [
    'time',
    'request',
    'method',
    'path',
    'query',
    'protocol',
    'status',
    'bytes',
    'address',
    'user',
    'referrer',
    'userAgent',
    'worker',
    'line',
    'duration',
  ] as const
).map(fieldIndex);
const LESS = 0x3c;
const MOST_STATUS = 999;
/** What epoch numbers are in, by their size: nanoseconds, microseconds, milliseconds, seconds. */
const EPOCH_UNITS = [
  { above: 1e17, perMs: 1e6 },
  { above: 1e14, perMs: 1e3 },
  { above: 1e11, perMs: 1 },
  { above: 0, perMs: 1e-3 },
];

/** Text between quotes. Not every backslash in it is JSON's: then only the quotes are unescaped. */
function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text.replaceAll('\\"', '"');
  }
}

/** Epoch milliseconds of a time as Gunicorn, ISO 8601 or Python's logging (with a comma, in local time) prints it. */
function timeOf(text: string): number {
  const stamp = Buffer.from(text.startsWith('[') ? text : `[${text}]`);
  const stampMs = readStamp(stamp, 0, stamp.length);
  if (!Number.isNaN(stampMs)) return stampMs;
  if (/^\d+(?:\.\d+)?$/.test(text)) {
    const value = Number(text);
    return value / (EPOCH_UNITS.find(({ above }) => value > above)?.perMs ?? Number.NaN);
  }
  const iso = text.replace(/^\[|\]$/g, '').replace(',', '.');
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(iso) ? Date.parse(iso) : Number.NaN;
}

/** The values of one object, on their way into a line. */
class JsonValues {
  readonly scanner = new JsonScanner();
  #bytes: Buffer = Buffer.alloc(0);
  #lastTime = '';
  #lastMs = Number.NaN;

  scan(bytes: Buffer, start: number, end: number): boolean {
    this.#bytes = bytes;
    return this.scanner.scan(bytes, start, end);
  }

  key(field: number): JsonKey | null {
    return this.scanner.keys[field];
  }

  /** Text of a value; null for what is not there. */
  text(line: Line, field: number): string | null {
    if (this.key(field) === null) return null;
    const start = this.scanner.starts[field];
    const end = this.scanner.ends[field];
    const text = line.optional(this.#bytes, start, end);
    if (text === null || text === 'null') return null;
    return findByte(this.#bytes, BACKSLASH, start, end) === -1 ? text : unescaped(text);
  }

  /** The bytes of a text, with nothing escaped in them. */
  encoded(line: Line, field: number, use: (bytes: Buffer, start: number, end: number) => void): boolean {
    if (this.key(field) === null) return false;
    const start = this.scanner.starts[field];
    const end = this.scanner.ends[field];
    if (findByte(this.#bytes, BACKSLASH, start, end) === -1) use(this.#bytes, start, end);
    else {
      const text = Buffer.from(this.text(line, field) ?? '');
      use(text, 0, text.length);
    }
    return true;
  }

  /** A number, quoted or not, `<26190>` too; NaN for what is none. */
  number(field: number): number {
    if (this.key(field) === null) return Number.NaN;
    let start = this.scanner.starts[field];
    let end = this.scanner.ends[field];
    if (this.#bytes[start] === LESS) {
      start++;
      end--;
    }
    if (start < end && digitsEnd(this.#bytes, start, end) === end) return readDigits(this.#bytes, start, end);
    const text = this.#bytes.toString('latin1', start, end).trim();
    return text === '' ? Number.NaN : Number(text);
  }

  /** Whether a number is written without a fraction. */
  isWhole(field: number): boolean {
    return digitsEnd(this.#bytes, this.scanner.starts[field], this.scanner.ends[field]) === this.scanner.ends[field];
  }

  timeMs(line: Line): number {
    const text = this.text(line, TIME);
    if (text === null) return Number.NaN;
    if (text !== this.#lastTime) {
      this.#lastTime = text;
      this.#lastMs = timeOf(text);
    }
    return this.#lastMs;
  }
}

/** @returns a reader as in readers.ts. */
export function jsonLines(): (line: Line, bytes: Buffer, start: number, end: number) => string | null {
  const values = new JsonValues();
  const readWhole = combinedLines();

  /** A whole access line in one of the values. */
  const readInner = (line: Line): string | null => {
    const text = Buffer.from(values.text(line, LINE)?.trimEnd() ?? '');
    const atMs = values.timeMs(line);
    const prefix = prefixOf(text, 0, text.length);
    const reason = readWhole(line, text, prefix?.length ?? 0, text.length);
    if (reason !== null) return 'column 1: expected a JSON object with a request and its status';
    line.shape = `json with ${line.shape} lines`;
    if (Number.isNaN(line.atMs)) line.atMs = atMs;
    line.worker ||= prefix?.worker ?? 0;
    if (line.worker === 0) line.setWorker(values.number(WORKER));
    return null;
  };

  return (line, bytes, start, end) => {
    line.reset('json', PLAIN);
    if (!values.scan(bytes, start, end)) {
      const { offset, expected } = values.scanner.failure;
      return `column ${offset - start + 1}: expected ${expected}`;
    }
    line.status = wholeUpTo(values.number(STATUS), MOST_STATUS);
    const hasRequest = values.encoded(line, REQUEST, (text, from, to) => line.setRequest(text, from, to));
    if (!hasRequest) setTargetOf(line, values);
    if (line.path === null && Number.isNaN(line.status)) return readInner(line);

    line.atMs = values.timeMs(line);
    line.setBytes(values.number(BYTES));
    line.address = values.text(line, ADDRESS);
    line.user = values.text(line, USER);
    line.referrer = values.text(line, REFERRER);
    line.userAgent = values.text(line, AGENT);
    line.showsClient = values.key(REFERRER) !== null || values.key(AGENT) !== null;
    line.setWorker(values.number(WORKER));
    setDurationOf(line, values);
    line.judge();
    return null;
  };
}

function setTargetOf(line: Line, values: JsonValues): void {
  line.method = values.text(line, METHOD);
  line.protocol = values.text(line, PROTOCOL);
  values.encoded(line, PATH, (text, from, to) => {
    if (text.toString('latin1', from, to) === 'None') line.saysNone = true;
    else line.setTarget(text, from, to);
  });
  const query = values.text(line, QUERY);
  if (query !== null && line.target !== null && line.target === line.path) {
    line.target += `?${query.replace(/^\?/, '')}`;
  }
}

function setDurationOf(line: Line, values: JsonValues): void {
  const key = values.key(DURATION);
  if (key === null) return;
  const amount = values.number(DURATION);
  line.durationName = key.name;
  if (key.unit !== null) {
    line.unit = key.unit;
    line.setSeconds(amount / PER_SECOND[key.unit]);
  } else if (values.isWhole(DURATION)) line.unitless = amount;
  else {
    // A fraction is one of seconds: Gunicorn prints no other (`%(L)s`).
    line.unit = 'seconds';
    line.unitAssumed = true;
    line.setSeconds(amount);
  }
}
