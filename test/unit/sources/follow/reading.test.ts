import {
  appendFileSync,
  closeSync,
  copyFileSync,
  ftruncateSync,
  openSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectLines, fresh, scene, text } from './scene.ts';

describe('reading a live log', () => {
  it('13: one line in three writes, cut inside a UTF-8 character', () => {
    const log = scene();
    const bytes = Buffer.from('GET /café HTTP/1.1\n');
    for (const [from, to] of [
      [0, 4],
      [4, 9],
      [9, bytes.length],
    ]) {
      expect(log.lines).toEqual([]);
      appendFileSync(log.path, bytes.subarray(from, to));
      log.step();
    }
    expect(Buffer.from(log.lines[0] ?? '', 'latin1').toString()).toBe('GET /café HTTP/1.1');
  });

  it('15: a line of 1 MiB, then 50 lines', () => {
    const log = scene();
    const long = 'x'.repeat(1024 * 1024);
    appendFileSync(log.path, `${long}\n`);
    const after = log.add(50);
    log.step();
    expectLines(log, [long], after);
    expect(log.stats.linesTruncated).toBe(0);
  });

  it('16: bytes that are no UTF-8', () => {
    const log = scene();
    appendFileSync(log.path, Buffer.from([0x80, 0xff, 0xc3, 0x0a]));
    log.step();
    expect(log.lines).toEqual(['\x80\xff\xc3']);
  });

  it('17: 300,000 lines in one write are read in steps, each within its budget', () => {
    const log = scene();
    log.add(1);
    log.step();
    const written = log.add(300_000);
    const budget = 1024 * 1024;
    const size = text(written).length;
    const steps = Math.ceil(size / budget);
    let read = log.stats.bytesRead;
    for (let step = 1; step <= steps; step++) {
      expect(log.follower.poll(100, budget)).toBe(step < steps);
      expect(log.stats.bytesRead - read).toBeLessThanOrEqual(budget);
      read = log.stats.bytesRead;
    }
    expect(log.lines).toHaveLength(300_001);
    expect(log.lines.slice(1)).toEqual(written);
    expect(log.stats.lagBytes).toBe(0);
  });

  it('28: of a line that never ends 4 MiB are kept, and the next line is read', () => {
    const log = scene();
    const piece = Buffer.alloc(1024 * 1024, 'y');
    for (let mebibyte = 0; mebibyte < 64; mebibyte++) {
      appendFileSync(log.path, piece);
      if (mebibyte % 8 === 0) log.step();
    }
    appendFileSync(log.path, '\nnext\n');
    log.step();
    expect(log.lines.map((line) => line.length)).toEqual([4 * 1024 * 1024, 4]);
    expect(log.stats.linesTruncated).toBe(1);
  });

  it('29: a hole of 2 GiB', () => {
    const log = scene();
    const before = log.add(3);
    log.step();
    const fd = openSync(log.path, 'r+');
    ftruncateSync(fd, 2 ** 31);
    log.step();
    writeSync(fd, 'behind the hole\n', 2 ** 31);
    closeSync(fd);
    log.step();
    expectLines(log, before, ['behind the hole']);
  });

  it('30–32: CRLF, empty lines, a byte order mark', () => {
    const log = scene();
    writeFileSync(log.path, '\ufeffone\r\n\r\n\ntwo\n');
    log.step();
    expect(log.lines).toEqual(['one\r', '\r', '', 'two']);
  });

  it('33: characters cut at each byte around the boundary of the read buffer', () => {
    for (let shift = 0; shift < 8; shift++) {
      const log = scene();
      const lines = [`${'x'.repeat(256 * 1024 - 70 + shift)}`, `${'日本🎉'.repeat(20)} end`, 'last'];
      writeFileSync(log.path, text(lines));
      log.step();
      expect(log.lines.map((line) => Buffer.from(line, 'latin1').toString())).toEqual(lines);
    }
  });

  it('an unfinished last line waits for its end, and is given up on exit', () => {
    const log = scene();
    appendFileSync(log.path, 'whole\nhalf');
    log.step();
    log.step(60_000);
    expect(log.lines).toEqual(['whole']);
    appendFileSync(log.path, ' and more');
    log.finish();
    expect(log.lines).toEqual(['whole', 'half and more']);
    expect(log.stats).toMatchObject({ state: 'ended', lagBytes: null });
    expect(log.follower.poll(1)).toBe(false);
  });

  it('says how much it has read and not read', () => {
    const log = scene();
    log.add(10);
    const bytes = text(fresh(10)).length;
    log.follower.poll(100, 100);
    expect(log.stats).toMatchObject({ state: 'reading', bytesRead: 100, lagBytes: bytes - 100 });
    log.step();
    expect(log.stats).toMatchObject({ state: 'live', bytesRead: bytes, lagBytes: 0 });
  });
});

describe('history', () => {
  it('36: what was there at the start is not live, what came later is', () => {
    const log = scene();
    const before = log.add(5000);
    log.follower.poll(0, 1000);
    // Written while the history is still being read.
    const after = log.add(100);
    log.step();
    expect(log.sink.received).toEqual([
      ...before.map((line) => ({ line, live: false })),
      ...after.map((line) => ({ line, live: true })),
    ]);
  });

  it('36: a history that is rotated away while it is read stays history', () => {
    const log = scene();
    const before = log.add(5000);
    log.follower.poll(0, 1000);
    const late = log.add(10);
    renameSync(log.path, `${log.path}.1`);
    const after = log.add(10);
    log.step();
    expect(log.sink.received).toEqual([
      ...before.map((line) => ({ line, live: false })),
      ...[...late, ...after].map((line) => ({ line, live: true })),
    ]);
  });

  it('36: a history that is copied and truncated while it is read stays history', () => {
    const log = scene();
    const before = log.add(5000);
    log.follower.poll(0, 1000);
    copyFileSync(log.path, `${log.path}.1`);
    truncateSync(log.path, 0);
    const after = log.add(10);
    log.step();
    // What a second copy holds is no history any more.
    after.push(...log.add(10));
    copyFileSync(log.path, `${log.path}.2`);
    truncateSync(log.path, 0);
    log.step();
    expect(log.sink.received).toEqual([
      ...before.map((line) => ({ line, live: false })),
      ...after.map((line) => ({ line, live: true })),
    ]);
  });

  it('36: rotated files that were there before are not read, whatever becomes of them', () => {
    const log = scene();
    log.add(50, `${log.path}.1`);
    log.add(50, `${log.path}.2`);
    const before = log.add(5);
    log.step();
    renameSync(`${log.path}.2`, `${log.path}.3`);
    renameSync(`${log.path}.1`, `${log.path}.2`);
    renameSync(log.path, `${log.path}.1`);
    const after = log.add(5);
    log.step();
    expectLines(log, before, after);
  });

  it('begins at the end', () => {
    const log = scene({ start: 'end' });
    log.add(50);
    log.step();
    const after = log.add(3);
    log.step();
    expect(log.sink.received).toEqual(after.map((line) => ({ line, live: true })));
  });

  it('begins with the whole of a line that is unfinished at the end', () => {
    const log = scene({ start: 'end' });
    log.add(50);
    appendFileSync(log.path, 'begun ');
    log.step();
    appendFileSync(log.path, 'and ended\n');
    log.step();
    expect(log.sink.received).toEqual([{ line: 'begun and ended', live: true }]);
  });

  it('begins where the caller says, at the start of a line', () => {
    const seen: number[] = [];
    const log = scene({
      start: ({ size }) => {
        seen.push(size);
        return size - 70;
      },
    });
    const before = log.add(50);
    log.step();
    expect(log.lines).toEqual(before.slice(-2));
    expect(log.sink.received.every(({ live }) => !live)).toBe(true);
    expect(seen).toEqual([text(before).length]);
  });

  it('begins inside a line that is longer than can be looked back over', () => {
    const log = scene({ start: 'end' });
    writeFileSync(log.path, 'x'.repeat(5 * 1024 * 1024));
    log.step();
    appendFileSync(log.path, 'xx\nnext\n');
    log.step();
    expect(log.lines).toEqual(['next']);
  });
});
