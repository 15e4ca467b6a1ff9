/** Is this pid a Gunicorn, which part of it, and how was it started? */

import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { type GunicornSettings, settingsOf, UNKNOWN_SETTINGS } from './command-line.ts';
import { defaultsBelow, readConfigFile } from './config-file.ts';
import { failure, type Outcome, success } from './outcome.ts';
import { gunicornArguments, parseTitle } from './process-name.ts';
import type { ProcessView } from './process-view.ts';
import { writtenAtMs } from './stat.ts';

export interface MasterIdentity {
  readonly pid: number;
  readonly startKey: number;
  /** `--name`, else the application's URI, as in the process title; null when neither can be read. */
  readonly app: string | null;
  readonly settings: GunicornSettings;
  /** What command line and environment say for themselves, whatever a configuration file says. */
  readonly commandLine: GunicornSettings;
  /** Its configuration file as gtop reaches it; null without one, or where it cannot be read. */
  readonly config: { readonly path: string; readonly writtenAtMs: number } | null;
  /** The folder that relative paths of its settings start from; null without permission. */
  readonly workingDirectory: string | null;
  /** The pid that led here: its own, or one of its workers'. */
  readonly askedPid: number;
  /** One sentence when that was not its own. */
  readonly note: string | null;
}

/** What a process is to Gunicorn; null when nothing speaks for Gunicorn at all. */
export function roleOf(pid: number, view: ProcessView): 'master' | 'worker' | 'dirty' | null {
  const glance = view.glance(pid);
  if (glance === null) return null;
  const command = view.command(pid);
  const title = parseTitle(command);
  if (title !== null) return title.role === 'master' || title.role === 'worker' ? title.role : 'dirty';

  // The master opens the heartbeat file of each worker before it forks it, and both keep it open.
  const own = view.heartbeats(pid);
  if (own !== null && own.size > 0) {
    const shares = (other: number): boolean => [...(view.heartbeats(other) ?? [])].some((name) => own.has(name));
    if (shares(glance.parentPid)) return 'worker';
    if (view.children(pid).some(shares))
      return isDirtyArbiter(pid, glance.parentPid, command, view) ? 'dirty' : 'master';
    // Between the end of its last worker and the start of the next a master is as alone as a worker that has lost its.
    if (gunicornArguments(command) !== null) return view.takesMasterSignals(pid) === true ? 'master' : 'worker';
  }
  if (gunicornArguments(command) === null) return null;
  // Without setproctitle all of Gunicorn's processes have the same command line.
  const isChild = isSameCommand(view.command(glance.parentPid), command) && !isUpgradeOf(pid, glance.parentPid, view);
  return isChild ? 'worker' : 'master';
}

/** A dirty arbiter keeps heartbeat files of its own dirty workers, and is itself a fork of the master. */
function isDirtyArbiter(pid: number, parent: number, command: readonly string[], view: ProcessView): boolean {
  return isSameCommand(view.command(parent), command) && !isUpgradeOf(pid, parent, view);
}

/** Whether `pid` is the new master that `parent` started on USR2 (gunicorn/arbiter.py, reexec sets GUNICORN_PID). */
export function isUpgradeOf(pid: number, parent: number, view: ProcessView): boolean {
  if (parseTitle(view.command(pid))?.role === 'master') return true;
  return view.environment(pid)?.get('GUNICORN_PID') === String(view.ownPid(parent));
}

export function isSameCommand(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 && a.length === b.length && a.every((word, index) => word === b[index]);
}

/** From a process that a dirty worker or a worker forked up to the master it is three steps at most. */
const MAX_STEPS = 4;

/**
 * Finds the master that a pid means: its own process, or the one above the worker that it names.
 * Fails with one sentence when there is no such process or it is no Gunicorn.
 */
export function identifyMaster(pid: number, view: ProcessView): Outcome<MasterIdentity> {
  const asked = view.glance(pid);
  if (asked === null) return failure(absence(pid, view));
  if (roleOf(pid, view) === null) {
    const child = view.children(pid).find((candidate) => roleOf(candidate, view) === 'master');
    const hint = child === undefined ? blindness(pid, view) : `; its child ${child} is`;
    return failure(`pid ${pid} (${asked.comm}) is not a Gunicorn${hint}`);
  }
  let at = pid;
  for (let step = 0; step < MAX_STEPS; step++) {
    const glance = view.glance(at);
    const role = roleOf(at, view);
    if (glance === null || role === null) break;
    if (role === 'master') return success(describeMaster(at, glance.startKey, pid, view));
    at = glance.parentPid;
  }
  return failure(`pid ${pid} is a Gunicorn worker without a master: it is about to end`);
}

/** Why a process is not to be seen. */
export const absence = (pid: number, view: ProcessView): string =>
  view.isHidden(pid)
    ? `pid ${pid} is hidden from this user (hidepid): run gtop as root or as its own user`
    : `pid ${pid} is not running`;

function blindness(pid: number, view: ProcessView): string {
  return view.heartbeats(pid) === null ? ', as far as can be seen without root or its own user' : '';
}

function describeMaster(pid: number, startKey: number, asked: number, view: ProcessView): MasterIdentity {
  const command = view.command(pid);
  const workingDirectory = view.workingDirectory(pid);
  const args = gunicornArguments(command);
  const said = args === null ? NOTHING_SAID : readSettings(pid, args, workingDirectory, view);
  // While it waits for its promotion a new master appends `.2` to its name (gunicorn/arbiter.py).
  const title = parseTitle(command)?.name?.replace(/\.2$/, '') ?? null;
  return {
    pid,
    startKey,
    app: title ?? said.settings.name ?? said.settings.app,
    ...said,
    workingDirectory,
    askedPid: asked,
    note: asked === pid ? null : `pid ${asked} is a worker: watching its master ${pid}`,
  };
}

type Said = Pick<MasterIdentity, 'settings' | 'commandLine' | 'config'>;

const NOTHING_SAID: Said = { settings: UNKNOWN_SETTINGS, commandLine: UNKNOWN_SETTINGS, config: null };

function readSettings(pid: number, args: readonly string[], cwd: string | null, view: ProcessView): Said {
  const environment = view.environment(pid);
  const first = settingsOf(args, environment, undefined);
  // Gunicorn looks for its configuration before it changes to --chdir.
  const pwd = environment?.get('PWD') ?? null;
  const startFolder = first.chdir === null ? (movedFrom(pid, pwd, cwd, first.configFile, view) ?? cwd) : pwd;
  if (startFolder === null) return { settings: first, commandLine: first, config: null };
  const candidate = join(startFolder, 'gunicorn.conf.py');
  const unasked = existsSync(view.reach(pid, candidate)) ? candidate : null;
  const settings = settingsOf(args, environment, unasked);
  const named = settings.configFile;
  const commandLine = { ...first, configFile: named };
  if (named === null || named.startsWith('python:')) return { settings, commandLine, config: null };
  const path = view.reach(pid, isAbsolute(named) ? named : join(startFolder, named));
  const file = readConfigFile(path);
  if (!file.ok) return { settings, commandLine, config: null };
  const layers = { file: file.settings, below: (defaults: GunicornSettings) => defaultsBelow(file, defaults) };
  return {
    settings: settingsOf(args, environment, unasked, layers),
    commandLine,
    config: { path, writtenAtMs: writtenAtMs(path) ?? 0 },
  };
}

/**
 * A file's own `chdir` leads away from it. The environment names the folder that a shell was in, and may name any: it is
 * the one if there is such a file, and that leads to where the master is now. Null: not so.
 */
function movedFrom(
  pid: number,
  pwd: string | null,
  cwd: string | null,
  named: string | null,
  view: ProcessView,
): string | null {
  if (pwd === null || cwd === null || pwd === cwd || named?.startsWith('python:')) return null;
  const path = resolve(pwd, named ?? 'gunicorn.conf.py');
  const file = readConfigFile(view.reach(pid, path));
  return file.ok && file.settings.chdir != null && resolve(pwd, file.settings.chdir) === cwd ? pwd : null;
}

/** A path of the master's own settings as an absolute one; null when the folder it starts from is not known. */
export function absolutePath(path: string, master: Pick<MasterIdentity, 'workingDirectory'>): string | null {
  if (isAbsolute(path)) return path;
  return master.workingDirectory === null ? null : join(master.workingDirectory, path);
}
