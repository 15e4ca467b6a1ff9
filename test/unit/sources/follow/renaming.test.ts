import { copyFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { expectLines, fresh, rotate, scene, text, Writer } from './scene.ts';

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
