/** What is to be watched, checked before anything starts, so that a mistake costs one clear line. */
import { accessSync, constants, statSync } from 'node:fs';
import type { EngineConfig } from '../engine/config.ts';
import { resolvePidTarget } from '../sources/gunicorn/index.ts';
import { reason, type Settings } from './config.ts';
import { runtimeError, usageError } from './errors.ts';
import { VERSION } from './version.ts';

/** History that is read back at the start when no longer window is asked for. */
const LEAST_HISTORY_SECONDS = 900;

/** @param waitForMissing the dashboard waits for a log that is not there yet; `--once` does not. */
function checkLog(path: string, waitForMissing: boolean): void {
  if (path === '-') return;
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) throw runtimeError(`${path}: is a folder, not a log file`);
    if (!stats.isFile()) throw runtimeError(`${path}: not a regular file; pipe it in with --log - instead`);
    accessSync(path, constants.R_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && waitForMissing) return;
    if (code === undefined) throw error;
    const help = code === 'EACCES' ? ': run gtop as a user who may read it, or with sudo' : '';
    throw runtimeError(`${path}: ${reason(error)}${help}`);
  }
}

/**
 * The engine's orders for these settings.
 * @throws ReportedError when a pid or a log cannot be what it is said to be.
 */
export async function engineConfig(settings: Settings, waitForMissing: boolean): Promise<EngineConfig> {
  const logs = [...settings.log, ...settings.errorLog];
  if (logs.filter((path) => path === '-').length > 1) throw usageError('standard input (-) can be read only once');
  if (settings.pid.length > 1) throw usageError('--pid: one master at a time');
  for (const path of logs) checkLog(path, waitForMissing);
  const pid = settings.pid[0] ?? null;
  if (pid !== null) {
    const target = resolvePidTarget(pid);
    if (!target.ok && !(waitForMissing && target.mayAppear)) throw runtimeError(target.message);
  }
  return {
    version: VERSION,
    pid,
    accessLogs: settings.log,
    errorLogs: settings.errorLog,
    logFormat: settings.logFormat,
    fromStart: settings.fromStart,
    historySeconds: Math.max(settings.window ?? 0, LEAST_HISTORY_SECONDS),
    follow: settings.follow,
    sampler: settings.sampler,
    noRoutes: settings.noRoutes,
  };
}
