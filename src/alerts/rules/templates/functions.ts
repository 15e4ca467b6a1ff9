/** The functions of templates: Go's own and Prometheus' (`template/template.go`). A new one is one row. */
import { isIP } from 'node:net';
import { parseDurationMs, parseFloatText } from '../../promql/numbers.ts';
import { compileSearch } from '../../promql/regexp/index.ts';
import { general } from './go-number.ts';
import { humanize, humanize1024, humanizeDuration, humanizePercentage, humanizeTimestamp } from './humanize.ts';
import { printf } from './printf.ts';
import {
  GoInt,
  type GoSample,
  GoStruct,
  GoTime,
  type GoValue,
  isTrue,
  structOf,
  TemplateError,
  textOf,
  typeName,
} from './values.ts';

/** What functions may ask for. */
export interface TemplateContext {
  /** An instant query at the moment of the evaluation. @throws */
  query(expr: string): readonly GoSample[];
  readonly nowSeconds: number;
  /** Where this gtop can be reached; empty when it listens nowhere. */
  readonly externalUrl: string;
}

interface TemplateFunction {
  /** How many arguments it takes. */
  readonly least: number;
  readonly most: number;
  call(args: readonly GoValue[], context: TemplateContext): GoValue;
}

function numberOf(value: GoValue | undefined): number {
  if (typeof value === 'number') return value;
  if (value instanceof GoInt) return value.value;
  const parsed = typeof value === 'string' ? parseFloatText(value) : null;
  if (parsed === null) throw new TemplateError(`can't convert ${typeName(value ?? null)} to float`);
  return parsed;
}

function stringOf(value: GoValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new TemplateError(`wrong type for value; expected string; got ${typeName(value ?? null)}`);
}

function listOf(value: GoValue | undefined): readonly GoValue[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`wrong type for value; expected list; got ${typeName(value ?? null)}`);
}

function labelOf(value: GoValue | undefined, name: string): string {
  const labels = value instanceof GoStruct ? value.fields.get('Labels') : undefined;
  const label = labels instanceof Map ? labels.get(name) : undefined;
  return typeof label === 'string' ? label : '';
}

function firstOf(value: GoValue | undefined): GoValue {
  const [first] = listOf(value);
  if (first === undefined) throw new TemplateError('first() called on vector with no elements');
  return first;
}

function indexed(given: GoValue, key: GoValue): GoValue {
  if (given instanceof Map) return given.get(stringOf(key)) ?? '';
  const container = typeof given === 'string' ? Array.from(Buffer.from(given), (byte) => new GoInt(byte)) : given;
  if (!Array.isArray(container)) throw new TemplateError(`can't index item of type ${typeName(container)}`);
  const item = container[numberOf(key)];
  if (item === undefined) throw new TemplateError(`index out of range: ${textOf(key)}`);
  return item;
}

function lengthOf(value: GoValue | undefined): GoInt {
  if (typeof value === 'string') return new GoInt(Buffer.byteLength(value));
  if (value instanceof Map) return new GoInt(value.size);
  return new GoInt(listOf(value).length);
}

/** Negative, zero, positive. Go compares whole numbers with floats as little as with text. */
function compare(a: GoValue, b: GoValue): number {
  const [left, right] = [comparable(a), comparable(b)];
  if (typeName(a) !== typeName(b)) throw new TemplateError('incompatible types for comparison');
  return left === right ? 0 : left < right ? -1 : 1;
}

function comparable(value: GoValue): string | number | boolean {
  if (value instanceof GoInt) return value.value;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new TemplateError('non-comparable type in comparison');
}

const isEqual = (a: GoValue, b: GoValue): boolean => (a === null || b === null ? a === b : compare(a, b) === 0);

const compared = (test: (order: number) => boolean): TemplateFunction => ({
  least: 2,
  most: 2,
  call: ([a = null, b = null]) => test(compare(a, b)),
});

/** Spaces stand between two arguments when neither is text, as in Go's `fmt.Sprint`. */
function print(args: readonly GoValue[]): string {
  return args
    .map((value, index) => {
      const before = args[index - 1];
      const isSpaced = index > 0 && typeof value !== 'string' && typeof before !== 'string';
      return (isSpaced ? ' ' : '') + textOf(value);
    })
    .join('');
}

const one = (call: (value: GoValue | undefined) => GoValue): TemplateFunction => ({
  least: 1,
  most: 1,
  call: ([value]) => call(value),
});
const ofNumber = (call: (value: number) => GoValue): TemplateFunction => one((value) => call(numberOf(value)));
const ofText = (call: (text: string) => GoValue): TemplateFunction => one((value) => call(stringOf(value)));

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };
const queryEscaped = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

/** Go's `template.JSEscape`. */
const scriptEscaped = (text: string): string =>
  text.replace(/[\\'"]|[<>&=]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (sign) => {
    if (sign === '\\' || sign === "'" || sign === '"') return `\\${sign}`;
    return `\\u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  });

/** What is escaped: a single value as an action would write it. */
const escapable = (args: readonly GoValue[]): string =>
  args.length === 1 && args[0] === null ? '<no value>' : print(args);

/** Go's `net.SplitHostPort`: of `host:port` and `[host]:port`; null where it is neither. */
function hostAndPort(text: string): readonly [host: string, port: string] | null {
  const [, bracketed, plain, port = ''] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  return host === undefined ? null : [host, port];
}

function withoutDomain(text: string): string {
  const [host, port] = hostAndPort(text) ?? [text, ''];
  if (isIP(host) !== 0) return text;
  const first = host.split('.')[0] ?? '';
  return port === '' ? first : `${first}:${port}`;
}

/** Go changes case rune by rune: what becomes two stays as it is, and no neighbour counts. */
function eachRune(text: string, change: (rune: string) => string): string {
  return Array.from(text, (rune) => {
    const changed = change(rune);
    return [...changed].length === 1 ? changed : rune;
  }).join('');
}

/** `strings.Title`: a word begins behind all of ASCII but letters, digits and `_`, and behind other white space. */
const WORD_START = /(?<=^|[^\w\u0080-\u{10ffff}]|[^\S\0-\u007f])./gsu;

const titled = (text: string): string => text.replace(WORD_START, (rune) => eachRune(rune, (one) => one.toUpperCase()));

/** Seconds since 1970 whose nanoseconds an int64 holds. */
function moment(seconds: number): number {
  if (!(Math.abs(seconds) <= MOST_SECONDS))
    throw new TemplateError(
      `${general(seconds, null)} cannot be represented as a nanoseconds timestamp since it overflows int64`,
    );
  return seconds;
}

const MOST_SECONDS = 2 ** 63 / 1e9;

export const TEMPLATE_FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(
  Object.entries<TemplateFunction>({
    // Go
    and: {
      least: 1,
      most: Number.POSITIVE_INFINITY,
      call: (args) => args.find((each) => !isTrue(each)) ?? lastOf(args),
    },
    or: { least: 1, most: Number.POSITIVE_INFINITY, call: (args) => args.find(isTrue) ?? lastOf(args) },
    not: one((value) => !isTrue(value ?? null)),
    eq: {
      least: 2,
      most: Number.POSITIVE_INFINITY,
      call: ([first = null, ...rest]) => rest.some((each) => isEqual(first, each)),
    },
    ne: { least: 2, most: 2, call: ([a = null, b = null]) => !isEqual(a, b) },
    lt: compared((order) => order < 0),
    le: compared((order) => order <= 0),
    gt: compared((order) => order > 0),
    ge: compared((order) => order >= 0),
    len: one(lengthOf),
    index: {
      least: 1,
      most: Number.POSITIVE_INFINITY,
      call: ([container = null, ...keys]) => keys.reduce(indexed, container),
    },
    slice: {
      least: 1,
      most: 3,
      call: ([given, from, to]) => {
        const whole = Array.isArray(given) ? given : Buffer.from(stringOf(given));
        const start = from === undefined ? 0 : numberOf(from);
        const end = to === undefined ? whole.length : numberOf(to);
        if (!(start >= 0 && start <= end && end <= whole.length)) throw new TemplateError('index out of range');
        return Array.isArray(whole) ? whole.slice(start, end) : whole.subarray(start, end).toString();
      },
    },
    print: { least: 0, most: Number.POSITIVE_INFINITY, call: print },
    println: {
      least: 0,
      most: Number.POSITIVE_INFINITY,
      call: (args) => `${args.map(textOf).join(' ')}\n`,
    },
    printf: {
      least: 1,
      most: Number.POSITIVE_INFINITY,
      call: ([format, ...args]) => printf(stringOf(format), args),
    },
    html: {
      least: 0,
      most: Number.POSITIVE_INFINITY,
      call: (args) => escapable(args).replace(/[&<>"']/g, (sign) => HTML[sign] ?? ''),
    },
    js: { least: 0, most: Number.POSITIVE_INFINITY, call: (args) => scriptEscaped(escapable(args)) },
    urlquery: { least: 0, most: Number.POSITIVE_INFINITY, call: (args) => queryEscaped(escapable(args)) },
    // Prometheus: numbers
    humanize: ofNumber(humanize),
    humanize1024: ofNumber(humanize1024),
    humanizeDuration: ofNumber(humanizeDuration),
    humanizePercentage: ofNumber(humanizePercentage),
    humanizeTimestamp: ofNumber((seconds) => humanizeTimestamp(Number.isFinite(seconds) ? moment(seconds) : seconds)),
    toTime: ofNumber((seconds) => {
      if (!Number.isFinite(seconds)) throw new TemplateError('value is NaN or Inf');
      return new GoTime(moment(seconds));
    }),
    now: { least: 0, most: 0, call: (_, { nowSeconds }) => nowSeconds },
    parseDuration: ofText((text) => {
      const durationMs = text === '0' ? 0 : parseDurationMs(text);
      if (durationMs === null) throw new TemplateError(`not a valid duration string: ${JSON.stringify(text)}`);
      return durationMs / 1000;
    }),
    // Prometheus: text
    title: ofText(titled),
    toUpper: ofText((text) => eachRune(text, (rune) => rune.toUpperCase())),
    toLower: ofText((text) => eachRune(text, (rune) => rune.toLowerCase())),
    match: {
      least: 2,
      most: 2,
      call: ([pattern, text]) => compileSearch(stringOf(pattern)).isIn(stringOf(text)),
    },
    reReplaceAll: {
      least: 3,
      most: 3,
      call: ([pattern, template, text]) =>
        compileSearch(stringOf(pattern)).replaceAll(stringOf(text), stringOf(template)),
    },
    stripPort: ofText((text) => hostAndPort(text)?.[0] ?? text),
    stripDomain: ofText(withoutDomain),
    safeHtml: ofText((text) => text),
    args: {
      least: 0,
      most: Number.POSITIVE_INFINITY,
      call: (args) => new Map(args.map((value, index) => [`arg${index}`, value])),
    },
    urlQueryEscape: ofText(queryEscaped),
    externalURL: { least: 0, most: 0, call: (_, { externalUrl }) => externalUrl },
    pathPrefix: { least: 0, most: 0, call: () => '' },
    graphLink: ofText((expr) => `/graph?g0.expr=${queryEscaped(expr)}&g0.tab=0`),
    tableLink: ofText((expr) => `/graph?g0.expr=${queryEscaped(expr)}&g0.tab=1`),
    // Prometheus: queries
    query: { least: 1, most: 1, call: ([expr], context) => context.query(stringOf(expr)).map(structOf) },
    first: one(firstOf),
    value: one((sample) => (sample instanceof GoStruct ? (sample.fields.get('Value') ?? null) : null)),
    label: { least: 2, most: 2, call: ([name, sample]) => labelOf(sample, stringOf(name)) },
    strvalue: one((sample) => labelOf(sample, '__value__')),
    sortByLabel: {
      least: 2,
      most: 2,
      call: ([name, list]) =>
        listOf(list).toSorted((a, b) => (labelOf(a, stringOf(name)) < labelOf(b, stringOf(name)) ? -1 : 1)),
    },
  }),
);

function lastOf(args: readonly GoValue[]): GoValue {
  return args.at(-1) ?? null;
}
