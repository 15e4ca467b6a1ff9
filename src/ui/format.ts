/**
 * Numbers as the screen shows them: three significant digits, bounded widths, unknown as `–`.
 *
 * Every function is total: null, NaN and infinities are unknown. Widths named in the comments are the longest answer
 * for the values that occur; columns are as wide, so that none changes while live.
 */

export const UNKNOWN = '–';

/** An IPv6 address written out: eight groups of four, and what parts them. */
export const IPV6_WIDTH = 39;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Maybe = number | null | undefined;

const isKnown = (value: Maybe): value is number => typeof value === 'number' && Number.isFinite(value);

/** What is smaller has no digit among two decimals. */
const LEAST_SHOWN = 0.005;

/** Three significant digits below 1000: `0.42`, `3.50`, `12.1`, `842`; smaller than 0.005 is `0`. */
function threeDigits(value: number): string {
  if (value < LEAST_SHOWN) return '0';
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

/** The value in the first unit that keeps it below 1000, with three significant digits. */
function scaled(value: number, base: number, units: readonly string[], small: (value: number) => string): string {
  const sign = value < 0 ? '-' : '';
  let rest = Math.abs(value);
  if (rest < 999.5) return `${sign}${small(rest)}${units[0]}`;
  let unit = 0;
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= base;
    unit++;
  }
  return `${sign}${threeDigits(rest)}${units[unit]}`;
}

const COUNT_UNITS = ['', 'k', 'M', 'G', 'T'];

/** A number of things: `7`, `842`, `1.23k`, `45.6k`, `2.40M`. At most 5 wide. */
export function formatCount(value: Maybe): string {
  return isKnown(value) ? scaled(value, 1000, COUNT_UNITS, (rest) => rest.toFixed(0)) : UNKNOWN;
}

/** A number of things that are few, in a narrow column: `7`, `842`, `1k`, `12k`, rounded down. At most `width` wide, 3 or more. */
export function formatFew(value: Maybe, width: number): string {
  if (!isKnown(value)) return UNKNOWN;
  const fitting = COUNT_UNITS.map((unit, power) => `${Math.floor(value / 1000 ** power)}${unit}`);
  return fitting.find((text) => text.length <= width) ?? UNKNOWN;
}

/** A number per second or a mean: `0`, `<0.01`, `0.42`, `3.50`, `12.1`, `842`, `1.23k`. At most 5 wide. */
export function formatRate(value: Maybe): string {
  // What is seldom is not what never happens.
  if (isKnown(value) && value > 0 && value < LEAST_SHOWN) return '<0.01';
  return isKnown(value) ? scaled(value, 1000, COUNT_UNITS, threeDigits) : UNKNOWN;
}

/** Memory and disk, units of 1024: `0B`, `512K`, `78.0M`, `1.23G`. At most 5 wide. */
export function formatMemory(bytes: Maybe): string {
  if (!isKnown(bytes)) return UNKNOWN;
  return scaled(bytes, 1024, ['B', 'K', 'M', 'G', 'T', 'P'], (rest) => rest.toFixed(0));
}

/** Traffic, units of 1000: `0B`, `1.20kB`, `12.3MB`. At most 6 wide. */
export function formatBytes(bytes: Maybe): string {
  if (!isKnown(bytes)) return UNKNOWN;
  return scaled(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB'], (rest) => rest.toFixed(0));
}

const pad2 = (value: number): string => String(value).padStart(2, '0');

/** A length of time: `410µs`, `27.4ms`, `1.50s`, `1m50s`, `2h03m`, `3d04h`, `123d`. At most 6 wide. */
export function formatDuration(seconds: Maybe): string {
  if (!isKnown(seconds)) return UNKNOWN;
  if (seconds < 0) return `-${formatDuration(-seconds)}`;
  if (seconds === 0) return '0s';
  if (seconds < 0.0009995) return `${Math.max(1, Math.round(seconds * 1e6))}µs`;
  if (seconds < 0.9995) return `${threeDigits(seconds * 1e3)}ms`;
  if (seconds < 59.95) return `${threeDigits(seconds)}s`;
  return formatLong(Math.round(seconds));
}

/** An age in whole seconds: `0s`, `48s`, `4m10s`, `3d04h`. At most 6 wide. */
export function formatAge(seconds: Maybe): string {
  if (!isKnown(seconds)) return UNKNOWN;
  const whole = Math.max(0, Math.floor(seconds));
  return whole < MINUTE ? `${whole}s` : formatLong(whole);
}

function formatLong(seconds: number): string {
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}m${pad2(seconds % MINUTE)}s`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)}h${pad2(Math.floor((seconds % HOUR) / MINUTE))}m`;
  const days = Math.floor(seconds / DAY);
  return days < 100 ? `${days}d${pad2(Math.floor((seconds % DAY) / HOUR))}h` : `${days}d`;
}

/** A badge's clock: `00:42`, `12:05`, `1:02:05`. */
export function formatStopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = `${pad2(Math.floor((whole % HOUR) / MINUTE))}:${pad2(whole % MINUTE)}`;
  return whole < HOUR ? minutes : `${Math.floor(whole / HOUR)}:${minutes}`;
}

/** A percentage of 0–100 (or more) without its sign: `0`, `<0.01`, `0.42`, `6.10`, `96.1`, `100`. At most 5 wide. */
export function formatPercentNumber(percent: Maybe): string {
  if (!isKnown(percent)) return UNKNOWN;
  if (percent > 0 && percent < LEAST_SHOWN) return '<0.01';
  return scaled(percent, 1000, COUNT_UNITS, threeDigits);
}

/** A ratio of 0–1 as a percentage without its sign; `100` is all of them, what is just below it `99.9`. At most 5 wide. */
export function formatRatio(ratio: Maybe): string {
  if (isKnown(ratio) && ratio >= 0.9995 && ratio < 1) return '99.9';
  return formatPercentNumber(isKnown(ratio) ? ratio * 100 : null);
}

/** A ratio of 0–1 with the sign: `0.42 %`; `–` when unknown. */
export function formatRatioSign(ratio: Maybe): string {
  return isKnown(ratio) ? `${formatRatio(ratio)} %` : UNKNOWN;
}

/** Percent of a core, one decimal as in htop: `0.3`, `99.1`, `412`. At most 5 wide. */
export function formatCpu(percent: Maybe): string {
  if (!isKnown(percent)) return UNKNOWN;
  return percent < 99.95 ? percent.toFixed(1) : percent.toFixed(0);
}

export type TimeZone = 'local' | 'utc';

/** Time of day, `12:03:44`; of a time that is not one, `–`. */
export function formatClock(at: string | number | null, zone: TimeZone): string {
  if (at === null) return UNKNOWN;
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  const parts =
    zone === 'utc'
      ? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
      : [date.getHours(), date.getMinutes(), date.getSeconds()];
  return parts.map(pad2).join(':');
}

/** Its day, `2026-11-21`, in the zone that its time of day is told in; of a time that is not one, `–`. */
export function formatDay(at: string | number | null, zone: TimeZone): string {
  if (at === null) return UNKNOWN;
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  if (zone === 'utc') return date.toISOString().slice(0, 10);
  return `${date.getFullYear()}-${pad2(date.getMonth() + 1)}-${pad2(date.getDate())}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** From here on `ls` too tells the year. */
const RECENT_DAYS = 180;

/** Its day as `ls` tells it, `Nov 20`; of a time that is not one, `–`. */
export function formatShortDay(at: string | number | null, zone: TimeZone): string {
  const [, month, day] = formatDay(at, zone).split('-');
  return day === undefined ? UNKNOWN : `${MONTHS[Number(month) - 1]} ${day}`;
}

/**
 * A moment in at most 8 cells, as `ls` tells it: within a day of `nowMs` its time of day, `12:03:44`; else its day,
 * `Nov 20`, and of long ago its month, `Nov 2024`.
 */
export function formatMoment(at: string | number | null, nowMs: number, zone: TimeZone): string {
  const apart = at === null ? Number.NaN : Math.abs(nowMs - new Date(at).getTime()) / 1000;
  if (!(apart >= DAY)) return formatClock(at, zone);
  const day = formatShortDay(at, zone);
  return apart < RECENT_DAYS * DAY ? day : `${day.slice(0, 3)} ${formatDay(at, zone).slice(0, 4)}`;
}

/** The window's name: `10s`, `1m`, `1h`, `all`. */
export function formatWindow(seconds: number | null): string {
  if (seconds === null) return 'all';
  if (seconds % HOUR === 0) return `${seconds / HOUR}h`;
  return seconds % MINUTE === 0 ? `${seconds / MINUTE}m` : `${seconds}s`;
}

/** Seconds between an ISO time and a moment, never negative; null when there is no such time. */
export function secondsSince(at: string | null, nowMs: number): number | null {
  const ms = at === null ? Number.NaN : Date.parse(at);
  return Number.isNaN(ms) ? null : Math.max(0, (nowMs - ms) / 1000);
}
