/**
 * Every case of rotation and odd bytes in real time, with a real inotify watch and with polling alone; the files beside
 * this one step the same cases by hand, at every moment between two writes.
 *
 * Not here, because a mode makes no difference to them or there is only one:
 * 35 (the same file twice: told before anything is followed, same-file.test.ts), 37 (inotify exhausted: nothing to
 * exhaust where nothing is watched, watch.test.ts), 41 (random programs, programs.test.ts: a wake-up is a poll at another
 * moment, and these poll at any). The load of 21 and 22 on a real Gunicorn is in test/e2e/stream.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { until } from '../../../support/wait.ts';
import { CASES_OF_READING } from './cases-of-reading.ts';
import { CASES_OF_ROTATION } from './cases-of-rotation.ts';
import { LiveLog, type Mode } from './live-log.ts';
import { difference, NO_DIFFERENCE } from './scene.ts';

describe.concurrent.each<Mode>(['inotify', 'polling'])('with %s: nothing lost, nothing twice', (mode) => {
  it.each([...CASES_OF_ROTATION, ...CASES_OF_READING])('$name', { timeout: 60_000 }, async ({ begins, run }) => {
    const log = new LiveLog();
    try {
      if (begins === undefined) {
        log.add(10);
        await log.follow(mode);
      }
      await run(log, mode);
      await log.settle();
      log.finish();
      expect(difference(log.sink.all, log.written)).toEqual(NO_DIFFERENCE);
      if (mode === 'polling') expect(log.wakeUps).toBe(0);
    } finally {
      log.remove();
    }
  });

  it('wakes up by the watch, or never', async () => {
    const log = new LiveLog();
    try {
      log.add(1);
      await log.follow(mode);
      if (mode === 'inotify') {
        await until('a write wakes it', () => {
          log.add(1);
          return log.wakeUps > 0;
        });
      }
      await log.settle();
      expect(log.wakeUps > 0).toBe(mode === 'inotify');
    } finally {
      log.remove();
    }
  });
});
