import { appendFileSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GunicornSettings, UNKNOWN_SETTINGS } from '../../../../src/sources/gunicorn/command-line.ts';
import { findLogs } from '../../../../src/sources/gunicorn/found-logs.ts';
import type { OpenLogFile } from '../../../../src/sources/gunicorn/open-files.ts';

const REQUEST = '127.0.0.1 - - [21/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8.5.0" 1500 <7>\n';
const ENTRY = '[2026-11-21 12:00:00 +0000] [7] [INFO] Booting worker with pid: 7\n';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gtop-logs-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const file = (name: string): string => join(dir, name);

/** A file of the folder that is held open. */
function held(fd: number, name: string, text = ''): OpenLogFile {
  appendFileSync(file(name), text);
  const { dev, ino } = statSync(file(name), { bigint: true });
  return { fd, path: file(name), dev, ino, isDeleted: false };
}

const find = (settings: Partial<GunicornSettings>, open: readonly OpenLogFile[] | null) =>
  findLogs({ settings: { ...UNKNOWN_SETTINGS, ...settings }, workingDirectory: dir }, open, (path) => path);

describe('the logs of a master', () => {
  it('are those that its settings name, from its own folder, whether or not they may be looked at', () => {
    const settings = { accessLog: 'log/access.log', errorLog: '/var/log/error.log' };
    const named = { accessLog: file('log/access.log'), errorLog: '/var/log/error.log' };
    expect(find(settings, null)).toEqual(named);
    expect(find(settings, [held(3, 'other.log', REQUEST)])).toEqual(named);
  });

  it('are told by their lines where nothing names them', () => {
    const open = [held(3, 'notes.log', 'hello\n'), held(4, 'a.log', REQUEST), held(5, 'e.log', ENTRY)];
    expect(find({}, open)).toEqual({ accessLog: file('a.log'), errorLog: file('e.log') });
    const json = '{"time":"2026-11-21T12:00:00Z","method":"GET","path":"/","status":200,"request_time":0.2}\n';
    expect(find({}, [held(4, 'j.log', json)])).toEqual({ accessLog: file('j.log'), errorLog: null });
  });

  it('are told by the order in which Gunicorn opens them while they are empty', () => {
    expect(find({}, [held(3, 'one.log'), held(4, 'two.log')])).toEqual({
      accessLog: file('two.log'),
      errorLog: file('one.log'),
    });
    expect(find({}, [held(3, 'one.log')])).toEqual({ accessLog: null, errorLog: file('one.log') });
  });

  it('are the files behind standard output and error where the settings say so', () => {
    const open = [held(1, 'out.log', REQUEST), held(2, 'err.log', ENTRY)];
    expect(find({ accessLog: '-', errorLog: '-' }, open)).toEqual({
      accessLog: file('out.log'),
      errorLog: file('err.log'),
    });
    expect(find({ accessLog: '-', errorLog: '-' }, [])).toEqual({ accessLog: null, errorLog: null });
    const both = [held(1, 'both.log', ENTRY + REQUEST), held(2, 'both.log')];
    expect(find({ accessLog: '-', errorLog: '-' }, both)).toEqual({ accessLog: file('both.log'), errorLog: null });
  });

  it('are not a file that was moved or deleted under Gunicorn: its path leads elsewhere', () => {
    const moved = held(4, 'a.log', REQUEST);
    renameSync(file('a.log'), file('a.log.1'));
    expect(find({}, [moved])).toEqual({ accessLog: null, errorLog: null });
    writeFileSync(file('a.log'), REQUEST);
    expect(find({}, [moved])).toEqual({ accessLog: null, errorLog: null });
    expect(find({}, [{ ...held(4, 'b.log', REQUEST), isDeleted: true }])).toEqual({ accessLog: null, errorLog: null });
  });

  it('are unknown without settings and without permission', () => {
    expect(find({}, null)).toEqual({ accessLog: null, errorLog: null });
    expect(find({ accessLog: '-' }, null)).toEqual({ accessLog: null, errorLog: null });
  });
});
