/** Numbers for people, as Prometheus' template functions write them (`template/template.go`). */
import { general } from './go-number.ts';
import { timeText } from './values.ts';

const ABOVE = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const ABOVE_1024 = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];
const BELOW = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];

const short = (value: number): string => general(value, 4);

/** Divides by `step` as long as that leaves at least one. */
function scaledDown(value: number, step: number, prefixes: readonly string[]): string {
  let [scaled, prefix] = [value, ''];
  for (const next of prefixes) {
    if (Math.abs(scaled) < step) break;
    prefix = next;
    scaled /= step;
  }
  return short(scaled) + prefix;
}

function scaledUp(value: number): string {
  let [scaled, prefix] = [value, ''];
  for (const next of BELOW) {
    if (Math.abs(scaled) >= 1) break;
    prefix = next;
    scaled *= 1000;
  }
  return short(scaled) + prefix;
}

/** `1.234M`, `12.3m`. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return short(value);
  return Math.abs(value) >= 1 ? scaledDown(value, 1000, ABOVE) : scaledUp(value);
}

/** `1.177Mi`. */
export const humanize1024 = (value: number): string =>
  Math.abs(value) <= 1 || !Number.isFinite(value) ? short(value) : scaledDown(value, 1024, ABOVE_1024);

/** Of seconds: `1d 2h 3m 4s`, `5.5s`, `12ms`. */
export function humanizeDuration(value: number): string {
  if (!Number.isFinite(value)) return short(value);
  if (value === 0) return '0s';
  if (Math.abs(value) < 1) return `${scaledUp(value)}s`;
  const sign = value < 0 ? '-' : '';
  const whole = Math.trunc(Math.abs(value));
  if (whole < 60) return `${sign}${short(Math.abs(value))}s`;
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return (
    sign +
    parts
      .slice(first)
      .map(([count, unit]) => `${count}${unit}`)
      .join(' ')
  );
}

/** Of a ratio: `12.5%`. */
export const humanizePercentage = (value: number): string => `${short(value * 100)}%`;

/** Of Unix seconds. */
export const humanizeTimestamp = (value: number): string => (Number.isFinite(value) ? timeText(value) : short(value));
