import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectLines, fresh, rotate, scene, text, Writer } from './scene.ts';

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
