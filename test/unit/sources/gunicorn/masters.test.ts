import { mkdtempSync, renameSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateMaster, MasterTracker } from '../../../../src/sources/gunicorn/masters.ts';
import { ARGV, type FakeProcess, family, viewOf } from './processes.ts';

let dir: string;
let pidFile: string;
let processes: Record<number, FakeProcess>;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gtop-masters-'));
  pidFile = join(dir, 'gunicorn.pid');
  processes = family(100);
  writeFileSync(pidFile, '100\n');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** In these tests a start key is the time itself. */
const track = (target: string | number): MasterTracker =>
  new MasterTracker(
    typeof target === 'number' ? { kind: 'pid', pid: target } : { kind: 'file', path: target },
    viewOf(processes),
    (key) => key,
  );

function look(tracker: MasterTracker, nowMs = 0): { roles: string[]; notes: readonly string[] } {
  const { masters, notes } = tracker.look(nowMs);
  return { roles: masters.map(({ pid, role }) => `${pid} ${role}`), notes };
}

describe('a watched pid file', () => {
  it('may be missing for a moment while its master reloads', () => {
    const tracker = track(pidFile);
    expect(look(tracker, 0)).toEqual({ roles: ['100 current'], notes: [] });
    unlinkSync(pidFile);
    expect(look(tracker, 1000)).toEqual({ roles: ['100 current'], notes: [] });
    writeFileSync(pidFile, '100\n');
    expect(look(tracker, 2000)).toEqual({ roles: ['100 current'], notes: [] });
    unlinkSync(pidFile);
    expect(look(tracker, 3000).notes).toEqual([]);
    expect(look(tracker, 5000)).toEqual({
      roles: ['100 current'],
      notes: [`pid file ${pidFile}: no such file: is Gunicorn running with --pid?`],
    });
  });

  it('is followed to the pid that a restart writes', () => {
    const tracker = track(pidFile);
    look(tracker);
    for (const pid of [100, 101, 102]) delete processes[pid];
    expect(look(tracker)).toEqual({
      roles: [],
      notes: ['master 100 is gone', `pid file ${pidFile} is stale: pid 100 is not running`],
    });
    Object.assign(processes, family(300));
    writeFileSync(pidFile, '300\n');
    expect(look(tracker)).toEqual({ roles: ['300 current'], notes: [] });
  });

  it('is waited for', () => {
    unlinkSync(pidFile);
    const tracker = track(pidFile);
    expect(look(tracker)).toEqual({
      roles: [],
      notes: [`pid file ${pidFile}: no such file: is Gunicorn running with --pid?`],
    });
    writeFileSync(pidFile, '100\n');
    expect(look(tracker)).toEqual({ roles: ['100 current'], notes: [] });
  });

  it('does not lead to a process that was given the same pid', () => {
    const tracker = track(pidFile);
    look(tracker);
    processes[100] = { command: ['/usr/bin/vim'], start: 7 };
    expect(look(tracker)).toEqual({
      roles: [],
      notes: ['master 100 is gone', `pid file ${pidFile}: pid 100 (vim) is not a Gunicorn`],
    });
  });

  it('older than the worker of another Gunicorn that has its pid now is stale', () => {
    writeFileSync(pidFile, '301\n');
    utimesSync(pidFile, 1000, 1000);
    Object.assign(processes, family(300));
    processes[301] = { ...processes[301], start: 2_000_000 };
    expect(locateMaster({ kind: 'file', path: pidFile }, viewOf(processes), (key) => key)).toEqual({
      ok: false,
      mayAppear: true,
      message: `pid file ${pidFile} is stale: pid 301 now belongs to python3`,
    });
  });
});

describe('an upgrade', () => {
  const upgrade = (): void =>
    void Object.assign(processes, family(200, { parent: 100, environment: { GUNICORN_PID: '100' } }));

  it('shows the old master and the new, then the new one alone', () => {
    const tracker = track(pidFile);
    look(tracker);
    upgrade();
    writeFileSync(`${pidFile}.2`, '200\n');
    const { masters } = tracker.look(0);
    expect(masters.map(({ pid, role, pidFile: file }) => [pid, role, file])).toEqual([
      [100, 'old', pidFile],
      [200, 'new', `${pidFile}.2`],
    ]);
    for (const pid of [100, 101, 102]) delete processes[pid];
    processes[200] = { ...processes[200], parent: 1 };
    unlinkSync(pidFile);
    expect(look(tracker, 1000)).toEqual({ roles: ['200 current'], notes: [] });
    renameSync(`${pidFile}.2`, pidFile);
    expect(look(tracker, 2000)).toEqual({ roles: ['200 current'], notes: [] });
  });

  it('that is taken back leaves the old master', () => {
    const tracker = track(pidFile);
    upgrade();
    writeFileSync(`${pidFile}.2`, '200\n');
    expect(look(tracker).roles).toEqual(['100 old', '200 new']);
    for (const pid of [200, 201, 202]) delete processes[pid];
    expect(look(tracker)).toEqual({ roles: ['100 current'], notes: [] });
  });

  it('is seen without a pid file as well', () => {
    const tracker = track(100);
    expect(look(tracker).roles).toEqual(['100 current']);
    upgrade();
    expect(look(tracker).roles).toEqual(['100 old', '200 new']);
    delete processes[100];
    expect(look(tracker).roles).toEqual(['200 current']);
  });
});

describe('a watched pid', () => {
  it('leads to the pid file of its process, and so to its successor', () => {
    processes[100] = {
      ...processes[100],
      command: [...ARGV.slice(0, 2), '--pid', 'gunicorn.pid', 'app:app'],
      cwd: dir,
    };
    const tracker = track(100);
    expect(tracker.look(0).masters[0]).toMatchObject({ pid: 100, pidFile });
    for (const pid of [100, 101, 102]) delete processes[pid];
    Object.assign(processes, family(300));
    writeFileSync(pidFile, '300\n');
    expect(look(tracker).roles).toEqual(['300 current']);
  });

  it('of no process is said to be gone', () => {
    expect(look(track(999))).toEqual({ roles: [], notes: ['pid 999 is not running'] });
  });
});

it('prefers what other sources know of the settings', () => {
  const tracker = track(pidFile);
  tracker.learn({ workerClass: 'gthread', threads: 8 });
  tracker.learn({ workers: 5 });
  expect(tracker.look(0).masters[0]?.settings).toMatchObject({
    workerClass: 'gthread',
    threads: 8,
    workers: 5,
    app: 'app:app',
  });
});

describe('a master in a container', () => {
  it('is followed by its processes, for the pids in its files mean nothing out here', () => {
    const argv = [...ARGV.slice(0, 4), '--pid', pidFile, 'app:app'];
    processes = family(100, { command: argv, ownPid: 1, cwd: '/srv' });
    // Another process has the number that the file holds.
    processes[1] = { parent: 0, command: ['/sbin/init'] };
    writeFileSync(pidFile, '1\n');
    writeFileSync(`${pidFile}.2`, '9\n');
    const tracker = track(100);
    expect(look(tracker)).toEqual({ roles: ['100 current'], notes: [] });
    Object.assign(
      processes,
      family(200, { command: argv, parent: 100, ownPid: 9, environment: { GUNICORN_PID: '1' } }),
    );
    expect(look(tracker).roles).toEqual(['100 old', '200 new']);
    for (const pid of [100, 101, 102, 200, 201, 202]) delete processes[pid];
    expect(look(tracker)).toEqual({ roles: [], notes: ['master 100 is gone', 'pid 100 is not running'] });
  });
});

describe('a master that is hidden', () => {
  it('is not said to have ended', () => {
    processes[100] = { ...processes[100], hidden: true };
    const hidden = 'pid 100 is hidden from this user (hidepid): run gtop as root or as its own user';
    expect(locateMaster({ kind: 'pid', pid: 100 }, viewOf(processes), (key) => key)).toMatchObject({
      ok: false,
      message: hidden,
    });
    expect(look(track(pidFile)).notes).toEqual([`pid file ${pidFile}: ${hidden}`]);
  });
});

it('finds the new master of an upgrade, though at first it is but a copy of the old one', () => {
  const tracker = track(100);
  look(tracker, 0);
  Object.assign(processes, family(200, { parent: 100 }));
  expect(look(tracker, 1000).roles).toEqual(['100 current']);
  Object.assign(processes, family(200, { parent: 100, environment: { GUNICORN_PID: '100' } }));
  expect(look(tracker, 2000).roles).toEqual(['100 old', '200 new']);
});
