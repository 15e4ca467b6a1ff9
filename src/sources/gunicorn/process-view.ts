/** How the rest of this folder looks at processes, so that the same rules hold for `/proc` and for ps(1). */

import { join } from 'node:path';
import { readOwnPid } from './pid-namespace.ts';
import {
  isRunning,
  listDescriptors,
  listPids,
  readChildren,
  readDescriptor,
  readLink,
  readSmall,
  readStat,
  readStrings,
} from './proc.ts';

export interface ProcessGlance {
  readonly parentPid: number;
  /** With the pid it names a process for good: start in clock ticks since boot, or in seconds where only ps tells. */
  readonly startKey: number;
  /** The short name. */
  readonly comm: string;
}

export interface ProcessView {
  /** Null when no such process runs; a zombie does not run. */
  glance(pid: number): ProcessGlance | null;
  /** A process that is there, but not for these eyes: `/proc` is mounted with hidepid, and it is another user's. */
  isHidden(pid: number): boolean;
  /** Command line, or the title that replaced it; empty when there is none. */
  command(pid: number): readonly string[];
  children(pid: number): readonly number[];
  pids(): readonly number[];
  /** Names of the heartbeat files (`…/wgunicorn-XXXX`, gunicorn/workers/workertmp.py) it holds; null without permission. */
  heartbeats(pid: number): ReadonlySet<string> | null;
  /** Whether it takes signals that a master takes and no worker does; null where that cannot be known. */
  takesMasterSignals(pid: number): boolean | null;
  environment(pid: number): ReadonlyMap<string, string> | null;
  workingDirectory(pid: number): string | null;
  /** The pid that it has for itself, in its logs and pid file: another one in a container. */
  ownPid(pid: number): number;
  /** How gtop reaches a path that the process names: through its root where it lives in another one (a container). */
  reach(pid: number, path: string): string;
}

/** The name of a heartbeat file in a descriptor's target, else null. Gunicorn unlinks it as soon as it is made. */
export function heartbeatName(link: string): string | null {
  return /(?:^|\/)(wgunicorn-[^/]*?)(?: \(deleted\))?$/.exec(link)?.[1] ?? null;
}

/**
 * HUP and USR2, numbers 1 and 12 in signal(7): a reload and an upgrade to a master. A worker gives them back to the kernel
 * (gunicorn/workers/base.py, init_signals).
 */
const MASTER_SIGNALS = (1n << 0n) | (1n << 11n);

/** From the mask of signals caught, `SigCgt` in `/proc/PID/status` (proc(5)); null without one. */
export function takesMasterSignals(status: string): boolean | null {
  const mask = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return mask === undefined ? null : (BigInt(`0x${mask}`) & MASTER_SIGNALS) === MASTER_SIGNALS;
}

export const procView: ProcessView = {
  glance(pid) {
    const stat = readStat(pid);
    if (stat === null || !isRunning(stat.state)) return null;
    return { parentPid: stat.parentPid, startKey: stat.startTicks, comm: stat.comm };
  },
  isHidden(pid) {
    if (readStat(pid) !== null) return false;
    try {
      // Signal 0 reaches nobody: it asks whether there is somebody (kill(2)).
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
  command: (pid) => readStrings(`/proc/${pid}/cmdline`) ?? [],
  children: readChildren,
  pids: listPids,
  heartbeats(pid) {
    const descriptors = listDescriptors(pid);
    if (descriptors === null) return null;
    const names = descriptors.map((fd) => heartbeatName(readDescriptor(pid, fd) ?? ''));
    return new Set(names.filter((name) => name !== null));
  },
  takesMasterSignals: (pid) => takesMasterSignals(readSmall(`/proc/${pid}/status`) ?? ''),
  environment(pid) {
    const entries = readStrings(`/proc/${pid}/environ`);
    if (entries === null) return null;
    return new Map(
      entries.map((entry) => {
        const equals = entry.indexOf('=');
        return [entry.slice(0, equals), entry.slice(equals + 1)];
      }),
    );
  },
  workingDirectory: (pid) => readLink(`/proc/${pid}/cwd`),
  ownPid: readOwnPid,
  reach(pid, path) {
    const theirs = readLink(`/proc/${pid}/ns/mnt`);
    return theirs === null || theirs === readLink('/proc/self/ns/mnt') ? path : join(`/proc/${pid}/root`, path);
  },
};
