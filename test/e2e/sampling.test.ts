import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { globalAgent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProcessSample } from '../../src/model/facts.ts';
import {
  createGunicornSampler,
  discoverMasters,
  type GunicornSampler,
  openLogFiles,
  resolvePidTarget,
} from '../../src/sources/gunicorn/index.ts';
import { cleanUp, onCleanup, temporaryFolder } from '../support/cleanup.ts';
import { type GunicornVersion, type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { hold } from '../support/held.ts';
import { childrenOf, isAlive, until } from '../support/wait.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PYTHON_26 = join(root, '.cache/tools/gunicorn-26/bin/python3');
const VERSIONS: readonly GunicornVersion[] = ['26', '20.1'];

afterEach(cleanUp);

const look = (sampler: GunicornSampler): Promise<ProcessSample> => sampler.sample(Date.now());
const watch = (target: string | number, mode: 'proc' | 'portable' = 'proc'): Promise<GunicornSampler> =>
  createGunicornSampler({ target: String(target), mode });
const pidsOf = (facts: readonly { readonly pid: number }[]): number[] =>
  facts.map(({ pid }) => pid).sort((a, b) => a - b);
const sum = (values: readonly (number | null)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);

/** Samples until one satisfies `test`. */
function sampleUntil(
  what: string,
  sampler: GunicornSampler,
  test: (sample: ProcessSample) => boolean,
): Promise<ProcessSample> {
  return until(what, async () => {
    const sample = await look(sampler);
    return test(sample) && sample;
  });
}

describe.each(VERSIONS)('Gunicorn %s, sync workers', (version) => {
  it('shows who is busy, for whom and since when', async () => {
    const gunicorn = await startGunicorn({ version, workers: 3 });
    const sampler = await watch(gunicorn.pidFile);
    await hold(gunicorn.endpoint, '/sleep/3');
    await hold(gunicorn.endpoint, '/sleep/3');
    const busy = await sampleUntil(
      'two are busy',
      sampler,
      ({ workers }) => sum(workers.map((w) => w.busyThreads)) === 2,
    );

    expect(pidsOf(busy.workers)).toEqual(pidsOf(gunicorn.workers().map((pid) => ({ pid }))));
    expect(busy.workers.map(({ busyThreads }) => busyThreads).sort()).toEqual([0, 1, 1]);
    for (const worker of busy.workers) {
      expect(worker.connections).toBe(worker.busyThreads);
      expect(worker.clientAddress).toBe(worker.busyThreads === 1 ? '127.0.0.1' : null);
      expect(worker.masterPid).toBe(gunicorn.pid);
    }
    expect(busy.activeConnections).toBe(2);
    expect(busy.backlog).toBe(0);

    const since = await sampleUntil(
      'the heartbeats stand still',
      sampler,
      ({ workers }) => workers.filter((w) => w.busyThreads === 1 && (w.heartbeatAgeSeconds ?? 0) >= 1).length === 2,
    );
    expect(since.workers.every(({ heartbeatAgeSeconds }) => heartbeatAgeSeconds !== null)).toBe(true);
    const idle = await sampleUntil('all are idle', sampler, (sample) => sample.activeConnections === 0);
    expect(idle.workers.map(({ busyThreads }) => busyThreads)).toEqual([0, 0, 0]);
  });

  it('still counts a request whose client has reset the connection', async () => {
    const gunicorn = await startGunicorn({ version, workers: 1 });
    const sampler = await watch(gunicorn.pidFile);
    const client = await hold(gunicorn.endpoint, '/sleep/4');
    await sampleUntil('it is busy', sampler, ({ workers }) => workers[0]?.busyThreads === 1);
    client.resetAndDestroy();
    await until('the connection is in no table', () => !socketsOn(gunicorn).some((row) => row.startsWith('ESTAB')));
    const { workers } = await look(sampler);
    expect(workers[0]).toMatchObject({ busyThreads: 1, connections: 1, clientAddress: '127.0.0.1' });
  });

  it('reports what it was started with', async () => {
    const gunicorn = await startGunicorn({ version, workers: 2, timeout: 17 });
    const sample = await look(await watch(gunicorn.pidFile));
    const { port } = gunicorn.endpoint as { port: number };
    expect(sample.masters).toHaveLength(1);
    expect(sample.masters[0]).toMatchObject({
      pid: gunicorn.pid,
      role: 'current',
      app: 'app:app',
      workerClass: 'sync',
      workersTarget: 2,
      threadsPerWorker: 1,
      timeoutSeconds: 17,
      listeners: [`127.0.0.1:${port}`],
      pidFile: gunicorn.pidFile,
    });
    expect(sample.notes).toEqual([]);
  });

  it('counts the accept queue as ss does', async () => {
    const gunicorn = await startGunicorn({ version, workers: 1 });
    const sampler = await watch(gunicorn.pidFile);
    await hold(gunicorn.endpoint, '/sleep/5');
    await sampleUntil('it is busy', sampler, ({ workers }) => workers[0]?.busyThreads === 1);
    for (let waiting = 0; waiting < 7; waiting++) await hold(gunicorn.endpoint, '/');
    const { backlog } = await look(sampler);
    const queue = Number(
      socketsOn(gunicorn)
        .find((row) => row.startsWith('LISTEN'))
        ?.split(/ +/)[1],
    );
    expect(queue).toBeGreaterThanOrEqual(6);
    expect(Math.abs((backlog ?? 0) - queue)).toBeLessThanOrEqual(1);
  });

  it('counts connections and queue of a unix socket', async () => {
    const gunicorn = await startGunicorn({ version, workers: 1, listen: 'unix' });
    const sampler = await watch(gunicorn.pidFile);
    await hold(gunicorn.endpoint, '/sleep/5');
    await sampleUntil('it is busy', sampler, ({ workers }) => workers[0]?.busyThreads === 1);
    for (let waiting = 0; waiting < 3; waiting++) await hold(gunicorn.endpoint, '/');
    const sample = await look(sampler);
    const { socketPath } = gunicorn.endpoint as { socketPath: string };
    expect(sample.masters[0]?.listeners).toEqual([`unix:${socketPath}`]);
    const row = execFileSync('ss', ['-lxH'], { encoding: 'utf8' })
      .split('\n')
      .find((line) => line.includes(socketPath));
    expect(sample.backlog).toBe(Number(row?.split(/ +/)[2]));
    expect(sample.backlog).toBe(3);
    expect(sample.workers[0]).toMatchObject({ connections: 1, busyThreads: 1, clientAddress: null });
    // The kernel gives up a page of the table at a time, some forty rows.
    for (let waiting = 3; waiting < 100; waiting++) await hold(gunicorn.endpoint, '/');
    expect(await look(sampler)).toMatchObject({ backlog: 100, activeConnections: 1 });
  });
});

/** What ss says about the port: state, receive queue, send queue, addresses. */
function socketsOn(gunicorn: RunningGunicorn): string[] {
  const { port } = gunicorn.endpoint as { port: number };
  return execFileSync('ss', ['-tanH', 'sport', '=', `:${port}`], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

describe.each(VERSIONS)('Gunicorn %s, gthread workers', (version) => {
  it('tells busy threads from connections that are kept alive', async () => {
    const gunicorn = await startGunicorn({ version, workerClass: 'gthread', workers: 2, threads: 4 });
    const sampler = await watch(gunicorn.pidFile);
    await hold(gunicorn.endpoint, '/');
    for (let held = 0; held < 3; held++) await hold(gunicorn.endpoint, '/sleep/3');
    // The request of the start-up may keep a fifth one alive.
    const established = () => socketsOn(gunicorn).filter((row) => row.startsWith('ESTAB')).length;
    const busy = await sampleUntil(
      'three are in service, and every connection is accepted',
      sampler,
      ({ activeConnections, workers }) =>
        activeConnections === established() && sum(workers.map(({ busyThreads }) => busyThreads)) === 3,
    );
    expect(busy.activeConnections).toBeGreaterThanOrEqual(4);
    expect(sum(busy.workers.map(({ connections }) => connections))).toBe(busy.activeConnections);
    expect(busy.masters[0]).toMatchObject({ workerClass: 'gthread', threadsPerWorker: 4 });
    const idle = await sampleUntil(
      'none is in service',
      sampler,
      ({ workers }) => sum(workers.map((w) => w.busyThreads)) === 0,
    );
    // The connections stay open for their next request.
    expect(idle.activeConnections).toBe(busy.activeConnections);
    for (const { heartbeatAgeSeconds } of idle.workers) expect(heartbeatAgeSeconds).toBeLessThan(5);
  });
});

it('does not take a thread of the application for a request, once it has seen it at rest', async () => {
  const gunicorn = await startGunicorn({ workerClass: 'gthread', workers: 1, threads: 2, app: 'burner:app' });
  const sampler = await watch(gunicorn.pidFile);
  globalAgent.destroy();
  await sampleUntil('no connection is left', sampler, ({ activeConnections }) => activeConnections === 0);
  const nowMs = Date.now();
  for (const laterMs of [10_000, 20_000]) await sampler.sample(nowMs + laterMs);
  const client = await hold(gunicorn.endpoint);
  const answered = once(client, 'data');
  client.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
  await answered;
  // A moment passes between the answer and the connection's rest. One look may find the thread at rest by chance.
  let restful = 0;
  const { workers } = await until('five looks one after the other find no thread in service', async () => {
    const sample = await sampler.sample(nowMs + 21_000);
    restful = sample.workers[0]?.busyThreads === 0 ? restful + 1 : 0;
    return restful === 5 && sample;
  });
  expect(workers[0]).toMatchObject({ connections: 1, busyThreads: 0 });
});

/** A number of /proc/PID/status. */
const statusOf = (pid: number, name: string): number =>
  Number(new RegExp(`^${name}:\\t *(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

/** How long all threads of a process have run, by the scheduler's own account (`schedstat`, in nanoseconds). */
const ranMs = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6)
    .reduce((a, b) => a + b, 0);

describe('figures of a process', () => {
  it('has the memory of smaps_rollup', async () => {
    const gunicorn = await startGunicorn({ workers: 2 });
    // Processes that share the same libraries come and go between the two reads.
    const isClose = (bytes: number | null, kib: number) => Math.abs((bytes ?? 0) / 1024 / kib - 1) < 0.01;
    const { masters, workers } = await until('PSS and USS are those of smaps_rollup', async () => {
      const sample = await look(await watch(gunicorn.pidFile));
      const areClose = [...sample.masters, ...sample.workers].every(({ pid, pssBytes, ussBytes }) => {
        const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
        const kib = (name: string) => Number(new RegExp(`^${name}: +(\\d+)`, 'm').exec(rollup)?.[1]);
        return isClose(pssBytes, kib('Pss')) && isClose(ussBytes, kib('Private_Clean') + kib('Private_Dirty'));
      });
      // A worker still grows when it has served its first request.
      const areStill = [...sample.masters, ...sample.workers].every(
        ({ pid, vmsBytes }) => vmsBytes === statusOf(pid, 'VmSize') * 1024,
      );
      return areClose && areStill && sample;
    });
    for (const fact of [...masters, ...workers]) {
      expect(fact.threads).toBe(statusOf(fact.pid, 'Threads'));
      expect(Math.abs((fact.startedAtMs ?? 0) - Date.now())).toBeLessThan(60_000);
    }
  });

  it('shows CPU within 3 points of a known load', async () => {
    const gunicorn = await startGunicorn({ workers: 1, app: 'burner:app' });
    const sampler = await watch(gunicorn.pidFile);
    const [pid = 0] = gunicorn.workers();
    expect((await look(sampler)).workers[0]?.cpuPercent).toBeNull();
    const [ranBefore, startedMs] = [ranMs(pid), Date.now()];
    await sleep(4000);
    const [ran, tookMs] = [ranMs(pid) - ranBefore, Date.now() - startedMs];
    const { workers, masters } = await look(sampler);
    // 40, where the machine has that much to give.
    expect(Math.abs((workers[0]?.cpuPercent ?? 0) - (100 * ran) / tookMs)).toBeLessThan(3);
    expect(ran / tookMs).toBeLessThan(0.43);
    expect(masters[0]?.cpuPercent).toBeLessThan(10);
  });

  it('agrees with the portable sampler', async () => {
    const gunicorn = await startGunicorn({ workers: 2, app: 'burner:app' });
    const [direct, portable] = [await watch(gunicorn.pidFile), await watch(gunicorn.pidFile, 'portable')];
    await Promise.all([look(direct), look(portable)]);
    await sleep(2000);
    const [a, b] = await Promise.all([look(direct), look(portable)]);
    expect(pidsOf(b.masters)).toEqual(pidsOf(a.masters));
    expect(pidsOf(b.workers)).toEqual(pidsOf(a.workers));
    for (const worker of a.workers) {
      const same = b.workers.find(({ pid }) => pid === worker.pid);
      expect(Math.abs((same?.cpuPercent ?? 0) - (worker.cpuPercent ?? 0))).toBeLessThan(15);
      expect(Math.abs((same?.rssBytes ?? 0) / (worker.rssBytes ?? 1) - 1)).toBeLessThan(0.1);
      expect(Math.abs((same?.startedAtMs ?? 0) - (worker.startedAtMs ?? 0))).toBeLessThan(3000);
    }
    expect(b.masters[0]).toMatchObject({ app: 'burner:app', workerClass: 'sync', workersTarget: 2 });
  });
});

describe.each(VERSIONS)('Gunicorn %s changes', (version) => {
  it('is followed through TTIN, TTOU and a reload, in which its pid file is missing for a moment', async () => {
    const gunicorn = await startGunicorn({ version, workers: 2 });
    const sampler = await watch(gunicorn.pidFile);
    const before = pidsOf((await look(sampler)).workers);
    gunicorn.signal('SIGTTIN');
    await sampleUntil('there are three', sampler, ({ workers }) => workers.length === 3);
    gunicorn.signal('SIGTTOU');
    await sampleUntil('there are two', sampler, ({ workers }) => workers.length === 2);

    gunicorn.signal('SIGHUP');
    const seen: ProcessSample[] = [];
    await until('two new workers serve', async () => {
      const sample = await look(sampler);
      seen.push(sample);
      return sample.workers.length === 2 && sample.workers.every(({ pid }) => !before.includes(pid));
    });
    for (const { masters, notes } of seen) {
      expect(pidsOf(masters)).toEqual([gunicorn.pid]);
      expect(notes).toEqual([]);
    }
    expect(seen.at(-1)?.masters[0]?.listeners).toHaveLength(1);
  });

  it('shows both masters of an upgrade, then follows the new one', async () => {
    const gunicorn = await startGunicorn({ version, workers: 2 });
    const sampler = await watch(gunicorn.pidFile);
    const old = pidsOf((await look(sampler)).workers);
    gunicorn.signal('SIGUSR2');
    const both = await sampleUntil(
      'there are two masters',
      sampler,
      ({ masters, workers }) => masters.length === 2 && workers.length === 4,
    );
    const [first, second] = both.masters;
    onCleanup(async () => {
      if (second === undefined) return;
      const family = [second.pid, ...childrenOf(second.pid)];
      for (const pid of family) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      await until('the new master is gone', () => !family.some(isAlive));
    });
    expect(first).toMatchObject({ pid: gunicorn.pid, role: 'old', pidFile: gunicorn.pidFile });
    expect(second).toMatchObject({ role: 'new', parentPid: gunicorn.pid, pidFile: `${gunicorn.pidFile}.2` });
    expect(second?.listeners).toEqual(first?.listeners);
    expect(pidsOf(both.workers.filter(({ masterPid }) => masterPid === gunicorn.pid))).toEqual(old);
    expect(both.backlog).toBe(0);

    gunicorn.signal('SIGTERM');
    const after = await sampleUntil('one is left', sampler, ({ masters }) => masters.length === 1);
    expect(after.masters[0]).toMatchObject({ pid: second?.pid, role: 'current', pidFile: gunicorn.pidFile });
    await until(
      'it is promoted',
      () => existsSync(gunicorn.pidFile) && readFileSync(gunicorn.pidFile, 'utf8').trim() === String(second?.pid),
    );
    const promoted = await look(sampler);
    expect(pidsOf(promoted.masters)).toEqual([second?.pid]);
    expect(promoted.workers).toHaveLength(2);
  });

  it('leaves a pid file behind when its master is killed', async () => {
    // Its workers look for it twice in each timeout.
    const gunicorn = await startGunicorn({ version, workers: 2, timeout: 4 });
    const sampler = await watch(gunicorn.pidFile);
    await look(sampler);
    gunicorn.signal('SIGKILL');
    const gone = await sampleUntil('it is gone', sampler, ({ masters }) => masters.length === 0);
    expect(gone.notes[0]).toBe(`master ${gunicorn.pid} is gone`);
    expect(gone.notes[1]).toBe(`pid file ${gunicorn.pidFile} is stale: pid ${gunicorn.pid} is not running`);
    await sampleUntil('its workers have ended', sampler, ({ workers }) => workers.length === 0);
    expect(resolvePidTarget(gunicorn.pidFile)).toEqual({
      ok: false,
      mayAppear: true,
      message: `pid file ${gunicorn.pidFile} is stale: pid ${gunicorn.pid} is not running`,
    });

    // Whoever restarts it writes another pid to the same file.
    const next = await startGunicorn({ version, workers: 1 });
    writeFileSync(gunicorn.pidFile, `${next.pid}\n`);
    expect(pidsOf((await look(sampler)).masters)).toEqual([next.pid]);
  });
});

describe('what a pid may name', () => {
  it('is a worker as well as its master', async () => {
    const gunicorn = await startGunicorn({ workers: 2 });
    const worker = gunicorn.workers()[0] ?? 0;
    expect(resolvePidTarget(String(worker))).toMatchObject({ ok: true, master: { pid: gunicorn.pid } });
    const sample = await look(await watch(worker));
    expect(pidsOf(sample.masters)).toEqual([gunicorn.pid]);
    expect(sample.notes).toEqual([`pid ${worker} is a worker: watching its master ${gunicorn.pid}`]);
  });

  it('is not another program, nor a child of it', async () => {
    const child = spawn('sleep', ['60']);
    onCleanup(() => void child.kill());
    expect(resolvePidTarget(String(child.pid))).toEqual({
      ok: false,
      mayAppear: false,
      message: `pid ${child.pid} (sleep) is not a Gunicorn`,
    });
    const gunicorn = await startGunicorn({ workers: 1 });
    expect(resolvePidTarget(String(process.pid))).toMatchObject({
      ok: false,
      message: expect.stringMatching(new RegExp(`is not a Gunicorn; its child ${gunicorn.pid} is$`)),
    });
  });

  it('is a program that runs Gunicorn inside', async () => {
    const dir = temporaryFolder();
    const pidFile = join(dir, 'gunicorn.pid');
    const bind = `unix:${join(dir, 'gunicorn.sock')}`;
    const child = spawn(PYTHON_26, ['embedded.py', bind, pidFile], {
      cwd: join(root, 'test/fixtures/apps'),
      stdio: 'ignore',
    });
    onCleanup(async () => {
      child.kill('SIGTERM');
      await until('it ended', () => !isAlive(child.pid ?? 0));
    });
    const sampler = await watch(pidFile);
    // Nothing says which worker class it is but that its workers, once they rest, hold no epoll descriptor.
    const sample = await sampleUntil(
      'its workers rest',
      sampler,
      ({ masters, workers }) => workers.length === 2 && masters[0]?.workerClass === 'sync',
    );
    expect(sample.masters[0]).toMatchObject({ pid: child.pid, app: null, workersTarget: null, listeners: [bind] });
    expect(sample.workers.map(({ busyThreads }) => busyThreads)).toEqual([0, 0]);
  });
});

it('leaves dirty arbiters and their workers out', async () => {
  const gunicorn = await startGunicorn({
    workers: 2,
    extraArgs: ['--dirty-app', 'dirty:Sums', '--dirty-workers', '2'],
  });
  const sampler = await watch(gunicorn.pidFile);
  await until('the dirty workers run', () => gunicorn.workers().some((pid) => childrenOf(pid).length === 2));
  const arbiter = gunicorn.workers().find((pid) => childrenOf(pid).length === 2);
  const { workers } = await look(sampler);
  expect(workers).toHaveLength(2);
  expect(pidsOf(workers)).not.toContain(arbiter);
});

it('counts every queue of --reuse-port, where each worker listens by itself', async () => {
  const gunicorn = await startGunicorn({ workers: 2, extraArgs: ['--reuse-port'] });
  const sampler = await watch(gunicorn.pidFile);
  const { port } = gunicorn.endpoint as { port: number };
  // The second may still be importing the application.
  await until('each listens', () => socketsOn(gunicorn).filter((row) => row.startsWith('LISTEN')).length === 2);
  for (let held = 0; held < 12; held++) await hold(gunicorn.endpoint, '/sleep/5');
  const sample = await sampleUntil('both are busy', sampler, ({ activeConnections }) => activeConnections === 2);
  expect(sample.masters[0]?.listeners).toEqual([`127.0.0.1:${port}`]);
  expect(sample.backlog).toBe(10);
  // `ss` names each queue's process: the number of the queue is the worker's.
  const rows = execFileSync('ss', ['-tlnpH', 'sport', '=', `:${port}`], { encoding: 'utf8' })
    .trim()
    .split('\n');
  const queues = rows.map((row) => [Number(/pid=(\d+)/.exec(row)?.[1]), Number(row.split(/ +/)[1])]);
  expect(sample.workers.map(({ pid, backlog }) => [pid, backlog]).sort()).toEqual(queues.sort());
});

it('shows another user nothing that it may not, and crashes on nothing', async () => {
  const gunicorn = await startGunicorn({ workers: 2 });
  const secret = join(temporaryFolder(), 'secret.pid');
  writeFileSync(secret, `${gunicorn.pid}\n`, { mode: 0o600 });
  // Longer than the programs below take to start on a slow machine.
  await hold(gunicorn.endpoint, '/sleep/60');
  const probe = join(temporaryFolder(), 'probe.cjs');
  const source = `
    import { createGunicornSampler, resolvePidTarget } from './src/sources/gunicorn/index.ts';
    void createGunicornSampler({ target: process.argv[2], mode: 'proc' }).then(async (sampler) => {
      await sampler.sample(Date.now() - 1000);
      const sample = await sampler.sample(Date.now());
      console.log(JSON.stringify({ sample, secret: resolvePidTarget(process.argv[3]) }));
    });`;
  buildSync({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    ...{ bundle: true, platform: 'node', format: 'cjs', outfile: probe, logLevel: 'error' },
  });
  const asNobody = [
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    process.execPath,
    probe,
    gunicorn.pidFile,
    secret,
  ];
  // Its own settings lead to a pid file in a folder that may not be entered.
  chmodSync(gunicorn.dir, 0o700);
  const byPid = asNobody.with(-2, String(gunicorn.pid));
  expect(JSON.parse(execFileSync('setpriv', byPid, { encoding: 'utf8' })).sample.workers).toHaveLength(2);
  chmodSync(gunicorn.dir, 0o755);
  const { sample, refusal } = await until('the request is in service', () => {
    const seen = JSON.parse(execFileSync('setpriv', asNobody, { encoding: 'utf8' }));
    const taken: ProcessSample = seen.sample;
    return taken.activeConnections === 1 && { sample: taken, refusal: seen.secret };
  });
  expect(refusal).toEqual({
    ok: false,
    mayAppear: false,
    message: `pid file ${secret}: permission denied: run gtop as a user who may read it`,
  });
  expect(sample.masters[0]).toMatchObject({
    pid: gunicorn.pid,
    app: 'app:app',
    workerClass: 'sync',
    pssBytes: null,
    fds: null,
  });
  expect(pidsOf(sample.workers)).toEqual(pidsOf(gunicorn.workers().map((pid) => ({ pid }))));
  for (const worker of sample.workers) {
    const hidden = {
      pssBytes: null,
      ussBytes: null,
      fds: null,
      connections: null,
      busyThreads: null,
      heartbeatAgeSeconds: null,
    };
    expect(worker).toMatchObject({ ...hidden, clientAddress: null, masterPid: gunicorn.pid });
    expect(worker.rssBytes).toBeGreaterThan(1_000_000);
    expect(worker.cpuPercent).not.toBeNull();
  }
  expect(sample.backlog).toBe(0);
  expect(sample.notes).toEqual(['heartbeat, connections and PSS of the workers need root']);
});

it('finds running masters and the logs that they hold, through a rotation', async () => {
  const gunicorn = await startGunicorn({ workers: 2 });
  const found = discoverMasters().find(({ pid }) => pid === gunicorn.pid);
  const { port } = gunicorn.endpoint as { port: number };
  expect(found).toMatchObject({
    app: 'app:app',
    listeners: [`127.0.0.1:${port}`],
    accessLog: gunicorn.accessLog,
    errorLog: gunicorn.errorLog,
  });
  expect(discoverMasters().some(({ pid }) => gunicorn.workers().includes(pid))).toBe(false);
  const paths = found?.openLogs?.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining([gunicorn.accessLog, gunicorn.errorLog]));

  const sampler = await watch(gunicorn.pidFile);
  await look(sampler);
  const { dev, ino } = statSync(gunicorn.accessLog, { bigint: true });
  const rotated = `${gunicorn.accessLog}.1`;
  renameSync(gunicorn.accessLog, rotated);
  expect(sampler.holdsFile(dev, ino)).toBe(true);
  expect(openLogFiles(gunicorn.pid)?.map(({ path }) => path)).toContain(rotated);
  gunicorn.signal('SIGUSR1');
  await until('all have let go of it', () => !sampler.holdsFile(dev, ino));
});
