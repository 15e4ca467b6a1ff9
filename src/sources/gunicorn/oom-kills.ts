/** The kernel's own count of out-of-memory kills around a process. */

import { join } from 'node:path';
import { readSmall } from './proc.ts';

/** Where the control groups are mounted on every distribution with systemd, and in containers. */
const MOUNT = '/sys/fs/cgroup';

/**
 * Processes of the master's control group, and of the groups below it, that the kernel has killed for want of memory:
 * `memory.events` of cgroup v2, `memory.oom_control` of v1 (since Linux 4.13), and for a process in no group of its own
 * the whole machine's count in `/proc/vmstat`. Only grows; null where none of them can be read.
 */
export function readOomKills(pid: number): number | null {
  const groups = readSmall(`/proc/${pid}/cgroup`);
  if (groups === null) return null;
  for (const file of candidates(groups)) {
    const count = parseOomKills(readSmall(file) ?? '');
    if (count !== null) return count;
  }
  return null;
}

/** The files to try, the most precise first, for the lines `0::/path` (v2) and `4:memory:/path` (v1) of `/proc/PID/cgroup`. */
export function candidates(groups: string): readonly string[] {
  const v1 = /^\d+:(?:\w+,)*memory(?:,\w+)*:(\/.+)$/m.exec(groups)?.[1];
  const v2 = /^0::(\/.+)$/m.exec(groups)?.[1];
  // A path with `..` lies outside of the cgroup namespace that gtop can see.
  const isVisible = (path: string | undefined): path is string => path !== undefined && !path.includes('/..');
  return [
    ...(isVisible(v1) ? [join(MOUNT, 'memory', v1, 'memory.oom_control')] : []),
    ...(isVisible(v2) ? [join(MOUNT, v2, 'memory.events')] : []),
    '/proc/vmstat',
  ];
}

/** The line `oom_kill N` that all three files have. */
export function parseOomKills(text: string): number | null {
  const found = /^oom_kill (\d+)$/m.exec(text);
  return found === null ? null : Number(found[1]);
}
