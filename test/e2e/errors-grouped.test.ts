import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { cleanUp, onCleanup, temporaryFolder } from '../support/cleanup.ts';
import { cleanEnvironment, gtopCommand } from '../support/cli.ts';
import {
  type GunicornOptions,
  type GunicornVersion,
  type RunningGunicorn,
  startGunicorn,
} from '../support/gunicorn.ts';
import { parseSnapshot, takeSnapshot } from '../support/snapshot.ts';
import { until } from '../support/wait.ts';

afterEach(cleanUp);

const SOURCE = readFileSync('test/fixtures/apps/failing.py', 'utf8').split('\n');
/** The place in the application's source that a comment marks. */
const place = (mark: string): string =>
  `apps/failing.py:${SOURCE.findIndex((line) => line.includes(`# here: ${mark}`)) + 1}`;

const start = (options: GunicornOptions): Promise<RunningGunicorn> => startGunicorn({ ...options, app: 'failing:app' });

/** A log of the application's own in a folder of its own, and the arguments that make it write there. */
function appLog(bytes: number, isJson = false) {
  const path = join(temporaryFolder(), 'app.log');
  const settings = [`APP_LOG=${path}`, `APP_LOG_BYTES=${bytes}`, ...(isJson ? ['APP_LOG_JSON=1'] : [])];
  return { path, extraArgs: settings.flatMap((setting) => ['--env', setting]) };
}

/** A gtop that prints a snapshot five times a second. */
class Watching {
  readonly #child: ChildProcess;
  #text = '';

  constructor(args: readonly string[]) {
    const [program, ...rest] = gtopCommand(['--once', '--json', '-n', '1000', '-d', '200ms', '-w', 'all', ...args]);
    this.#child = spawn(program, rest, { env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString();
    });
    onCleanup(() => void this.#child.kill('SIGKILL'));
  }

  /** The newest snapshot; null before the first. */
  get latest(): Snapshot | null {
    const line = this.#text.split('\n').at(-2);
    return line === undefined ? null : parseSnapshot(line);
  }

  /** The first snapshot of which this holds. */
  when(what: string, holds: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
    return until(what, () => (this.latest !== null && holds(this.latest) ? this.latest : null), 30_000);
  }
}

const groups = ({ errors }: Snapshot) =>
  errors.map(({ type, message, frame, count, paths }) => ({ type, message, frame, count, paths }));

async function fail(gunicorn: RunningGunicorn, ...paths: string[]): Promise<void> {
  // An answer that breaks off after its head is a failure of the request, as it should be.
  for (const path of paths) await gunicorn.request(path).catch(() => null);
}

describe.each<GunicornVersion>(['26', '20.1'])('exceptions under Gunicorn %s', (version) => {
  it('are folded by type and the frame of the application, with exact counts', async () => {
    const gunicorn = await start({ version, extraArgs: ['--capture-output'] });
    await fail(gunicorn, '/charge/1', '/charge/2', '/charge/3?card=4111', '/lookup/7', '/lookup/8', '/body', '/');
    const snapshot = await takeSnapshot(['--from-start', '-w', 'all', '-e', gunicorn.errorLog]);
    expect(groups(snapshot)).toEqual([
      {
        type: 'failing.PaymentError',
        message: 'order 3: the gateway answered 503',
        frame: `${place('charge')} in charge`,
        count: 3,
        paths: ['/charge/{id}'],
      },
      {
        type: 'LookupError',
        message: 'no order 8',
        frame: `${place('lookup')} in lookup`,
        count: 2,
        paths: ['/lookup/{id}'],
      },
      { type: 'OSError', message: 'the disk is gone', frame: `${place('body')} in broken_body`, count: 1, paths: [] },
    ]);
    expect(snapshot.errorTotals).toEqual({ count: 6, groups: 3, groupsNotShown: 0 });
    expect(snapshot.errors[0]?.sample).toMatch(/^Traceback.*PaymentError: order 3: the gateway answered 503$/s);
    const news = snapshot.events.filter(({ kind }) => kind === 'error-new').reverse();
    expect(news.map(({ text }) => text)).toEqual([
      `new error: failing.PaymentError: order 1: the gateway answered 503 (${place('charge')} in charge)`,
      `new error: LookupError: no order 7 (${place('lookup')} in lookup)`,
      `new error: OSError: the disk is gone (${place('body')} in broken_body)`,
    ]);
    expect(news[0]).toMatchObject({ path: '/charge/1', method: version === '26' ? 'GET' : null });
  });

  it('are counted where they are only printed to standard error', async () => {
    const gunicorn = await start({ version, extraArgs: ['--capture-output'] });
    await fail(gunicorn, '/printed', '/printed', '/charge/1');
    await gunicorn.stop();
    const snapshot = await takeSnapshot(['--from-start', '-w', 'all', '-e', gunicorn.errorLog]);
    expect(groups(snapshot)).toMatchObject([
      { type: 'failing.PaymentError', frame: `${place('charge')} in charge`, count: 3 },
    ]);
  });

  it('are read from the application’s own log, through its rotation, and count once where both logs tell of them', async () => {
    const { path, extraArgs } = appLog(3000);
    const gunicorn = await start({ version, workers: 1, extraArgs });
    const gtop = new Watching(['-e', gunicorn.errorLog, '--app-log', path]);
    await gtop.when('gtop reads', () => true);
    await fail(
      gunicorn,
      ...Array.from({ length: 40 }, (_, i) => `/logged/${i}`),
      ...Array.from({ length: 5 }, () => '/both/1'),
    );
    const written = () => readFileSync(path, 'utf8').length > 0;
    const snapshot = await gtop.when('all of them are read', ({ errorTotals }) => written() && errorTotals.count >= 45);
    expect(groups(snapshot)).toMatchObject([
      { type: 'failing.PaymentError', frame: `${place('charge')} in charge`, count: 45, paths: ['/both/{id}'] },
    ]);
    expect(snapshot.ingest.rotations).toBeGreaterThan(5);
    expect(snapshot.ingest).toMatchObject({ linesRejected: 0, possiblyLostBytes: 0 });
  });

  it('are read from JSON lines, with the route that a field names', async () => {
    const { path, extraArgs } = appLog(0, true);
    const gunicorn = await start({ version, extraArgs });
    await fail(gunicorn, '/logged/1', '/logged/2');
    const snapshot = await takeSnapshot(['--from-start', '-w', 'all', '--app-log', path]);
    expect(groups(snapshot)).toMatchObject([
      { type: 'failing.PaymentError', frame: `${place('charge')} in charge`, count: 2, paths: ['/logged/{id}'] },
    ]);
  });
});

describe('lines that the config file asks to count', () => {
  it('are as many as grep finds, in the logs that were meant', async () => {
    const { path, extraArgs } = appLog(0);
    const gunicorn = await start({ extraArgs });
    await fail(gunicorn, '/query/812', '/query/900', '/charge/1', '/logged/1');
    const config = join(temporaryFolder(), 'config.yaml');
    writeFileSync(
      config,
      [
        'watch:',
        '  - { name: slow_query, pattern: "duration: * ms", log: app }',
        '  - { name: gateway, pattern: the gateway answered }',
        '  - { name: no_query, pattern: duration, log: error }',
      ].join('\n'),
    );
    const args = ['--config', config, '--from-start', '-w', 'all', '-e', gunicorn.errorLog, '--app-log', path];
    const { watched } = await takeSnapshot(args);
    const lines = [gunicorn.errorLog, path].flatMap((log) => readFileSync(log, 'utf8').split('\n'));
    const gateway = lines.filter((line) => line.includes('the gateway answered')).length;
    expect(watched).toMatchObject([
      { name: 'slow_query', count: 2 },
      { name: 'gateway', count: gateway },
      { name: 'no_query', count: 0, lastAt: null, perMinute: 0 },
    ]);
    expect(gateway).toBeGreaterThan(2);
    expect(watched[0]?.perMinute).toBe(2);
  });
});

describe('a request that a worker timeout kills', () => {
  async function timeOut(options: GunicornOptions, path: string): Promise<{ snapshot: Snapshot; pid: number | null }> {
    const gunicorn = await start({ ...options, workers: 1, timeout: 2 });
    const gtop = new Watching(['--pid', gunicorn.pidFile, '-l', gunicorn.accessLog, '-e', gunicorn.errorLog]);
    await gtop.when('gtop sees the worker', ({ workers }) => workers.length === 1);
    const [pid = null] = gunicorn.workers();
    const lost = gunicorn.request(path).catch(() => null);
    const snapshot = await gtop.when('the killed request counts', ({ status }) => status.timeouts > 0);
    await lost;
    return { snapshot, pid };
  }

  it('is named with its place in the application and its client, where Gunicorn logs it (26, sync)', async () => {
    const { snapshot, pid } = await timeOut({ version: '26' }, '/hang/9912');
    const event = snapshot.events.find(({ kind }) => kind === 'worker-timeout');
    expect(event).toMatchObject({
      worker: pid,
      method: 'GET',
      path: '/hang/9912',
      text: `worker ${pid} killed: timeout after 2 s in GET /hang/9912 (${place('hang')})`,
    });
    expect(snapshot.slow[0]).toMatchObject({ path: '/hang/9912', seconds: 2, address: '127.0.0.1' });
    expect(snapshot.latency?.maxSeconds).toBe(2);
    expect(groups(snapshot)).toMatchObject([{ type: 'SystemExit', frame: `${place('hang')} in wait_for`, count: 1 }]);
    // The timeout tells of it.
    expect(snapshot.events.filter(({ kind }) => kind === 'error-new')).toEqual([]);
  });

  it.each<[string, GunicornOptions, string]>([
    ['20.1, sync', { version: '20.1' }, '/hang/9912'],
    ['26, gthread', { version: '26', workerClass: 'gthread', threads: 2 }, '/freeze'],
    ['20.1, gthread', { version: '20.1', workerClass: 'gthread', threads: 2 }, '/freeze'],
  ])('counts with its client also where Gunicorn names none: %s', async (_, options, path) => {
    const { snapshot, pid } = await timeOut(options, path);
    const event = snapshot.events.find(({ kind }) => kind === 'worker-timeout');
    expect(event).toMatchObject({ worker: pid, path: null, text: `worker ${pid} killed: timeout after 2 s` });
    expect(snapshot.status.timeouts).toBe(1);
    expect(snapshot.slow[0]).toMatchObject({ path: null, seconds: 2, address: '127.0.0.1' });
    expect(snapshot.latency?.maxSeconds).toBe(2);
  });
});
