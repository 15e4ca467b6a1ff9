/** Limits of `gtop check`: `--critical p95_response_time>0.5`. */
import { closest } from '../config.ts';
import { CHECK_METRICS, type CheckMetric } from './metrics.ts';

export interface Limit {
  readonly metric: string;
  readonly operator: keyof typeof OPERATORS;
  readonly value: number;
  readonly text: string;
}

const OPERATORS = {
  '>': (a: number, b: number) => a > b,
  '<': (a: number, b: number) => a < b,
  '>=': (a: number, b: number) => a >= b,
  '<=': (a: number, b: number) => a <= b,
} as const;

/** What may follow a limit's number, by the unit of its metric: `5%` of a share, `250ms`, `2GiB`. */
const FACTORS: Readonly<Record<CheckMetric['unit'], Readonly<Record<string, number>>>> = {
  '': { '': 1, '%': 0.01, k: 1e3, M: 1e6 },
  '%': { '': 1, '%': 1 },
  s: { '': 1, s: 1, ms: 0.001 },
  B: {
    ...{ '': 1, B: 1, k: 1e3, kB: 1e3, M: 1e6, MB: 1e6, G: 1e9, GB: 1e9, T: 1e12, TB: 1e12 },
    ...{ KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 },
  },
};

const LIMIT = /^\s*(\w+)\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?|\.\d+)\s*(%|[a-zA-Z]*)\s*$/;
const NO_LIMIT = { complaint: 'is not METRIC>VALUE, for example p95_response_time>0.5' };

/** @returns the limit, or what is wrong with the text. */
export function parseLimit(text: string): Limit | { readonly complaint: string } {
  const match = LIMIT.exec(text);
  if (match === null) return NO_LIMIT;
  const [, name = '', operator, number, unit = ''] = match;
  const metric = Object.hasOwn(CHECK_METRICS, name) ? CHECK_METRICS[name] : undefined;
  if (metric === undefined) {
    const names = Object.keys(CHECK_METRICS);
    const meant = names.find((each) => each.startsWith(`${name}_`)) ?? closest(name, names);
    return { complaint: `names no metric${meant ? `, did you mean ${meant}?` : `: there are ${names.join(', ')}`}` };
  }
  const factors = FACTORS[metric.unit];
  const factor = Object.hasOwn(factors, unit) ? factors[unit] : undefined;
  if (factor === undefined) return NO_LIMIT;
  const value = Number(number) * factor;
  if (metric.isShare === true && value > 1) {
    return { complaint: `is out of range: ${name} goes from 0 to 1, ${number} % is written ${number}%` };
  }
  return { metric: name, operator: operator as Limit['operator'], value, text: text.trim() };
}

export const isBroken = ({ operator, value }: Limit, reading: number): boolean => OPERATORS[operator](reading, value);

/** A number as the plug-in guidelines have it: digits, a point and a sign, never an exponent. */
export const plain = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { useGrouping: false, maximumSignificantDigits: digits });

/** As these have ranges: alert above `10`, below `10:`. */
export const rangeOf = ({ operator, value }: Limit): string => plain(value, 12) + (operator.startsWith('>') ? '' : ':');
