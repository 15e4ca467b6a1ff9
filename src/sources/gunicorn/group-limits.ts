/** What a process may use at most, by the control groups that it is in. */
import { dirname, join } from 'node:path';
import { readSmall } from './proc.ts';

export interface GroupLimits {
  /** CPUs' worth of time, such as 0.5; null without a quota. */
  readonly cpus: number | null;
  readonly memoryBytes: number | null;
}

/** Where the control groups are mounted on every distribution with systemd, and in containers. */
const MOUNT = '/sys/fs/cgroup';
/** cgroup v1 has no word for "no limit": it says 2^63 less a page. */
const NO_LIMIT_BYTES = 2 ** 60;
/** Limits hardly ever change while a process runs. */
const LOOK_EVERY_MS = 30_000;

/**
 * The narrowest limits of a process' groups and of all groups above them: `cpu.max` and `memory.max` of cgroup v2, the
 * quota of `cpu` and the limit of `memory` in v1.
 *
 * @param groups the content of `/proc/PID/cgroup`.
 */
export function readGroupLimits(groups: string, mount = MOUNT): GroupLimits {
  const limits = { cpus: null as number | null, memoryBytes: null as number | null };
  const narrow = (key: keyof GroupLimits, limit: number | null): void => {
    if (limit !== null) limits[key] = Math.min(limits[key] ?? limit, limit);
  };
  for (const folder of foldersOf(mount, /^0::(\/.*)$/m.exec(groups)?.[1])) {
    narrow('cpus', parseCpuMax(readSmall(join(folder, 'cpu.max')) ?? ''));
    narrow('memoryBytes', parseBytes(readSmall(join(folder, 'memory.max'))));
  }
  for (const folder of foldersOf(join(mount, 'cpu'), controllerPath(groups, 'cpu'))) {
    const [quota, period] = ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map(
      (file) => readSmall(join(folder, file)) ?? '',
    );
    narrow('cpus', parseCpuMax(`${quota?.trim()} ${period?.trim()}`));
  }
  for (const folder of foldersOf(join(mount, 'memory'), controllerPath(groups, 'memory'))) {
    narrow('memoryBytes', parseBytes(readSmall(join(folder, 'memory.limit_in_bytes'))));
  }
  return limits;
}

/** The path of a v1 controller in the lines `4:cpu,cpuacct:/path`. */
function controllerPath(groups: string, controller: string): string | undefined {
  for (const [, controllers = '', path] of groups.matchAll(/^\d+:([^:]+):(\/.*)$/gm)) {
    if (controllers.split(',').includes(controller)) return path;
  }
  return undefined;
}

/**
 * A group's folder and all above it up to the mount. Where the path does not lead anywhere, in a container that sees its
 * own group as the root, the root is what counts; a path with `..` lies outside of what can be seen.
 */
function foldersOf(mount: string, path: string | undefined): string[] {
  if (path === undefined) return [];
  const folders = [mount];
  for (let at = path.includes('/..') ? '/' : path; at !== '/'; at = dirname(at)) folders.push(join(mount, at));
  return folders;
}

/** `50000 100000`: microseconds of CPU time in each period. `max` and `-1` are no quota. */
function parseCpuMax(text: string): number | null {
  const [, quota, period] = /^(\d+) (\d+)\s*$/.exec(text) ?? [];
  return Number(quota) > 0 && Number(period) > 0 ? Number(quota) / Number(period) : null;
}

function parseBytes(text: string | null): number | null {
  const bytes = /^\d+\s*$/.test(text ?? '') ? Number(text) : Number.NaN;
  return bytes < NO_LIMIT_BYTES ? bytes : null;
}

/** Remembers the limits of one process, and looks anew now and then. */
export class GroupLimitsWatch {
  #last: { readonly pid: number; readonly atMs: number; readonly limits: GroupLimits } | null = null;

  look(pid: number, nowMs: number): GroupLimits {
    if (this.#last?.pid !== pid || nowMs - this.#last.atMs >= LOOK_EVERY_MS) {
      this.#last = { pid, atMs: nowMs, limits: readGroupLimits(readSmall(`/proc/${pid}/cgroup`) ?? '') };
    }
    return this.#last.limits;
  }
}
