import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compress, copyTruncate, expectLines, fresh, rotate, type Scene, scene, text } from './scene.ts';

describe('copytruncate', () => {
  it('5: quiet', () => {
    const log = scene();
    const before = log.add(100);
    log.step();
    copyTruncate(log);
    log.step();
    const after = log.add(50);
    log.step();
    expectLines(log, before, after);
    expect(log.stats).toMatchObject({ truncations: 1, rotations: 0, possiblyLostBytes: 0 });
  });

  it('6: refilled at once beyond the old size', () => {
    const log = scene();
    const before = log.add(100);
    log.step();
    copyTruncate(log);
    const after = log.add(250);
    log.step();
    expectLines(log, before, after);
  });

  it('7: refilled at once to exactly the old size', () => {
    const log = scene();
    const before = log.add(100);
    log.step();
    copyTruncate(log);
    const after = log.add(100);
    log.step();
    expectLines(log, before, after);
    expect(log.stats.truncations).toBe(1);
  });

  it('what was written since the last poll is read from the copy', () => {
    const log = scene();
    const before = log.add(100);
    log.step();
    const unread = log.add(70);
    copyTruncate(log);
    const after = log.add(20);
    log.step();
    expect(log.lines).toEqual([...before, ...unread, ...after]);
  });

  it('an unfinished line that goes on in the copy is one line', () => {
    const log = scene();
    writeFileSync(log.path, 'first part, ');
    log.step();
    writeFileSync(log.path, 'second part\n', { flag: 'a' });
    copyTruncate(log);
    const after = log.add(1);
    log.step();
    expectLines(log, ['first part, second part'], after);
  });

  it('14: a writer without O_APPEND leaves a hole of NULs', () => {
    const log = scene();
    const before = fresh(100);
    const fd = openSync(log.path, 'w');
    writeSync(fd, text(before));
    log.step();
    copyTruncate(log);
    const after = fresh(20);
    writeSync(fd, text(after));
    log.step();
    expectLines(log, before, after);
    closeSync(fd);
  });

  it('19: ten copytruncates under a steady stream of lines, some between two polls', () => {
    const log = scene();
    const written = log.add(1);
    log.step();
    for (let round = 0; round < 10; round++) {
      for (let poll = 0; poll < round % 4; poll++) {
        written.push(...log.add(100));
        log.step();
      }
      written.push(...log.add(37));
      copyTruncate(log);
    }
    written.push(...log.add(10));
    log.step();
    expect(log.lines).toEqual(written);
    expect(log.stats.truncations).toBe(10);
  });

  it('39: copytruncate, then a rename: the copy is not read again', () => {
    const log = scene();
    const first = log.add(30);
    log.step();
    copyTruncate(log);
    const second = log.add(10);
    log.step();
    rotate(log);
    const third = log.add(10);
    log.step();
    expectLines(log, first, second, third);
  });

  it('39: the same between two polls', () => {
    const log = scene();
    const first = log.add(30);
    log.step();
    copyTruncate(log);
    const second = log.add(10);
    rotate(log);
    const third = log.add(10);
    log.step();
    expectLines(log, first, second, third);
  });

  it('39: a copy of a file that is then deleted', () => {
    const log = scene();
    const first = log.add(30);
    log.step();
    copyFileSync(log.path, `${log.path}.1`);
    unlinkSync(log.path);
    const second = log.add(10);
    log.step();
    expectLines(log, first, second);
  });

  it('a copy that was made before the last poll holds nothing new', () => {
    const log = scene();
    const first = log.add(30);
    log.step();
    copyFileSync(log.path, `${log.path}.1`);
    const second = log.add(30);
    log.step();
    truncateSync(log.path, 0);
    const third = log.add(5);
    log.step();
    rotate(log);
    log.step();
    expectLines(log, first, second, third);
  });

  it('a copy made in the midst of a step, shorter than what the step read, holds nothing new', () => {
    const log = scene();
    const first = log.add(1);
    log.step();
    // More than one reading takes: the step goes on behind the copy.
    const second = log.add(6_000);
    let third: string[] = [];
    const pass = log.sink.lines.bind(log.sink);
    log.sink.lines = (...args) => {
      pass(...args);
      if (third.length > 0) return;
      copyFileSync(log.path, `${log.path}.1`);
      third = log.add(1);
    };
    log.step();
    expectLines(log, first, second, third);
    truncateSync(log.path, 0);
    const fourth = log.add(1);
    log.step();
    rotate(log);
    log.step();
    expectLines(log, first, second, third, fourth);
  });

  it('truncated and refilled in the midst of a step', () => {
    const log = scene();
    const first = log.add(6_000);
    let second: string[] = [];
    const pass = log.sink.lines.bind(log.sink);
    log.sink.lines = (...args) => {
      pass(...args);
      if (second.length > 0) return;
      copyTruncate(log);
      second = log.add(7_000);
    };
    log.step();
    log.step();
    expectLines(log, first, second);
  });

  it('truncated before the first byte of it was read', () => {
    const log = scene();
    const first = log.add(10);
    log.step();
    const late = log.add(1_000);
    rotate(log);
    const second = log.add(1);
    // The old file alone takes more than the budget.
    log.follower.poll(log.nowMs, 100);
    copyTruncate(log);
    log.step();
    expectLines(log, first, late, second);
  });

  it('says how much may have come after the last look: the growth before it goes on until the truncation', () => {
    const log = scene();
    log.add(10);
    log.step();
    const bytesPerStep = text(fresh(20)).length;
    for (let poll = 0; poll < 50; poll++) {
      log.add(20);
      log.step();
    }
    expect(log.stats.possiblyLostBytes).toBe(0);
    truncateSync(log.path, 0);
    log.step();
    expect(log.stats.truncations).toBe(1);
    expect(log.stats.possiblyLostBytes).toBeGreaterThan(0.8 * bytesPerStep);
    expect(log.stats.possiblyLostBytes).toBeLessThanOrEqual(bytesPerStep);
  });

  it('counts as possibly lost what was seen and is in no copy', () => {
    const log = scene();
    log.add(100);
    log.follower.poll(0, 1_000);
    const unread = log.stats.lagBytes;
    truncateSync(log.path, 0);
    log.step();
    expect(log.stats.possiblyLostBytes).toBe(unread);
  });
});

/** Where a copy goes before it can be looked at. */
const STOWED: readonly (readonly [where: string, stow: (log: Scene, number: number) => void])[] = [
  ['compressed at once', (log) => compress(`${log.path}.1`)],
  [
    "in logrotate's olddir, a folder inside the log's",
    (log, number) => {
      mkdirSync(log.at('rotated'), { recursive: true });
      renameSync(`${log.path}.1`, join(log.at('rotated'), `access.log.${number}`));
    },
  ],
  [
    'there, and compressed',
    (log, number) => {
      compress(`${log.path}.1`);
      mkdirSync(log.at('rotated'), { recursive: true });
      renameSync(`${log.path}.1.gz`, join(log.at('rotated'), `access.log.${number}.gz`));
    },
  ],
];

describe('a copy that is not beside the log as text any more', () => {
  it.each(STOWED)('%s: what was not read yet is read from it', async (_, stow) => {
    const log = scene();
    const before = log.add(100);
    log.step();
    const unread = log.add(70);
    copyTruncate(log);
    stow(log, 1);
    const after = log.add(20);
    await log.unpacked();
    expect(log.lines).toEqual([...before, ...unread, ...after]);
    expect(log.stats).toMatchObject({ truncations: 1, possiblyLostBytes: 0 });
  });

  it.each(STOWED)('%s: two of them between two looks', async (_, stow) => {
    const log = scene();
    const written = log.add(100);
    log.step();
    for (let number = 1; number <= 2; number++) {
      written.push(...log.add(70 * number));
      // Writes of the same tick of the file system's clock have no order.
      const seconds = Date.now() / 1000 - 10 + number;
      utimesSync(log.path, seconds, seconds);
      const earlier = `${log.path}.1.gz`;
      if (number === 2 && statSync(earlier, { throwIfNoEntry: false })) renameSync(earlier, `${log.path}.2.gz`);
      copyFileSync(log.path, `${log.path}.1`);
      utimesSync(`${log.path}.1`, seconds, seconds);
      truncateSync(log.path, 0);
      stow(log, number);
    }
    written.push(...log.add(20));
    await log.unpacked();
    expect(log.lines).toEqual(written);
    log.step(3_000);
    log.finish();
    expect(log.lines).toEqual(written);
  });

  it('is told by what was read, not by its name: that of another application is none', () => {
    const log = scene();
    mkdirSync(log.at('other'));
    log.add(500, join(log.at('other'), 'access.log.1'));
    const before = log.add(100);
    log.step();
    truncateSync(log.path, 0);
    const after = log.add(20);
    log.step();
    expectLines(log, before, after);
  });

  it('is unpacked while everything else goes on; nothing is read meanwhile that comes after it', async () => {
    const log = scene();
    const written = log.add(100);
    log.step();
    written.push(...log.add(70));
    copyTruncate(log);
    compress(`${log.path}.1`);
    written.push(...log.add(20));
    log.step(500);
    expect(log.lines).toHaveLength(100);
    expect(log.stats).toMatchObject({ state: 'reading', message: null });
    // Rotated on before it is unpacked.
    renameSync(`${log.path}.1.gz`, `${log.path}.2.gz`);
    await log.unpacked();
    expect(log.lines).toEqual(written);
    expect(log.stats).toMatchObject({ state: 'live', truncations: 1, possiblyLostBytes: 0 });
  });

  it('is waited for at the end', () => {
    const log = scene();
    const written = log.add(100);
    log.step();
    written.push(...log.add(70));
    copyTruncate(log);
    compress(`${log.path}.1`);
    written.push(...log.add(20));
    log.step();
    log.finish();
    expect(log.lines).toEqual(written);
  });

  it('that is damaged is no copy', async () => {
    const log = scene();
    const before = log.add(100);
    log.step();
    copyTruncate(log);
    compress(`${log.path}.1`);
    truncateSync(`${log.path}.1.gz`, 200);
    const after = log.add(20);
    await log.unpacked();
    expectLines(log, before, after);
  });
});
