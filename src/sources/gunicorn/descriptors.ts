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
  /** Every worker class but sync waits on an epoll descriptor (gunicorn/workers/sync.py uses select). */
  readonly hasEventPoll: boolean;
}

export function readHoldings(pid: number, descriptors: readonly string[]): Holdings {
  const sockets: number[] = [];
  const heartbeats: Heartbeat[] = [];
  let hasEventPoll = false;
  for (const fd of descriptors) {
    const link = readDescriptor(pid, fd);
    if (link === null) continue;
    if (link.startsWith('socket:')) sockets.push(socketInode(link));
    else if (link === 'anon_inode:[eventpoll]') hasEventPoll = true;
    else if (link.startsWith('/')) {
      const name = heartbeatName(link);
      if (name !== null) heartbeats.push({ fd, name });
    }
  }
  return { sockets, heartbeats, hasEventPoll };
}

export interface Beat {
  /** When the worker touched its file last. */
  readonly atMs: number;
  /** False while it has not touched the file since it was made: it has not reached its loop. Null unknown. */
  readonly hasBegun: boolean | null;
}

/** How long after the file's birth its master may still change its owner, which moves the ctime as well. */
const CREATION_MS = 250;

/**
 * The last sign of life of a worker: the ctime of its heartbeat file. Up to 21.2 it is touched by fchmod, from 22.0 on
 * by utime with the monotonic clock (gunicorn/workers/workertmp.py): the mtime means something else in each, the ctime
 * is the wall clock in both. Null when the descriptor cannot be followed.
 */
export function readBeat(pid: number, heartbeat: Heartbeat): Beat | null {
  try {
    const stats = statSync(`/proc/${pid}/fd/${heartbeat.fd}`);
    // File systems that do not keep the birth time show 0, or the earliest of the other times.
    const isBirthKnown = stats.birthtimeMs > 0 && stats.birthtimeMs !== stats.mtimeMs;
    const hasBegun = isBirthKnown ? stats.ctimeMs - stats.birthtimeMs > CREATION_MS : null;
    return { atMs: stats.ctimeMs, hasBegun };
  } catch {
    return null;
  }
}
