import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanUp } from '../support/cleanup.ts';
import { startGunicorn } from '../support/gunicorn.ts';
import { takeSnapshot } from '../support/snapshot.ts';
import { plannedTraffic, sendTraffic } from '../support/traffic.ts';
import { until } from '../support/wait.ts';

afterAll(cleanUp);

describe('history over rotated and compressed logs', () => {
  it('of a real Gunicorn is all there with --since, and ends at the log without', async () => {
    const gunicorn = await startGunicorn({ version: '26', workers: 2 });
    const lines = (): number =>
      existsSync(gunicorn.accessLog) ? readFileSync(gunicorn.accessLog, 'latin1').split('\n').length - 1 : 0;
    const send = async (count: number): Promise<number> => {
      const before = lines();
      await sendTraffic(gunicorn.endpoint, plannedTraffic(count));
      return until('all lines are written', () => (lines() === before + count ? before + count : null));
    };
    const rotate = async (name: string): Promise<string> => {
      renameSync(gunicorn.accessLog, `${gunicorn.accessLog}.${name}`);
      gunicorn.signal('SIGUSR1');
      await until('the log is opened again', () => existsSync(gunicorn.accessLog));
      return `${gunicorn.accessLog}.${name}`;
    };

    const inOldest = await send(300);
    const oldest = await rotate('2');
    writeFileSync(`${oldest}.gz`, gzipSync(readFileSync(oldest)));
    rmSync(oldest);
    const inMiddle = await send(200);
    await rotate('1');
    const inLog = await send(100);

    const args = ['--log', gunicorn.accessLog, '--window', 'all'];
    expect((await takeSnapshot(args)).traffic.requestsTotal).toBe(inLog);
    expect((await takeSnapshot([...args, '--since', '2h'])).traffic.requestsTotal).toBe(inOldest + inMiddle + inLog);
    expect((await takeSnapshot([...args, '--from-start'])).traffic.requestsTotal).toBe(inLog);
  }, 60_000);

  it('has the ends that a rotated error log tells of, and leaves the workers of now and the master what they are', async () => {
    const gunicorn = await startGunicorn({ version: '26', workers: 2 });
    const rotate = async (name: string): Promise<string> => {
      renameSync(gunicorn.errorLog, `${gunicorn.errorLog}.${name}`);
      gunicorn.signal('SIGUSR1');
      await until('the log is opened again', () => existsSync(gunicorn.errorLog));
      return `${gunicorn.errorLog}.${name}`;
    };
    const first = gunicorn.workers();
    process.kill(first[0], 'SIGKILL');
    await until('another worker takes its place', () => {
      const now = gunicorn.workers();
      return now.length === 2 && !now.includes(first[0]);
    });
    const second = gunicorn.workers();
    gunicorn.signal('SIGHUP');
    await until('the workers are replaced', () => {
      const now = gunicorn.workers();
      return now.length === 2 && !now.some((pid) => second.includes(pid));
    });
    const oldest = await rotate('2');
    writeFileSync(`${oldest}.gz`, gzipSync(readFileSync(oldest)));
    rmSync(oldest);
    await rotate('1');

    const args = ['--pid', gunicorn.pidFile, '--log', gunicorn.accessLog, '--error-log', gunicorn.errorLog];
    const without = await takeSnapshot(args);
    expect(without.workerExits.total).toBe(0);
    // An end is counted when no more lines of it are to be expected: 3 s after the first, each by its own clock.
    const snapshot = await until('the ends are counted', async () => {
      const taken = await takeSnapshot([...args, '--since', '2h']);
      return taken.workerExits.total >= 3 ? taken : null;
    });
    expect(snapshot.workerExits).toMatchObject({ total: 3, byReason: { killed: 1, reload: 2 } });
    expect(snapshot.workers.map(({ pid, state }) => [pid, state])).toEqual(
      gunicorn.workers().map((pid) => [pid, 'idle']),
    );
    expect(snapshot.master?.version).toMatch(/^26\./);
    expect(snapshot.events.map(({ kind }) => kind)).toContain('reload');
  }, 60_000);
});
