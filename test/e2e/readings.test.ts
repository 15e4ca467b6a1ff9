/** What gtop prints of workers and queues, against independent readings: `ss`, and requests that the test itself holds. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { createGunicornSampler } from '../../src/sources/gunicorn/index.ts';
import { cleanUp } from '../support/cleanup.ts';
import { runGtop } from '../support/cli.ts';
import {
  type GunicornOptions,
  type GunicornVersion,
  type RunningGunicorn,
  startGunicorn,
} from '../support/gunicorn.ts';
import { hold } from '../support/held.ts';
import { parseSnapshot, takeSnapshot } from '../support/snapshot.ts';
import { childrenOf, until } from '../support/wait.ts';

const VERSIONS: readonly GunicornVersion[] = ['26', '20.1'];

afterEach(cleanUp);

const everything = ({ pidFile, accessLog, errorLog }: RunningGunicorn): string[] => [
  ...['--pid', pidFile, '--log', accessLog, '--error-log', errorLog],
];
const look = (gunicorn: RunningGunicorn): Promise<Snapshot> => takeSnapshot(everything(gunicorn));

/** The last of so many samples a second apart: how long a thread has not run, each gtop sees for itself. */
async function lastOf(samples: number, gunicorn: RunningGunicorn): Promise<Snapshot> {
  const { stdout } = await runGtop(['--once', '--json', '-n', String(samples), '-d', '1s', ...everything(gunicorn)]);
  return parseSnapshot(stdout.trimEnd().split('\n').at(-1) ?? '');
}

/** What ss says of the port: the accept queue, and connections that a worker has accepted (an unaccepted one has no process). */
function socketsOn({ endpoint }: RunningGunicorn): { queue: number; accepted: number } {
  const { port } = endpoint as { port: number };
  const rows = execFileSync('ss', ['-tanpH', 'sport', '=', `:${port}`], { encoding: 'utf8' })
    .trim()
    .split('\n');
  const listening = rows.find((row) => row.startsWith('LISTEN'));
  return {
    queue: Number(listening?.split(/ +/)[1]),
    accepted: rows.filter((row) => row.startsWith('ESTAB') && row.includes('pid=')).length,
  };
}

/** Holds requests until ss shows the load that was meant. */
async function holdRequests(gunicorn: RunningGunicorn, count: number, path: string, accepted: number): Promise<void> {
  for (let i = 0; i < count; i++) await hold(gunicorn.endpoint, path);
  await until(`${accepted} are accepted`, () => socketsOn(gunicorn).accepted >= accepted);
}

describe.each(VERSIONS)('Gunicorn %s', (version) => {
  it('sync: as many workers are busy as requests are held, the others idle; the queue is that of ss', async () => {
    const gunicorn = await startGunicorn({ version, workers: 3 });
    await holdRequests(gunicorn, 2, '/hang', 2);
    const some = await look(gunicorn);
    expect(some.workers.map(({ state }) => state).sort()).toEqual(['busy', 'busy', 'idle']);
    expect(some.saturation).toMatchObject({ busyWorkers: 2, capacity: 3, backlog: 0 });
    expect(some.traffic.activeConnections).toBe(socketsOn(gunicorn).accepted);

    await holdRequests(gunicorn, 8, '/hang', 3);
    const full = await look(gunicorn);
    const { queue, accepted } = socketsOn(gunicorn);
    expect(full.workers.map(({ state }) => state)).toEqual(['busy', 'busy', 'busy']);
    expect(queue).toBe(7);
    expect(Math.abs((full.saturation.backlog ?? 0) - queue)).toBeLessThanOrEqual(1);
    expect(full.traffic.activeConnections).toBe(accepted);
  });

  it('gthread: as many threads are busy as requests are held; the queue is that of ss', async () => {
    const options: GunicornOptions = { version, workerClass: 'gthread', workers: 2, threads: 2 };
    // Beyond these connections a worker accepts no more: only then is there a queue to be seen.
    const gunicorn = await startGunicorn({ ...options, extraArgs: ['--worker-connections', '3', '--keep-alive', '1'] });
    await until('the request of the start is let go', () => socketsOn(gunicorn).accepted === 0);
    // However they fall on the workers, there is a thread for each.
    await holdRequests(gunicorn, 2, '/hang', 2);
    const some = await until('two are in service', async () => {
      const snapshot = await look(gunicorn);
      return snapshot.workers.reduce((sum, { busyThreads }) => sum + (busyThreads ?? 0), 0) === 2 && snapshot;
    });
    expect(some.saturation).toMatchObject({ capacity: 4, backlog: 0 });
    expect(some.traffic.activeConnections).toBe(2);
    expect(some.workers.every(({ state }) => state === 'busy' || state === 'idle')).toBe(true);

    for (let i = 0; i < 12; i++) await hold(gunicorn.endpoint, '/hang');
    await until('the workers are full', () => socketsOn(gunicorn).queue > 0 && socketsOn(gunicorn).accepted >= 6);
    const full = await look(gunicorn);
    const { queue } = socketsOn(gunicorn);
    expect(full.workers.map(({ busyThreads }) => busyThreads)).toEqual([2, 2]);
    expect(Math.abs((full.saturation.backlog ?? 0) - queue)).toBeLessThanOrEqual(1);
  });

  it('gthread: what computes is in service, also where it waits for the interpreter; a kept-alive connection is not', async () => {
    const gunicorn = await startGunicorn({ version, workerClass: 'gthread', workers: 1, threads: 4 });
    for (let i = 0; i < 3; i++) await hold(gunicorn.endpoint, '/users/1');
    await until('they are answered', () => readFileSync(gunicorn.accessLog, 'utf8').split('/users/1').length === 4);
    const sampler = await createGunicornSampler({ target: gunicorn.pidFile, mode: 'proc' });
    const busyThreads = async (): Promise<number | null | undefined> =>
      (await sampler.sample(Date.now())).workers[0]?.busyThreads;
    await until('none is in service', async () => (await busyThreads()) === 0);
    for (let i = 0; i < 2; i++) await hold(gunicorn.endpoint, '/burn/3000');
    let inARow = 0;
    await until('they are, at each of ten looks', async () => {
      inARow = (await busyThreads()) === 2 ? inARow + 1 : 0;
      return inARow === 10;
    });
  });

  it('gthread: a single look of gtop check tells a request that hangs in one thread, while others are free', async () => {
    const gunicorn = await startGunicorn({ version, workerClass: 'gthread', workers: 2, threads: 4, timeout: 3 });
    await hold(gunicorn.endpoint, '/users/1');
    await hold(gunicorn.endpoint, '/hang');
    const line = await until('it hangs for longer than the timeout', async () => {
      const { code, stdout } = await runGtop(['check', '--no-config', ...everything(gunicorn)]);
      return code === 1 && stdout;
    });
    expect(line).toMatch(/^GTOP WARNING: 1 worker of 2 stuck: \d+ · busy for [3-9](\.\d)? s .* 1 request in threads/);
  });

  it('gthread: three requests that hang are three that are stuck, with the time since', async () => {
    const gunicorn = await startGunicorn({ version, workerClass: 'gthread', workers: 2, threads: 4, timeout: 2 });
    const heldMs = Date.now();
    await holdRequests(gunicorn, 3, '/hang', 3);
    const { workers, verdict, workerExits } = await lastOf(5, gunicorn);
    const stuck = workers.filter(({ state }) => state === 'stuck');
    expect(stuck.reduce((sum, { stuckThreads }) => sum + stuckThreads, 0)).toBe(3);
    for (const { busySeconds } of stuck) {
      expect(busySeconds).toBeGreaterThan(2);
      expect(busySeconds).toBeLessThanOrEqual((Date.now() - heldMs) / 1000);
    }
    expect(verdict.causes[0]).toMatchObject({ kind: 'stuck-worker' });
    expect(workerExits.total).toBe(0);
  });
});

it('takes a worker that has the pid of one before it for another one', async () => {
  const gunicorn = await startGunicorn({ workers: 2 });
  const sampler = await createGunicornSampler({ target: gunicorn.pidFile, mode: 'proc' });
  const before = await sampler.sample(Date.now());
  const [first, second] = gunicorn.workers();
  // TTOU ends the oldest worker, TTIN starts another; in between the kernel is told which pid to give next.
  const reused = await until('a worker has the pid of the one before', async () => {
    const pids = gunicorn.workers();
    gunicorn.signal('SIGTTOU');
    await until('one is left', () => childrenOf(gunicorn.pid).length === pids.length - 1);
    const [gone] = pids.filter((pid) => !gunicorn.workers().includes(pid));
    writeFileSync('/proc/sys/kernel/ns_last_pid', String((gone ?? 0) - 1));
    gunicorn.signal('SIGTTIN');
    await until('there are two again', () => childrenOf(gunicorn.pid).length === pids.length);
    return gunicorn.workers().find((pid) => pid === gone && (pid === first || pid === second));
  });
  const after = await sampler.sample(Date.now());
  const [old, fresh] = [before, after].map(({ workers }) => workers.find(({ pid }) => pid === reused));
  expect(fresh?.startTicks).toBeGreaterThan(old?.startTicks ?? 0);
  // Its figures are its own: a share of CPU takes two looks at the same process.
  expect(fresh?.cpuPercent).toBeNull();
  const ticks = Number(readFileSync(`/proc/${reused}/stat`, 'utf8').split(') ')[1]?.split(' ')[19]);
  expect(fresh?.startTicks).toBe(ticks);
});
