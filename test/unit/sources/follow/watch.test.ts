import { EventEmitter } from 'node:events';
import type { FSWatcher } from 'node:fs';
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFollower } from '../../../../src/sources/follow/index.ts';
import { type WatchFolder, watchForWakeUps } from '../../../../src/sources/follow/watch.ts';
import { until } from '../../../support/wait.ts';
import { CollectingSink, scene } from './scene.ts';

/** Stands in for inotify: events are sent by hand. */
function fakeWatch() {
  const watched: { folder: string; send: (name: string | null) => void; watcher: EventEmitter; isClosed: boolean }[] =
    [];
  const watch: WatchFolder = (folder, onEvent) => {
    const watcher = new EventEmitter();
    const entry = { folder, send: (name: string | null) => onEvent('change', name), watcher, isClosed: false };
    watched.push(entry);
    return Object.assign(watcher, {
      close: () => {
        entry.isClosed = true;
      },
    }) as unknown as FSWatcher;
  };
  return { watch, watched, open: () => watched.filter(({ isClosed }) => !isClosed) };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('watchForWakeUps', () => {
  it('wakes when the log changes, and not for its neighbours', () => {
    const { watch, watched } = fakeWatch();
    const onWake = vi.fn();
    const { close } = watchForWakeUps('/var/log/gunicorn/access.log', onWake, watch);
    expect(watched.map(({ folder }) => folder)).toEqual(['/var/log/gunicorn']);
    watched[0]?.send('error.log');
    expect(onWake).not.toHaveBeenCalled();
    watched[0]?.send('access.log');
    expect(onWake).toHaveBeenCalledTimes(1);
    close();
  });

  it('rests after each wake-up, so that a flood of writes costs no flood of events', () => {
    vi.useFakeTimers();
    const { watch, watched, open } = fakeWatch();
    const onWake = vi.fn();
    const { close } = watchForWakeUps('/var/log/access.log', onWake, watch);
    open()[0]?.send('access.log');
    expect(open()).toHaveLength(0);
    vi.advanceTimersByTime(49);
    expect(open()).toHaveLength(0);
    vi.advanceTimersByTime(1);
    expect(open()).toHaveLength(1);
    open()[0]?.send(null);
    expect(onWake).toHaveBeenCalledTimes(2);
    close();
    vi.advanceTimersByTime(60_000);
    expect(open()).toHaveLength(0);
    expect(watched).toHaveLength(2);
  });

  it('watches the folder of the file behind a link as well', () => {
    const { folder, path } = scene();
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real/today.log'), '');
    symlinkSync('real/today.log', path);
    const { watch, watched } = fakeWatch();
    const onWake = vi.fn();
    const { close } = watchForWakeUps(path, onWake, watch);
    expect(watched.map((entry) => entry.folder)).toEqual([folder, join(folder, 'real')]);
    watched[1]?.send('today.log');
    expect(onWake).toHaveBeenCalledTimes(1);
    close();
  });

  it('37: does without when there are no watches left, tries again, and lets reading go on', () => {
    vi.useFakeTimers();
    const exhausted = vi.fn(() => {
      throw Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), { code: 'ENOSPC' });
    });
    const log = scene();
    const { close } = watchForWakeUps(log.path, () => {}, exhausted);
    vi.advanceTimersByTime(5_000);
    expect(exhausted).toHaveBeenCalledTimes(2);
    const lines = log.add(3);
    log.step();
    expect(log.lines).toEqual(lines);
    close();
    vi.advanceTimersByTime(60_000);
    expect(exhausted).toHaveBeenCalledTimes(2);
  });

  it('37: a watch that breaks later is set up again', () => {
    vi.useFakeTimers();
    const { watch, open } = fakeWatch();
    const { close } = watchForWakeUps('/var/log/access.log', () => {}, watch);
    open()[0]?.watcher.emit('error', new Error('EMFILE'));
    expect(open()).toHaveLength(0);
    vi.advanceTimersByTime(5_000);
    expect(open()).toHaveLength(1);
    close();
  });

  it('wakes on a real write', async () => {
    const { path } = scene();
    const onWake = vi.fn();
    const { close } = watchForWakeUps(path, onWake);
    appendFileSync(path, 'line\n');
    await until('a wake-up', () => onWake.mock.calls.length > 0);
    close();
  });
});

describe('createFollower', () => {
  it('watches when it is given someone to wake, until it is closed', async () => {
    const { path } = scene();
    const onWake = vi.fn();
    const sink = new CollectingSink();
    const follower = await createFollower({ path, sink, start: 'end', backend: 'generations', onWake });
    follower.poll(0);
    appendFileSync(path, 'one\n');
    await until('a wake-up', () => onWake.mock.calls.length > 0);
    follower.poll(100);
    expect(sink.all).toEqual(['one']);
    follower.finish(200);
    expect(follower.stats.state).toBe('ended');
  });
});
