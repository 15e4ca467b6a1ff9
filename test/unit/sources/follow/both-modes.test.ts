/**
 * Every case of rotation and odd bytes in real time, with a real inotify watch and with polling alone; the files beside
 * this one step the same cases by hand, at every moment between two writes.
 *
 * Not here, because a mode makes no difference to them or there is only one:
 * 35 (the same file twice: told before anything is followed, same-file.test.ts), 37 (inotify exhausted: nothing to
 * exhaust where nothing is watched, watch.test.ts), 41 (random programs, programs.test.ts: a wake-up is a poll at another
 * moment, and these poll at any). The load of 21 and 22 on a real Gunicorn is in test/e2e/stream.test.ts.
 */
import { execFile, execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createFollower, type Follower, type FollowerOptions } from '../../../../src/sources/follow/index.ts';
import { until } from '../../../support/wait.ts';
import {
  CollectingSink,
  copyTruncate,
  difference,
  fresh,
  NO_DIFFERENCE,
  rotate,
  shift,
  text,
  Writer,
} from './scene.ts';

type Mode = 'inotify' | 'polling';

const POLL_MS = 100;
const NOBODY = 65_534;

/** A log that is followed in real time. */
class LiveLog {
  readonly folder = mkdtempSync(join(tmpdir(), 'gtop-both-'));
  readonly path: string;
  readonly sink = new CollectingSink();
  readonly written: string[] = [];
  wakeUps = 0;
  /** Nothing is read, as under SIGSTOP. */
  isStopped = false;
  /** Polls have no more rights than anybody: root may read everything. */
  isNobody = false;
  #follower: Follower | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(name = 'access.log') {
    execFileSync('chmod', ['755', this.folder]);
    this.path = join(this.folder, name);
  }

  async follow(mode: Mode, options: Partial<FollowerOptions> = {}): Promise<void> {
    this.#follower = await createFollower({
      path: this.path,
      sink: this.sink,
      start: 'beginning',
      backend: 'generations',
      forcePolling: mode === 'polling',
      onWake: () => {
        this.wakeUps++;
        this.#poll();
      },
      ...options,
    });
    this.#poll();
    this.#timer = setInterval(() => this.#poll(), POLL_MS);
  }

  get stats() {
    return this.#follower?.stats;
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  /** Writes lines that occur nowhere else. */
  add(count: number, path = this.path): void {
    const lines = fresh(count);
    appendFileSync(path, text(lines));
    this.written.push(...lines);
  }

  /** Writes by a descriptor that was opened before. */
  by(writer: Writer, count: number): void {
    const lines = fresh(count);
    writer.write(text(lines));
    this.written.push(...lines);
  }

  /** Everything that was written was read. */
  async settle(): Promise<void> {
    await until(
      'all lines are read',
      () =>
        this.sink.received.length >= this.written.length && difference(this.sink.all, this.written).lost.length === 0,
      20_000,
    );
  }

  finish(): void {
    this.#follower?.finish(Date.now());
  }

  remove(): void {
    clearInterval(this.#timer);
    this.#follower?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #poll(): void {
    if (this.isStopped) return;
    const drops = this.isNobody && process.geteuid?.() === 0;
    if (drops) process.seteuid?.(NOBODY);
    try {
      while (this.#follower?.poll(Date.now())) {
        // More can be read at once.
      }
    } finally {
      if (drops) process.seteuid?.(0);
    }
  }
}

interface Case {
  readonly name: string;
  /** Unless it is there before following begins, which `run` then does itself. */
  readonly begins?: 'by itself';
  run(log: LiveLog, mode: Mode): Promise<void> | void;
}

/** A new file that gets the inode number, where the file system gives it again. */
function createWithInode(log: LiveLog, ino: number): void {
  for (let attempt = 0; attempt < 50; attempt++) {
    writeFileSync(log.path, '');
    if (statSync(log.path).ino === ino) return;
    renameSync(log.path, log.at(`held-${attempt}`));
  }
}

async function logrotate(
  log: LiveLog,
  directive: string,
  afterEach: (rotation: number) => Promise<void>,
): Promise<void> {
  const configuration = log.at('rotate.conf');
  writeFileSync(configuration, `${log.path} {\n  rotate 9\n  size 1\n  ${directive}\n}\n`, { mode: 0o644 });
  execFileSync('chmod', ['644', configuration]);
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  for (let rotation = 0; rotation < 4; rotation++) {
    await promisify(execFile)('logrotate', ['-f', '-s', log.at('rotate.state'), configuration], { env });
    await afterEach(rotation);
  }
}

const CASES: readonly Case[] = [
  {
    name: '1: rename, 100 more lines to the old descriptor, then the new file',
    async run(log) {
      const worker = new Writer(log.path);
      shift(log);
      for (let part = 0; part < 5; part++) {
        log.by(worker, 20);
        await pause(30);
      }
      worker.reopen(log.path);
      log.by(worker, 10);
      worker.close();
    },
  },
  {
    name: '2: rename and create at once, 1 s of writes to the old file, then the new one',
    async run(log) {
      const worker = new Writer(log.path);
      rotate(log);
      for (let part = 0; part < 20; part++) {
        log.by(worker, 5);
        await pause(50);
      }
      worker.reopen(log.path);
      log.by(worker, 10);
      worker.close();
    },
  },
  ...([10, 500] as const).map(
    (ms): Case => ({
      name: `${ms === 10 ? '3' : '4'}: five rotations ${ms} ms apart`,
      async run(log) {
        for (let rotation = 0; rotation < 5; rotation++) {
          rotate(log);
          log.add(20);
          await pause(ms);
        }
      },
    }),
  ),
  {
    name: '5: copytruncate, quiet',
    async run(log) {
      await log.settle();
      copyTruncate(log);
      await pause(200);
      log.add(5);
    },
  },
  {
    name: '6: copytruncate, refilled at once beyond the old size',
    run(log) {
      copyTruncate(log);
      log.add(100);
    },
  },
  {
    name: '7: copytruncate, refilled at once to exactly the old size',
    run(log) {
      copyTruncate(log);
      log.add(10);
    },
  },
  {
    name: '8: delete, 0.6 s, recreate with 300 lines',
    async run(log) {
      await log.settle();
      unlinkSync(log.path);
      await pause(600);
      log.add(300);
    },
  },
  {
    name: '9: delete and recreate at once',
    async run(log) {
      await log.settle();
      unlinkSync(log.path);
      log.add(30);
    },
  },
  {
    name: '10: missing at the start, then there with 300 lines',
    begins: 'by itself',
    async run(log, mode) {
      await log.follow(mode);
      await pause(200);
      log.add(300);
    },
  },
  {
    name: '11: its folder missing at the start',
    begins: 'by itself',
    async run(log, mode) {
      rmSync(log.folder, { recursive: true });
      await log.follow(mode);
      await pause(200);
      mkdirSync(log.folder);
      log.add(300);
    },
  },
  {
    name: '12: a symbolic link is switched, both targets written',
    begins: 'by itself',
    async run(log, mode) {
      const [one, two] = [log.at('one'), log.at('two')];
      log.add(10, one);
      symlinkSync('one', log.path);
      await log.follow(mode);
      log.add(10, two);
      symlinkSync('two', log.at('next'));
      renameSync(log.at('next'), log.path);
      log.add(10, one);
      await pause(200);
      log.add(10, one);
      log.add(10, two);
    },
  },
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
    name: '14: copytruncate with a writer without O_APPEND leaves a hole of NULs',
    begins: 'by itself',
    async run(log, mode) {
      const fd = openSync(log.path, 'w');
      for (const isAfter of [false, true]) {
        const lines = fresh(50);
        writeSync(fd, text(lines));
        log.written.push(...lines);
        if (isAfter) break;
        await log.follow(mode);
        await log.settle();
        copyTruncate(log);
      }
      closeSync(fd);
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
  {
    name: '18: stopped while two rotations happen',
    async run(log) {
      await log.settle();
      log.isStopped = true;
      const late = new Writer(log.path);
      for (let rotation = 0; rotation < 2; rotation++) {
        rotate(log);
        log.by(late, 5);
        log.add(20);
        await pause(150);
      }
      late.close();
      log.isStopped = false;
    },
  },
  {
    name: '19: ten copytruncates under 1,000 lines a second',
    async run(log) {
      for (let rotation = 0; rotation < 10; rotation++) {
        for (let part = 0; part < 10; part++) {
          log.add(10);
          await pause(10);
        }
        copyTruncate(log);
      }
    },
  },
  {
    name: '20: the old file ends without a newline',
    async run(log) {
      appendFileSync(log.path, 'no newline here');
      log.written.push('no newline here');
      rotate(log);
      log.add(10);
      await until('the old file is let go', () => log.sink.all.includes('no newline here'), 10_000);
    },
  },
  {
    name: '21: real logrotate, create, the writer told 0.3 s late, four times',
    async run(log) {
      const worker = new Writer(log.path);
      await logrotate(log, 'create 0644', async () => {
        for (let part = 0; part < 30; part++) {
          log.by(worker, 50);
          await pause(10);
        }
        worker.reopen(log.path);
        log.by(worker, 50);
      });
      worker.close();
    },
  },
  {
    name: '22: real logrotate, copytruncate, four times',
    async run(log) {
      // No line falls between its copy and its truncation: those no follower could have.
      await logrotate(log, 'copytruncate', async () => {
        for (let part = 0; part < 10; part++) {
          log.add(50);
          await pause(10);
        }
      });
    },
  },
  {
    name: '23: a compressed sibling is never read as text',
    async run(log) {
      rotate(log);
      log.add(10);
      await log.settle();
      writeFileSync(`${log.path}.1.gz`, gzipSync(text(fresh(100))));
      unlinkSync(`${log.path}.1`);
      await pause(200);
      log.add(10);
    },
  },
  {
    name: '24: dated names',
    async run(log) {
      for (const date of ['20261120', '20261121']) {
        renameSync(log.path, `${log.path}-${date}`);
        log.add(5, `${log.path}-${date}`);
        log.add(20);
        await pause(120);
      }
    },
  },
  {
    name: '25: one worker keeps writing to the old file, with breaks longer than a file is waited for',
    begins: 'by itself',
    async run(log, mode) {
      const holders = new Set<bigint>();
      log.add(5);
      holders.add(statSync(log.path, { bigint: true }).ino);
      const stubborn = new Writer(log.path);
      await log.follow(mode, { heldByWorker: (_dev, ino) => holders.has(ino) });
      rotate(log);
      for (const breakMs of [100, 2_500, 2_500]) {
        log.by(stubborn, 5);
        log.add(5);
        await pause(breakMs);
      }
      log.by(stubborn, 5);
      stubborn.close();
    },
  },
  {
    name: '26: the new file unreadable at first',
    async run(log) {
      log.isNobody = true;
      await log.settle();
      shift(log);
      log.add(10, `${log.path}.1`);
      writeFileSync(log.path, '', { mode: 0o600 });
      log.add(20);
      await until('it says so', () => log.stats?.state === 'denied');
      execFileSync('chmod', ['644', log.path]);
    },
  },
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
    name: '34: the inode is reused by a longer new file',
    async run(log) {
      await log.settle();
      const { ino } = statSync(log.path);
      unlinkSync(log.path);
      await pause(2_500);
      createWithInode(log, ino);
      log.add(50);
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
  {
    name: '38: deleted while open: read to the end',
    async run(log) {
      const worker = new Writer(log.path);
      await log.settle();
      unlinkSync(log.path);
      log.by(worker, 20);
      worker.close();
    },
  },
  {
    name: '39: copytruncate, then a rename: the copy is not read again',
    async run(log) {
      await log.settle();
      copyTruncate(log);
      await pause(150);
      log.add(10);
      rotate(log);
      log.add(10);
    },
  },
  {
    name: '40: the oldest file is deleted, its inode taken by the middle one',
    begins: 'by itself',
    async run(log, mode) {
      writeFileSync(`${log.path}.1`, text(fresh(10)));
      const { ino } = statSync(`${log.path}.1`);
      log.add(5);
      await log.follow(mode);
      unlinkSync(`${log.path}.1`);
      renameSync(log.path, `${log.path}.2`);
      createWithInode(log, ino);
      log.add(5);
      renameSync(log.path, `${log.path}.1`);
      log.add(5);
    },
  },
];

describe.concurrent.each<Mode>(['inotify', 'polling'])('with %s: nothing lost, nothing twice', (mode) => {
  it.each(CASES)('$name', { timeout: 60_000 }, async ({ begins, run }) => {
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
