import { execFile, execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import Ajv from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeAccessLog } from '../../bench/lib/access-log.mjs';
import type { Report } from '../../src/report/index.ts';
import { temporaryFolder } from '../support/cleanup.ts';
import { GTOP, type RunOptions, runGtop } from '../support/cli.ts';

const folder = temporaryFolder();
const file = (name: string): string => join(folder, name);
const LINES = 20_000;

/** A line of the given minute of 2026-11-21. */
const line = (minute: number, path = '/', seconds = 0.01): string => {
  const time = new Date(Date.UTC(2026, 10, 21) + minute * 60_000).toISOString().slice(11, 19);
  return `10.0.0.1 - - [21/Nov/2026:${time} +0000] "GET ${path} HTTP/1.1" 200 100 "-" "curl/8" ${seconds.toFixed(6)}\n`;
};
const linesOf = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => line(from + index, `/${from + index}`)).join('');

/** `gtop report ARGS` as JSON, with what is wrong on standard error. */
async function report(args: readonly string[], options: RunOptions = {}) {
  const result = await runGtop(['report', '--no-config', '--format', 'json', ...args], options);
  return { ...result, report: (result.stdout === '' ? null : JSON.parse(result.stdout)) as Report };
}

beforeAll(() => {
  writeAccessLog(file('big.log'), LINES);
  writeFileSync(file('old.log.gz'), gzipSync(linesOf(0, 100)));
  writeFileSync(file('new.log'), linesOf(100, 200));
});

describe('the same log, read by GoAccess', () => {
  let peer: Record<string, unknown>;
  let ours: Report;

  beforeAll(async () => {
    await promisify(execFile)('goaccess', [
      file('big.log'),
      '--no-global-config',
      '--no-progress',
      '--no-query-string',
      '--log-format=%h %^[%d:%t %^] "%r" %s %b "%R" "%u" %D',
      '--date-format=%d/%b/%Y',
      '--time-format=%T',
      '--max-items=100000',
      '-o',
      file('goaccess.json'),
    ]);
    peer = JSON.parse(readFileSync(file('goaccess.json'), 'utf8'));
    ours = (await report([file('big.log'), '--no-routes', '--top', '10000'])).report;
  });

  interface Row {
    readonly data: string;
    readonly method?: string;
    readonly hits: { readonly count: number };
    readonly bytes: { readonly count: number };
    readonly items?: readonly Row[];
  }
  const panel = (name: string): readonly Row[] => (peer[name] as { readonly data: readonly Row[] }).data;

  /** Sums by key, in one order. */
  function sums<T>(rows: readonly T[], key: (row: T) => string, hits: (row: T) => number, bytes: (row: T) => number) {
    const all = new Map<string, { hits: number; bytes: number }>();
    for (const row of rows) {
      const sum = all.get(key(row)) ?? { hits: 0, bytes: 0 };
      all.set(key(row), { hits: sum.hits + hits(row), bytes: sum.bytes + bytes(row) });
    }
    return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  it('has as many requests and bytes', () => {
    expect(peer.general).toMatchObject({
      total_requests: ours.traffic.requests,
      bandwidth: ours.traffic.bytes,
      failed_requests: ours.ingest.linesRejected,
    });
    expect(ours.traffic.requests).toBe(LINES);
  });

  it('has as many of each status', () => {
    const codes = panel('status_codes').flatMap((row) => row.items ?? []);
    expect(Object.fromEntries(codes.map((row) => [row.data.slice(0, 3), row.hits.count]))).toEqual(ours.status.codes);
  });

  it('has as many requests and bytes of each path', () => {
    const rows = ['requests', 'static_requests', 'not_found'].flatMap(panel);
    const key = (method: string | undefined, path: string | null): string => `${method} ${path}`;
    const theirs = sums(
      rows,
      (row) => key(row.method, row.data),
      (row) => row.hits.count,
      (row) => row.bytes.count,
    );
    const found = sums(
      ours.paths,
      (row) => key(row.method, row.path),
      (row) => row.count,
      (row) => row.bytes,
    );
    expect(Object.keys(theirs).length).toBeGreaterThan(1000);
    expect(found).toEqual(theirs);
  });

  it('has as many requests and bytes of each client', () => {
    const theirs = panel('hosts').map((row) => [row.data, row.hits.count, row.bytes.count].join(' '));
    const found = ours.clients.addresses.map((row) => [row.value, row.count, row.bytes].join(' '));
    expect(found.sort()).toEqual(theirs.sort());
  });
});

it('writes JSON that its schema describes', async () => {
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync('schema/report.schema.json', 'utf8')),
  );
  expect(validate((await report([file('big.log')])).report), JSON.stringify(validate.errors)).toBe(true);
});

describe('files', () => {
  it('are read plain or gzip, in the order of their first lines', async () => {
    const { report: found, code } = await report([file('new.log'), file('old.log.gz')]);
    expect(code).toBe(0);
    expect(found.traffic.requests).toBe(200);
    expect(found.ingest.sources.map((source) => source.path)).toEqual([file('old.log.gz'), file('new.log')]);
  });

  it('are known as gzip by their first bytes, also on standard input', async () => {
    const { report: found } = await report(['-'], { input: readFileSync(file('old.log.gz')) });
    expect(found.traffic.requests).toBe(100);
  });

  it('may be standard input', async () => {
    const { report: found } = await report(['-', file('new.log')], { input: linesOf(200, 250).trimEnd() });
    expect(found.traffic.requests).toBe(150);
  });

  it.each([1, 100, 150, 1000])('--max-lines %i takes the last ones of all together', async (count) => {
    const args = ['--max-lines', String(count), '--slow', '0', '--top', '1000'];
    const { report: found } = await report([...args, file('new.log'), file('old.log.gz')]);
    const paths = found.slow.map((row) => Number(row.path?.slice(1))).sort((a, b) => a - b);
    const expected = Array.from({ length: 200 }, (_, index) => index).slice(-count);
    expect(paths).toEqual(expected);
  });

  it('count once, however often and by whatever name they are given', async () => {
    symlinkSync(file('new.log'), file('symbolic.log'));
    linkSync(file('new.log'), file('hard.log'));
    const names = ['new.log', 'symbolic.log', 'hard.log', './new.log', 'new.log'].map(file);
    expect((await report(names)).report.traffic.requests).toBe(100);
  });

  it('may have entries of an error log in between: lines that were read and are no requests', async () => {
    const entry = '[2026-11-21 00:10:00 +0000] [7] [ERROR] Exception in worker process\n';
    const traceback = 'Traceback (most recent call last):\n  File "app.py", line 1\nValueError: no\n';
    writeFileSync(file('mixed.log'), linesOf(0, 50) + entry + traceback + linesOf(50, 100));
    const { report: found } = await report([file('mixed.log')]);
    expect(found.ingest).toMatchObject({ linesRead: 104, linesParsed: 104, linesRejected: 0 });
    expect(found.traffic.requests).toBe(100);
  });

  it('--max-lines works on standard input', async () => {
    const { report: found } = await report(['--max-lines', '7', '-'], { input: linesOf(0, 100) });
    expect(found.window.from).toBe('2026-11-21T01:33:00.000Z');
    expect(found.traffic.requests).toBe(7);
  });

  it('--since and --until count back from the newest line, or name a time', async () => {
    const both = [file('new.log'), file('old.log.gz')];
    expect((await report(['--since', '10m', ...both])).report.traffic.requests).toBe(11);
    expect((await report(['--since', '1h', '--until', '30m', ...both])).report.traffic.requests).toBe(30);
    const times = ['--since', '2026-11-21T01:00Z', '--until', '2026-11-21T02:00Z'];
    expect((await report([...times, ...both])).report.traffic).toMatchObject({ requests: 60, requestsTotal: 200 });
  });
});

describe('trouble', () => {
  it('of one file is told in a line; the rest goes on; the exit code is 1', async () => {
    mkdirSync(file('folder.log'));
    const { report: found, code, stderr } = await report([file('nothing.log'), file('folder.log'), file('new.log')]);
    expect(code).toBe(1);
    expect(found.traffic.requests).toBe(100);
    expect(stderr.trimEnd().split('\n')).toEqual([
      `gtop: ${file('nothing.log')}: no such file`,
      `gtop: ${file('folder.log')}: is a folder, not a file`,
    ]);
  });

  it('of a format that fits no line says where it stops fitting, and what to do', async () => {
    const advice = "give Gunicorn's access_log_format by --log-format";
    const found = await report(['-f', '%(h)s %(s)s', file('new.log')]);
    expect(found.code).toBe(0);
    expect(found.stderr).toBe(
      `gtop: ${file('new.log')}: format does not fit: line 1, column 11: expected the end of the line: ${advice}\n`,
    );
    expect(found.report.ingest.sources[0].message).toContain('format does not fit: line 1, column 11');
    const { stderr } = await report(['-'], { input: 'status=200 path=/\n' });
    expect(stderr).toMatch(/^gtop: standard input: format does not fit: line 1, column \d+: expected .*\n$/);
  });

  it('of all files leaves no report', async () => {
    const { stdout, code, stderr } = await runGtop(['report', '--no-config', file('nothing.log')]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(`gtop: ${file('nothing.log')}: no such file\n`);
  });

  it('of a gzip that is damaged: every line that comes before the damage counts, from a file and from standard input', async () => {
    const packed = gzipSync(readFileSync(file('big.log')));
    packed[packed.length - 8] ^= 0xff;
    writeFileSync(file('damaged.gz'), packed);
    for (const [path, options] of [
      [file('damaged.gz'), {}],
      ['-', { input: packed }],
    ] as const) {
      const { report: found, code, stderr } = await report([path], options);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^gtop: .*: the gzip file is damaged: what comes before counts\n$/);
      expect(found.ingest).toMatchObject({ linesRead: LINES, linesParsed: LINES });
    }
  });

  it('--filter makes it of the lines that pass, in compressed and plain logs', async () => {
    const files = [file('old.log.gz'), file('new.log')];
    const { report: found, code } = await report([...files, '-F', 'path=/7 or path=/150', '--no-routes']);
    expect(code).toBe(0);
    expect(found.filter).toBe('path=/7 or path=/150');
    expect(found.paths.map(({ path }) => path).sort()).toEqual(['/150', '/7']);
    expect(found.traffic).toMatchObject({ requests: 2, requestsTotal: 200 });
  });

  it('of a gzip that is cut off: what came before counts', async () => {
    const packed = gzipSync(readFileSync(file('big.log')));
    writeFileSync(file('cut.log.gz'), packed.subarray(0, packed.length / 2));
    const { report: found, code, stderr } = await report([file('cut.log.gz'), file('new.log')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^gtop: .*cut\.log\.gz: the gzip file is cut off.*\n$/);
    expect(found.traffic.requests).toBeGreaterThan(LINES / 4);
    expect(found.ingest.linesRejected).toBeLessThanOrEqual(1);
    expect(found.ingest.sources.find((source) => source.path === file('cut.log.gz'))?.state).toBe('failed');
  });

  it('of a file that may not be read', async () => {
    writeFileSync(file('secret.log'), line(0), { mode: 0o600 });
    const { code, stderr } = await report([file('secret.log')], { asNobody: true });
    expect([code, stderr]).toEqual([1, `gtop: ${file('secret.log')}: permission denied\n`]);
  });

  it('of nothing to read is none: empty and binary files, dates of any century', async () => {
    writeFileSync(file('empty.log'), '');
    writeFileSync(
      file('binary.log'),
      Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 2_654_435_761) >>> 24)),
    );
    writeFileSync(file('dates.log'), line(0).replace('2026', '1970') + line(0).replace('2026', '2099'));
    const { report: found, code } = await report([file('empty.log'), file('binary.log'), file('dates.log')]);
    expect(code).toBe(0);
    expect(found.traffic.requests).toBe(2);
    expect(found.window).toMatchObject({ from: '1970-11-21T00:00:00.000Z', to: '2099-11-21T00:00:00.000Z' });
    expect((await report([file('empty.log')])).report).toMatchObject({ latency: null, traffic: { requests: 0 } });
  });

  it.each([
    [['--format', 'pdf'], /--format 'pdf' must be one of/],
    [['--slow', 'soon'], /--slow 'soon' is not a duration/],
    [['--since', 'yesterday'], /--since 'yesterday' is neither a duration/],
    [['--since', '2026-02-30'], /--since '2026-02-30' is neither a duration/],
    [['--max-lines', '0'], /--max-lines '0' must be a whole number/],
    [[''], /^gtop: a FILE must not be empty \(try gtop --help\)\n$/],
    [['--since', '2026-11-22', '--until', '2026-11-21'], /--since '2026-11-22' is later than --until '2026-11-21'/],
  ])('of wrong usage: %j', async (args, complaint) => {
    const { code, stderr } = await runGtop(['report', '--no-config', ...args, file('new.log')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(complaint);
  });
});

describe('-o', () => {
  it.each([
    ['report.json', /^\{"schemaVersion":1/],
    ['report.csv', /^section,row,column,value\r\n/],
    ['report.md', /^# gtop report\n/],
    ['report.html', /^<!doctype html>/],
    ['report.txt', /^Overview ─/],
  ])('%s takes the form from the ending', async (name, start) => {
    const { code, stdout } = await runGtop(['report', '--no-config', '-o', file(name), file('new.log')]);
    expect([code, stdout]).toEqual([0, '']);
    expect(readFileSync(file(name), 'utf8')).toMatch(start);
    expect(statSync(file(name)).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  it('replaces a symbolic link and never follows it', async () => {
    writeFileSync(file('precious'), 'precious');
    symlinkSync(file('precious'), file('link.json'));
    await runGtop(['report', '--no-config', '-o', file('link.json'), file('new.log')]);
    expect(readFileSync(file('precious'), 'utf8')).toBe('precious');
  });

  it('that is no file, or one of the logs, is left as it is', async () => {
    execFileSync('mkfifo', [file('pipe.json')]);
    const pipe = await runGtop(['report', '--no-config', '-o', file('pipe.json'), file('new.log')]);
    expect(pipe).toMatchObject({
      code: 1,
      stderr: `gtop: ${file('pipe.json')}: not a regular file: name another one\n`,
    });
    expect(statSync(file('pipe.json')).isFIFO()).toBe(true);

    const before = readFileSync(file('new.log'), 'utf8');
    const log = await runGtop(['report', '--no-config', '-o', file('new.log'), file('new.log')]);
    expect(log.code).toBe(2);
    expect(log.stderr).toMatch(/is one of the logs: name another file/);
    expect(readFileSync(file('new.log'), 'utf8')).toBe(before);
  });

  it('/dev/stdout is standard output', async () => {
    const { code, stdout } = await runGtop(['report', '--no-config', '-o', '/dev/stdout', file('new.log')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Overview ─/);
  });

  it('that cannot be written is one line', async () => {
    const target = file('no/such/folder.json');
    const { code, stderr } = await runGtop(['report', '--no-config', '-o', target, file('new.log')]);
    expect([code, stderr]).toEqual([1, `gtop: ${target}: there is no folder ${file('no/such')}\n`]);
    const folder = await runGtop(['report', '--no-config', '-o', '.', file('new.log')]);
    expect([folder.code, folder.stderr]).toEqual([1, 'gtop: .: is a folder, not a file\n']);
  });
});

describe('a log that is big enough for two threads', () => {
  it('gives the report that one thread gives', async () => {
    writeAccessLog(file('two.log'), 200_000);
    expect(statSync(file('two.log')).size).toBeGreaterThan(25e6);
    const args = ['report', '--no-config', '--format', 'json', file('two.log')];
    const two = await runGtop(args);
    // One CPU is one thread.
    const alone = await promisify(execFile)('taskset', ['-c', '0', process.execPath, GTOP, ...args], {
      maxBuffer: 1e8,
    });
    const parse = (text: string) => ({ ...JSON.parse(text), generatedAt: null });
    expect(parse(two.stdout)).toEqual(parse(alone.stdout));
    expect(parse(two.stdout).ingest).toMatchObject({ linesRead: 200_000, linesRejected: 0 });

    const filter = 'status=5xx';
    const filtered = JSON.parse((await runGtop([...args, '--filter', filter])).stdout) as Report;
    expect(filtered.traffic.requests).toBe(filtered.traffic.errorsTotal);
    expect(filtered.traffic.requests).toBeGreaterThan(100);
    expect(filtered.status.classes['5xx']).toBe(filtered.traffic.requests);
  });
});
