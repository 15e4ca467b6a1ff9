/** Finds the Gunicorns of this machine, and their logs, where nobody names them. */

import type { GunicornSettings } from './command-line.ts';
import { readHoldings } from './descriptors.ts';
import { type FoundLogs, findLogs } from './found-logs.ts';
import { identifyMaster, type MasterIdentity, roleOf } from './identity.ts';
import { findListeners } from './listeners.ts';
import { type OpenLogFile, openLogFiles } from './open-files.ts';
import { listDescriptors } from './proc.ts';
import { procView } from './process-view.ts';

export interface DiscoveredMaster {
  readonly pid: number;
  readonly app: string | null;
  readonly settings: GunicornSettings;
  readonly listeners: readonly string[];
  /** Web workers, as far as their command lines and parents tell. */
  readonly workers: number;
  /** Absolute paths as gtop reaches them, by settings or descriptors; null where neither tells. */
  readonly accessLog: string | null;
  readonly errorLog: string | null;
  /** What it appends to, by descriptor: error log first (it is opened first), then access log. Null without permission. */
  readonly openLogs: readonly OpenLogFile[] | null;
}

/** The comm of a Python process that may be a Gunicorn: its title, its console script, an interpreter. */
const MAYBE = /^(gunicorn|python|pypy|uwsgi)/i;

/** Every running master, the oldest pid first; masters under way to replace another one are left out. */
export function discoverMasters(): readonly DiscoveredMaster[] {
  const masters: DiscoveredMaster[] = [];
  for (const pid of procView.pids()) {
    const glance = procView.glance(pid);
    if (glance === null || !MAYBE.test(glance.comm) || roleOf(pid, procView) !== 'master') continue;
    if (roleOf(glance.parentPid, procView) === 'master') continue;
    const identity = identifyMaster(pid, procView);
    if (identity.ok) masters.push(describe(identity.value));
  }
  return masters.sort((a, b) => a.pid - b.pid);
}

/** Whether processes of other users are not to be seen: `/proc` is mounted with hidepid (proc(5)). */
export const hidesProcesses = (): boolean => procView.isHidden(1);

/** The logs of a master that was named without them. */
export const logsOf = (master: MasterIdentity): FoundLogs =>
  findLogs(master, openLogFiles(master.pid), (path) => procView.reach(master.pid, path));

function describe(master: MasterIdentity): DiscoveredMaster {
  const { pid, app, settings } = master;
  const held = (process: number): ReadonlySet<number> | null => {
    const descriptors = listDescriptors(process);
    return descriptors === null ? null : new Set(readHoldings(process, descriptors).sockets);
  };
  const children = procView.children(pid);
  const workers = children.flatMap((child) => held(child) ?? []);
  const openLogs = openLogFiles(pid);
  return {
    pid,
    app,
    settings,
    listeners: findListeners(pid, { master: held(pid), workers }, settings).map(({ label }) => label),
    workers: children.filter((child) => roleOf(child, procView) === 'worker').length,
    ...findLogs(master, openLogs, (path) => procView.reach(pid, path)),
    openLogs,
  };
}
