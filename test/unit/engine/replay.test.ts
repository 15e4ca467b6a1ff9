import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { ReplayConfig } from '../../../src/engine/config.ts';
import { ReplayEngine } from '../../../src/engine/replay.ts';
import { FilterError } from '../../../src/filter/index.ts';
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
    expect(lastMinute.verdict.causes.map(({ kind }) => kind)).not.toContain('log-missing');
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

  it.each([2, 40])('is not held up by %i lines in a row from the future, at the beginning or later', async (count) => {
    const future = Array.from({ length: count }, () => access(5).replace('2026', '2036')).join('');
    const path = file('far.log', future + access(0) + access(1) + future + access(2) + access(3));
    const engine = await play([{ path, kind: 'access', format: 'auto' }]);
    await ended(engine);
    const { traffic, generatedAt } = engine.snapshot({ windowSeconds: null, atMs: null });
    expect(traffic.requestsTotal).toBe(4 + 2 * count);
    expect(generatedAt).toBe(new Date(START_MS + 4000).toISOString());
    engine.stop();
  });

  it('skips a pause that nobody would sit through, and says so', async () => {
    const path = file('night.log', access(0) + access(1) + access(28_800) + access(28_801).replace('2026', '2036'));
    const engine = await play([{ path, kind: 'access', format: 'auto' }], { speed: 100 });
    await ended(engine);
    const { traffic, events, generatedAt } = engine.snapshot({ windowSeconds: null, atMs: null });
    expect(traffic.requestsTotal).toBe(4);
    expect(generatedAt).toBe('2036-11-21T20:00:02.000Z');
    const skipped = events.filter(({ kind }) => kind === 'replay-skip');
    expect(skipped.map(({ text }) => text)).toEqual([
      'nothing was logged for 3653 d 0 h: skipped',
      'nothing was logged for 7 h 59 m: skipped',
    ]);
    expect(skipped[1].at).toBe(new Date(START_MS + 28_799_000).toISOString());
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

  it('shows what passes a filter, of what was played before it was asked for and of what comes, each line once', async () => {
    const lines = Array.from({ length: 600 }, (_, second) => access(second, second % 3 === 0 ? 500 : 200)).join('');
    const log = { path: file('filtered.log', lines), kind: 'access', format: 'auto' } as const;
    const failing = { windowSeconds: null, atMs: null, filter: 'status>=500' };
    const begun = await play([log], { fromMs: START_MS + 299_000 });
    const first = begun.snapshot(failing);
    expect(first.filterCoverage).toEqual({ from: null, reading: true });
    expect(first.traffic.requestsPerSecond).toBeNull();
    await ended(begun);
    const whole = await until('the past is read', () => {
      const snapshot = begun.snapshot(failing);
      return snapshot.filterCoverage?.reading === false ? snapshot : null;
    });
    expect(whole.traffic.requests).toBe(200);
    expect(whole.status.codes).toEqual({ 500: 200 });
    expect(begun.snapshot({ ...failing, windowSeconds: 60 }).traffic.requests).toBe(20);
    expect(begun.snapshot({ windowSeconds: null, atMs: null }).traffic.requests).toBe(600);
    begun.stop();
  });

  it('has the lines that were played, as they stand in the logs, before and after somebody asks for them', async () => {
    const accessLog = file(
      'raw.log',
      Array.from({ length: 300 }, (_, s) => access(s, s % 100 === 7 ? 500 : 200)).join(''),
    );
    const entry = `[2026-11-21 ${clock(250)} +0000] [7] [ERROR] Error handling request /n/250\nTraceback …\n`;
    const engine = await play(
      [
        { path: accessLog, kind: 'access', format: 'auto' },
        { path: file('raw-errors.log', entry), kind: 'error', format: 'auto' },
      ],
      { speed: 600, fromMs: START_MS + 100_000 },
    );
    const played = Math.max(
      ...engine.lines({ filter: null, limit: 1000 }).lines.map(({ at }) => Date.parse(at ?? '')),
      0,
    );
    expect(played).toBeLessThan(START_MS + 250_000);
    await ended(engine);
    const { lines } = await until('the lines are read again', () => {
      const answer = engine.lines({ filter: null, limit: 1000 });
      return answer.reading ? null : answer;
    });
    expect(lines.map(({ text }) => text).filter((text) => !text.startsWith('['))).toEqual(
      readFileSync(accessLog, 'utf8').trimEnd().split('\n'),
    );
    expect(lines.find(({ kind }) => kind === 'error')).toMatchObject({ level: 'error', text: entry.trimEnd() });
    const failing = await until('the filtered lines are read', () => {
      const answer = engine.lines({ filter: 'status>=500', limit: 1000 });
      return answer.reading ? null : answer;
    });
    expect(failing.lines.filter(({ kind }) => kind === 'access').map(({ status }) => status)).toEqual([500, 500, 500]);
    engine.stop();
  });

  it('refuses a filter that is none', async () => {
    const engine = await play([{ path: file('one.log', access(0)), kind: 'access', format: 'auto' }]);
    expect(() => engine.snapshot({ windowSeconds: null, atMs: null, filter: 'stauts=1' })).toThrow(FilterError);
    engine.stop();
  });

  it('refuses a log without a time stamp, and one that is not there', async () => {
    const log = (path: string) => [{ path, kind: 'access' as const, format: 'auto' }];
    await expect(play(log(file('empty.log', '')))).rejects.toThrow('no line with a time stamp: nothing to replay');
    await expect(play(log(join(folder, 'gone.log')))).rejects.toThrow('ENOENT');
  });
});
