import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_FORMAT } from '../../../../src/sources/access-log/index.ts';
import { parse } from './parse.ts';

const WITH_DURATION = `${DEFAULT_FORMAT} %(D)s %(p)s`;

const line = (rest = '', request = 'GET / HTTP/1.1') =>
  `10.0.0.1 - - [21/Nov/2026:12:00:00 +0000] "${request}" 200 12 "-" "curl/8"${rest}`;

describe('an access line', () => {
  it('becomes a record, field by field', () => {
    const text =
      '10.0.0.1 - ann [21/Nov/2026:12:00:00 +0100] "POST /a/b?q=1#f HTTP/1.1" 201 345 "https://x/" "Mozilla/5.0 (X11)" 1234 <77>';
    for (const format of ['auto', WITH_DURATION]) {
      expect(parse([text], format).records).toEqual(
        [
          {
            atMs: Date.UTC(2026, 10, 21, 11, 0, 0),
            method: 'POST',
            target: '/a/b?q=1#f',
            path: '/a/b',
            protocol: 'HTTP/1.1',
            status: 201,
            bytes: 345,
            seconds: 0.001234,
            address: '10.0.0.1',
            user: 'ann',
            referrer: 'https://x/',
            userAgent: 'Mozilla/5.0 (X11)',
            worker: 77,
            excluded: false,
            ...(format === 'auto' ? { unitless: 1234 } : { unitless: Number.NaN }),
          },
        ].map((record) => expect.objectContaining({ ...record, unitless: record.unitless })),
      );
    }
  });

  it.each([
    [
      'a user with blanks, quotes and a forged date',
      '1.2.3.4 - a "b\\" [x] [21/Nov/2026:12:00:00 +0000] "GET /u HTTP/1.1" 200 1 "-" "-" 5000',
      '/u',
    ],
    ['an escaped quote in the path', line(' 5000', 'GET /a\\"b HTTP/1.1'), '/a"b'],
    ['a path that ends in a backslash', line(' 5000', 'GET /a HTTP/1.1\\'), '/a'],
    ['an agent that ends in a backslash', line(' 5000').replace('curl/8', 'evil\\'), '/'],
    ['a forged ending inside the path', line(' 5000', 'GET /x\\" 200 5 \\"-\\" \\"-\\" HTTP/1.1'), '/x" 200 5 "-" "-"'],
    ['the absolute form', line(' 5000', 'GET http://example.com/abs?x=1 HTTP/1.1'), '/abs'],
    ['an asterisk', line(' 5000', 'OPTIONS * HTTP/1.1'), '*'],
    ['a carriage return at its end', `${line(' 5000')}\r`, '/'],
    ['NULs before it', `\0\0\0${line(' 5000')}`, '/'],
    ['double-encoded UTF-8', line(' 5000', 'GET /cafÃ© HTTP/1.1'), '/café'],
    ['characters beyond Latin-1', line(' 5000', 'GET /東京 HTTP/1.1'), '/東京'],
  ])('is understood with %s', (_, text, path) => {
    for (const format of ['auto', `${DEFAULT_FORMAT} %(D)s`]) {
      const { records, rejected } = parse([text], format);
      expect(rejected).toEqual([]);
      expect(records[0]).toMatchObject({ path, seconds: 0.005 });
    }
  });

  it('is understood with invalid UTF-8 in it', () => {
    const { records } = parse([Buffer.from(line(' 5000', 'GET /\xff\xfe HTTP/1.1'), 'latin1')]);
    expect(records[0]?.path).toBe('/\ufffd\ufffd');
  });

  it('of two fields with nothing between is split where the second can begin', () => {
    expect(parse(['GET/x200'], '%(m)s%(U)s%(s)s').rejected).toHaveLength(0);
    expect(parse(['10.0.0.1      |   1234|'], '%(h)-14s|%(D)7d|').records[0]).toMatchObject({
      address: '10.0.0.1',
      seconds: 0.001234,
    });
  });

  it('that does not fit says where it stopped fitting', () => {
    expect(parse(['10.0.0.1 - - yesterday'], WITH_DURATION).rejected[0]).toMatch(/^column \d+: expected /);
    expect(parse([line().replace(' 200 ', ' OK ')], DEFAULT_FORMAT).rejected[0]).toMatch(/request line|status/);
    expect(parse([line(' extra')], DEFAULT_FORMAT).rejected[0]).toMatch(/column/);
    expect(parse(['\x7fELF\x02\x01\x01\0\0\0', '%PDF-1.4'], 'auto').rejected).toHaveLength(2);
  });

  it('that is blank counts as nothing', () => {
    const { parser } = parse(['', '  ', '\r', line()], 'auto');
    expect([parser.linesParsed, parser.linesRejected]).toEqual([1, 0]);
  });

  it('keeps its time with a byte order mark before the first one', () => {
    expect(parse([`\ufeff${line()}`]).records[0]).toMatchObject({ address: '10.0.0.1' });
  });

  it('with a duration that wrapped at 24 h has none', () => {
    expect(parse([line(' 86399999999')], `${DEFAULT_FORMAT} %(D)s`).records[0].seconds).toBeNaN();
  });

  it.each([
    ['[2026-11-21 02:04:13 +0000] [4711] [INFO] '],
    ['<14>gunicorn.web.access: [17089] '],
    ['Nov 21 02:04:13 host gunicorn[4711]: '],
    ['2026-11-21T02:04:13.123456789Z stdout F '],
  ])('is found behind the prefix %j', (prefix) => {
    expect(parse([prefix + line(' 5000')]).records[0]).toMatchObject({ address: '10.0.0.1', seconds: 0.005 });
  });

  it.each([
    ['%(a)s %(f)s %(u)s %(s)s %(D)s', '- '],
    ['%(f)s%(s)s %(D)s', '1'],
  ])('is given up where a text of %s could end in tens of thousands of places', (format, filler) => {
    const lineWith = (count: number): string => `${filler.repeat(count)}x 200 1000`;
    expect(parse([lineWith(10)], format).records).toHaveLength(1);
    expect(parse([lineWith(65_536)], format)).toMatchObject({ records: [], rejected: [expect.any(String)] });
  });

  it('costs no more than a bounded amount of work, whatever it holds', () => {
    for (const filler of ['"', '\\"', '" ', '[', ' [21/Nov', '" 200 ', '\\', '"-" ', '<1> ']) {
      const text = `10.0.0.1 - - [21/Nov/2026:12:00:00 +0000] "GET /${filler.repeat(65_536 / filler.length)}`;
      for (const format of ['auto', WITH_DURATION, '%(h)s %(u)s %(a)s %(f)s "%(r)s" %({x}i)s "%({y}i)s" %(s)s']) {
        const before = process.cpuUsage();
        parse([text, text, text, text], format);
        const { user, system } = process.cpuUsage(before);
        // Four lines in 5 ms each, ten times over; of CPU, because the machine may be busy.
        expect((user + system) / 1000).toBeLessThan(4 * 5 * 10);
      }
    }
  });
});

describe('the unit of a bare number', () => {
  it('is microseconds as soon as one value is 20 or more', () => {
    const { records, info } = parse([line(' 3'), line(' 19'), line(' 20')], 'auto', false);
    expect(records.map((record) => record.seconds)).toEqual([3e-6, 19e-6, 20e-6]);
    expect(info).toMatchObject({ format: 'combined + %(D)s', durationUnit: 'microseconds', durationUnitAssumed: true });
  });

  it('is seconds when a hundred lines all stay below 20', () => {
    const { records, info } = parse(
      Array.from({ length: 100 }, (_, index) => line(` ${index % 3}`)),
      'auto',
      false,
    );
    expect(records).toHaveLength(100);
    expect(records[2].seconds).toBe(2);
    expect(info).toMatchObject({ format: 'combined + %(T)s', durationUnit: 'seconds', durationUnitAssumed: true });
  });

  it('is unknown while undecided, and so is the duration', () => {
    const { records, info } = parse([line(' 3'), line(' 0')], 'auto', false);
    expect(records.map((record) => record.seconds)).toEqual([Number.NaN, Number.NaN]);
    expect(info.durationUnit).toBeNull();
  });

  it('is taken for microseconds at the end of the input', () => {
    expect(parse([line(' 3')], 'auto', true).records[0].seconds).toBe(3e-6);
  });

  it.each([
    [' 0.123456', 0.123456, 'seconds'],
    [' 1/1500000', 1.5, 'microseconds'],
    [' "x, y" 1500000 <7>', 1.5, 'microseconds'],
    [' rt=1500ms', 1.5, 'milliseconds'],
    [' 1500000µs', 1.5, 'microseconds'],
    [' request_time=2.5s', 2.5, 'seconds'],
  ])('of %j is found', (rest, seconds, unit) => {
    const { records, info } = parse([line(rest)]);
    expect(records[0].seconds).toBeCloseTo(seconds, 9);
    expect(info.durationUnit).toBe(unit);
  });

  it.each([
    ['%(T)s', ' 2', 2, 'seconds'],
    ['%(M)s', ' 2', 0.002, 'milliseconds'],
    ['%(D)s', ' 2', 0.000002, 'microseconds'],
    ['%(L)s', ' 0.250000', 0.25, 'seconds'],
    ['%(T)s/%(D)s', ' 0/7000', 0.007, 'microseconds'],
    ['%(D)s/%(M)s', ' 7123/7', 0.007123, 'microseconds'],
  ])('is what the format %s says, not assumed', (atom, rest, seconds, unit) => {
    const { records, info } = parse([line(rest)], `${DEFAULT_FORMAT} ${atom}`);
    expect(records[0].seconds).toBeCloseTo(seconds, 9);
    expect(info).toMatchObject({ durationUnit: unit, durationUnitAssumed: false });
  });
});

describe('a made-up line', () => {
  const bogus = (rest: string) => `10.0.0.1 - - [21/Nov/2026:12:00:00 +0000] "GET /x HTTP/1.1" 500 0 "-" "-"${rest}`;

  it('is one of 500, without bytes, referrer and agent, that claims under 20 ms', () => {
    expect(parse([bogus(' 1120')]).records[0].excluded).toBe(true);
    expect(parse([bogus(' 19999')]).records[0].excluded).toBe(true);
    expect(parse([bogus(' 20000')]).records[0].excluded).toBe(false);
    expect(parse([bogus(' 1120').replace('500 0', '500 9')]).records[0].excluded).toBe(false);
    expect(parse([bogus(' 1120').replace('"-"\x20"-"', '"-" "curl"')]).records[0].excluded).toBe(false);
    expect(parse([bogus('')]).records[0].excluded).toBe(false);
  });
});

describe('any format and any values', () => {
  // What Gunicorn prints: quotes escaped, nothing else.
  const printed = (text: string) => text.replaceAll('"', '\\"');
  const word = fc
    .string({
      unit: fc.constantFrom('a', 'B', '7', '/', '.', '-', '_', '"', '%', '[', ']'),
      minLength: 1,
      maxLength: 20,
    })
    .filter((text) => text !== '-' && !text.includes(' '));
  const request = fc.record({
    address: fc.ipV4(),
    user: fc.constantFrom('ann', 'ann b', '-'),
    method: fc.constantFrom('GET', 'POST', 'PURGE'),
    path: word.map((text) => `/${text}`),
    status: fc.integer({ min: 100, max: 599 }),
    bytes: fc.nat(1e9),
    agent: word,
    microseconds: fc.integer({ min: 0, max: 80_000_000_000 }),
    pid: fc.integer({ min: 1, max: 4_194_304 }),
  });

  it('are read back as they were printed', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 5 }), (requests) => {
        const lines = requests.map(
          (r) =>
            `${r.address} - ${r.user} [21/Nov/2026:12:00:00 +0000] "${printed(`${r.method} ${r.path} HTTP/1.1`)}" ${r.status} ${r.bytes} "-" "${printed(r.agent)}" ${r.microseconds} <${r.pid}>`,
        );
        const { records, rejected } = parse(lines, WITH_DURATION);
        expect(rejected).toEqual([]);
        expect(
          records.map(({ address, method, status, bytes, worker, path, userAgent, seconds }) => ({
            address,
            method,
            status,
            bytes,
            worker,
            path,
            userAgent,
            seconds,
          })),
        ).toEqual(
          requests.map((r) => ({
            address: r.address,
            method: r.method,
            status: r.status,
            bytes: r.bytes,
            worker: r.pid,
            path: r.path,
            userAgent: r.agent,
            seconds: r.microseconds / 1e6,
          })),
        );
      }),
      { numRuns: 300 },
    );
  });
});
