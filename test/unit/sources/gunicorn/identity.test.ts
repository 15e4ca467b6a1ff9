import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { absolutePath, identifyMaster, roleOf } from '../../../../src/sources/gunicorn/identity.ts';
import { takesMasterSignals } from '../../../../src/sources/gunicorn/process-view.ts';
import { temporaryFolder } from '../../../support/cleanup.ts';
import { ARGV, family, viewOf } from './processes.ts';

describe('the part that a process has in Gunicorn', () => {
  it('is told by shared heartbeat files where all command lines are the same', () => {
    const view = viewOf(family(100));
    expect([100, 101, 102].map((pid) => roleOf(pid, view))).toEqual(['master', 'worker', 'worker']);
  });

  it('is told by the parent where descriptors may not be read', () => {
    const processes = family(100);
    for (const pid of [100, 101, 102]) processes[pid] = { ...processes[pid], heartbeats: null, environment: null };
    const view = viewOf(processes);
    expect([100, 101].map((pid) => roleOf(pid, view))).toEqual(['master', 'worker']);
  });

  it('is told by the title', () => {
    const titled = (title: string, parent: number) => ({ command: [title], parent, heartbeats: [] });
    const view = viewOf({
      100: titled('gunicorn: master [app:app]', 1),
      101: titled('gunicorn: worker [app:app]', 100),
      102: titled('gunicorn: dirty-arbiter', 100),
      103: titled('gunicorn: dirty-worker [app:app]', 102),
    });
    expect([100, 101, 102, 103].map((pid) => roleOf(pid, view))).toEqual(['master', 'worker', 'dirty', 'dirty']);
  });

  it('is told for a Gunicorn inside another program', () => {
    const view = viewOf(family(100, { command: ['python3', 'serve.py'] }));
    expect([100, 101].map((pid) => roleOf(pid, view))).toEqual(['master', 'worker']);
  });

  it('of a dirty arbiter is not that of a master, though it shares files with children of its own', () => {
    const view = viewOf({
      ...family(100),
      103: { parent: 100, command: ARGV, heartbeats: ['wgunicorn-d'] },
      104: { parent: 103, command: ARGV, heartbeats: ['wgunicorn-d'] },
    });
    expect([103, 104].map((pid) => roleOf(pid, view))).toEqual(['dirty', 'worker']);
  });

  it('of the new master of an upgrade is that of a master, though it is a child of the old one', () => {
    const view = viewOf({ ...family(100), ...family(200, { parent: 100, environment: { GUNICORN_PID: '100' } }) });
    expect([200, 201].map((pid) => roleOf(pid, view))).toEqual(['master', 'worker']);
  });

  it('of a worker without a master is still that of a worker', () => {
    const processes = family(100);
    delete processes[100];
    processes[101] = { ...processes[101], parent: 1 };
    expect(roleOf(101, viewOf(processes))).toBe('worker');
  });

  it('of a master whose workers have all just ended is still that of a master', () => {
    const alone = { command: ARGV, heartbeats: ['wgunicorn-a'] };
    const roles = [true, false].map((takesMasterSignals) =>
      roleOf(100, viewOf({ 100: { ...alone, takesMasterSignals } })),
    );
    expect(roles).toEqual(['master', 'worker']);
  });

  it('is told by the signals that it takes, as the kernel lists them', () => {
    // Of Gunicorn 26.2 on Linux 6: the master, and a sync worker of it.
    expect(takesMasterSignals('Name:\tgunicorn\nSigCgt:\t0000000108314a07\n')).toBe(true);
    expect(takesMasterSignals('Name:\tgunicorn\nSigCgt:\t0000000008304226\n')).toBe(false);
    expect(takesMasterSignals('Name:\tgunicorn\n')).toBeNull();
  });

  it('of anything else is none', () => {
    const view = viewOf({ 50: { command: ['vim', 'gunicorn.conf.py'] } });
    expect(roleOf(50, view)).toBeNull();
    expect(roleOf(51, view)).toBeNull();
  });
});

describe('the master that a pid means', () => {
  it('is itself, with what its command line says', () => {
    const view = viewOf(family(100, { cwd: '/nonexistent' }));
    expect(identifyMaster(100, view)).toMatchObject({
      ok: true,
      value: { pid: 100, startKey: 100, app: 'app:app', note: null, settings: { workers: 2, timeoutSeconds: 30 } },
    });
  });

  it('is the one above a worker, a dirty worker or a process that a worker started', () => {
    const view = viewOf({
      ...family(100),
      103: { parent: 100, command: ARGV, heartbeats: ['wgunicorn-d'] },
      104: { parent: 103, command: ARGV, heartbeats: ['wgunicorn-d'] },
      105: { parent: 101, command: ARGV, heartbeats: ['wgunicorn-100a'] },
    });
    for (const pid of [101, 104, 105]) {
      expect(identifyMaster(pid, view)).toMatchObject({
        ok: true,
        value: { pid: 100, askedPid: pid, note: `pid ${pid} is a worker: watching its master 100` },
      });
    }
  });

  it('has the name of its title, without the mark of an upgrade', () => {
    const view = viewOf({ 100: { command: ['gunicorn: master [shop.2]'] } });
    expect(identifyMaster(100, view)).toMatchObject({ ok: true, value: { app: 'shop' } });
  });

  it.each([
    [60, 'pid 60 is not running'],
    [50, 'pid 50 (vim) is not a Gunicorn'],
    [51, 'pid 51 (sh) is not a Gunicorn; its child 100 is'],
    [52, 'pid 52 (python3) is not a Gunicorn, as far as can be seen without root or its own user'],
    [53, 'pid 53 is a Gunicorn worker without a master: it is about to end'],
  ])('is none for %d', (pid, message) => {
    const view = viewOf({
      ...family(100, { parent: 51 }),
      50: { command: ['/usr/bin/vim', 'gunicorn.conf.py'] },
      51: { command: ['sh', '-c', 'gunicorn app:app'] },
      52: { command: ['python3', 'serve.py'], heartbeats: null },
      53: { command: ARGV, heartbeats: ['wgunicorn-z'] },
    });
    expect(identifyMaster(pid, view)).toEqual({ ok: false, message });
  });
});

it('resolves paths of its settings from its own folder', () => {
  expect(absolutePath('/var/log/a.log', { workingDirectory: null })).toBe('/var/log/a.log');
  expect(absolutePath('log/a.log', { workingDirectory: '/srv' })).toBe('/srv/log/a.log');
  expect(absolutePath('log/a.log', { workingDirectory: null })).toBeNull();
});

describe('a configuration file that leads away from its own folder (chdir)', () => {
  const settingsIn = (files: Readonly<Record<string, string>>, cwd: string, args: readonly string[] = []) => {
    const start = temporaryFolder();
    mkdirSync(join(start, 'site'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(start, name), text);
    const command = ['/usr/bin/python3', '/usr/bin/gunicorn', ...args, 'app:app'];
    const view = viewOf(family(10, { command, cwd: join(start, cwd), environment: { PWD: start } }));
    const found = identifyMaster(10, view);
    return found.ok ? found.value.settings : null;
  };
  const config = "chdir = 'site'\nworkers = 7\n";

  it('is found by the folder that Gunicorn was started in', () => {
    expect(settingsIn({ 'gunicorn.conf.py': config }, 'site')?.workers).toBe(7);
    expect(settingsIn({ 'my.conf.py': config }, 'site', ['-c', 'my.conf.py'])?.workers).toBe(7);
  });

  it('is not taken for one where the variable names any folder: it has to lead to where the master is', () => {
    expect(settingsIn({ 'gunicorn.conf.py': 'workers = 7\n' }, 'site')?.workers).toBe(1);
    expect(settingsIn({ 'gunicorn.conf.py': config }, '..')?.workers).toBe(1);
  });
});
