/**
 * The time stamp of `%(t)s`: `[21/Nov/2026:02:04:27 +0000]`, always 28 bytes (`gunicorn/glogging.py`, now(), which runs
 * under the C locale).
 */
import { isDigit, viewOf } from './bytes.ts';

export const STAMP_LENGTH = 28;

const COLON = 0x3a;
const OPEN = 0x5b;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DATE = /^\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):$/;
const ZONE = /^ ([+-])(\d\d)([0-5]\d)\]$/;
const DATE_LENGTH = 13;
const ZONE_OFFSET = 21;

/** The words of the date and the zone that were worked out last, and their midnight: neighbours differ in the time. */
const known = new Int32Array(5);
let knownMidnightMs = Number.NaN;
/** Where these words stand: `[21/`, `Nov/`, `2026`, ` +00`, `00]` with the byte before. */
const WORDS = [0, 4, 8, 21, 24] as const;

/** Two digits below `limit`; NaN when there is no such number. */
function twoDigits(bytes: Uint8Array, offset: number, limit: number): number {
  if (!isDigit(bytes[offset]) || !isDigit(bytes[offset + 1])) return Number.NaN;
  const value = (bytes[offset] - 0x30) * 10 + (bytes[offset + 1] - 0x30);
  return value < limit ? value : Number.NaN;
}

function isKnown(view: DataView, start: number): boolean {
  return (
    view.getInt32(start + WORDS[0], true) === known[0] &&
    view.getInt32(start + WORDS[1], true) === known[1] &&
    view.getInt32(start + WORDS[2], true) === known[2] &&
    view.getInt32(start + WORDS[3], true) === known[3] &&
    view.getInt32(start + WORDS[4], true) === known[4]
  );
}

/** Epoch milliseconds of the local midnight of a stamp; NaN when its date or zone is none. */
function midnightOf(bytes: Uint8Array, start: number): number {
  const text = Buffer.from(bytes.subarray(start, start + STAMP_LENGTH)).toString('latin1');
  const [, day, monthName, year] = DATE.exec(text.slice(0, DATE_LENGTH)) ?? [];
  const [, sign, hours, minutes] = ZONE.exec(text.slice(ZONE_OFFSET)) ?? [];
  const month = MONTHS.indexOf(monthName);
  if (month === -1 || sign === undefined) return Number.NaN;
  const midnight = Date.UTC(Number(year), month, Number(day));
  if (new Date(midnight).getUTCDate() !== Number(day)) return Number.NaN;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? midnight + offsetMs : midnight - offsetMs;
}

/**
 * Epoch milliseconds, a whole second, of the stamp in brackets at `start`; NaN when none stands there or when it is no
 * date. The zone is each stamp's own, so a change to summer time needs no care.
 */
export function readStamp(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < STAMP_LENGTH || bytes[start] !== OPEN) return Number.NaN;
  if (bytes[start + 12] !== COLON || bytes[start + 15] !== COLON || bytes[start + 18] !== COLON) return Number.NaN;
  const view = viewOf(bytes);
  if (!isKnown(view, start)) {
    const midnightMs = midnightOf(bytes, start);
    if (Number.isNaN(midnightMs)) return Number.NaN;
    for (let index = 0; index < known.length; index++) known[index] = view.getInt32(start + WORDS[index], true);
    knownMidnightMs = midnightMs;
  }
  const hours = twoDigits(bytes, start + 13, 24);
  const minutes = twoDigits(bytes, start + 16, 60);
  // 60 in a leap second.
  const seconds = twoDigits(bytes, start + 19, 61);
  return knownMidnightMs + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
