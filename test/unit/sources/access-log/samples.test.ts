import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../../../src/model/facts.ts';
import { AccessLogParser } from '../../../../src/sources/access-log/index.ts';

const SAMPLES = 'test/fixtures/gunicorn';

/** The format of the runs named `tlm`: every atom there is. */
const ALL_ATOMS =
  'T=%(T)s M=%(M)s D=%(D)s L=%(L)s p=%(p)s m=%(m)s U=%(U)s q=%(q)s H=%(H)s s=%(s)s B=%(B)s b=%(b)s h=%(h)s ' +
  'xff=%({x-forwarded-for}i)s rid=%({x-request-id}i)s outct=%({content-type}o)s xthing=%({x-thing}o)s ' +
  'env=%({server_port}e)s none=%({nope}i)s/%({nope}o)s/%({nope}e)s/%(Z)s r="%(r)s"';

/** What the applications of these runs print, Gunicorn's own lines as a syslog server was sent them; and why it is no access line. */
const REST_OF_STREAMS =
  /^(print from app to std(out|err).*|wsgi\.errors write|b|b'<1[24]>gunicorn\.web\.error: \[\d+\] .*) — column \d+: expected (a time such as \[21\/Nov\/2026:02:04:27 \+0000\]|(a value|an address) and ' ' behind it)$/;

function parse(text: Buffer, format = 'auto', { isMixed = false } = {}) {
  const records: AccessRecord[] = [];
  const rejected: string[] = [];
  const parser = new AccessLogParser({
    format,
    onRecord: (record) => records.push({ ...record, target: record.target }),
    onRejected: (reason, line) => rejected.push(`${line.toString()} — ${reason}`),
    ...(isMixed ? { onForeign() {} } : {}),
  });
  parser.push(text, 0, text.length);
  parser.settle(true);
  return { records, rejected, info: parser.info, parser };
}

const files = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' }).sort();
const accessLogs = files.filter((file) => /\/(sys-)?access-.*\.log$|dirty\/access\.log$/.test(file));
/** `%(U)s` is percent-decoded: in this run it put a newline into the log, and the format is three fields. */
const withNewline = (file: string): boolean => file.endsWith('access-U-newline.log');

describe('every access log of the sample runs', () => {
  it.each(accessLogs.filter((file) => !withNewline(file)))('%s parses whole', (file) => {
    const text = readFileSync(join(SAMPLES, file));
    const { records, rejected, parser } = parse(text, file.includes('tlm') ? ALL_ATOMS : 'auto');
    const lines = text
      .toString('latin1')
      .split('\n')
      .filter((line) => line !== '');
    expect(rejected).toEqual([]);
    expect(records).toHaveLength(lines.length);
    expect(parser.linesParsed).toBe(lines.length);
    for (const record of records) expect(record.status).toBeGreaterThanOrEqual(200);
  });

  it.each(files.filter(withNewline))('%s has a line cut in two by a newline in the path', (file) => {
    const { records, rejected } = parse(readFileSync(join(SAMPLES, file)), '%(h)s "%(m)s %(U)s" %(s)s');
    expect(records.map(({ path }) => path)).toEqual(['/', '/x']);
    // The only access lines of all runs that nobody can parse: the two halves of this one.
    expect(rejected).toEqual([
      `127.0.0.1 "GET /a — column 16: expected a path and '" ' behind it`,
      `b" 200 — column 1: expected an address and ' "' behind it`,
    ]);
  });

  it.each(files.filter((file) => /streams\/(?!access-).*\.(log|txt)$/.test(file)))(
    '%s: of a stream with other output every access line is parsed, the rest listed with its reason',
    (file) => {
      const text = readFileSync(join(SAMPLES, file));
      const { records, rejected } = parse(text, 'auto', { isMixed: true });
      const isAccess = (line: string): boolean => / "(GET|POST|HEAD|PUT) \S+ HTTP\/1\.[01]" \d{3} /.test(line);
      expect(records).toHaveLength(text.toString('latin1').split('\n').filter(isAccess).length);
      expect(rejected.filter((line) => isAccess(line))).toEqual([]);
      for (const line of rejected) expect(line).toMatch(REST_OF_STREAMS);
    },
  );

  it.each(files.filter((file) => /client-(clf_D|default|tlm)\.txt$/.test(file)))(
    '%s: the statuses that the client saw are the ones parsed',
    (file) => {
      const log = file.replace('client-', 'access-').replace('.txt', '.log');
      const { records } = parse(readFileSync(join(SAMPLES, log)), file.includes('tlm') ? ALL_ATOMS : 'auto');
      const seen = [...readFileSync(join(SAMPLES, file), 'utf8').matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, status]) =>
        Number(status),
      );
      // Invalid requests get an answer but no line; an exception behind the headers logs a line but answers nothing new.
      const count = (statuses: readonly number[], status: number) => statuses.filter((one) => one === status).length;
      for (const status of [201, 204, 301, 302, 404]) {
        expect(
          count(
            records.map((record) => record.status),
            status,
          ),
        ).toBe(count(seen, status));
      }
    },
  );
});

describe('the sample runs tell', () => {
  const sample = (file: string) => parse(readFileSync(join(SAMPLES, file)));

  it('durations in microseconds, assumed, and the made-up ones', () => {
    const { records, info } = sample('26.2.0/sync/access-clf_D.log');
    expect(info).toMatchObject({ format: 'combined + %(D)s', durationUnit: 'microseconds', durationUnitAssumed: true });
    const madeUp = records.filter((record) => record.excluded);
    expect(madeUp).toHaveLength(3);
    for (const record of madeUp)
      expect(record).toMatchObject({ status: 500, bytes: 0, userAgent: null, referrer: null });
    const framework = records.filter((record) => record.status === 500 && !record.excluded);
    expect(framework.every((record) => record.bytes > 0)).toBe(true);
  });

  it('the worker of each line', () => {
    const { records, info } = sample('26.2.0/sync/access-lifecycle.log');
    expect(info.format).toBe('combined + %(D)s + %(p)s');
    expect(records[0]).toMatchObject({
      path: '/pid',
      worker: 770,
      seconds: 0.004236,
      bytes: 4,
      userAgent: 'curl/7.88.1',
    });
    expect(records.find((record) => record.path === '/slow')).toMatchObject({ target: '/slow?s=6', excluded: true });
  });

  it('no duration where the format has none: unknown, never zero', () => {
    const { records, info } = sample('26.2.0/sync/access-default.log');
    expect(info).toMatchObject({ format: 'combined', durationUnit: null, durationUnitAssumed: false });
    expect(records.every((record) => Number.isNaN(record.seconds) && record.worker === 0)).toBe(true);
  });

  it('an empty address behind a unix socket', () => {
    const { records } = sample('26.2.0/unix-socket/access-sync.log');
    expect(records.every((record) => record.address === null && record.path !== null)).toBe(true);
  });

  it('uvicorn requests with their quotes, without a time', () => {
    const { records } = sample('26.2.0/uvicorn-0.54.0/access-default.log');
    expect(records[2]).toMatchObject({ address: '127.0.0.1', target: '/path?q="raw"', path: '/path', status: 200 });
    expect(records[2].atMs).toBeNaN();
  });

  it('the same requests whatever the format', () => {
    const essence = ({ records }: ReturnType<typeof parse>) =>
      records.map(({ path, status, bytes }) => ({ path, status, bytes }));
    const combined = essence(sample('26.2.0/sync/access-clf_D.log'));
    expect(essence(sample('26.2.0/sync/access-default.log'))).toEqual(combined);
    expect(essence(sample('26.2.0/sync/access-json.log'))).toEqual(combined);
    expect(essence(parse(readFileSync(join(SAMPLES, '26.2.0/sync/access-tlm.log')), ALL_ATOMS)).length).toBe(
      combined.length,
    );
  });
});
