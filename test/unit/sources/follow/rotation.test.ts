import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { difference, fresh, NO_DIFFERENCE, type Scene, scene, text, Writer } from './scene.ts';

/** logrotate's renaming: `.2` to `.3`, `.1` to `.2`, the log to `.1`; nothing is created. */
function shift(log: Scene, keep = 9): void {
  for (let number = keep; number >= 0; number--) {
    const from = number === 0 ? log.path : `${log.path}.${number}`;
    if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${log.path}.${number + 1}`);
  }
}

/** logrotate with `create`: the new file is there at once, writers come when they are told. */
function rotate(log: Scene): void {
  shift(log);
  writeFileSync(log.path, '', { flag: 'wx' });
}

/** logrotate with `copytruncate`. */
function copyTruncate(log: Scene): void {
  for (let number = 9; number >= 1; number--) {
    const from = `${log.path}.${number}`;
    if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${log.path}.${number + 1}`);
  }
  copyFileSync(log.path, `${log.path}.1`);
  truncateSync(log.path, 0);
}

/** Both, and nothing besides, in any order. */
function expectLines(log: Scene, ...written: readonly (readonly string[])[]): void {
  expect(difference(log.lines, written.flat())).toEqual(NO_DIFFERENCE);
}

describe('rotation by renaming', () => {
  it('1: rename, 100 more lines to the old file, then the new one (USR1 late)', () => {
    const log = scene();
    const before = log.add(10);
    const worker = new Writer(log.path);
    log.step();
    renameSync(log.path, `${log.path}.1`);
    log.step();
    const late = fresh(100);
    worker.write(text(late));
    log.step();
    worker.reopen(log.path);
    const after = fresh(10);
    worker.write(text(after));
    log.step();
    expectLines(log, before, late, after);
    expect(log.stats).toMatchObject({ rotations: 1, truncations: 0, possiblyLostBytes: 0, state: 'live' });
    worker.close();
  });

  it('2: rename and create at once, 1 s of writes to the old file, then the new one', () => {
    const log = scene();
    const worker = new Writer(log.path);
    log.step();
    rotate(log);
    const late: string[] = [];
    for (let tenth = 0; tenth < 10; tenth++) {
      const lines = fresh(20);
      worker.write(text(lines));
      late.push(...lines);
      log.step();
    }
    worker.reopen(log.path);
    const after = log.add(5);
    log.step();
    expectLines(log, late, after);
    worker.close();
  });

  it.each([
    ['3: five rotations between two polls', 0],
    ['4: five rotations 0.5 s apart', 5],
  ])('%s', (_, pollsBetween) => {
    const log = scene();
    const written = [log.add(10)];
    log.step();
    for (let rotation = 0; rotation < 5; rotation++) {
      written.push(log.add(10));
      rotate(log);
      written.push(log.add(10));
      for (let poll = 0; poll < pollsBetween; poll++) log.step();
    }
    log.step();
    // In this order too: the files in between are read oldest first.
    expect(log.lines).toEqual(written.flat());
    expect(log.stats.rotations).toBe(5);
  });

  it('18: stopped while two rotations happen, both with late writers', () => {
    const log = scene();
    const worker = new Writer(log.path);
    const first = fresh(50);
    worker.write(text(first));
    log.step();
    rotate(log);
    const late = fresh(50);
    worker.write(text(late));
    worker.reopen(log.path);
    const middle = fresh(50);
    worker.write(text(middle));
    rotate(log);
    const middleLate = fresh(50);
    worker.write(text(middleLate));
    worker.reopen(log.path);
    const last = fresh(50);
    worker.write(text(last));
    log.step(30_000);
    expectLines(log, first, late, middle, middleLate, last);
    worker.close();
  });

  it('20: the old file ends without a newline: given up as a line once nobody writes it any more', () => {
    const log = scene();
    writeFileSync(log.path, 'whole\nunfini');
    log.step();
    rotate(log);
    const after = log.add(1);
    log.step();
    expectLines(log, ['whole'], after);
    log.step(1_800);
    expect(log.lines).not.toContain('unfini');
    log.step(300);
    expectLines(log, ['whole', 'unfini'], after);
  });

  it('20: an unfinished line of the old file that its worker still ends is one line', () => {
    const log = scene();
    const worker = new Writer(log.path);
    worker.write('begun ');
    log.step();
    rotate(log);
    const after = log.add(1);
    log.step(1_500);
    worker.write('and ended\n');
    log.step(600);
    log.step(3_000);
    expectLines(log, ['begun and ended'], after);
    worker.close();
  });

  it('23: a compressed sibling is never read as text', () => {
    const log = scene();
    const before = log.add(20);
    log.step();
    rotate(log);
    writeFileSync(`${log.path}.1.gz`, gzipSync(text(before)));
    unlinkSync(`${log.path}.1`);
    // Named as gzip names it, but plain: were it opened, its lines would show.
    writeFileSync(`${log.path}.2.gz`, text(fresh(5)));
    const after = log.add(20);
    log.step();
    rotate(log);
    log.step();
    expectLines(log, before, after);
  });

  it.each(['access.log-20261121', 'access.log-20261121-1795235222', 'access-2026-11-21.log', 'access.log.old'])(
    '24: a file in between with the name %s',
    (name) => {
      const log = scene();
      const before = log.add(3);
      log.step();
      renameSync(log.path, `${log.path}-20261120`);
      const between = log.add(3);
      renameSync(log.path, log.at(name));
      const after = log.add(3);
      log.step();
      expectLines(log, before, between, after);
    },
  );

  it('25: one worker of four keeps writing to the old file for 60 s, at times with long breaks', () => {
    const holders = new Set<bigint>();
    const log = scene({ heldByWorker: (_dev, ino) => holders.has(ino) });
    const [stubborn, ...others] = [1, 2, 3, 4].map(() => new Writer(log.path)) as [Writer, ...Writer[]];
    holders.add(statSync(log.path, { bigint: true }).ino);
    log.step();
    rotate(log);
    for (const other of others) other.reopen(log.path);
    const written: string[] = [];
    for (let second = 0; second < 60; second++) {
      for (const worker of second % 20 === 0 ? [stubborn, ...others] : others) {
        const lines = fresh(3);
        worker.write(text(lines));
        written.push(...lines);
      }
      for (let poll = 0; poll < 10; poll++) log.step();
    }
    expect(log.follower.openFiles).toHaveLength(2);
    holders.clear();
    log.step(2_000);
    expect(log.follower.openFiles).toHaveLength(1);
    expectLines(log, written);
    for (const worker of [stubborn, ...others]) worker.close();
  });

  it('34: the inode of a closed file is taken by a longer new one', () => {
    const log = scene();
    const written = [log.add(3)];
    log.step();
    const { ino } = statSync(log.path);
    rotate(log);
    log.step();
    log.step(2_500);
    expect(log.follower.openFiles).toHaveLength(1);
    unlinkSync(`${log.path}.1`);
    renameSync(log.path, `${log.path}.1`);
    // ext4 gives the number to one of the next files; where it does not, this is a plain rotation.
    for (let attempt = 0; attempt < 50; attempt++) {
      writeFileSync(log.path, '');
      if (statSync(log.path).ino === ino) break;
      renameSync(log.path, log.at(`held-${attempt}`));
    }
    written.push(log.add(30));
    log.step();
    expectLines(log, ...written);
  });

  it('40: the oldest file is deleted and its inode taken by the middle one', () => {
    const log = scene();
    writeFileSync(`${log.path}.1`, text(fresh(10)));
    const { ino } = statSync(`${log.path}.1`);
    const before = log.add(5);
    log.step();
    unlinkSync(`${log.path}.1`);
    renameSync(log.path, `${log.path}.2`);
    for (let attempt = 0; attempt < 50; attempt++) {
      writeFileSync(log.path, '');
      if (statSync(log.path).ino === ino) break;
      renameSync(log.path, log.at(`held-${attempt}`));
    }
    const middle = log.add(5);
    renameSync(log.path, `${log.path}.1`);
    const after = log.add(5);
    log.step();
    expectLines(log, before, middle, after);
  });

  it('reads on where it was when a closed file comes back under the name', () => {
    const log = scene();
    const first = log.add(3);
    log.step();
    rotate(log);
    const second = log.add(3);
    log.step();
    log.step(2_500);
    renameSync(log.path, log.at('aside'));
    renameSync(`${log.path}.1`, log.path);
    const third = log.add(3);
    log.step();
    expectLines(log, first, second, third);
  });

  it('does not take a copy made by hand, nor a log of another name, for an earlier generation', () => {
    const log = scene();
    const before = log.add(3);
    log.step();
    copyFileSync(log.path, `${log.path}.20261121`);
    log.step();
    writeFileSync(log.at('access.log.error'), text(fresh(3)));
    writeFileSync(log.at('other.log.1'), text(fresh(3)));
    rotate(log);
    const after = log.add(3);
    log.step();
    expectLines(log, before, after);
  });
});

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

describe('deletion and absence', () => {
  it('8: delete, 0.6 s, recreate with 300 lines', () => {
    const log = scene();
    const before = log.add(10);
    log.step();
    unlinkSync(log.path);
    for (let poll = 0; poll < 6; poll++) log.step();
    expect(log.stats).toMatchObject({ state: 'deleted', message: expect.stringContaining('deleted') });
    const after = log.add(300);
    log.step();
    expectLines(log, before, after);
    expect(log.stats).toMatchObject({ state: 'live', message: null });
  });

  it('9: delete and recreate at once', () => {
    const log = scene();
    const before = log.add(300);
    log.step();
    unlinkSync(log.path);
    const after = log.add(300);
    log.step();
    expectLines(log, before, after);
  });

  it('10: missing at the start, then there with 300 lines', () => {
    const log = scene({ start: 'end' });
    log.step();
    expect(log.stats).toMatchObject({ state: 'waiting', message: 'not found: waiting', lagBytes: null });
    const lines = log.add(300);
    log.step();
    expectLines(log, lines);
    expect(log.sink.received.every(({ live }) => live)).toBe(true);
    expect(log.stats).toMatchObject({ state: 'live', rotations: 0 });
  });

  it('11: its folder missing at the start', () => {
    const log = scene({ start: 'end' }, 'logs/access.log');
    log.step();
    expect(log.stats.state).toBe('waiting');
    mkdirSync(log.at('logs'));
    log.step();
    const lines = log.add(300);
    log.step();
    expectLines(log, lines);
  });

  it('10: there and rotated away before the first look at it', () => {
    const log = scene();
    log.step();
    const first = log.add(5);
    rotate(log);
    const second = log.add(5);
    log.step();
    expectLines(log, first, second);
  });

  it('38: deleted while open: read to the end', () => {
    const log = scene();
    const worker = new Writer(log.path);
    log.step();
    unlinkSync(log.path);
    const unseen = fresh(10);
    worker.write(text(unseen));
    log.step();
    log.step(60_000);
    const late = fresh(10);
    worker.write(text(late));
    log.step();
    expectLines(log, unseen, late);
    expect(log.stats.state).toBe('deleted');
    worker.close();
  });

  it('12: a symbolic link is switched, both targets written', () => {
    const log = scene();
    const [one, two] = [log.at('one'), log.at('two')];
    const first = log.add(10, one);
    symlinkSync('one', log.path);
    log.step();
    const second = log.add(10, two);
    symlinkSync('two', log.at('next'));
    renameSync(log.at('next'), log.path);
    const third = log.add(10, one);
    log.step();
    const fourth = [...log.add(10, one), ...log.add(10, two)];
    log.step();
    expectLines(log, first, second, third, fourth);
    rmSync(log.path);
    symlinkSync('one', log.path);
    const fifth = log.add(10, one);
    log.step();
    log.step(3_000);
    rmSync(log.path);
    symlinkSync('two', log.path);
    const sixth = log.add(10, two);
    log.step();
    expectLines(log, first, second, third, fourth, fifth, sixth);
  });

  it('12: a link to a dated file, whose own siblings are found beside it', () => {
    const log = scene();
    mkdirSync(log.at('archive'));
    const target = log.at('archive/worker.log');
    const first = log.add(5, target);
    symlinkSync('archive/worker.log', log.path);
    log.step();
    renameSync(target, `${target}.2`);
    const second = log.add(5, target);
    renameSync(target, `${target}.1`);
    const third = log.add(5, target);
    log.step();
    expectLines(log, first, second, third);
  });
});
