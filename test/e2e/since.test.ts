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
});
