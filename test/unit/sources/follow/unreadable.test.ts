import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { GenerationFollower } from '../../../../src/sources/follow/generations.ts';
import { expectLines, scene } from './scene.ts';

const NOBODY = 65_534;

/** Runs a step as a user without rights: root may read everything. */
function asNobody<T>(step: () => T): T {
  if (process.geteuid?.() !== 0) return step();
  process.seteuid?.(NOBODY);
  try {
    return step();
  } finally {
    process.seteuid?.(0);
  }
}

describe('what cannot be read', () => {
  it('26: a new file that is unreadable at first', () => {
    const log = scene();
    chmodSync(log.folder, 0o755);
    const before = log.add(10);
    log.step();
    renameSync(log.path, `${log.path}.1`);
    const late = log.add(10, `${log.path}.1`);
    const first = log.add(10);
    chmodSync(log.path, 0o600);
    if (process.geteuid?.() !== 0) chmodSync(log.path, 0);
    for (let poll = 0; poll < 30; poll++) asNobody(() => log.step());
    expectLines(log, before, late);
    expect(log.stats).toMatchObject({ state: 'denied', message: expect.stringContaining('permission denied') });
    chmodSync(log.path, 0o644);
    const second = log.add(10);
    asNobody(() => log.step());
    expectLines(log, before, late, first, second);
    expect(log.stats).toMatchObject({ state: 'live', message: null, rotations: 1 });
  });

  it('26: a new file that is unreadable until after it was rotated away itself', () => {
    const log = scene();
    chmodSync(log.folder, 0o755);
    const first = log.add(10);
    log.step();
    renameSync(log.path, `${log.path}.1`);
    const second = log.add(10);
    chmodSync(log.path, process.geteuid?.() === 0 ? 0o600 : 0);
    asNobody(() => log.step());
    renameSync(log.path, `${log.path}.2`);
    const third = log.add(10);
    asNobody(() => log.step());
    asNobody(() => log.step());
    expectLines(log, first, third);
    chmodSync(`${log.path}.2`, 0o644);
    asNobody(() => log.step());
    expectLines(log, first, second, third);
  });

  it('26: unreadable at the start: what was there then is history once it can be read', () => {
    const log = scene();
    chmodSync(log.folder, 0o755);
    const before = log.add(3);
    chmodSync(log.path, process.geteuid?.() === 0 ? 0o600 : 0);
    asNobody(() => log.step());
    expect(log.stats.state).toBe('denied');
    chmodSync(log.path, 0o644);
    const after = log.add(3);
    asNobody(() => log.step());
    expect(log.sink.received).toEqual([
      ...before.map((line) => ({ line, live: false })),
      ...after.map((line) => ({ line, live: true })),
    ]);
  });

  const refused = (path: string) => {
    const follower = new GenerationFollower({ path, sink: { lines: () => {} }, start: 'beginning' });
    expect(follower.poll(0)).toBe(false);
    const { state, message } = follower.stats;
    expect(follower.openFiles).toEqual([]);
    follower.close();
    return { state, message };
  };

  it('27: a named pipe is refused at once', () => {
    const log = scene();
    execFileSync('mkfifo', [log.path]);
    expect(refused(log.path)).toEqual({
      state: 'failed',
      message: 'a named pipe, not a regular file: name a log file, or feed it to standard input and name "-"',
    });
  });

  it('27: a folder and a device are refused', () => {
    const log = scene();
    mkdirSync(log.path);
    expect(refused(log.path)).toEqual({
      state: 'failed',
      message: 'a folder, not a regular file: name a log file in it',
    });
    for (const device of ['/dev/zero', '/dev/null']) {
      expect(refused(device)).toEqual({
        state: 'failed',
        message: 'a device, not a regular file: name a log file',
      });
    }
  });

  it('27: a socket is refused', async () => {
    const log = scene();
    const server = createServer();
    await new Promise<void>((done) => server.listen(log.path, done));
    expect(refused(log.path).message).toBe('a socket, not a regular file: name a log file');
    await new Promise((done) => server.close(done));
  });

  it('27: a named pipe that takes the place of the log does not stop the reading of what was there', () => {
    const log = scene();
    const before = log.add(3);
    log.step();
    renameSync(log.path, `${log.path}.1`);
    execFileSync('mkfifo', [log.path]);
    const late = log.add(3, `${log.path}.1`);
    log.step();
    expectLines(log, before, late);
    expect(log.stats.state).toBe('failed');
  });
});
