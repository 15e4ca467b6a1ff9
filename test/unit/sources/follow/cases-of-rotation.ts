/** What becomes of a log: renamed, copied, deleted, made anew. */
import { execFile, execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { until } from '../../../support/wait.ts';
import type { Case, LiveLog } from './live-log.ts';
import { copyTruncate, fresh, rotate, shift, text, Writer } from './scene.ts';

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

export const CASES_OF_ROTATION: readonly Case[] = [
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
