import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccessLogParser, DEFAULT_FORMAT } from '../../../../src/sources/access-log/index.ts';

/** What becomes of a line: the record, or the reason why there is none. */
function read(line: string, format: string) {
  const bytes = Buffer.from(`${line}\n`);
  let result: unknown = null;
  const parser = new AccessLogParser({
    format,
    onRecord: ({ atMs, method, target, path, protocol, status, bytes, seconds, address, user, ...rest }) => {
      const { referrer, userAgent, worker, excluded } = rest;
      result = [atMs, method, target, path, protocol, status, bytes, seconds, address, user];
      result = [...(result as unknown[]), referrer, userAgent, worker, excluded];
    },
    onRejected: (reason) => {
      result = reason;
    },
  });
  parser.push(bytes, 0, bytes.length);
  parser.settle(true);
  return result;
}

/** The same format to Gunicorn, but none that begins as the default does: it is read by the scanner alone. */
const scanned = (format: string) => format.replace('%(b)s', '%(B)s');

const PIECES = [
  '10.0.0.1',
  '',
  '-',
  ' ',
  ' - ',
  'ann',
  '[21/Nov/2026:12:00:00 +0000]',
  '[21/Nov/2026:12:00:00 +0000',
  '"',
  '\\"',
  '\\',
  'GET',
  ' / ',
  '/a?b=1#c',
  '/é',
  'http://x/y',
  'HTTP/1.1',
  'HTTP/1.1"',
  '" 200 12',
  '" 200 - "',
  '200',
  ' "-" "-"',
  '" "',
  ' 5000',
  ' <77>',
];

/** A line of the default format in which any field may be odd. */
const lines = fc
  .tuple(
    fc.constantFrom('10.0.0.1', '', '::1', '-', 'a b'),
    fc.constantFrom('-', '-', 'x'),
    fc.constantFrom('-', 'ann', 'a b', 'a"', '', 'a [21/Nov/2026:12:00:00 +0000] "b'),
    fc.constantFrom(
      '[21/Nov/2026:12:00:00 +0000]',
      '[01/Jan/1970:00:00:00 -0130]',
      '[32/Nov/2026:12:00:00 +0000]',
      '-',
    ),
    fc.constantFrom('GET', 'GET', '', 'A"B', 'a\\"'),
    fc.array(fc.constantFrom('/', 'a', '?', '#', ' ', '\\', '\\"', '"', 'é', '%20', 'http://x/'), { maxLength: 6 }),
    fc.constantFrom(' HTTP/1.1', ' HTTP/1.0', '', ' HTTP/9', ' HTTP/x.y', ' HTTP/1.1\\'),
    fc.constantFrom(' 200 12', ' 500 0', ' 200 -', ' 20 1', ' 2000 1', ' 200 1x'),
    fc.constantFrom(' "-" "-"', ' "https://x/" "curl/8"', ' "a\\" "b\\"c"', ' "a" "b\\"', ' "" ""', ' "-"', ''),
    fc.constantFrom('', ' 5000', ' 5000 <77>', ' x', '5000'),
  )
  .map(
    ([address, ident, user, time, method, target, protocol, numbers, client, rest]) =>
      `${address} ${ident} ${user} ${time} "${method} ${target.join('')}${protocol}"${numbers}${client}${rest}`,
  );

describe('a line of the default layout', () => {
  it.each([DEFAULT_FORMAT, `${DEFAULT_FORMAT} %(D)s`, `${DEFAULT_FORMAT} %(D)s %(p)s`, `${DEFAULT_FORMAT}%(D)s`])(
    'is read straight through as the scanner reads it: %s',
    (format) => {
      const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 16 }).map((list) => list.join(''));
      fc.assert(
        fc.property(fc.oneof(lines, pieces), (line) => {
          expect(read(line, format)).toEqual(read(line, scanned(format)));
        }),
        { numRuns: 1500 },
      );
    },
  );

  it('is the same with and without a format', () => {
    fc.assert(
      fc.property(lines, (line) => {
        const verbatim = read(`${line}`, DEFAULT_FORMAT);
        if (typeof verbatim !== 'string') expect(read(line, 'auto')).toEqual(verbatim);
      }),
      { numRuns: 1500 },
    );
  });
});
