/** Figures as people read them. */

export type Unit = 'text' | 'count' | 'bytes' | 'seconds' | 'ratio' | 'perSecond' | 'erlangs' | 'time';

/** What is not known. */
const UNKNOWN = '–';

let grouped: Intl.NumberFormat | undefined;

/** In groups of three digits. The formatter is made for the first one: its data take Node 5 ms. */
function group(value: number): string {
  grouped ??= new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
  return grouped.format(value);
}

/** Three significant digits, without an exponent. */
function short(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value
    .toFixed(Math.min(digits, 6))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

const scaled = (value: number, steps: readonly (readonly [least: number, unit: string])[]): string => {
  const [least, unit] = steps.find(([from]) => Math.abs(value) >= from) ?? steps[steps.length - 1];
  return `${short(value / least)} ${unit}`;
};

function formatBytes(bytes: number): string {
  return scaled(bytes, [
    [1e12, 'TB'],
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
    [1, 'B'],
  ]);
}

export function formatSeconds(seconds: number): string {
  if (seconds === 0) return '0 s';
  return scaled(seconds, [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
    [1e-3, 'ms'],
    [1e-6, 'µs'],
  ]);
}

const percent = (ratio: number): string => `${short(ratio * 100)} %`;

const FORMATS: Readonly<Record<Exclude<Unit, 'text' | 'time'>, (value: number) => string>> = {
  count: group,
  bytes: formatBytes,
  seconds: formatSeconds,
  ratio: percent,
  perSecond: (value) => `${short(value)}/s`,
  erlangs: short,
};

/** `2026-11-21 12:03:44` in the zone. The Swedish way is ISO 8601 with a blank. */
function formatTime(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone }).format(new Date(iso));
}

/** A value in words; a dash for what is not known. Text is returned as it is. */
export function format(value: string | number | null, unit: Unit, timeZone: string): string {
  if (value === null) return UNKNOWN;
  if (typeof value === 'string') return unit === 'time' ? formatTime(value, timeZone) : value;
  return unit === 'text' || unit === 'time' ? String(value) : FORMATS[unit](value);
}
