import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../../../src/model/facts.ts';
import { parse } from './parse.ts';

type Expected = Partial<AccessRecord>;

/** One place of a format with a value in it. */
interface Field {
  /** `%(h)s`, in quotes perhaps. */
  readonly format: string;
  /** What Gunicorn prints there. */
  readonly printed: string;
  readonly expected: Expected;
}

// Gunicorn escapes quotes and nothing else (gunicorn/glogging.py, SafeAtoms).
const escaped = (text: string): string => text.replaceAll('"', '\\"');
const orNull = (text: string): string | null => (text === '' || text === '-' ? null : text);

/** Text without anything that separates fields below. */
const word = fc.string({
  unit: fc.constantFrom('a', 'Z', '7', '/', '.', '-', '_', '%', '[', ']', '<', '>', ':', 'é', '東'),
  minLength: 1,
  maxLength: 12,
});
/** Any text. Of one that ends in a backslash nobody can tell the end. */
const phrase = fc
  .string({
    unit: fc.constantFrom(
      'a',
      'Z',
      '7',
      ' ',
      '"',
      '\\',
      '|',
      ',',
      ':',
      '{',
      '}',
      '[',
      ']',
      '-',
      'é',
      '\x1b',
      '200',
      ' "',
    ),
    maxLength: 16,
  })
  .filter((text) => !text.endsWith('\\'));

/** A text field: bare when it is one word, in quotes in any case. */
function text(name: string, expected: (value: string) => Expected): fc.Arbitrary<Field> {
  return fc.oneof(
    word.map((value) => ({ format: `%(${name})s`, printed: value, expected: expected(value) })),
    phrase.map((value) => ({ format: `"%(${name})s"`, printed: `"${escaped(value)}"`, expected: expected(value) })),
  );
}

/** A number field, with Python's ways to print one. */
function number(name: string, most: number, expected: (value: number) => Expected): fc.Arbitrary<Field> {
  const ways = fc.constantFrom(
    ['s', String],
    ['d', String],
    ['8d', (value: number) => String(value).padStart(8)],
    ['-8d', (value: number) => String(value).padEnd(8)],
    ['012d', (value: number) => String(value).padStart(12, '0')],
    ['+d', (value: number) => `+${value}`],
  ) as fc.Arbitrary<[string, (value: number) => string]>;
  return fc.tuple(fc.nat(most), ways).map(([value, [conversion, print]]) => ({
    format: `%(${name})${conversion}`,
    printed: print(value),
    expected: expected(value),
  }));
}

const pathText = fc.string({ unit: fc.constantFrom('a', '7', '/', '"', ' ', '%20', 'é', '[', '\\b'), maxLength: 10 });
const requestLine: fc.Arbitrary<Field> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PURGE'),
    path: pathText.map((rest) => `/${rest}`),
    query: fc.constantFrom('', '?a=1', '?q="x"&y=z w'),
    protocol: fc.constantFrom('HTTP/1.0', 'HTTP/1.1', 'HTTP/2'),
  })
  .map(({ method, path, query, protocol }) => ({
    format: '"%(r)s"',
    printed: `"${escaped(`${method} ${path}${query} ${protocol}`)}"`,
    expected: { method, path, target: path + query, protocol },
  }));

const time: fc.Arbitrary<Field> = fc
  .tuple(fc.integer({ min: 0, max: 4e9 }), fc.constantFrom(0, 60, 330, -210, 840))
  .map(([seconds, zoneMinutes]) => {
    const local = new Date((seconds + zoneMinutes * 60) * 1000).toUTCString();
    const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(local) ?? [];
    const zone = Math.abs(zoneMinutes);
    const digits = (value: number) => String(value).padStart(2, '0');
    const offset = `${zoneMinutes < 0 ? '-' : '+'}${digits(Math.floor(zone / 60))}${digits(zone % 60)}`;
    return {
      format: '%(t)s',
      printed: `[${day}/${month}/${year}:${clock} ${offset}]`,
      expected: { atMs: seconds * 1000 },
    };
  });

const fixed = (format: string, printed: string): fc.Arbitrary<Field> => fc.constant({ format, printed, expected: {} });

/** Any fields in any order, each at most once, a request line among them. */
const fields: fc.Arbitrary<Field[]> = fc
  .tuple(
    requestLine,
    time,
    text('h', (value) => ({ address: orNull(value) })),
    text('u', (value) => ({ user: orNull(value) })),
    text('f', (value) => ({ referrer: orNull(value) })),
    text('a', (value) => ({ userAgent: orNull(value) })),
    fc.integer({ min: 100, max: 599 }).map((status) => ({
      format: '%(s)s',
      printed: String(status),
      expected: { status },
    })),
    number('B', 1e9, (bytes) => ({ bytes })),
    number('D', 8e10, (microseconds) => ({ seconds: microseconds / 1e6 })),
    fc.integer({ min: 1, max: 4_194_304 }).map((pid) => ({
      format: '%(p)s',
      printed: `<${pid}>`,
      expected: { worker: pid },
    })),
    fixed('%(l)s', '-'),
    fixed('%({x-nothing}i)s', '-'),
    fixed('100%%', '100%'),
  )
  .chain(([request, ...others]) =>
    fc.shuffledSubarray(others).chain((some) => {
      const all = [request, ...some];
      return fc.shuffledSubarray(all, { minLength: all.length });
    }),
  );

describe('any format and any values', () => {
  it('are read back as Gunicorn printed them', () => {
    const separators = fc.constantFrom(' ', ' | ', '\t', ', ', ' x=');
    fc.assert(
      fc.property(fields, separators, ([...list], separator) => {
        const format = list.map((field) => field.format).join(separator);
        const line = list.map((field) => field.printed).join(separator);
        const { records, rejected } = parse([line], format);
        expect(rejected).toEqual([]);
        expect(records).toHaveLength(1);
        expect(records[0]).toMatchObject(Object.assign({}, ...list.map((field) => field.expected)));
      }),
      { numRuns: 2000 },
    );
  });
});
