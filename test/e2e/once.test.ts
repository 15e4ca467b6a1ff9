import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { runGtop } from '../support/cli.ts';
import { type GunicornVersion, type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { takeSnapshot } from '../support/snapshot.ts';
import { countBy, plannedTraffic, type SentRequest, sendTraffic } from '../support/traffic.ts';
import { until } from '../support/wait.ts';

const VERSIONS: readonly GunicornVersion[] = ['26', '20.1'];

/** The route of a path, by the rule as the documentation states it. */
function routeOf(target: string): string {
  const path = target.split('?')[0];
  const isId = (segment: string) =>
    /^\d+$/.test(segment) ||
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(segment) ||
    (/^[0-9a-f]{8,}$/i.test(segment) && /\d/.test(segment));
  return path
    .split('/')
    .map((segment) => (isId(segment) ? '{id}' : segment))
    .join('/');
}

/** Nearest rank: the smallest value that at least `q` of all are not above. */
function exactQuantile(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
}

const rowsToCounts = (rows: readonly { value: string; count: number }[]) =>
  Object.fromEntries(rows.map(({ value, count }) => [value, count]));

const everything = (gunicorn: RunningGunicorn) => [
  ...['--from-start', '--window', 'all', '--pid', gunicorn.pidFile],
  ...['--log', gunicorn.accessLog, '--error-log', gunicorn.errorLog],
];

describe.each(
  VERSIONS.flatMap((version) => (['sync', 'gthread'] as const).map((workerClass) => ({ version, workerClass }))),
)('2,000 known requests to Gunicorn $version with $workerClass workers', ({ version, workerClass }) => {
  let gunicorn: RunningGunicorn;
  let requests: readonly SentRequest[];
  let durations: readonly number[];
  let snapshot: Snapshot;

  beforeAll(async () => {
    const threads = workerClass === 'gthread' ? 4 : 1;
    gunicorn = await startGunicorn({ version, workerClass, workers: 3, threads, timeout: 20 });
    const sent = await sendTraffic(gunicorn.endpoint, plannedTraffic(2000));
    const ready = { method: 'HEAD', path: '/ready', userAgent: '-', status: 200, bytes: 0, body: '' };
    requests = [ready, ...sent];
    // Gunicorn logs a request after it has answered.
    const lines = await until('every request is in the log', () => {
      const logged = readFileSync(gunicorn.accessLog, 'utf8').trimEnd().split('\n');
      return logged.length === requests.length && logged;
    });
    durations = lines.map((line) => Number(/ (\d+) <\d+>$/.exec(line)?.[1]) / 1e6).sort((a, b) => a - b);
    snapshot = await takeSnapshot(everything(gunicorn));
  });
  afterAll(cleanUp);

  it('counts requests, errors and bytes', () => {
    expect(snapshot.traffic.requestsTotal).toBe(requests.length);
    expect(snapshot.traffic.requests).toBe(requests.length);
    expect(snapshot.traffic.errorsTotal).toBe(requests.filter(({ status }) => status >= 500).length);
    expect(snapshot.traffic.bytesTotal).toBe(requests.reduce((sum, { bytes }) => sum + bytes, 0));
  });

  it('counts every status', () => {
    expect(snapshot.status.codes).toEqual(countBy(requests, ({ status }) => String(status)));
    const classes = countBy(requests, ({ status }) => `${Math.floor(status / 100)}xx`);
    expect(snapshot.status.classes).toEqual({ '1xx': 0, ...classes });
  });

  it('counts every route, method and user agent', () => {
    const routes = Object.fromEntries(snapshot.paths.map(({ method, path, count }) => [`${method} ${path}`, count]));
    expect(routes).toEqual(countBy(requests, ({ method, path }) => `${method} ${routeOf(path)}`));
    expect(rowsToCounts(snapshot.clients.methods)).toEqual(countBy(requests, ({ method }) => method));
    expect(rowsToCounts(snapshot.clients.userAgents)).toMatchObject(
      countBy(requests.slice(1), ({ userAgent }) => userAgent),
    );
  });

  it('gives percentiles within 1 % of an exact sort of the durations in the log', () => {
    const { latency } = snapshot;
    expect(latency?.count).toBe(durations.length);
    const figures = { p50Seconds: 0.5, p90Seconds: 0.9, p95Seconds: 0.95, p99Seconds: 0.99, maxSeconds: 1 } as const;
    for (const [name, q] of Object.entries(figures)) {
      const ratio = (latency?.[name as keyof typeof figures] ?? 0) / exactQuantile(durations, q);
      expect(ratio, name).toBeGreaterThan(0.99);
      expect(ratio, name).toBeLessThan(1.01);
    }
  });

  it('knows the master and each worker, with the requests that it served', () => {
    expect(snapshot.master).toMatchObject({
      pid: gunicorn.pid,
      role: 'current',
      app: 'app:app',
      workerClass,
      workersTarget: 3,
      timeoutSeconds: 20,
      pidFile: gunicorn.pidFile,
    });
    expect(snapshot.master?.version).toMatch(new RegExp(`^${version.replace('.', '\\.')}\\.`));
    const pids = readFileSync(gunicorn.accessLog, 'utf8').matchAll(/<(\d+)>$/gm);
    const served = countBy([...pids], ([, pid]) => pid);
    const shown = snapshot.workers.map(({ pid, requestsTotal }) => [String(pid), requestsTotal]);
    expect(Object.fromEntries(shown)).toEqual(
      Object.fromEntries(gunicorn.workers().map((pid) => [String(pid), served[pid] ?? 0])),
    );
  });

  it('accounts for every line that it read', () => {
    const { sources, linesRead, linesParsed, linesRejected } = snapshot.ingest;
    expect(linesRead).toBe(linesParsed + linesRejected);
    for (const source of sources) expect(source.linesRead).toBe(source.linesParsed + source.linesRejected);
    expect(sources.find(({ kind }) => kind === 'access')?.linesParsed).toBe(requests.length);
    expect(linesRejected).toBe(0);
  });
});

describe.each(VERSIONS)('three requests that hang, on Gunicorn %s', (version) => {
  afterAll(cleanUp);

  it('shows three failures of at least the timeout, and three workers ended by it', async () => {
    const gunicorn = await startGunicorn({ version, workers: 3, timeout: 2 });
    const hung = Array.from({ length: 3 }, () => gunicorn.request('/hang').catch(() => null));
    await Promise.all(hung);
    await until('three workers timed out and were replaced', () => {
      const log = readFileSync(gunicorn.errorLog, 'utf8');
      const count = (text: string) => log.split(text).length - 1;
      return count('WORKER TIMEOUT') === 3 && count('Booting worker') === 6;
    });

    const { status, latency, workerExits, paths } = await takeSnapshot(everything(gunicorn));
    expect(status.timeouts).toBe(3);
    expect(workerExits.byReason).toMatchObject({ timeout: 3, oom: 0, crash: 0 });
    // The HEAD request of the start, and the three.
    expect(latency?.count).toBe(4);
    expect(latency?.maxSeconds).toBeGreaterThanOrEqual(2 * 0.99);
    // 20.1 says nowhere what it was that hung.
    if (version === '26')
      expect(paths).toContainEqual(expect.objectContaining({ method: 'GET', path: '/hang', count: 3 }));
  });
});

describe('output that is not a terminal', () => {
  afterAll(cleanUp);

  it('is one sample as text, and with -n so many objects, one a line', async () => {
    const gunicorn = await startGunicorn({ workers: 1 });
    const args = ['--pid', gunicorn.pidFile, '--log', gunicorn.accessLog];
    const text = await runGtop(args);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toContain(String(gunicorn.pid));
    expect(text.stdout).not.toContain('\x1b');

    const samples = await runGtop(['--json', '-n', '3', '--delay', '200ms', ...args]);
    const lines = samples.stdout.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as Snapshot).traffic.requestsTotal)).toEqual([1, 1, 1]);
  });
});

describe('lines between two moments', () => {
  afterAll(cleanUp);

  const minute = (number: number): string => `2026-03-01T12:0${number}`;
  /** A line a minute, 12:00 to 12:09 UTC. */
  const writeMinutes = (): string => {
    const log = join(temporaryFolder(), 'access.log');
    const line = (number: number) =>
      `1.2.3.4 - - [01/Mar/2026:12:0${number}:00 +0000] "GET /${number} HTTP/1.1" 200 5 "-" "-"\n`;
    writeFileSync(log, Array.from({ length: 10 }, (_, number) => line(number)).join(''));
    return log;
  };

  it.each([
    [
      ['--until', `${minute(4)}Z`],
      ['/0', '/1', '/2', '/3'],
    ],
    [
      ['--until', `${minute(4)}:01Z`],
      ['/0', '/1', '/2', '/3', '/4'],
    ],
    [
      ['--since', `${minute(2)}Z`, '--until', `${minute(4)}Z`],
      ['/2', '/3'],
    ],
    [
      ['--since', minute(2), '--until', minute(4), '--tz', 'utc'],
      ['/2', '/3'],
    ],
  ])('%j', async (moments, paths) => {
    const snapshot = await takeSnapshot(['--no-routes', '--window', 'all', '--log', writeMinutes(), ...moments]);
    expect(snapshot.paths.map(({ path }) => path).sort()).toEqual(paths);
    expect(snapshot.traffic.requests).toBe(paths.length);
  });
});

describe('a log that cannot be followed', () => {
  let folder: string;
  beforeAll(() => {
    folder = temporaryFolder();
  });
  afterAll(cleanUp);

  it.each(['--once', 'stream'])('a compressed one is one line for %s, which names the way out', async (command) => {
    const path = join(folder, `${command}.log.1`);
    writeFileSync(path, gzipSync('127.0.0.1 - - [21/Nov/2026:02:04:27 +0000] "GET / HTTP/1.1" 200 1 "-" "-"\n'));
    const { code, stderr } = await runGtop([command, '--no-config', '--log', path]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `gtop: ${path}: is compressed and cannot be followed: read it with gtop report or gtop replay\n`,
    );
  });

  it('a link that leads to itself is told in words', async () => {
    const path = join(folder, 'loop.log');
    symlinkSync(path, path);
    const { code, stderr } = await runGtop(['--once', '--no-config', '--log', path]);
    expect([code, stderr]).toEqual([1, `gtop: ${path}: too many levels of symbolic links\n`]);
  });
});
