/** Numbers and durations as PromQL's lexer reads them. */

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  y: 365 * 86_400_000,
};
/** Each unit once, the longest first. */
const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const DURATION_UNITS = ['y', 'w', 'd', 'h', 'm', 's', 'ms'] as const;

/** @returns milliseconds of a duration such as `1h30m`; null where it is none. */
export function parseDurationMs(text: string): number | null {
  const parts = text === '' ? null : DURATION.exec(text);
  if (parts === null) return null;
  return DURATION_UNITS.reduce((sum, unit, index) => sum + Number(parts[index + 1] ?? 0) * (UNIT_MS[unit] ?? 0), 0);
}

const INTEGER = /^0x[\da-f_]+$/i;
const OCTAL = /^0[0-7_]+$/;
const DECIMAL = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SPECIAL = /^(?:inf(?:inity)?|nan)$/i;

/**
 * A number without a sign, or a duration as its seconds (`5m` is 300). A leading zero makes an octal number where its
 * digits allow it, as Go's `strconv.ParseInt(text, 0, 64)` has it.
 *
 * @returns null where it is neither.
 */
export function parseNumber(text: string): number | null {
  const digits = text.replaceAll('_', '');
  if (INTEGER.test(text)) return Number(digits);
  if (OCTAL.test(text)) return Number.parseInt(digits, 8);
  if (DECIMAL.test(digits)) return Number(digits);
  if (SPECIAL.test(text)) return /^n/i.test(text) ? Number.NaN : Number.POSITIVE_INFINITY;
  const durationMs = parseDurationMs(text);
  return durationMs === null ? null : durationMs / 1000;
}

/** A number with an optional sign. @returns null where it is none. */
export function parseSigned(text: string): number | null {
  const negative = text.startsWith('-');
  const value = parseNumber(negative || text.startsWith('+') ? text.slice(1).trimStart() : text);
  return value === null || !negative ? value : -value;
}

/** A number as Go's `strconv.ParseFloat` reads it, such as the `le` of a bucket. @returns null where it is none. */
export function parseFloatText(text: string): number | null {
  const unsigned = text.replace(/^[+-]/, '');
  if (!DECIMAL.test(unsigned) && !SPECIAL.test(unsigned)) return null;
  return parseSigned(text);
}
