import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createGunicornSampler, discoverMasters } from '../../src/sources/gunicorn/index.ts';
import { cleanUp } from '../support/cleanup.ts';
import { cleanEnvironment, GTOP, runGtop } from '../support/cli.ts';
import { contain } from '../support/contained.ts';
import { FULL_FORMAT, startGunicorn } from '../support/gunicorn.ts';
import { parseSnapshot, takeSnapshot } from '../support/snapshot.ts';
import { childrenOf, until } from '../support/wait.ts';

afterEach(cleanUp);

const CONTAINED = [
  'exec gunicorn --bind 127.0.0.1:8000 --workers 2 --timeout 2 --pid gunicorn.pid --control-socket gunicorn.ctl',
  `--access-logfile access.log --error-logfile error.log --access-logformat '${FULL_FORMAT}' app:app`,
].join(' ');

describe('a Gunicorn in a container, watched from outside', () => {
  it('is found with its logs, which are in a file system of its own', async () => {
    const contained = await contain(CONTAINED, [8000]);
    const inside = (name: string): string => `/proc/${contained.pid}/root${contained.folder}/${name}`;
    const found = await until('the master is found with its workers', () =>
      discoverMasters().find(({ pid, workers }) => pid === contained.pid && workers === 2),
    );
    expect(found).toMatchObject({
      app: 'app:app',
      listeners: ['127.0.0.1:8000'],
      workers: 2,
      accessLog: inside('access.log'),
      errorLog: inside('error.log'),
    });
  });

  it('shows the sockets of its own network, and whom the pids in its logs mean', async () => {
    const contained = await contain(CONTAINED, [8000]);
    const sampler = await createGunicornSampler({ target: String(contained.pid), mode: 'proc' });
    const held = contained.request(8000, '/sleep/1.5');
    held.catch(() => {});
    const sample = await until('one is busy, for a client of that network', async () => {
      const look = await sampler.sample(Date.now());
      return look.workers.some((each) => each.busyThreads === 1 && each.clientAddress === '127.0.0.1') && look;
    });
    expect(sample.masters[0]).toMatchObject({ pid: contained.pid, listeners: ['127.0.0.1:8000'], timeoutSeconds: 2 });
    expect(sample.backlog).toBe(0);
    expect(sampler.pidOf(1)).toBe(contained.pid);
    await held;
  });

  it('joins log and processes: requests by worker, version, and the request that a timeout killed', async () => {
    const contained = await contain(CONTAINED, [8000]);
    const found = discoverMasters().find(({ pid }) => pid === contained.pid);
    const args = ['--no-config', '--pid', String(contained.pid)];
    const logs = ['--log', found?.accessLog ?? '', '--error-log', found?.errorLog ?? ''];
    for (let request = 0; request < 5; request++) await contained.request(8000, '/users/7');
    const watching = runGtop(['--once', '--json', '-n', '7', ...args, ...logs], { deadlineMs: 30_000 });
    const before = childrenOf(contained.pid);
    await expect(contained.request(8000, '/hang')).rejects.toThrow();
    const snapshots = (await watching).stdout.trimEnd().split('\n').map(parseSnapshot);

    const first = snapshots[0];
    expect(first?.master).toMatchObject({ pid: contained.pid, version: expect.stringMatching(/^26\./) });
    expect(first?.workers.map(({ pid }) => pid)).toEqual(before);
    expect(first?.workers.reduce((sum, { requestsTotal }) => sum + (requestsTotal ?? 0), 0)).toBe(6);
    const last = snapshots.at(-1);
    expect(last?.control).toMatchObject({ error: null, workersTarget: 2 });
    expect(last?.control?.workers.map(({ pid }) => pid).sort()).toEqual(childrenOf(contained.pid).sort());
    expect(last?.workerExits).toMatchObject({ total: 1, byReason: { timeout: 1 } });
    const killed = before.find((pid) => !childrenOf(contained.pid).includes(pid));
    expect(last?.events.find(({ kind }) => kind === 'worker-timeout')).toMatchObject({ worker: killed, path: '/hang' });
  });

  it('is followed through an upgrade, whatever pids its files hold', async () => {
    const contained = await contain(CONTAINED, [8000]);
    const sampler = await createGunicornSampler({ target: String(contained.pid), mode: 'proc' });
    await sampler.sample(Date.now());
    process.kill(contained.pid, 'SIGUSR2');
    const both = await until('there are two masters', async () => {
      const look = await sampler.sample(Date.now());
      return look.masters.length === 2 && look.workers.length === 4 && look;
    });
    expect(both.masters.map(({ pid, role }) => [pid === contained.pid, role])).toEqual([
      [true, 'old'],
      [false, 'new'],
    ]);
  });
});

describe('where /proc hides the processes of other users', () => {
  /** gtop as nobody, under a /proc with hidepid. */
  async function runBehindHidepid(args: readonly string[]): Promise<string> {
    const user = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const script = 'mount -t proc -o hidepid=2 proc /proc && exec "$@"';
    const command = ['sh', '-c', script, 'sh', ...user, process.execPath, GTOP, '--no-config', '--once', ...args];
    const options = { env: cleanEnvironment(), timeout: 20_000 };
    return promisify(execFile)('unshare', ['--mount', ...command], options).then(
      ({ stdout }) => stdout,
      ({ stderr }) => stderr,
    );
  }

  it('a master that lives is not said to be gone', async () => {
    const { pid, pidFile } = await startGunicorn({ workers: 1 });
    const hidden = `pid ${pid} is hidden from this user (hidepid): run gtop as root or as its own user\n`;
    expect(await runBehindHidepid(['--pid', String(pid)])).toBe(`gtop: ${hidden}`);
    expect(await runBehindHidepid(['--pid', pidFile])).toBe(`gtop: pid file ${pidFile}: ${hidden}`);
    expect(await runBehindHidepid([])).toMatch(/^gtop: no Gunicorn found \(.*as root gtop would see them\)/);
  });

  it('and without hidepid nobody sees what anybody may, and what would be with root', async () => {
    const { pid, accessLog } = await startGunicorn({ workers: 2 });
    const { master, workers, verdict } = await until('the workers have settled', async () => {
      const args = ['--no-config', '--pid', String(pid), '--log', accessLog];
      const snapshot = await takeSnapshot(args, { asNobody: true });
      return snapshot.workers.every(({ state }) => state !== 'booting') && snapshot;
    });
    expect(master).toMatchObject({ pid, app: 'app:app', workersTarget: 2, pssBytes: null });
    expect(workers).toHaveLength(2);
    for (const worker of workers) {
      expect(worker).toMatchObject({
        state: 'unknown',
        secondsToKill: null,
        activity: null,
        requestsTotal: expect.any(Number),
      });
    }
    expect(verdict.causes).toContainEqual(
      expect.objectContaining({
        kind: 'limited-view',
        text: 'heartbeat, connections and PSS of the workers need root',
      }),
    );
  });
});
