/** Whether anyone still writes to a file: a worker that has not reopened its log yet. */
import { statSync } from 'node:fs';
import { listDescriptors, listPids, readDescriptor, readSmall } from './proc.ts';

/** O_WRONLY | O_RDWR in `/proc/PID/fdinfo`, which prints the flags in octal (proc(5)). */
const WRITES = 0o3;

/**
 * Whether any process on this host has the file open for writing. False also where /proc does not tell: other users'
 * processes, and systems without it. Costs some 20 µs a process.
 */
export function isOpenForWriting(dev: bigint, ino: bigint): boolean {
  return listPids().some((pid) =>
    listDescriptors(pid)?.some((fd) => {
      if (!readDescriptor(pid, fd)?.startsWith('/')) return false;
      try {
        const stats = statSync(`/proc/${pid}/fd/${fd}`, { bigint: true });
        return stats.ino === ino && stats.dev === dev && writes(pid, fd);
      } catch {
        // Closed meanwhile, or ended.
        return false;
      }
    }),
  );
}

function writes(pid: number, fd: string): boolean {
  const flags = /^flags:\s+([0-7]+)$/m.exec(readSmall(`/proc/${pid}/fdinfo/${fd}`) ?? '')?.[1];
  return (Number.parseInt(flags ?? '0', 8) & WRITES) !== 0;
}
