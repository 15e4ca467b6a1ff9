/** A control group of this process's own with little memory, cgroup v2 or v1, for whatever is started in it. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onCleanup } from '../support/cleanup.ts';
import { until } from '../support/wait.ts';

const MOUNT = '/sys/fs/cgroup';
let groups = 0;

/**
 * Makes a group that may use so much memory and no swap; `cleanUp` removes it.
 * @returns program and arguments that enter it and become, by `exec`, what is written behind them.
 * @throws when this machine does not let this user make one.
 */
export function enterMemoryGroup(limitMb: number): string[] {
  const own = readFileSync('/proc/self/cgroup', 'utf8');
  const name = `gtop-lab-${process.pid}-${++groups}`;
  const v1 = /^\d+:(?:\w+,)*memory(?:,\w+)*:(\/.*)$/m.exec(own)?.[1];
  const v2 = /^0::(\/.*)$/m.exec(own)?.[1];
  const bytes = String(limitMb * 1024 * 1024);
  if (v1 !== undefined && existsSync(join(MOUNT, 'memory', v1, 'cgroup.procs'))) {
    const group = make(join(MOUNT, 'memory', v1, name));
    set(group, 'memory.limit_in_bytes', bytes);
    set(group, 'memory.memsw.limit_in_bytes', bytes);
    return enter(group);
  }
  // A group with processes of its own may not share out memory (cgroups(7), "no internal processes"): beside it, then.
  const parent = join(MOUNT, v2 === undefined || v2 === '/' ? '/' : dirname(v2));
  const shares = join(parent, 'cgroup.subtree_control');
  if (v2 !== undefined && existsSync(shares) && readFileSync(shares, 'utf8').split(/\s+/).includes('memory')) {
    const group = make(join(parent, name));
    set(group, 'memory.max', bytes);
    set(group, 'memory.swap.max', '0');
    return enter(group);
  }
  throw new Error(`no memory control group to be had under ${MOUNT}: run the lab as root, in a container or on a host`);
}

function make(group: string): string {
  mkdirSync(group);
  onCleanup(async () => void (await until(`${group} can be removed`, () => isRemoved(group))));
  return group;
}

/** What was killed in it a moment ago may still be there. */
function isRemoved(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false;
    throw error;
  }
}

/** Limits of swap exist only where the kernel accounts for it. */
function set(group: string, file: string, value: string): void {
  if (existsSync(join(group, file))) writeFileSync(join(group, file), value);
}

const enter = (group: string): string[] => [
  'sh',
  '-c',
  `echo $$ > '${join(group, 'cgroup.procs')}' && exec "$@"`,
  'sh',
];
