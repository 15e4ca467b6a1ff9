/**
 * Figures inside sentences: `38 s`, `84 ms`, `6.1 %`. For verdicts, alerts and events, which people read aloud;
 * tables have their own, tighter forms.
 */

/** Three significant digits at most, without trailing zeros: 0.417 → `0.417`, 12.34 → `12.3`, 1234.5 → `1235`. */
export function sayNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

/**
 * A ratio 0–1 as percent with two significant digits and at most two decimals, whole from 10 % on: 0.0042 → `0.42 %`,
 * 0.00066 → `0.07 %`, 0.714 → `71 %`. What is there and rounds to nothing is `<0.01 %`.
 */
export function sayPercent(ratio: number): string {
  const percent = ratio * 100;
  if (percent > 0 && percent < 0.005) return '<0.01 %';
  return `${Math.abs(percent) >= 10 ? Math.round(percent) : Number(Number(percent.toPrecision(2)).toFixed(2))} %`;
}

const sayShort = (value: number): string => String(Number(value.toPrecision(2)));

/** A duration in seconds: `0.4 ms`, `84 ms`, `1.2 s`, `38 s`, `4 m 10 s`, `2 h 3 m`, `3 d 4 h`. */
export function saySeconds(seconds: number): string {
  if (seconds < 0.9995) return `${sayNumber(Number((seconds * 1000).toPrecision(seconds < 0.01 ? 2 : 3)))} ms`;
  if (seconds < 9.95) return `${sayShort(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes} m` : `${minutes} m ${whole % 60} s`;
}

/** Bytes with binary prefixes: `512 B`, `182 MB`, `1.5 GB`. */
export function sayBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${sayNumber(bytes / 1024 ** step)} ${units[step]}`;
}

/** `1 worker`, `4 workers`: the noun takes an s unless the count is one. */
export const sayCount = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `GET /reports/{id}`, `GET` of an unlogged path, or null when neither is known. */
export function sayRequest(method: string | null, path: string | null): string | null {
  const text = [method, path].filter((part) => part !== null && part !== '').join(' ');
  return text === '' ? null : text;
}
