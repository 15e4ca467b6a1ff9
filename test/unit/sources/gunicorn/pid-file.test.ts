import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePid, parseTarget, readPidFile } from '../../../../src/sources/gunicorn/pid-file.ts';
import { writtenAtMs } from '../../../../src/sources/gunicorn/stat.ts';

describe('the value of --pid', () => {
  it('is a pid when it is all digits, else a path', () => {
    expect(parseTarget('4711')).toEqual({ ok: true, value: { kind: 'pid', pid: 4711 } });
    // The first process of a container; whether it is a Gunicorn, its processes tell.
    expect(parseTarget('1')).toEqual({ ok: true, value: { kind: 'pid', pid: 1 } });
    expect(parseTarget('/run/gunicorn.pid')).toEqual({ ok: true, value: { kind: 'file', path: '/run/gunicorn.pid' } });
    expect(parseTarget('./4711')).toEqual({ ok: true, value: { kind: 'file', path: './4711' } });
  });

  it.each(['0', '-1', '+7', '007', '99999999999'])('is refused as a pid: %s', (text) => {
    expect(parseTarget(text)).toEqual({
      ok: false,
      message: `${text} is not a pid of a Gunicorn: give the pid of a master or its pid file`,
    });
  });

  it('is refused when empty', () => {
    expect(parseTarget('').ok).toBe(false);
  });
});

describe('the text of a pid file', () => {
  it.each([
    ['4711\n', 4711],
    [' \t4711\r\n', 4711],
    ['2', 2],
  ])('%j is %d', (text, pid) => {
    expect(parsePid(text)).toBe(pid);
  });

  it.each(['', '\n', '0', '1\n', '-1', '+5', '04711', '47 11', '4711x', '0x12', '4e3', '12345678901', '４７'])(
    '%j is no pid',
    (text) => {
      expect(parsePid(text)).toBeNull();
    },
  );
});

describe('a pid file', () => {
  let dir: string;
  const inDir = (name: string): string => join(dir, name);
  const write = (name: string, content: string): string => {
    writeFileSync(inDir(name), content);
    return inDir(name);
  };
  const messageOf = (path: string): string | null => {
    const reading = readPidFile(path);
    return reading.ok ? null : reading.message;
  };

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'gtop-pid-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('holds a pid and the time of its writing', () => {
    const reading = readPidFile(write('good.pid', '4711\n'));
    expect(reading).toMatchObject({ ok: true, value: { pid: 4711 } });
    expect(reading.ok && Math.abs(reading.value.writtenAtMs - Date.now())).toBeLessThan(60_000);
  });

  it('may be a link to one', () => {
    symlinkSync(write('target.pid', '4712'), inDir('link.pid'));
    expect(readPidFile(inDir('link.pid'))).toMatchObject({ ok: true, value: { pid: 4712 } });
  });

  it('may be missing for now', () => {
    const path = inDir('missing.pid');
    expect(readPidFile(path)).toEqual({
      ok: false,
      missing: true,
      message: `pid file ${path}: no such file: is Gunicorn running with --pid?`,
    });
    expect(readPidFile(inDir('good.pid/below'))).toMatchObject({ ok: false, missing: true });
  });

  it('is refused with the reason when it is anything else', () => {
    mkdirSync(inDir('folder'));
    expect(messageOf(inDir('folder'))).toBe(`pid file ${inDir('folder')} is a directory: name the file in it`);
    expect(messageOf('/dev/zero')).toBe('pid file /dev/zero is not a regular file');
    expect(messageOf(write('empty', ' \n'))).toBe(`pid file ${inDir('empty')} is empty`);
    expect(messageOf(write('rubbish', 'not a pid'))).toBe(`pid file ${inDir('rubbish')} does not hold a pid`);
    expect(messageOf(write('init', '1\n'))).toBe(
      `pid file ${inDir('init')} holds 1: inside of its container give --pid 1`,
    );
    expect(messageOf(write('all', '-1'))).toBe(`pid file ${inDir('all')} holds -1, which is not a pid of a Gunicorn`);
    expect(messageOf(write('large', '4711'.padEnd(5000)))).toBe(
      `pid file ${inDir('large')} is too large to be one (5000 bytes)`,
    );
  });

  it('never shows its rubbish, which may be anything', () => {
    expect(messageOf(write('hostile', '\u001b]0;owned\u0007'))).not.toContain('owned');
  });

  it('never blocks on a named pipe nor wakes a socket', async () => {
    execFileSync('mkfifo', [inDir('fifo')]);
    expect(messageOf(inDir('fifo'))).toBe(`pid file ${inDir('fifo')} is not a regular file`);
    const server = createServer().listen(inDir('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    expect(messageOf(inDir('socket'))).toBe(`pid file ${inDir('socket')} is not a regular file`);
    server.close();
  });
});

it('tells when a pid file was written as all else does, to the nanosecond: a rounding would look like a reload', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gtop-pid-file-'));
  try {
    const path = join(folder, 'gunicorn.pid');
    writeFileSync(path, '4711\n');
    for (let number = 0; number < 300; number++) {
      utimesSync(path, 1_795_336_239.1 + number * 0.012_345_67, 1_795_336_239.1 + number * 0.012_345_67);
      const reading = readPidFile(path);
      expect(reading.ok && reading.value.writtenAtMs).toBe(writtenAtMs(path));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
