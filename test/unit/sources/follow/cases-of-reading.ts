/** What stands in a log, and what is none. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { until } from '../../../support/wait.ts';
import type { Case } from './live-log.ts';

export const CASES_OF_READING: readonly Case[] = [
  {
    name: '13: one line in three writes, cut inside a UTF-8 character',
    async run(log) {
      const bytes = Buffer.from('"GET /caf\u00e9/\u20ac HTTP/1.1" 200\n');
      for (const part of [bytes.subarray(0, 10), bytes.subarray(10, 14), bytes.subarray(14)]) {
        appendFileSync(log.path, part);
        await pause(120);
      }
      log.written.push(bytes.toString('latin1').trimEnd());
    },
  },
  {
    name: '15: a line of 1 MiB, then 50 lines',
    run(log) {
      const long = 'x'.repeat(1024 * 1024);
      appendFileSync(log.path, `${long}\n`);
      log.written.push(long);
      log.add(50);
    },
  },
  {
    name: '16: bytes that are no UTF-8',
    run(log) {
      const bytes = Buffer.from([0x47, 0xff, 0xfe, 0x80, 0xc3, 0x0a]);
      appendFileSync(log.path, bytes);
      log.written.push(bytes.toString('latin1').trimEnd());
    },
  },
  { name: '17: 300,000 lines in one write', run: (log) => log.add(300_000) },
  ...(
    [
      ['a FIFO', (path: string) => void execFileSync('mkfifo', [path])],
      ['a folder', (path: string) => void mkdirSync(path)],
      ['a device', (path: string) => symlinkSync('/dev/zero', path)],
      ['a socket', (path: string) => createServer().listen(path).unref()],
    ] as const
  ).map(
    ([what, make]): Case => ({
      name: `27: ${what} is refused with a message`,
      begins: 'by itself',
      async run(log, mode) {
        make(log.path);
        await until('it is there', () => existsSync(log.path));
        await log.follow(mode);
        await until('it is refused', () => log.stats?.state === 'failed' && log.stats.message !== null);
      },
    }),
  ),
  {
    name: '28: a line that never ends: 4 MiB are kept, the next line is read',
    run(log) {
      const fd = openSync(log.path, 'a');
      for (let part = 0; part < 64; part++) writeSync(fd, Buffer.alloc(1024 * 1024, 'y'));
      writeSync(fd, '\n');
      closeSync(fd);
      log.written.push('y'.repeat(4 * 1024 * 1024));
      log.add(5);
    },
  },
  {
    name: '29: a hole of 2 GiB',
    async run(log) {
      await log.settle();
      const fd = openSync(log.path, 'r+');
      ftruncateSync(fd, 2 ** 31);
      writeSync(fd, 'behind the hole\n', 2 ** 31);
      closeSync(fd);
      log.written.push('behind the hole');
    },
  },
  {
    name: '30–32: CRLF, empty lines, a byte order mark',
    begins: 'by itself',
    async run(log, mode) {
      await log.follow(mode);
      writeFileSync(log.path, '\u{feff}first\r\n\n\nlast\n');
      log.written.push('first\r', '', '', 'last');
    },
  },
  {
    name: '33: characters cut at each byte around the boundary of the read buffer',
    run(log) {
      const boundary = 256 * 1024;
      for (let shiftBytes = 0; shiftBytes < 4; shiftBytes++) {
        const line = `${'z'.repeat(boundary - 2 - shiftBytes)}\u{1f600}`;
        appendFileSync(log.path, `${line}\n`);
        log.written.push(Buffer.from(line).toString('latin1'));
      }
    },
  },
  {
    name: '36: what was there is history, what comes is live, and everything is read once from the start',
    begins: 'by itself',
    async run(log, mode) {
      log.add(20);
      await log.follow(mode);
      log.add(20);
      await log.settle();
      expect(log.sink.received.map(({ live }) => live)).toEqual([...Array(20).fill(false), ...Array(20).fill(true)]);
    },
  },
];
