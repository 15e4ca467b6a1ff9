/** Is this pid a Gunicorn, which part of it, and how was it started? */

import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import {
  gunicornArguments,
  type GunicornSettings,
  parseTitle,
  settingsOf,
  UNKNOWN_SETTINGS,
} from './command-line.ts';
import { failure, type Outcome, success } from './outcome.ts';
import type { ProcessView } from './process-view.ts';

export interface MasterIdentity {
  readonly pid: number;
  readonly startKey: number;
  /** `--name`, else the application's URI, as in the process title; null when neither can be read. */
  readonly app: string | null;
  readonly settings: GunicornSettings;
  /** The folder that relative paths of its settings start from; null without permission. */
  readonly workingDirectory: string | null;
  /** One sentence when the pid that was asked for is not the master's own. */
  readonly note: string | null;
}

/** What a process is to Gunicorn; null when nothing speaks for Gunicorn at all. */
export function roleOf(pid: number, view: ProcessView): 'master' | 'worker' | 'dirty' | null {
  const glance = view.glance(pid);
  if (glance === null) return null;
  const command = view.command(pid);
  const title = parseTitle(command);
  if (title !== null) return title.role === 'master' || title.role === 'worker' ? title.role : 'dirty';

  const own = view.heartbeats(pid);
  const parents = view.heartbeats(glance.parentPid);
  // A worker's heartbeat file was opened by its master, which keeps it open.
  if (own !== null && parents !== null && own.size > 0 && [...own].every((name) => parents.has(name))) return 'worker';
  if (gunicornArguments(command) === null) {
    // Gunicorn inside another program (a subclass of its BaseApplication) shows by its heartbeat files alone.
    const isHeld = (child: number): boolean => [...(view.heartbeats(child) ?? [])].some((name) => own?.has(name) === true);
    return own !== null && own.size > 0 && view.children(pid).some(isHeld) ? 'master' : null;
  }
  // Without setproctitle all of Gunicorn's processes have the same command line.
  if (!isSameCommand(view.command(glance.parentPid), command)) return 'master';
  if (isUpgradeOf(pid, glance.parentPid, view)) return 'master';
  return own === null || own.size === 0 ? 'worker' : 'dirty';
}

/** Whether `pid` is the new master that `parent` started on USR2 (gunicorn/arbiter.py, reexec sets GUNICORN_PID). */
export function isUpgradeOf(pid: number, parent: number, view: ProcessView): boolean {
  if (parseTitle(view.command(pid))?.role === 'master') return true;
  return view.environment(pid)?.get('GUNICORN_PID') === String(parent);
}

export function isSameCommand(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 && a.length === b.length && a.every((word, index) => word === b[index]);
}

/**
 * Finds the master that a pid means: its own process, or the parent of the worker (or dirty process) it names.
 * Fails with one sentence when there is no such process or it is no Gunicorn.
 */
export function identifyMaster(pid: number, view: ProcessView): Outcome<MasterIdentity> {
  const glance = view.glance(pid);
  if (glance === null) return failure(`pid ${pid} is not running`);
  const role = roleOf(pid, view);
  if (role === 'master') return success(describeMaster(pid, glance.startKey, view));
  if (role === null) {
    const child = view.children(pid).find((candidate) => roleOf(candidate, view) === 'master');
    const hint = child === undefined ? blindness(pid, view) : `; its child ${child} is`;
    return failure(`pid ${pid} (${glance.comm}) is not a Gunicorn${hint}`);
  }
  const parent = view.glance(glance.parentPid);
  // A dirty worker is a grandchild of the master.
  const masterPid = parent !== null && roleOf(glance.parentPid, view) === 'dirty' ? parent.parentPid : glance.parentPid;
  const master = view.glance(masterPid);
  if (master === null || roleOf(masterPid, view) !== 'master') {
    return failure(`pid ${pid} is a Gunicorn worker without a master: it is about to end`);
  }
  const what = role === 'worker' ? 'a worker' : 'a dirty process';
  return success({
    ...describeMaster(masterPid, master.startKey, view),
    note: `pid ${pid} is ${what}: watching its master ${masterPid}`,
  });
}

function blindness(pid: number, view: ProcessView): string {
  return view.heartbeats(pid) === null ? ', as far as can be seen without root or its own user' : '';
}

function describeMaster(pid: number, startKey: number, view: ProcessView): MasterIdentity {
  const command = view.command(pid);
  const workingDirectory = view.workingDirectory(pid);
  const args = gunicornArguments(command);
  const settings = args === null ? UNKNOWN_SETTINGS : readSettings(pid, args, workingDirectory, view);
  // While it waits for its promotion a new master appends `.2` to its name (gunicorn/arbiter.py).
  const title = parseTitle(command)?.name?.replace(/\.2$/, '') ?? null;
  return { pid, startKey, app: title ?? settings.name ?? settings.app, settings, workingDirectory, note: null };
}

function readSettings(pid: number, args: readonly string[], cwd: string | null, view: ProcessView): GunicornSettings {
  const environment = view.environment(pid);
  const first = settingsOf(args, environment, undefined);
  // Gunicorn looks for gunicorn.conf.py before it changes to --chdir.
  const startFolder = first.chdir === null ? cwd : (environment?.get('PWD') ?? null);
  if (startFolder === null) return first;
  const candidate = join(startFolder, 'gunicorn.conf.py');
  return settingsOf(args, environment, existsSync(seenFrom(pid, candidate, view)) ? candidate : null);
}

/** A path of the master's own settings as an absolute one; null when the folder it starts from is not known. */
export function absolutePath(path: string, master: Pick<MasterIdentity, 'workingDirectory'>): string | null {
  if (isAbsolute(path)) return path;
  return master.workingDirectory === null ? null : join(master.workingDirectory, path);
}

/** How gtop reaches a path that a process names: through its root where it lives in another one (a container). */
export function seenFrom(pid: number, path: string, view: ProcessView): string {
  return view.root(pid) === null ? path : join(`/proc/${pid}/root`, path);
}
