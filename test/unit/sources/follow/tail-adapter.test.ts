import { appendFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFollower, type FollowerOptions } from '../../../../src/sources/follow/index.ts';
import { until } from '../../../support/wait.ts';
import { CollectingSink, scene } from './scene.ts';

async function tailing(path: string, start: FollowerOptions['start'], sink: CollectingSink) {
  const follower = await createFollower({ path, sink, start, backend: 'tail' });
  onTestFinished(() => follower.close());
  return follower;
}

describe('the package tail behind the interface', () => {
  it('reads the history as history and what comes as live', async () => {
    const log = scene();
    const sink = new CollectingSink();
    const before = log.add(1_000);
    appendFileSync(log.path, 'unfinished ');
    const follower = await tailing(log.path, 'beginning', sink);
    expect(follower.poll(0, 1_000)).toBe(true);
    expect(follower.stats.state).toBe('reading');
    while (follower.poll(0)) {
      // History.
    }
    expect(sink.received).toEqual(before.map((line) => ({ line, live: false })));
    appendFileSync(log.path, 'line\n');
    const after = log.add(3);
    await until('the new lines', () => sink.all.length === 1_004);
    expect(sink.received.slice(1_000)).toEqual(['unfinished line', ...after].map((line) => ({ line, live: true })));
    expect(follower.stats).toMatchObject({ state: 'live', message: null });
    expect(follower.openFiles).toHaveLength(1);
  });

  it('begins at an offset, or at the end', async () => {
    const log = scene();
    const before = log.add(10);
    const [fromOffset, fromEnd] = [new CollectingSink(), new CollectingSink()];
    (await tailing(log.path, ({ size }) => size - 60, fromOffset)).poll(0);
    (await tailing(log.path, 'end', fromEnd)).poll(0);
    expect(fromOffset.all).toEqual(before.slice(-2));
    const after = log.add(2);
    await until('the new lines', () => fromEnd.all.length === 2 && fromOffset.all.length === 4);
    expect(fromEnd.all).toEqual(after);
  });

  it('keeps bytes that are no UTF-8', async () => {
    const log = scene();
    log.add(1);
    const sink = new CollectingSink();
    (await tailing(log.path, 'end', sink)).poll(0);
    appendFileSync(log.path, Buffer.from([0xff, 0xc3, 0x0a]));
    await until('the line', () => sink.all.length === 1);
    expect(sink.all).toEqual(['\xff\xc3']);
  });

  it('waits for a file that is not there, refuses a folder', async () => {
    const log = scene();
    const sink = new CollectingSink();
    const follower = await tailing(log.path, 'end', sink);
    follower.poll(0);
    expect(follower.stats).toMatchObject({ state: 'waiting', message: 'not found: waiting' });
    const lines = log.add(2);
    follower.poll(100);
    expect(sink.received).toEqual(lines.map((line) => ({ line, live: true })));
    const folder = await tailing(log.folder, 'end', sink);
    folder.poll(0);
    expect(folder.stats).toMatchObject({ state: 'failed', message: expect.stringContaining('a folder') });
  });

  it('gives up the unfinished line at the end', async () => {
    const log = scene();
    log.add(1);
    const sink = new CollectingSink();
    const follower = await tailing(log.path, 'end', sink);
    follower.poll(0);
    appendFileSync(log.path, 'one\nunfinished');
    await until('the line', () => sink.all.length === 1);
    follower.finish(0);
    expect(sink.all).toEqual(['one', 'unfinished']);
    expect(follower.stats.state).toBe('ended');
  });
});
