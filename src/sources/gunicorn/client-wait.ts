/** Whether a worker waits for its client: to send the rest of its request, or to take its answer. */
import { readDescriptor, readSmall, socketInode } from './proc.ts';

/**
 * Calls whose first argument is the descriptor that they read from or write to (syscalls(2), the numbers of `unistd_64.h`
 * and `unistd.h`): read, recvfrom, recvmsg; write, writev, sendto, sendmsg, sendfile. Others have small numbers there that
 * mean something else: select a count, clock_nanosleep a clock.
 */
const CALLS: Readonly<Record<string, ReadonlySet<number>>> = {
  x64: new Set([0, 45, 47, 1, 20, 44, 46, 40]),
  arm64: new Set([63, 207, 212, 64, 66, 206, 211, 71]),
};

/**
 * The descriptor that a process waits on in such a call, from `/proc/PID/syscall` (proc(5)): `45 0x9 …`. Null for any
 * other call, and while it runs.
 */
export function descriptorWaitedOn(syscall: string, architecture: string = process.arch): string | null {
  const [, call, argument] = /^(\d+) (0x[0-9a-f]+) /.exec(syscall) ?? [];
  if (call === undefined || argument === undefined || !CALLS[architecture]?.has(Number(call))) return null;
  return String(Number(argument));
}

/** @param sockets inodes of its clients' sockets. Null without any, and where it may not be looked at. */
export function waitsForClient(pid: number, sockets: readonly number[]): boolean | null {
  if (sockets.length === 0) return null;
  const syscall = readSmall(`/proc/${pid}/syscall`);
  if (syscall === null) return null;
  const fd = descriptorWaitedOn(syscall);
  if (fd === null) return false;
  const inode = socketInode(readDescriptor(pid, fd) ?? '');
  return inode > 0 && sockets.includes(inode);
}
