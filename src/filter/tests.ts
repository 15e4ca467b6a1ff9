/** Comparisons as tests of single values, by the type of their field. */
import { networkTest } from './address.ts';
import { FilterError } from './errors.ts';
import type { Comparison, Operator } from './expression.ts';
import { type FieldType, LEVEL_SYNONYMS, LEVELS } from './fields.ts';
import { compileRegexp } from './regexp/index.ts';
import { clockOf, parseBytes, parseNumber, parseSeconds, parseStatus, parseTime } from './values.ts';

export type TextTest = (value: string) => boolean | null;
export type NumberTest = (value: number) => boolean;
export type ValueTest =
  | { readonly of: 'text'; readonly test: TextTest }
  /** The value is never NaN. */
  | { readonly of: 'number'; readonly test: NumberTest }
  | { readonly of: 'any'; readonly test: (value: unknown) => boolean | null };

export type Zone = 'local' | 'utc';

/**
 * The test that a comparison asks for. Null from it: the value cannot be compared.
 * @throws FilterError where operator or value do not fit the field.
 */
export function testOf(comparison: Comparison, type: FieldType, zone: Zone): ValueTest {
  const { operator } = comparison;
  if (operator.includes('~')) return patternTest(comparison, type);
  switch (type) {
    case 'text':
      return textTest(comparison, (text) => text);
    case 'method':
      return textTest(comparison, (text) => text.toUpperCase());
    case 'address':
      return addressTest(comparison);
    case 'level':
      return levelTest(comparison);
    case 'json':
      return jsonTest(comparison);
    case 'status': {
      const range = read(comparison, parseStatus, 'is no status: write 500, or 5xx for a class');
      return number(inRange(operator, range.from, range.to));
    }
    case 'time':
      return timeTest(comparison, zone);
    case 'bytes':
      return number(compare(operator, read(comparison, parseBytes, 'is no size: write 500, 10k, 1M or 1MiB')));
    case 'duration':
      return number(compare(operator, read(comparison, parseSeconds, 'is no duration: write 250ms, 1s or 1m30s')));
    case 'number':
      return number(compare(operator, read(comparison, parseNumber, 'is no number')));
  }
}

const number = (test: NumberTest): ValueTest => ({ of: 'number', test });

function read<T>({ value, valueAt }: Comparison, parse: (text: string) => T | null, complaint: string): T {
  const parsed = parse(value);
  if (parsed === null) throw new FilterError(`'${value}' ${complaint}`, valueAt);
  return parsed;
}

const compare = (operator: Operator, limit: number): NumberTest => inRange(operator, limit, limit);

/** `=` is "from `low` on and below `high`", or "equal" where these are one; what is compared by order begins at `low`. */
function inRange(operator: Operator, low: number, high: number): NumberTest {
  const isIn: NumberTest =
    low === high
      ? (value) => value === low
      : high === low + 1
        ? (value) => value === low
        : (value) => value >= low && value < high;
  switch (operator) {
    case '!=':
      return (value) => !isIn(value);
    case '>':
      return low === high || high === low + 1 ? (value) => value > low : (value) => value >= high;
    case '>=':
      return (value) => value >= low;
    case '<':
      return (value) => value < low;
    case '<=':
      return low === high || high === low + 1 ? (value) => value <= low : (value) => value < high;
    default:
      return isIn;
  }
}

function orderless({ field, operator, at }: Comparison, what: string): void {
  if (operator !== '=' && operator !== '!=') {
    throw new FilterError(`'${field}' is ${what}: compare it by = != ~ or !~, not by ${operator}`, at);
  }
}

function textTest(comparison: Comparison, spelled: (text: string) => string): ValueTest {
  orderless(comparison, 'text');
  const wanted = spelled(comparison.value);
  const isEqual = comparison.operator === '=';
  return { of: 'text', test: (value) => (value === wanted || spelled(value) === wanted) === isEqual };
}

function patternTest({ field, operator, value, at, valueAt }: Comparison, type: FieldType): ValueTest {
  if (type === 'bytes' || type === 'duration' || type === 'time') {
    throw new FilterError(`'${field}' is compared by = != > >= < or <=, not by ${operator}`, at);
  }
  const isWanted = !operator.startsWith('!');
  let matches: (text: string) => boolean;
  try {
    matches = compileRegexp(value, operator.endsWith('*'));
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new FilterError(error.message, valueAt + error.offset);
  }
  if (type === 'status' || type === 'number') return number((each) => matches(String(each)) === isWanted);
  if (type === 'json') return { of: 'any', test: (each) => mapText(each, (text) => matches(text) === isWanted) };
  return { of: 'text', test: isWanted ? matches : (text) => !matches(text) };
}

function addressTest(comparison: Comparison): ValueTest {
  orderless(comparison, 'an address');
  const isInside = read(comparison, networkTest, 'is neither an address nor a network such as 10.0.0.0/8');
  if (comparison.operator === '=') return { of: 'text', test: isInside };
  return { of: 'text', test: (address) => negated(isInside(address)) };
}

const negated = (result: boolean | null): boolean | null => (result === null ? null : !result);

const levelName = (text: string): string => {
  const name = text.toLowerCase();
  return LEVEL_SYNONYMS[name] ?? name;
};
const rankOf = (text: string): number | null => LEVELS[levelName(text)] ?? null;

function levelTest(comparison: Comparison): ValueTest {
  const rank = read(comparison, rankOf, `is no level: write one of ${Object.keys(LEVELS).join(', ')}`);
  const test = compare(comparison.operator, rank);
  return {
    of: 'text',
    test: (level) => {
      const other = rankOf(level);
      return other === null ? null : test(other);
    },
  };
}

function timeTest(comparison: Comparison, zone: Zone): ValueTest {
  const time = read(
    comparison,
    (text) => parseTime(text, zone),
    'is no time: write 14:03, 14:03:30 or 2026-11-21T14:03',
  );
  const { isClock, ms, precisionMs } = time;
  const { operator } = comparison;
  // `=` means within the minute or second that is named; the others compare with its beginning.
  const isEquality = operator === '=' || operator === '!=';
  const test = isEquality ? inRange(operator, ms, ms + precisionMs) : compare(operator, ms);
  if (!isClock) return number(test);
  const clock = clockOf(zone);
  return number((atMs) => test(clock(atMs)));
}

/** Numbers compare as numbers, also where JSON has them as text; `=` compares whatever is written. */
function jsonTest(comparison: Comparison): ValueTest {
  const { operator, value } = comparison;
  if (operator === '=' || operator === '!=') {
    const isWanted = operator === '=';
    const wanted = parseNumber(value);
    return {
      of: 'any',
      test: (each) =>
        typeof each === 'number'
          ? (each === wanted) === isWanted
          : mapText(each, (text) => (text === value) === isWanted),
    };
  }
  const test = compare(
    operator,
    read(comparison, parseNumber, 'is no number: fields of JSON lines are compared by number'),
  );
  return {
    of: 'any',
    test: (each) => {
      const known = typeof each === 'number' ? each : typeof each === 'string' ? parseNumber(each) : null;
      return known === null ? null : test(known);
    },
  };
}

function mapText(value: unknown, test: (text: string) => boolean): boolean | null {
  if (typeof value === 'string') return test(value);
  return typeof value === 'number' || typeof value === 'boolean' ? test(String(value)) : null;
}
