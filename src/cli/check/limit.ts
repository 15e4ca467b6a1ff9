/** Limits of `gtop check`: `--critical p95_response_time>0.5`. */
import { closest } from '../config.ts';
import { CHECK_METRICS } from './metrics.ts';

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

/** Of a limit's number: `5%` of a share, `250ms`, `2GiB`. */
const FACTORS: Readonly<Record<string, number>> = {
  ...{ '': 1, '%': 0.01, s: 1, ms: 0.001 },
  ...{ B: 1, k: 1e3, kB: 1e3, M: 1e6, MB: 1e6, G: 1e9, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 },
};

const LIMIT = /^\s*(\w+)\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?|\.\d+)\s*(%|ms|s|B|k|kB|KiB|M|MB|MiB|G|GB|GiB)?\s*$/;

/** @returns the limit, or what is wrong with the text. */
export function parseLimit(text: string): Limit | { readonly complaint: string } {
  const match = LIMIT.exec(text);
  if (match === null) return { complaint: 'is not METRIC>VALUE, for example p95_response_time>0.5' };
  const [, metric = '', operator, number, unit = ''] = match;
  if (!Object.hasOwn(CHECK_METRICS, metric)) {
    const names = Object.keys(CHECK_METRICS);
    const meant = names.find((name) => name.startsWith(`${metric}_`)) ?? closest(metric, names);
    return { complaint: `names no metric${meant ? `, did you mean ${meant}?` : `: there are ${names.join(', ')}`}` };
  }
  // A percentage of a metric in percent is that number.
  const factor = unit === '%' && CHECK_METRICS[metric]?.unit === '%' ? 1 : (FACTORS[unit] ?? 1);
  return { metric, operator: operator as Limit['operator'], value: Number(number) * factor, text: text.trim() };
}

export const isBroken = ({ operator, value }: Limit, reading: number): boolean => OPERATORS[operator](reading, value);

/** As the plug-in guidelines have ranges: alert above `10`, below `10:`. */
export const rangeOf = ({ operator, value }: Limit): string => (operator.startsWith('>') ? `${value}` : `${value}:`);
