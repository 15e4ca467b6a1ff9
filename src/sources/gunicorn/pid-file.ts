/** What `--pid FILE|PID` names, and the pid that a pid file holds. */

import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { failure, type Outcome, success } from './outcome.ts';
import { mtimeMsOf } from './stat.ts';

/** Where a master is found: by a pid, or by the file that Gunicorn (`--pid`) keeps it in. */
export type MasterTarget =
  | { readonly kind: 'pid'; readonly pid: number }
  | { readonly kind: 'file'; readonly path: string };

/** Gunicorn writes `"%d\n"` (gunicorn/pidfile.py); room for blanks around it, and no more. */
const MAX_BYTES = 64;

/**
 * Reads the value of `--pid`: all digits is a pid, all else is a path (`./4711` for a file of such a name). Pid 1 is a
 * Gunicorn inside of its container; whether it is one, its processes tell. Below, a pid means groups of processes
 * (kill(2)).
 */
export function parseTarget(text: string): Outcome<MasterTarget> {
  if (text === '') return failure('the pid is empty: give a pid file or a pid');
  if (!/^[+-]?\d+$/.test(text)) return success({ kind: 'file', path: text });
  const pid = text === '1' ? 1 : parsePid(text);
  return pid === null
    ? failure(`${text} is not a pid of a Gunicorn: give the pid of a master or its pid file`)
    : success({ kind: 'pid', pid });
}

/**
 * The one number above 1 that a text holds, blanks around it allowed; null when it is anything else. A pid file that was
 * written in a container may hold 1, which outside of it would be the whole system's first process.
 */
export function parsePid(text: string): number | null {
  if (!/^\s*[1-9]\d{0,9}\s*$/.test(text)) return null;
  const pid = Number(text);
  return pid > 1 ? pid : null;
}

export interface PidFileContent {
  readonly pid: number;
  /** When the file was written, epoch milliseconds. A process that started later is not the one it means. */
  readonly writtenAtMs: number;
}

/** A pid file that is not there is no error while a master reloads: gunicorn/arbiter.py unlinks and recreates it. */
export type PidFileReading = Outcome<PidFileContent> & { readonly missing?: boolean };

/**
 * Reads a pid file. Never blocks: a FIFO or a device is told by its `stat` before it is opened, and the open itself is
 * non-blocking in case it was swapped in between.
 */
export function readPidFile(path: string): PidFileReading {
  try {
    const refusal = unfit(path, statSync(path));
    if (refusal !== null) return failure(refusal);
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(fd);
      const swapped = unfit(path, stats);
      if (swapped !== null) return failure(swapped);
      const buffer = Buffer.alloc(MAX_BYTES);
      const text = buffer.toString('latin1', 0, readSync(fd, buffer, 0, MAX_BYTES, 0));
      const pid = parsePid(text);
      if (pid !== null) return success({ pid, writtenAtMs: mtimeMsOf(fstatSync(fd, { bigint: true })) });
      if (text.trim() === '') return failure(`pid file ${path} is empty`);
      if (text.trim() === '1') return failure(`pid file ${path} holds 1: inside of its container give --pid 1`);
      return failure(
        /^\s*[+-]?\d+\s*$/.test(text)
          ? `pid file ${path} holds ${text.trim()}, which is not a pid of a Gunicorn`
          : `pid file ${path} does not hold a pid`,
      );
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return { ...failure(`pid file ${path}: no such file: is Gunicorn running with --pid?`), missing: true };
    if (code === 'EACCES' || code === 'EPERM')
      return failure(`pid file ${path}: permission denied: run gtop as a user who may read it`);
    return failure(`pid file ${path} cannot be read (${String(code ?? error)})`);
  }
}

function unfit(path: string, stats: Stats): string | null {
  if (stats.isDirectory()) return `pid file ${path} is a directory: name the file in it`;
  if (!stats.isFile()) return `pid file ${path} is not a regular file`;
  if (stats.size > MAX_BYTES) return `pid file ${path} is too large to be one (${stats.size} bytes)`;
  return null;
}
