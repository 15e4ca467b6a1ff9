/** The kernel's own count of out-of-memory kills around a process. */

import { join } from 'node:path';
import { readSmall } from './proc.ts';

/** Where the control groups are mounted on every distribution with systemd, and in containers. */
const MOUNT = '/sys/fs/cgroup';
/** The whole machine's count (since Linux 4.13). */
const MACHINE = '/proc/vmstat';

/**
 * Counts the processes that the kernel has killed for want of memory in a master's control group and the groups below
 * it: `memory.events` of cgroup v2, `memory.oom_control` of v1 (since Linux 4.13), and for a process in no group of its
 * own the whole machine's count in `/proc/vmstat`.
 *
 * The group is looked at also when its master has ended, for it may be the one that was killed. A container's group goes
 * with its first process: then the machine's count tells of that moment. A successor in a group of its own begins anew.
 */
export class OomKillCounter {
  readonly #read: (path: string) => string | null;
  #groups: string | null = null;
  #file: string | null = null;
  #ownCount: number | null = null;
  #machineCount: number | null = null;
  #kills = 0;

  constructor(read: (path: string) => string | null = readSmall) {
    this.#read = read;
  }

  /**
   * @param pid the master; one that has ended is looked for where it was.
   * @returns kills seen so far; only grows, and its first value means nothing. Null where nothing counts.
   */
  look(pid: number | null): number | null {
    const groups = pid === null ? null : this.#read(`/proc/${pid}/cgroup`);
    if (groups !== null && groups !== this.#groups) this.#enter(groups);
    const before = { own: this.#ownCount, machine: this.#machineCount };
    this.#ownCount = this.#count(this.#file);
    this.#machineCount = this.#file === null || this.#file === MACHINE ? null : this.#count(MACHINE);
    const own = difference(before.own, this.#ownCount);
    const isGroupGone = before.own !== null && this.#ownCount === null;
    this.#kills += own ?? (isGroupGone ? (difference(before.machine, this.#machineCount) ?? 0) : 0);
    return before.own === null && this.#ownCount === null ? null : this.#kills;
  }

  #enter(groups: string): void {
    this.#groups = groups;
    this.#file = candidates(groups).find((file) => this.#count(file) !== null) ?? null;
    this.#ownCount = null;
  }

  #count(file: string | null): number | null {
    return file === null ? null : parseOomKills(this.#read(file) ?? '');
  }
}

const difference = (before: number | null, now: number | null): number | null =>
  before === null || now === null ? null : Math.max(0, now - before);

/**
 * The files to try, the most precise first, for the lines `0::/path` (v2) and `4:memory:/path` (v1) of
 * `/proc/PID/cgroup`. In a container the path may be the host's, or `/`, and its own group is what is mounted; the root
 * of a whole machine has no such file in v2, and in v1 is not asked where the path leads somewhere.
 */
export function candidates(groups: string): readonly string[] {
  const v1 = /^\d+:(?:\w+,)*memory(?:,\w+)*:(\/.+)$/m.exec(groups)?.[1];
  const v2 = /^0::(\/.*)$/m.exec(groups)?.[1];
  // A path with `..` lies outside of the cgroup namespace that gtop can see.
  const isVisible = (path: string | undefined): path is string => path !== undefined && !path.includes('/..');
  const inV1 = (path: string): string => join(MOUNT, 'memory', path, 'memory.oom_control');
  return [
    ...(isVisible(v1) ? [inV1(v1), inV1('/')] : []),
    ...(isVisible(v2) ? [join(MOUNT, v2, 'memory.events')] : []),
    MACHINE,
  ];
}

/** The line `oom_kill N` that all three files have. */
export function parseOomKills(text: string): number | null {
  const found = /^oom_kill (\d+)$/m.exec(text);
  return found === null ? null : Number(found[1]);
}
