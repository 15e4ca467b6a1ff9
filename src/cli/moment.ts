/** Points in time as people give them: `1h` back, or `2026-11-21T12:00`. */
import { parseDurationSeconds } from './duration.ts';

/** Either counted back from something, or fixed. */
export type Moment = { readonly agoSeconds: number } | { readonly atMs: number };

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * @param zone of a time that names none.
 * @returns null when the text is neither a duration (`500ms`, `1h30m`, a number of seconds) nor an ISO 8601 time.
 */
export function parseMoment(text: string, zone: 'local' | 'utc'): Moment | null {
  const agoSeconds = parseDurationSeconds(text);
  if (agoSeconds !== null) return { agoSeconds };
  const match = ISO.exec(text.trim());
  if (match === null) return null;
  const [, date, time = '00:00', offset] = match;
  const shown = offset?.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2') ?? (zone === 'utc' ? 'Z' : '');
  const atMs = Date.parse(`${date}T${time}${shown}`);
  return Number.isNaN(atMs) || !isDate(date) ? null : { atMs };
}

/** Epoch milliseconds of what a person gave, a duration counted back from now; null without one. */
export function momentMs(text: string | null, zone: 'local' | 'utc'): number | null {
  const moment = text === null ? null : parseMoment(text, zone);
  if (moment === null) return null;
  return 'atMs' in moment ? moment.atMs : Date.now() - moment.agoSeconds * 1000;
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
const isDate = (date: string): boolean => new Date(`${date}T00:00Z`).toISOString().startsWith(date);
