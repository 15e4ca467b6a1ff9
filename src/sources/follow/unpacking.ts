/**
 * Compressed logs as plain ones without a name, unpacked by the program that rotation compresses with: whatever the
 * size, nothing of it is in memory, and everything else goes on meanwhile (1 GB of log takes some 5 s).
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync } from 'node:fs';
import { openUnnamed } from '../unnamed-file.ts';
import type { FileIdentity, OpenLog } from './open-log.ts';

/** Unpacking that takes longer is given up: a disk that hangs. */
const UNPACK_MS = 60_000;
const PROGRAM = ['gzip', ['-dc']] as const;

interface Job {
  readonly child: ChildProcess;
  readonly fd: number;
  /** What came of it; null: it is not over. */
  hasSucceeded: boolean | null;
}

const keyOf = ({ dev, ino, birthtimeNs }: FileIdentity): string => `${dev} ${ino} ${birthtimeNs}`;

export class Unpacking {
  readonly #jobs = new Map<string, Job>();

  /** Begins to unpack what is not unpacked yet. @returns whether everything that was begun is over. */
  prepare(packed: Iterable<OpenLog>): boolean {
    for (const { fd, stat } of packed) {
      const key = keyOf(stat);
      if (!this.#jobs.has(key)) this.#jobs.set(key, begin(fd));
    }
    return [...this.#jobs.values()].every(({ hasSucceeded }) => hasSucceeded !== null);
  }

  /**
   * A descriptor of what is in the file, for the caller to close; null when it cannot be unpacked. One that was not
   * prepared is waited for.
   */
  take({ fd, stat }: OpenLog): number | null {
    const key = keyOf(stat);
    const job = this.#jobs.get(key);
    this.#jobs.delete(key);
    if (job?.hasSucceeded === true) return job.fd;
    if (job) drop(job);
    return job?.hasSucceeded === false ? null : unpackNow(fd);
  }

  /** Lets go of what nobody took. */
  clear(): void {
    for (const job of this.#jobs.values()) drop(job);
    this.#jobs.clear();
  }
}

function begin(packed: number): Job {
  const fd = openUnnamed();
  const child = spawn(...PROGRAM, { stdio: [packed, fd, 'ignore'], timeout: UNPACK_MS });
  const job: Job = { child, fd, hasSucceeded: null };
  child.on('error', () => {
    job.hasSucceeded = false;
  });
  child.on('exit', (code) => {
    job.hasSucceeded = code === 0;
  });
  child.unref();
  return job;
}

function drop({ child, fd, hasSucceeded }: Job): void {
  if (hasSucceeded === null) child.kill();
  closeSync(fd);
}

function unpackNow(packed: number): number | null {
  const fd = openUnnamed();
  const { status } = spawnSync(...PROGRAM, { stdio: [packed, fd, 'ignore'], timeout: UNPACK_MS });
  if (status === 0) return fd;
  closeSync(fd);
  return null;
}
