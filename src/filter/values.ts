/** Values of filters, told from text. Each answers with null where the text is not of the kind. */
import { parseDurationSeconds } from '../text/duration.ts';

const BYTES = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])(i?)b?|b)?$/i;
const POWERS: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4 };

/** `1M` is a million, `1Mi` or `1MiB` 1,048,576. */
export function parseBytes(text: string): number | null {
  const match = BYTES.exec(text);
  if (match === null) return null;
  const [, amount, unit, binary] = match;
  return Number(amount) * (binary ? 1024 : 1000) ** (unit === undefined ? 0 : (POWERS[unit.toLowerCase()] ?? 0));
}

/** As everywhere in gtop, and microseconds: `500us`. */
export function parseSeconds(text: string): number | null {
  const micro = /^(\d+(?:\.\d+)?)[uµμ]s$/.exec(text);
  return micro ? Number(micro[1]) / 1e6 : parseDurationSeconds(text);
}

export const parseNumber = (text: string): number | null => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null);

/** From and up to (exclusive): `404`, or `4xx`. */
export function parseStatus(text: string): { readonly from: number; readonly to: number } | null {
  const [, hundreds] = /^([1-5])xx$/i.exec(text) ?? [];
  if (hundreds !== undefined) return { from: Number(hundreds) * 100, to: Number(hundreds) * 100 + 100 };
  const code = parseNumber(text);
  return code === null ? null : { from: code, to: code + 1 };
}

/** A time of day or a moment; `precisionMs` is how much of time its text names: `14:03` a minute. */
export interface TimeValue {
  readonly isClock: boolean;
  /** Milliseconds since midnight, or epoch milliseconds. */
  readonly ms: number;
  readonly precisionMs: number;
}

const TIME =
  /^(?:(\d{4})-(\d\d)-(\d\d))?(?:(^|[T ])(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?(Z|[+-]\d\d:?\d\d)?$/i;
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

/** @param zone of a date that names none. */
export function parseTime(text: string, zone: 'local' | 'utc'): TimeValue | null {
  const match = TIME.exec(text);
  if (match === null || text === '') return null;
  const [, year, month, day, separator, hour, minute = '0', second, fraction, offset] = match;
  const precisionMs = fraction !== undefined ? 1 : second !== undefined ? 1000 : hour !== undefined ? MINUTE : DAY;
  const [h, min, s] = [Number(hour ?? 0), Number(minute), Number(second ?? 0)];
  const ms = Number((fraction ?? '').padEnd(3, '0'));
  if (h > 23 || min > 59 || s > 59) return null;
  const clockMs = h * HOUR + min * MINUTE + s * 1000 + ms;
  if (year === undefined) {
    return hour === undefined || separator !== '' || offset !== undefined
      ? null
      : { isClock: true, ms: clockMs, precisionMs };
  }
  if (separator === '') return null;
  const [y, mon, d] = [Number(year), Number(month) - 1, Number(day)];
  const isDate = new Date(Date.UTC(y, mon, d)).getUTCDate() === d && mon < 12;
  if (!isDate) return null;
  if (offset === undefined && zone === 'local') {
    return { isClock: false, ms: new Date(y, mon, d, h, min, s, ms).getTime(), precisionMs };
  }
  return { isClock: false, ms: Date.UTC(y, mon, d) + clockMs - offsetMs(offset), precisionMs };
}

function offsetMs(offset: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(offset ?? '') ?? [];
  const ms = Number(hours ?? 0) * HOUR + Number(minutes ?? 0) * MINUTE;
  return sign === '-' ? -ms : ms;
}

/** Offsets of a zone change on the quarter of an hour at most. */
const QUARTER_MS = 15 * MINUTE;

/** Milliseconds since midnight of moments, in a zone; the offset is asked for once a quarter of an hour. */
export function clockOf(zone: 'local' | 'utc'): (atMs: number) => number {
  let quarter = Number.NaN;
  let shiftMs = 0;
  return (atMs) => {
    if (zone === 'local' && Math.floor(atMs / QUARTER_MS) !== quarter) {
      quarter = Math.floor(atMs / QUARTER_MS);
      shiftMs = -new Date(quarter * QUARTER_MS).getTimezoneOffset() * MINUTE;
    }
    const inDay = (atMs + shiftMs) % DAY;
    return inDay < 0 ? inDay + DAY : inDay;
  };
}
