/** The file in which alerts live on from one run to the next, and the lock that leaves it to one gtop at a time. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What makes it ours. */
const KIND = 'gtop alerts';
const MOST_BYTES = 64 * 1024 * 1024;

/** What an earlier run left; null: nothing. @throws Error with one sentence where it cannot be read. */
export function readState(path: string): unknown {
  let text: string;
  try {
    if (statSync(path).size > MOST_BYTES) throw new Error('larger than 64 MiB');
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  let content: { readonly kind?: unknown; readonly state?: unknown } | null;
  try {
    content = JSON.parse(text);
  } catch {
    content = null;
  }
  if (content?.kind !== KIND) throw new Error('is damaged');
  return content.state ?? null;
}

/**
 * Writes it whole beside the target and renames it into place. Mode 0600: annotations quote logs. Blocks, for it also
 * runs as the process ends; it is small.
 */
export function writeState(path: string, state: unknown): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(beside, `${JSON.stringify({ kind: KIND, state })}\n`, { flag: 'wx', mode: 0o600 });
    renameSync(beside, path);
  } catch (error) {
    try {
      unlinkSync(beside);
    } catch {
      // It was never made.
    }
    throw error;
  }
}

/** A process and when it began: pids come back. */
const markOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch {
    return null;
  }
};

/** Without /proc a pid that answers must do. */
function isAlive(mark: string): boolean {
  const pid = Number(mark.split(' ')[0]);
  if (!Number.isInteger(pid) || pid < 1) return false;
  const now = markOf(pid);
  if (now !== null) return now === mark;
  try {
    process.kill(pid, 0);
    return markOf(process.pid) === null;
  } catch {
    return false;
  }
}

/** @returns null when the lock is ours, else the pid of who has it. @throws the system's error. */
export function takeLock(path: string): number | null {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const own = markOf(process.pid) ?? `${process.pid} `;
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, own, { flag: 'wx', mode: 0o600 });
      return null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = readIfThere(path);
    // A second attempt fails when someone else was quicker.
    if (holder !== null && (isAlive(holder) || attempt > 0)) return Number(holder.split(' ')[0]);
    dropLock(path);
  }
}

export function dropLock(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is gone.
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
