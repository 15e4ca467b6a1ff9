import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { ReplayConfig } from '../../../src/engine/config.ts';
import { ReplayEngine } from '../../../src/engine/replay.ts';
import { until } from '../../support/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'gtop-replay-'));
afterAll(() => rmSync(folder, { recursive: true }));
const START_MS = Date.UTC(2026, 10, 21, 12);

const clock = (second: number): string => new Date(START_MS + second * 1000).toISOString().slice(11, 19);
const access = (second: number, status = 200): string =>
  `10.0.0.1 - - [21/Nov/2026:${clock(second)} +0000] "GET /n/${second} HTTP/1.1" ${status} 12 "-" "curl/8" 50000\n`;
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

async function play(logs: ReplayConfig['logs'], differences: Partial<ReplayConfig> = {}) {
  const config = { version: '1', logs, speed: 3600, fromMs: null, noRoutes: false, routes: [], ...differences };
  const engine = await ReplayEngine.open(config);
  await engine.start();
  return engine;
}

const ended = (engine: ReplayEngine) =>
  until('the log is played', () => engine.snapshot({ windowSeconds: null, atMs: null }).replay?.ended);

describe('a replay', () => {
  it('plays every line of a compressed log, and stands still at its end', async () => {
    const lines = Array.from({ length: 600 }, (_, second) => access(second, second >= 500 ? 500 : 200)).join('');
    const path = file('access.log.gz', gzipSync(lines));
    const engine = await play([{ path, kind: 'access', format: 'auto' }]);
    await ended(engine);
    const all = engine.snapshot({ windowSeconds: null, atMs: null });
    expect(all.traffic.requestsTotal).toBe(600);
    expect(all.generatedAt).toBe(new Date(START_MS + 600_000).toISOString());
    expect(all.ingest.sources[0]).toMatchObject({ state: 'ended', linesRead: 600, linesRejected: 0 });
    const lastMinute = engine.snapshot({ windowSeconds: 60, atMs: null });
    expect(lastMinute.traffic.requests).toBe(60);
    expect(lastMinute.status.serverErrorRatio).toBe(1);
    // 5xx for more than 30 s: judged on the log's clock.
    expect(lastMinute.alerts.find(({ name }) => name === 'HighErrorRate')?.state).toBe('firing');
    engine.stop();
  });

  it('moves with the clock: what is not due yet is not there', async () => {
    const path = file('slow.log', Array.from({ length: 600 }, (_, second) => access(second)).join(''));
    const engine = await play([{ path, kind: 'access', format: 'auto' }], { speed: 0.001, fromMs: START_MS + 300_000 });
    const snapshot = engine.snapshot({ windowSeconds: 900, atMs: null });
    expect(snapshot.traffic.requestsTotal).toBe(301);
    expect(snapshot.replay).toEqual({ speed: 0.001, ended: false });
    expect(Date.parse(snapshot.generatedAt) - START_MS).toBeLessThan(301_000);
    engine.stop();
  });

  it('keeps an error log in step', async () => {
    const accessLog = file('a.log', [0, 10, 20, 90].map((second) => access(second)).join(''));
    const entry = (second: number, text: string): string => `[2026-11-21 ${clock(second)} +0000] [7] ${text}\n`;
    const errorLog = file(
      'e.log',
      entry(1, '[INFO] Booting worker with pid: 7') +
        `[2026-11-21 ${clock(60)} +0000] [1] [CRITICAL] WORKER TIMEOUT (pid:7)\n`,
    );
    const engine = await play([
      { path: accessLog, kind: 'access', format: 'auto' },
      { path: errorLog, kind: 'error', format: 'auto' },
    ]);
    await ended(engine);
    const { events, traffic, workerExits } = engine.snapshot({ windowSeconds: null, atMs: null });
    expect(traffic.requestsTotal).toBe(4);
    expect(workerExits.byReason.timeout).toBe(1);
    expect(events.some(({ kind, at }) => kind === 'worker-timeout' && at.includes(clock(60)))).toBe(true);
    engine.stop();
  });

  it('is not held up by one line from the future, and plays lines without a stamp with those beside them', async () => {
    const unstamped = '10.0.0.1:5 - "GET /early HTTP/1.1" 200\n';
    const future = access(5).replace('2026', '2036');
    const path = file('dirty.log', unstamped + access(0) + access(1) + future + access(2) + unstamped + access(3));
    const engine = await play([{ path, kind: 'access', format: 'auto' }]);
    await ended(engine);
    const { traffic, ingest, generatedAt } = engine.snapshot({ windowSeconds: null, atMs: null });
    expect(traffic.requestsTotal).toBe(7);
    expect(ingest.linesParsed).toBe(7);
    expect(generatedAt).toBe(new Date(START_MS + 4000).toISOString());
    engine.stop();
  });

  it('goes on over a clock that was set back', async () => {
    const path = file('back.log', [3600, 3601, 3602, 1, 2, 3, 3603].map((second) => access(second)).join(''));
    const engine = await play([{ path, kind: 'access', format: 'auto' }]);
    await ended(engine);
    const { traffic, generatedAt } = engine.snapshot({ windowSeconds: null, atMs: null });
    expect(traffic.requestsTotal).toBe(7);
    expect(generatedAt).toBe(new Date(START_MS + 3_604_000).toISOString());
    engine.stop();
  });

  it('begins with the first line when it is to begin before there is one', async () => {
    const path = file('late.log', access(0) + access(600));
    const engine = await play([{ path, kind: 'access', format: 'auto' }], { speed: 0.001, fromMs: 0 });
    const { traffic, generatedAt } = engine.snapshot({ windowSeconds: null, atMs: null });
    expect(traffic.requestsTotal).toBe(1);
    expect(Date.parse(generatedAt) - START_MS).toBeLessThan(1000);
    engine.stop();
  });

  it('refuses to begin behind the last line, and begins with it', async () => {
    const logs = [{ path: file('past.log', access(0) + access(10)), kind: 'access' as const, format: 'auto' }];
    await expect(play(logs, { fromMs: START_MS + 11_000 })).rejects.toThrow(
      '--from is past the end of the log: its last line is of 2026-11-21T12:00:10.000Z',
    );
    const engine = await play(logs, { fromMs: START_MS + 10_000 });
    expect(engine.snapshot({ windowSeconds: null, atMs: null }).traffic.requestsTotal).toBe(2);
    engine.stop();
  });

  it('refuses a log without a time stamp, and one that is not there', async () => {
    const log = (path: string) => [{ path, kind: 'access' as const, format: 'auto' }];
    await expect(play(log(file('empty.log', '')))).rejects.toThrow('no line with a time stamp: nothing to replay');
    await expect(play(log(join(folder, 'gone.log')))).rejects.toThrow('ENOENT');
  });
});
