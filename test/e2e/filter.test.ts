import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { cleanUp, onCleanup, temporaryFolder } from '../support/cleanup.ts';
import { runGtop } from '../support/cli.ts';
import { engineConfig } from '../support/engine-config.ts';
import { type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { openGtop } from '../support/pty.ts';
import { exportedSnapshots, takeSnapshot } from '../support/snapshot.ts';
import { RunningStream } from '../support/stream.ts';
import { plannedTraffic, sendTraffic } from '../support/traffic.ts';
import { until } from '../support/wait.ts';

const RECOUNT = fileURLToPath(new URL('../fixtures/filter/recount.py', import.meta.url));

interface Recount {
  readonly all: number;
  readonly filters: Record<
    string,
    {
      readonly requests: number;
      readonly errors: number;
      readonly bytes: number;
      readonly timed: number;
      readonly codes: Record<string, number>;
      readonly methods: Record<string, number>;
      readonly longest: number | null;
    }
  >;
}

const recount = (log: string, worker: number): Recount =>
  JSON.parse(execFileSync('python3', [RECOUNT, log, String(worker)], { encoding: 'utf8' }));

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');

describe('a log of a real Gunicorn, filtered', () => {
  let gunicorn: RunningGunicorn;
  let worker: number;
  let counted: Recount;
  const everything = () => ['--from-start', '--window', 'all', '--log', gunicorn.accessLog];

  beforeAll(async () => {
    gunicorn = await startGunicorn({ workers: 3 });
    await sendTraffic(gunicorn.endpoint, plannedTraffic(1000));
    await until('every request is in the log', () => linesOf(gunicorn.accessLog).length === 1001);
    [worker] = gunicorn.workers();
    await gunicorn.stop();
    counted = recount(gunicorn.accessLog, worker);
  });
  afterAll(cleanUp);

  it('gives the figures that another program counts, for each filter', async () => {
    const filters = Object.entries(counted.filters);
    expect(filters.length).toBeGreaterThanOrEqual(10);
    const snapshots = await Promise.all(
      filters.map(([filter]) => takeSnapshot([...everything(), '--filter', filter], { deadlineMs: 60_000 })),
    );
    for (const [index, [filter, wanted]] of filters.entries()) {
      const snapshot = snapshots[index];
      expect(snapshot.filter).toBe(filter);
      expect(snapshot.filterCoverage).toMatchObject({ reading: false });
      const { traffic, status, latency, clients, paths } = snapshot;
      const methods = Object.fromEntries(clients.methods.map((row) => [row.value, row.count]));
      expect({
        filter,
        requests: traffic.requests,
        total: traffic.requestsTotal,
        errors: traffic.errorsTotal,
        bytes: traffic.bytes,
        timed: latency?.count ?? 0,
        codes: status.codes,
        methods,
        inPaths: paths.reduce((sum, { count }) => sum + count, 0),
        longest: latency?.maxSeconds ?? null,
      }).toEqual({
        filter,
        requests: wanted.requests,
        total: wanted.requests,
        errors: wanted.errors,
        bytes: wanted.bytes,
        timed: wanted.timed,
        codes: wanted.codes,
        methods: wanted.methods,
        inPaths: wanted.requests,
        longest: wanted.longest,
      });
      // How reading goes is never filtered.
      expect(snapshot.ingest.linesParsed).toBe(counted.all);
    }
    expect(
      Object.values(counted.filters).filter(({ requests }) => requests > 0 && requests < counted.all).length,
    ).toBeGreaterThanOrEqual(10);
  });

  it('streams the lines that pass, and goes on behind those that do not', async () => {
    const state = join(gunicorn.dir, 'state.json');
    const filter = 'status>=500';
    const lines = linesOf(gunicorn.accessLog);
    const failed = lines.filter((line) => /HTTP\/1\.1" 5\d\d /.test(line));
    const first = new RunningStream([
      '--from-start',
      '--raw',
      '--filter',
      filter,
      '--state',
      state,
      '--log',
      gunicorn.accessLog,
    ]);
    await until('all that pass are printed', () => first.lines.length === failed.length);
    expect(first.raw).toEqual(failed);
    // A line that does not pass has been given out all the same: the next run begins behind it.
    const size = readFileSync(gunicorn.accessLog).length;
    await until('the place is written down', () => readFileSync(state, 'utf8').includes(`"offset":${size}`));
    expect(await first.end()).toBe(143);

    const [, last = ''] = failed;
    appendFileSync(gunicorn.accessLog, `${lines[0]}\n${last}\n`);
    const second = new RunningStream(['--raw', '--filter', filter, '--state', state, '--log', gunicorn.accessLog]);
    await until('the new line is printed', () => second.lines.length > 0);
    expect(second.raw).toEqual([last]);
    await second.end();
  });

  it.each([
    ['stauts>=500', "--filter 'stauts>=500' column 1: no field 'stauts', did you mean 'status'?"],
    ['bogus=1', "--filter 'bogus=1' column 1: no field 'bogus': there are status, path, route,"],
    ['path~(a', "--filter 'path~(a' column 6: ( is not closed"],
    ['status>=', "--filter 'status>=' column 9: a value is missing behind '>='"],
  ])('refuses %s in one line', async (filter, words) => {
    for (const command of [['--once', '--json', '--log'], ['stream', '--log'], ['report']]) {
      const { code, stdout, stderr } = await runGtop([...command, gunicorn.accessLog, '-F', filter]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(words);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('takes the filter from the environment, and hides addresses with --mask', async () => {
    const env = { GTOP_FILTER: 'ip=127.0.0.1 and status=404', GTOP_MASK: '1' };
    const snapshot = await takeSnapshot(everything(), { env });
    expect(snapshot.traffic.requests).toBeGreaterThan(10);
    expect(snapshot.filter).toBe('ip=127.0.0.0/24 and status=404');
    expect(snapshot.clients.addresses.map(({ value }) => value)).toEqual(['127.0.0.0/24']);
    expect(JSON.stringify(snapshot.slow)).not.toContain('127.0.0.1');
  });
});

describe('a filter that is set while the log is followed', () => {
  afterEach(cleanUp);

  /** An engine on the logs of a Gunicorn, as the dashboard runs it. */
  async function engineOn(accessLogs: readonly string[], errorLogs: readonly string[] = []): Promise<Engine> {
    const engine = new Engine(engineConfig({ accessLogs, errorLogs, sinceMs: Date.now() - 900_000 }));
    onCleanup(() => engine.stop());
    await engine.start();
    return engine;
  }

  const ask = (engine: Engine, filter: string | null): Snapshot =>
    engine.snapshot({ windowSeconds: null, atMs: null, filter });
  const whole = (engine: Engine, filter: string) =>
    until('the past has been looked through', () => {
      const snapshot = ask(engine, filter);
      return snapshot.filterCoverage?.reading === false && snapshot;
    });

  it('counts every line once: before it, at the seam, after it, through rotations', async () => {
    const gunicorn = await startGunicorn({ workerClass: 'gthread', workers: 2, threads: 4 });
    const { accessLog } = gunicorn;
    const logs = [accessLog];
    const rotate = async (): Promise<void> => {
      const old = `${accessLog}.${logs.length}`;
      renameSync(accessLog, old);
      logs.push(old);
      // Workers go on in the old file until they are told.
      await sleep(150);
      gunicorn.signal('SIGUSR1');
    };
    await sendTraffic(gunicorn.endpoint, plannedTraffic(300));
    const engine = await engineOn([accessLog]);
    let isSending = true;
    const traffic = (async () => {
      while (isSending) await sendTraffic(gunicorn.endpoint, plannedTraffic(100), 4);
    })();
    await until('the log is followed', () => ask(engine, null).traffic.requestsTotal > 500);
    await rotate();
    const before = ask(engine, null).traffic.requestsTotal;
    await until('the new file is followed', () => ask(engine, null).traffic.requestsTotal > before + 300);

    // In the midst of the traffic; one after the other, each for a while.
    const seen: Snapshot[] = [];
    for (const filter of ['status>=500', 'path~^/users/', 'method=POST or latency>1s', 'status>=500']) {
      expect(ask(engine, filter).filterCoverage).not.toBeNull();
      seen.push(await whole(engine, filter));
      if (filter === 'path~^/users/') await rotate();
      const now = ask(engine, null).traffic.requestsTotal;
      await until('more has come', () => ask(engine, null).traffic.requestsTotal > now + 100);
      ask(engine, filter);
    }
    isSending = false;
    await traffic;
    await until('every line is read', () => {
      const written = logs.reduce((sum, log) => sum + linesOf(log).length, 0);
      return ask(engine, null).traffic.requestsTotal === written;
    });

    const lines = logs.flatMap(linesOf);
    const all = join(gunicorn.dir, 'all.log');
    writeFileSync(all, `${lines.join('\n')}\n`);
    const [worker] = gunicorn.workers();
    const { filters } = recount(all, worker);
    for (const [filter, wanted] of Object.entries(filters)) {
      const snapshot = await whole(engine, filter);
      expect({
        filter,
        requests: snapshot.traffic.requestsTotal,
        bytes: snapshot.traffic.bytesTotal,
        codes: snapshot.status.codes,
      }).toEqual({
        filter,
        requests: wanted.requests,
        bytes: wanted.bytes,
        codes: wanted.codes,
      });
    }
    for (const snapshot of seen) {
      expect(Date.parse(snapshot.filterCoverage?.from ?? '')).toBeLessThanOrEqual(
        Date.parse(snapshot.window.from ?? ''),
      );
    }
    // The one that has been in force since then, fed by the log and by what came.
    const last = ask(engine, null);
    expect(last.filter).toBeNull();
    expect(last.traffic.requestsTotal).toBe(lines.length);
  });

  it('never changes what is not filtered', async () => {
    const gunicorn = await startGunicorn({ workers: 2 });
    await sendTraffic(gunicorn.endpoint, plannedTraffic(200));
    const engine = await engineOn([gunicorn.accessLog], [gunicorn.errorLog]);
    await until('all is read', () => ask(engine, null).traffic.requestsTotal === 201);
    const filtered = await whole(engine, 'path~^/users/');
    const { workers, workerExits, saturation, verdict, alerts, ingest, system } = ask(engine, null);
    expect(filtered).toMatchObject({ workers, workerExits, verdict, alerts, ingest });
    expect(filtered.saturation.offeredErlangs).toEqual(saturation.offeredErlangs);
    expect(filtered.system.memoryTotalBytes).toBe(system.memoryTotalBytes);
    expect(filtered.paths.every(({ path }) => path?.startsWith('/users/'))).toBe(true);
    expect(filtered.traffic.requestsTotal).toBe(
      linesOf(gunicorn.accessLog).filter((line) => line.includes(' /users/')).length,
    );
    await until('the second is over and charted', () =>
      ask(engine, 'path~^/users/').series.requestsPerSecond.some((rate) => (rate ?? 0) > 0),
    );
  });

  it('shows the newest lines of all logs that pass, as they stand there', async () => {
    const gunicorn = await startGunicorn({ workers: 2 });
    await sendTraffic(gunicorn.endpoint, plannedTraffic(1200));
    const engine = await engineOn([gunicorn.accessLog], [gunicorn.errorLog]);
    await until('all is read', () => ask(engine, null).traffic.requestsTotal === 1201);
    const look = (filter: string | null) =>
      until('the past has been looked through', () => {
        const answer = engine.lines({ filter, limit: 1000 });
        return !answer.reading && answer;
      });
    const written = linesOf(gunicorn.accessLog);
    const { lines } = await look('kind=access');
    expect(lines.map(({ text }) => text)).toEqual(written.slice(-1000));
    await gunicorn.request('/about');
    await until('the new line is among them', () =>
      engine.lines({ filter: 'kind=access', limit: 1000 }).lines.at(-1)?.text.includes('GET /about '),
    );
    const failed = await look('status>=500');
    expect(failed.lines.map(({ text }) => text)).toEqual(
      written.filter((line) => /HTTP\/1\.1" 5\d\d /.test(line)).slice(-1000),
    );
    expect(failed.lines.every(({ kind, status }) => kind === 'access' && (status ?? 0) >= 500)).toBe(true);
    const booted = await look('event=worker-boot');
    expect(booted.lines).toHaveLength(2);
    expect(
      booted.lines.every(
        ({ kind, level, text }) => kind === 'error' && level === 'info' && text.includes('Booting worker'),
      ),
    ).toBe(true);
  });

  it('is in force on the dashboard from its first frame, in exports too', async () => {
    const gunicorn = await startGunicorn({ workers: 1 });
    await sendTraffic(gunicorn.endpoint, plannedTraffic(100));
    const folder = temporaryFolder();
    const pty = openGtop(['--log', gunicorn.accessLog, '--filter', 'path~^/users/', '--mask'], { cwd: folder });
    await pty.waitFor('GET /users/{id}');
    pty.press('e');
    const [exported] = await until('a snapshot is written', () => {
      const snapshots = exportedSnapshots(folder);
      return snapshots.length > 0 && snapshots;
    });
    expect(exported.filter).toBe('path~^/users/');
    expect(exported.filterCoverage?.reading).toBe(false);
    expect(exported.paths.every(({ path }) => path?.startsWith('/users/'))).toBe(true);
    expect(exported.traffic.requestsTotal).toBe(
      linesOf(gunicorn.accessLog).filter((line) => line.includes(' /users/')).length,
    );
    expect(exported.clients.addresses.map(({ value }) => value)).toEqual(['127.0.0.0/24']);
    pty.press('q');
    expect((await pty.exit()).code).toBe(0);
  });

  it('holds from now on for standard input', async () => {
    const folder = temporaryFolder();
    const { code, stdout } = await runGtop(
      ['--once', '--json', '--window', 'all', '--log', '-', '--filter', 'status=500'],
      {
        cwd: folder,
        input: ['200', '500', '500']
          .map((status) => `1.2.3.4 - - [21/Nov/2026:02:04:13 +0000] "GET / HTTP/1.1" ${status} 12 "-" "-"\n`)
          .join(''),
      },
    );
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Snapshot).traffic.requestsTotal).toBe(2);
  });
});
