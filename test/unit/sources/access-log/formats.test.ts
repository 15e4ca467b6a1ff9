import { describe, expect, it } from 'vitest';
import { DEFAULT_FORMAT } from '../../../../src/sources/access-log/index.ts';
import { parse } from './parse.ts';

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

describe('a number that is none of its kind', () => {
  const combined = (bytes: string, pid: string) =>
    `10.0.0.1 - - [21/Nov/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 ${bytes} "-" "curl" 5000 <${pid}>`;
  const json = (status: string, bytes: string, pid: string) =>
    `{"path": "/a", "status": ${status}, "bytes": ${bytes}, "pid": ${pid}, "duration_us": 5000}`;
  const UNKNOWN = { bytes: Number.NaN, worker: 0 };

  it.each([
    [combined('9'.repeat(30), '9'.repeat(12)), { ...UNKNOWN, status: 200 }],
    [combined('12', '7'), { bytes: 12, worker: 7, status: 200 }],
    [json('200', '4697329.217346', '1e30'), { ...UNKNOWN, status: 200 }],
    [json('200.5', '-5', '-7'), { ...UNKNOWN, status: Number.NaN }],
    [json('200000', '12', '7'), { bytes: 12, worker: 7, status: Number.NaN }],
  ])('is unknown: no line spoils a sum: %s', (line, expected) => {
    for (const format of line.startsWith('{') ? ['auto'] : ['auto', `${DEFAULT_FORMAT} %(D)s %(p)s`]) {
      expect(parse([line], format).records).toMatchObject([{ path: '/a', seconds: 0.005, ...expected }]);
    }
  });
});

describe('a list of addresses', () => {
  const behind = '- ann [21/Nov/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl"';
  const format = (head: string) => `${head} %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"`;

  it.each([
    ['%({X-Forwarded-For}i)s', '10.0.0.1, 172.16.0.1'],
    ['%({X-Forwarded-For}i)s', '10.0.0.1,172.16.0.1'],
    ['%({X-Forwarded-For}i)s', '2001:db8::1, 10.0.0.1'],
    ['%(h)s %({X-Forwarded-For}i)s', '127.0.0.1 10.0.0.1, 172.16.0.1'],
    ['%({Host}i)s %(h)s', 'shop.test 10.0.0.1'],
    ['%({Host}i)s %(h)s', 'shop.test:8443 ::1'],
    ['%(h)s %({X-Forwarded-For}i)s', ' 10.0.0.1, 172.16.0.1'],
  ])('is no part of the user, whether the format is given or found: %s of %s', (head, printed) => {
    const address = printed.split(/[ ,]+/).find((part) => /^(?:\d+\.|[\da-f]*:[\da-f:]*:)/.test(part));
    for (const one of [format(head), 'auto']) {
      expect(parse([`${printed} ${behind}`], one).records).toMatchObject([{ address, user: 'ann', path: '/a' }]);
    }
  });

  it('is none where another server names the user of the machine', () => {
    const line = '127.0.0.1 user-identifier frank [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 2326';
    for (const one of ['%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s', 'auto']) {
      expect(parse([line], one)).toMatchObject({ records: [{ address: '127.0.0.1', user: 'frank' }], rejected: [] });
    }
  });
});

describe('a decoded path with blanks', () => {
  it.each([
    ['%(m)s %(U)s %(q)s %(H)s %(s)s', 'GET /a b c  HTTP/1.1 200', '/a b c'],
    ['%(m)s %(U)s %(q)s %(H)s %(s)s', 'GET /a b c x=1 HTTP/1.1 200', '/a b c'],
    ['%(H)s %(s)s "%(m)s %(U)s"', 'HTTP/1.1 200 "GET /a  b"', '/a  b'],
  ])('ends where the query, or the protocol, can begin: %s', (format, line, path) => {
    expect(parse([line], format).records).toMatchObject([{ method: 'GET', path, protocol: 'HTTP/1.1', status: 200 }]);
  });
});

describe('a field behind the combined ones that nobody told of', () => {
  const line = (rest: string) =>
    `10.0.0.1 - - [21/Nov/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 12 "-" "curl" ${rest}`;

  it.each([
    ['rt=0.001619 pid=<26190>', 0.001619, 26190],
    ['[<26190>] 5000', 0.005, 26190],
    ['text/html; charset=utf-8 /users/7?page=3 5000 <26190>', 0.005, 26190],
    ['"request_time=5000" "pid=<26190>"', 0.005, 26190],
    ['[26190] 5000', 0.005, 0],
  ])('is a duration or a pid only where it looks like one: %s', (rest, seconds, worker) => {
    expect(parse([line(rest)], 'auto').records).toMatchObject([{ seconds, worker }]);
  });

  it('is milliseconds, of a pair, once the whole seconds beside it prove that', () => {
    const { records } = parse(['1/1100', '0/30', '2/2999'].map(line), 'auto');
    expect(records.map(({ seconds }) => seconds)).toEqual([1.1, 0.03, 2.999]);
    expect(parse(['1/1100000', '0/30'].map(line), 'auto').records).toMatchObject([{ seconds: 1.1 }, { seconds: 3e-5 }]);
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
