import { describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../../../src/model/facts.ts';
import { AccessLogParser, DEFAULT_FORMAT } from '../../../../src/sources/access-log/index.ts';

function parse(lines: readonly string[], format: string) {
  const records: AccessRecord[] = [];
  const rejected: string[] = [];
  const parser = new AccessLogParser({
    format,
    onRecord: (record) => records.push({ ...record, target: record.target }),
    onRejected: (reason) => rejected.push(reason),
  });
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  parser.push(bytes, 0, bytes.length);
  parser.settle(true);
  return { records, rejected };
}

const BRACED = '{"t": "%(t)s", "r": "%(r)s", "s": %(s)s, "b": %(B)s, "a": "%(a)s", "D": %(D)s}';

describe('a format that looks like JSON', () => {
  const line = (request: string, agent: string) =>
    `{"t": "[21/Nov/2026:12:00:00 +0000]", "r": "${request}", "s": 200, "b": 12, "a": "${agent}", "D": 5000}`;

  // Gunicorn escapes quotes and nothing else (gunicorn/glogging.py, SafeAtoms): what it prints need not be JSON.
  it.each([
    ['an escaped quote', 'GET /a\\"b HTTP/1.1', '/a"b'],
    ['a backslash that escapes nothing in JSON', 'GET /a\\d HTTP/1.1', '/a\\d'],
    ['a backslash at the end of a field', 'GET /a HTTP/1.1\\', '/a'],
    ['a control byte', 'GET /a\x01\x1b[31m HTTP/1.1', '/a\x01\x1b[31m'],
  ])('is read with %s, whether it is given or found', (_, request, path) => {
    for (const format of [BRACED, 'auto', 'json']) {
      for (const agent of ['curl/8', 'x\\']) {
        const { records, rejected } = parse([line(request, agent)], format);
        expect(rejected).toEqual([]);
        expect(records).toMatchObject([
          { path, status: 200, bytes: 12, seconds: 0.005, atMs: Date.UTC(2026, 10, 21, 12) },
        ]);
      }
    }
  });
});

describe('an object in the path of a JSON line', () => {
  it('is no part of the line', () => {
    const line = '{"r": "GET /{\\"s\\":500,\\"D\\":7} HTTP/1.1", "s": 200, "D": 5000}';
    for (const format of ['{"r": "%(r)s", "s": %(s)s, "D": %(D)s}', 'auto']) {
      expect(parse([line], format).records).toMatchObject([{ path: '/{"s":500,"D":7}', status: 200, seconds: 0.005 }]);
    }
  });
});

describe('a field that ends in a backslash', () => {
  const line = (user: string, request: string, referrer: string, agent: string) =>
    `10.0.0.1 - ${user} [21/Nov/2026:12:00:00 +0000] "${request}" 200 12 "${referrer}" "${agent}" 5000`;

  it.each([
    ['the user', line('ann\\', 'GET / HTTP/1.1', '-', 'curl'), { user: 'ann\\' }],
    ['the request', line('-', 'GET / HTTP/1.1\\', '-', 'curl'), { path: '/', userAgent: 'curl' }],
    ['the referrer', line('-', 'GET / HTTP/1.1', 'x\\', 'curl'), { referrer: 'x\\', userAgent: 'curl' }],
    ['the agent', line('-', 'GET / HTTP/1.1', '-', 'curl\\'), { userAgent: 'curl\\' }],
    [
      'all of them',
      line('u\\', 'GET /a\\ HTTP/1.1\\', 'x\\', 'y\\'),
      { user: 'u\\', referrer: 'x\\', userAgent: 'y\\' },
    ],
  ])('does not swallow what follows: %s', (_, text, expected) => {
    for (const format of ['auto', `${DEFAULT_FORMAT} %(D)s`]) {
      const { records, rejected } = parse([text], format);
      expect(rejected).toEqual([]);
      expect(records).toMatchObject([{ status: 200, bytes: 12, seconds: 0.005, ...expected }]);
    }
  });
});

describe('a padded conversion', () => {
  it.each([
    ['%(h)-15s|%(m)7s|%(U)-12s|%(s)5s|%(D)08d', '10.0.0.1       |    GET|/a          |  200|00001234'],
    ['%(h)15s %(m)-7s %(U)12s %(s)-5s %(D)8d', '       10.0.0.1 GET               /a 200       1234'],
    ['%(h)s %(m)s %(U)s %(s)s %(D)+d', '10.0.0.1 GET /a 200 +1234'],
    ['%(h)2s %(m)1s %(U)1s %(s)2s %(D)1d', '10.0.0.1 GET /a 200 1234'],
    ['%(h).8s %(m)s %(U)s %(s)s %(D)f', '10.0.0.1 GET /a 200 1234.000000'],
    ['%(h)s %(m)s %(U)s %(s)s %(D)e', '10.0.0.1 GET /a 200 1.234000e+03'],
  ])('leaves its blanks out of the values: %s', (format, line) => {
    const { records, rejected } = parse([line], format);
    expect(rejected).toEqual([]);
    expect(records).toMatchObject([{ address: '10.0.0.1', method: 'GET', path: '/a', status: 200, seconds: 0.001234 }]);
  });
});

describe('the time of a line', () => {
  const at = (stamp: string) => {
    const line = `10.0.0.1 - - [${stamp}] "GET / HTTP/1.1" 200 12 "-" "-"`;
    return parse([line], 'auto').records[0]?.atMs ?? null;
  };

  it.each([
    ['01/Jan/1970:00:00:00 +0000', '1970-01-01T00:00:00Z'],
    ['31/Dec/2099:23:59:59 +0000', '2099-12-31T23:59:59Z'],
    ['29/Feb/2028:12:00:00 +0000', '2028-02-29T12:00:00Z'],
    ['31/Dec/1969:19:00:00 -0500', '1970-01-01T00:00:00Z'],
    ['21/Nov/2026:00:30:00 +0545', '2026-11-20T18:45:00Z'],
    ['21/Nov/2026:23:30:00 -0930', '2026-11-22T09:00:00Z'],
    ['21/Nov/2026:12:00:00 +1400', '2026-11-20T22:00:00Z'],
  ])('%s is %s', (stamp, iso) => {
    expect(at(stamp)).toBe(Date.parse(iso));
  });

  it('goes on without a jump when the clock is put forward and back', () => {
    // Berlin, 2026: 02:00 becomes 03:00 on 29 March, 03:00 becomes 02:00 on 25 October.
    const seconds = (stamps: string[]) => stamps.map(at).map((atMs) => Number(atMs) / 1000);
    const [before, after] = seconds(['29/Mar/2026:01:59:59 +0100', '29/Mar/2026:03:00:00 +0200']);
    expect(after - before).toBe(1);
    const [summer, winter] = seconds(['25/Oct/2026:02:59:59 +0200', '25/Oct/2026:02:00:00 +0100']);
    expect(winter - summer).toBe(1);
  });

  it('that is no date is no line', () => {
    for (const stamp of [
      '29/Feb/2026:12:00:00 +0000',
      '32/Jan/2026:12:00:00 +0000',
      '21/Foo/2026:12:00:00 +0000',
      '21/Nov/2026:24:00:00 +0000',
      '21/Nov/2026:12:60:00 +0000',
      '21/Nov/2026:12:00:00 +00:00',
    ]) {
      expect(at(stamp)).toBeNull();
    }
  });
});
