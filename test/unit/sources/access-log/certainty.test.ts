import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../../../src/model/facts.ts';
import { AccessLogParser } from '../../../../src/sources/access-log/index.ts';

function read(format: string, line: string): AccessRecord | string {
  let result: AccessRecord | string = 'held';
  const parser = new AccessLogParser({
    format,
    onRecord: (record) => {
      result = { ...record, target: record.target };
    },
    onRejected: (reason) => {
      result = reason;
    },
  });
  const bytes = Buffer.from(`${line}\n`);
  parser.push(bytes, 0, bytes.length);
  parser.settle(true);
  return result;
}

const TABS = '%(h)s\t%(u)s\t%(r)s\t%(s)s\t%(f)s\t%(a)s\t%(D)s';

describe('a text that could end at another place as well', () => {
  it.each([
    ['a tab in the agent', `10.0.0.1\tann\tGET /a HTTP/1.1\t200\t-\tx\ty\t5000`, { referrer: null, userAgent: null }],
    [
      'a tab in the referrer',
      `10.0.0.1\tann\tGET /a HTTP/1.1\t200\tx\ty\tz\t5000`,
      { referrer: null, userAgent: null },
    ],
    ['a tab in the user', `10.0.0.1\ta\tb\tGET /a HTTP/1.1\t200\t-\tz\t5000`, { user: 'a\tb', userAgent: 'z' }],
  ])('is unknown, and nothing else is: %s between tabs', (_, line, expected) => {
    const known = { path: '/a', status: 200, seconds: 0.005 };
    expect(read(TABS, line)).toMatchObject({ ...known, ...expected });
  });

  it('takes with it what stands behind it up to the next certain place', () => {
    const record = read('%(f)s,%(s)s,%(D)s,%(a)s,"%(r)s"', 'x,200,7,y,404,9,z,"GET /a HTTP/1.1"');
    expect(record).toMatchObject({
      referrer: null,
      userAgent: null,
      status: Number.NaN,
      seconds: Number.NaN,
      path: '/a',
    });
  });

  it('does not hide the address of whoever names himself so', () => {
    const record = read(
      '%(h)s %(l)s %(u)s|%(t)s "%(r)s"',
      '10.0.0.1 - x - y|[21/Nov/2026:12:00:00 +0000] "GET /a HTTP/1.1"',
    );
    expect(record).toMatchObject({ address: '10.0.0.1', user: 'x - y', path: '/a' });
  });

  it('also where the other place lies in what stands between', () => {
    const record = read(`'%(f)s200%(D)s "%(r)s"`, `'a,2002002500 "GET /a HTTP/1.1"`);
    expect(record).toMatchObject({ referrer: null, seconds: Number.NaN, path: '/a' });
  });

  it('is none where a number stands directly before it', () => {
    expect(read('%(D)s%(h)s "%(r)s"', '25002001:db8::7 "GET /a HTTP/1.1"')).toMatchObject({
      seconds: Number.NaN,
      address: null,
      path: '/a',
    });
  });
});

describe('a request line without quotes', () => {
  it('has a method, a target and a protocol: it does not end at its first blank', () => {
    for (const format of ['%(r)s %(s)s %(f)s', '%(l)s %(r)s %(s)s', '%(f)s %(r)s', '%(r)-40s %(s)s']) {
      const line = format
        .replace('%(r)-40s', 'GET /a?b=1 HTTP/1.1'.padEnd(40))
        .replace('%(r)s', 'GET /a?b=1 HTTP/1.1')
        .replace('%(s)s', '200')
        .replace(/%\([lf]\)s/, '-');
      expect(read(format, line)).toMatchObject({ method: 'GET', path: '/a', target: '/a?b=1', protocol: 'HTTP/1.1' });
    }
  });

  it('that is none is no line', () => {
    expect(read('%(h)s %(r)s %(s)s', '10.0.0.1 what is this 200')).toMatch(/^column \d+: expected /);
  });
});

it('a format is read without the blanks around it, as Gunicorn reads it', () => {
  expect(read('  %(h)s "%(r)s" %(s)s\t', '10.0.0.1 "GET /a HTTP/1.1" 200')).toMatchObject({ path: '/a', status: 200 });
});

// The bytes between texts occur in the texts: what is claimed must be what was put in, or nothing.
it('nothing is claimed that was not put in, whatever stands between the values', () => {
  const value = fc.string({ unit: fc.constantFrom('a', '7', '/', ',', ' ', '|', '\t', '-'), maxLength: 8 });
  const separator = fc.constantFrom(',', ' ', '|', '\t', ' | ', ', ', '');
  const names = fc.shuffledSubarray(['u', 'f', 'a', 'r', 's', 'D'], { minLength: 2 });
  fc.assert(
    fc.property(names, separator, value, value, value, fc.nat(99_999), (atoms, between, user, referrer, agent, us) => {
      const printed: Record<string, string> = {
        u: user || '-',
        f: referrer,
        a: agent,
        r: 'GET /x HTTP/1.1',
        s: '404',
        D: String(us),
      };
      // Blanks around a line are taken off with those around its format.
      const line = atoms.map((name) => printed[name]).join(between);
      const record = read(atoms.map((name) => `%(${name})s`).join(between), line);
      if (typeof record === 'string') return;
      const orNull = (text: string) => (text === '' || text === '-' ? null : text);
      expect([orNull(user), null]).toContain(record.user);
      expect([orNull(referrer), null]).toContain(record.referrer);
      expect([orNull(agent), null]).toContain(record.userAgent);
      expect(['/x', null]).toContain(record.path);
      expect(Number.isNaN(record.status) || record.status === 404).toBe(true);
      expect(Number.isNaN(record.seconds) || record.seconds === us / 1e6).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});
