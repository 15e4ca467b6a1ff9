/** What the open descriptors of a process say about its part in Gunicorn. */

import { statSync } from 'node:fs';
import { readDescriptor, socketInode } from './proc.ts';
import { heartbeatName } from './process-view.ts';

export interface Heartbeat {
  readonly fd: string;
  /** Name of the file that master and worker share. */
  readonly name: string;
}

export interface Holdings {
  readonly sockets: readonly number[];
  readonly heartbeats: readonly Heartbeat[];
  /** Its epoll descriptors: every worker class but sync waits on one (gunicorn/workers/sync.py uses select). */
  readonly eventPolls: readonly string[];
}

/** A descriptor that was the same file, and no socket, in so many looks is looked at only in one of as many. */
const STEADY_LOOKS = 5;

interface Known {
  readonly link: string;
  looks: number;
}

/**
 * Reads what one process holds, look after look. A descriptor costs 3 µs, and most of a worker's are its logs and pipes,
 * which stay for its life: those are looked at in turns, which halves the cost of a look at 32 workers. Should a steady
 * descriptor give way to a connection, that is seen four looks late at worst.
 */
export class HoldingsReader {
  readonly #pid: number;
  #known = new Map<string, Known>();
  #turn = 0;

  constructor(pid: number) {
    this.#pid = pid;
  }

  read(descriptors: readonly string[]): Holdings {
    this.#turn++;
    const sockets: number[] = [];
    const heartbeats: Heartbeat[] = [];
    const eventPolls: string[] = [];
    const known = new Map<string, Known>();
    for (const fd of descriptors) {
      const entry = this.#look(fd);
      if (entry === null) continue;
      known.set(fd, entry);
      const { link } = entry;
      if (link.startsWith('socket:')) sockets.push(socketInode(link));
      else if (link === 'anon_inode:[eventpoll]') eventPolls.push(fd);
      else if (link.startsWith('/')) {
        const name = heartbeatName(link);
        if (name !== null) heartbeats.push({ fd, name });
      }
    }
    this.#known = known;
    return { sockets, heartbeats, eventPolls };
  }

  #look(fd: string): Known | null {
    const before = this.#known.get(fd);
    const isSteady = before !== undefined && before.looks >= STEADY_LOOKS;
    if (isSteady && (Number(fd) + this.#turn) % STEADY_LOOKS !== 0) return before;
    const link = readDescriptor(this.#pid, fd);
    if (link === null) return null;
    if (before?.link !== link || link.startsWith('socket:')) return { link, looks: 1 };
    before.looks++;
    return before;
  }
}

/** What a process holds, looked at once. */
export function readHoldings(pid: number, descriptors: readonly string[]): Holdings {
  return new HoldingsReader(pid).read(descriptors);
}

export interface Beat {
  /** When the worker touched its file last, epoch milliseconds; when it was made, as long as it did not. */
  readonly atMs: number;
  /** Whether it ever touched it: it has reached its loop. */
  readonly hasBegun: boolean;
}

/** Before 22.0 a worker alternates the file's mode between these, from the 0600 it is made with. */
const TOUCHED_MODES = [0o000, 0o001];

/**
 * The last sign of life of a worker: the ctime of its heartbeat file. Up to 21.2 the worker touches it by fchmod, from
 * 22.0 on by utime with the monotonic clock (gunicorn/workers/workertmp.py): the mtime means something else in each, the
 * ctime is the wall clock in both. Null when the descriptor cannot be followed.
 */
export function readBeat(pid: number, heartbeat: Heartbeat): Beat | null {
  try {
    const { ctimeMs, mtimeMs, mode } = statSync(`/proc/${pid}/fd/${heartbeat.fd}`);
    // Seconds since the boot, read as a date, lie around 1970.
    const isMonotonic = mtimeMs < ctimeMs / 2;
    return { atMs: ctimeMs, hasBegun: isMonotonic || TOUCHED_MODES.includes(mode & 0o777) };
  } catch {
    return null;
  }
}
