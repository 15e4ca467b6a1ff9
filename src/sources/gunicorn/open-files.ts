/** The files that Gunicorn's processes hold open: its logs, also those that were renamed or deleted under them. */

import { statSync } from 'node:fs';
import { listDescriptors, readDescriptor, readSmall } from './proc.ts';
import { statOrNull } from './stat.ts';

/** Linux' O_APPEND and O_WRONLY | O_RDWR in `/proc/PID/fdinfo`, which prints the flags in octal (fcntl.h). */
const APPENDS = 0o2000;
const WRITES = 0o3;

export interface OpenLogFile {
  readonly fd: number;
  /** As the process that opened it names it; of a deleted file, its last name. */
  readonly path: string;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly isDeleted: boolean;
}

/**
 * The regular files that a process appends to, as Python's FileHandler opens logs, and those that its standard output
 * and error go to. Null without permission.
 */
export function openLogFiles(pid: number): readonly OpenLogFile[] | null {
  const descriptors = listDescriptors(pid);
  if (descriptors === null) return null;
  const files: OpenLogFile[] = [];
  for (const descriptor of descriptors) {
    const link = readDescriptor(pid, descriptor);
    if (!link?.startsWith('/')) continue;
    const fd = Number(descriptor);
    if (!isAppended(pid, fd)) continue;
    try {
      const stats = statSync(`/proc/${pid}/fd/${descriptor}`, { bigint: true });
      if (!stats.isFile()) continue;
      const isDeleted = stats.nlink === 0n;
      files.push({
        fd,
        path: isDeleted ? link.replace(/ \(deleted\)$/, '') : link,
        dev: stats.dev,
        ino: stats.ino,
        isDeleted,
      });
    } catch {
      // Closed meanwhile.
    }
  }
  return files;
}

function isAppended(pid: number, fd: number): boolean {
  const flags = /^flags:\s+([0-7]+)$/m.exec(readSmall(`/proc/${pid}/fdinfo/${fd}`) ?? '')?.[1];
  const bits = Number.parseInt(flags ?? '0', 8);
  return (bits & WRITES) !== 0 && ((bits & APPENDS) !== 0 || fd === 1 || fd === 2);
}

/** Whether one of these processes has the file open; null when none does and one of them may not be looked at. */
export function holdsFile(pids: readonly number[], dev: bigint, ino: bigint): boolean | null {
  let isBlind = false;
  for (const pid of pids) {
    const descriptors = listDescriptors(pid);
    isBlind ||= descriptors === null;
    for (const fd of descriptors ?? []) {
      if (!readDescriptor(pid, fd)?.startsWith('/')) continue;
      const stats = statOrNull(`/proc/${pid}/fd/${fd}`);
      if (stats?.ino === ino && stats.dev === dev) return true;
    }
  }
  return isBlind ? null : false;
}
