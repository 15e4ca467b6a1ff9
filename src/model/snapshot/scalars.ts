/** The words that every part of the Snapshot uses. */

/** How bad something is. */
export type Level = 'ok' | 'warning' | 'critical' | 'unknown';

/** An ISO 8601 time in UTC, for example `2026-11-21T12:03:44.000Z`. */
export type IsoTime = string;
