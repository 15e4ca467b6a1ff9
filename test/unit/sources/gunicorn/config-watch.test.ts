import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigWatch } from '../../../../src/sources/gunicorn/config-watch.ts';
import { identifyMaster, type MasterIdentity } from '../../../../src/sources/gunicorn/identity.ts';
import { type FakeProcess, family, viewOf } from './processes.ts';

const ARGV = ['/usr/bin/python3', '/usr/bin/gunicorn', '--timeout', '9', 'app:app'];
/** In these tests a start key is the time itself. */
const START = 1_000_000;

let dir: string;
let processes: Record<number, FakeProcess>;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gtop-config-'));
  processes = family(100, { command: ARGV, cwd: dir, environment: {}, start: START });
  for (const pid of [101, 102]) processes[pid] = { ...processes[pid], start: START + 500 };
  write('gunicorn.conf.py', 'workers = 4', START - 60_000);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, text: string, atMs: number): void {
  writeFileSync(join(dir, name), text);
  utimesSync(join(dir, name), atMs / 1000, atMs / 1000);
}

function identify(): MasterIdentity {
  const found = identifyMaster(100, viewOf(processes));
  if (!found.ok) throw new Error(found.message);
  return found.value;
}

const watch = () => new ConfigWatch(viewOf(processes), (key) => key);
const pidFile = () => join(dir, 'gunicorn.pid');

describe('the settings of a master with a configuration file', () => {
  it('are those of the file below the command line, with the defaults below both', () => {
    write('gunicorn.conf.py', 'workers = 4\ntimeout = 60\nthreads = count()', START - 60_000);
    const { settings, note } = watch().look(identify(), null);
    expect(settings).toMatchObject({
      workers: 4,
      timeoutSeconds: 9,
      workerClass: 'sync',
      threads: null,
      backlog: 2048,
    });
    expect(note).toBeNull();
    expect(identify().commandLine).toMatchObject({ workers: null, timeoutSeconds: 9, backlog: null });
  });

  it('have no defaults where the file may set anything', () => {
    write('gunicorn.conf.py', 'from base import *\nworkers = 4', START - 60_000);
    expect(identify().settings).toMatchObject({ workers: 4, workerClass: null, backlog: null, timeoutSeconds: 9 });
  });

  it('are read from the file that is named instead of the default one', () => {
    write('prod.py', 'workers = 7', START - 60_000);
    for (const name of ['prod.py', `file:${join(dir, 'prod.py')}`]) {
      processes[100] = { ...processes[100], command: [...ARGV.slice(0, 2), '-c', name, 'app:app'] };
      expect(identify().settings).toMatchObject({ workers: 7, configFile: expect.stringMatching(/prod\.py$/) });
    }
  });

  it('are unknown behind a file that cannot be read', () => {
    processes[100] = { ...processes[100], command: [...ARGV.slice(0, 2), '-c', 'none.py', 'app:app'] };
    expect(identify()).toMatchObject({ settings: { workers: null, workerClass: null }, config: null });
  });

  it('stay what was read when the file is edited, until a reload writes the pid file anew', () => {
    write('gunicorn.pid', '100\n', START);
    const configs = watch();
    const master = identify();
    expect(configs.look(master, pidFile()).settings.workers).toBe(4);

    write('gunicorn.conf.py', 'workers = 8', START + 60_000);
    expect(configs.look(master, pidFile())).toMatchObject({ settings: { workers: 4 } });
    // A worker that crashed is replaced: no reload.
    processes[102] = { ...processes[102], start: START + 70_000 };
    processes[103] = { ...processes[102] };
    delete processes[102];
    expect(configs.look(master, pidFile())).toEqual({
      settings: expect.objectContaining({ workers: 4 }),
      note: `${join(dir, 'gunicorn.conf.py')} was changed after Gunicorn read it: a reload (HUP) puts it in force`,
    });

    write('gunicorn.pid', '100\n', START + 80_000);
    expect(configs.look(master, pidFile())).toEqual({ settings: expect.objectContaining({ workers: 8 }), note: null });
  });

  it('are those of an edited file when all workers are younger than it', () => {
    write('gunicorn.conf.py', 'workers = 8', START + 60_000);
    expect(watch().look(identify(), null).settings.workers).toBeNull();
    for (const pid of [101, 102]) processes[pid] = { ...processes[pid], start: START + 62_000 };
    expect(watch().look(identify(), null).settings.workers).toBe(8);
  });
});
