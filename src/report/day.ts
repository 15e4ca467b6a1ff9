/** Requests by hour of the day: 24 cells, whose `startMs` counts from midnight. */
import { createHourCell, type HourCell, mergeHours } from './cells.ts';

export type Day = readonly HourCell[];
export type Zone = 'local' | 'utc';

const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

export const createDay = (): Day => Array.from({ length: 24 }, (_, hour) => createHourCell(hour * HOUR_MS));

/** Adds an hour of some day. */
export function addToDay(day: Day, cell: HourCell, zone: Zone): void {
  const start = new Date(cell.startMs);
  mergeHours(day[zone === 'utc' ? start.getUTCHours() : start.getHours()], cell);
}

export function mergeDays(into: Day, from: Day): void {
  into.forEach((cell, hour) => {
    mergeHours(cell, from[hour]);
  });
}

/** Epoch milliseconds of where the clock struck last. */
export function startOfHour(atMs: number, zone: Zone): number {
  const behindMs = zone === 'utc' ? 0 : new Date(atMs).getTimezoneOffset() * MINUTE_MS;
  return Math.floor((atMs - behindMs) / HOUR_MS) * HOUR_MS + behindMs;
}
