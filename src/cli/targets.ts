/** What is to be watched, checked before anything starts, so that a mistake costs one clear line. */
import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import type { EngineConfig } from '../engine/config.ts';
import { parseListenAddress } from '../output/prometheus/address.ts';
import { dedupePaths } from '../sources/follow/index.ts';
import {
  type DiscoveredMaster,
  discoverMasters,
  findLogsOf,
  type GunicornSettings,
  hidesProcesses,
  type MasterIdentity,
  readConfigFile,
  resolvePidTarget,
} from '../sources/gunicorn/index.ts';
import { alertingConfig } from './alerting.ts';
import { reason, type Settings } from './config.ts';
import { runtimeError, usageError } from './errors.ts';
import { expandGlob } from './globs.ts';
import { momentMs } from './moment.ts';
import { VERSION } from './version.ts';

/** History that is read back at the start when no longer window is asked for. */
const LEAST_HISTORY_SECONDS = 900;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** @param waitForMissing the dashboard waits for a log that is not there yet; `--once` does not. */
export function checkLog(path: string, waitForMissing: boolean): void {
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

/** A compressed log has come to its end: following it would show nothing but rejected lines. */
function refuseCompressed(path: string): void {
  if (path === '-' || statSync(path, { throwIfNoEntry: false }) === undefined) return;
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const start = Buffer.alloc(GZIP_MAGIC.length);
  readSync(fd, start, 0, start.length, 0);
  closeSync(fd);
  if (start.equals(GZIP_MAGIC)) {
    throw runtimeError(`${path}: is compressed and cannot be followed: read it with gtop report or gtop replay`);
  }
}

/**
 * The Gunicorn of this machine with its logs, when nothing was named; of several the person at the terminal chooses.
 * @throws ReportedError that says what to name when there is none, or a choice and nobody to ask.
 */
async function discover(mayAsk: boolean): Promise<Choice> {
  const masters = discoverMasters();
  if (masters.length === 0) {
    const hidden = hidesProcesses() ? ' (/proc hides the processes of other users: as root gtop would see them)' : '';
    throw runtimeError(`no Gunicorn found${hidden}: name its pid file with --pid, or a log with --log`);
  }
  if (masters.length > 1 && mayAsk && process.stdin.isTTY && process.stderr.isTTY) {
    const { pickMaster } = await import('./picker.ts');
    const picked = await pickMaster(masters);
    if (picked === null) throw runtimeError('no Gunicorn chosen: name one with --pid');
    return { masters, index: masters.indexOf(picked) };
  }
  if (masters.length > 1) {
    const all = masters.map(({ pid, app, listeners }) => `${pid} (${[app, ...listeners].filter(Boolean).join(', ')})`);
    throw runtimeError(`${masters.length} Gunicorns found: choose one with --pid: ${all.join(' · ')}`);
  }
  return { masters, index: 0 };
}

/** The Gunicorns of this machine, and which of them to watch. */
export interface Choice {
  readonly masters: readonly DiscoveredMaster[];
  readonly index: number;
}

const namesNothing = ({ pid, log, errorLog, appLog }: Settings): boolean =>
  [pid, log, errorLog, appLog].every(({ length }) => length === 0);

/** As `discover`; null when something was named. */
export const chooseMaster = async (settings: Settings, mayAsk: boolean): Promise<Choice | null> =>
  namesNothing(settings) ? discover(mayAsk) : null;

/** The settings that watch a master that was found. */
export const settingsFor = (settings: Settings, master: DiscoveredMaster | undefined): Settings =>
  master === undefined
    ? settings
    : { ...settings, pid: [String(master.pid)], log: listOf(master.accessLog), errorLog: listOf(master.errorLog) };

const listOf = (path: string | null): string[] => (path === null ? [] : [path]);

/** The logs of a master that was named alone, as far as they are there and may be read: nobody has asked for them. */
function logsOf(master: MasterIdentity): Pick<Settings, 'log' | 'errorLog'> {
  const { accessLog, errorLog } = findLogsOf(master);
  return { log: listOf(accessLog).filter(isReadable), errorLog: listOf(errorLog).filter(isReadable) };
}

function isReadable(path: string): boolean {
  try {
    checkLog(path, false);
    return true;
  } catch {
    return false;
  }
}

/**
 * The engine's orders for these settings.
 * @throws ReportedError when a pid or a log cannot be what it is said to be.
 */
export async function engineConfig(settings: Settings, waitForMissing: boolean): Promise<EngineConfig> {
  const choice = await chooseMaster(settings, waitForMissing);
  if (choice !== null) return engineConfig(settingsFor(settings, choice.masters[choice.index]), waitForMissing);
  const namedLogs = [...settings.log, ...settings.errorLog, ...settings.appLog];
  if (namedLogs.filter((path) => path === '-').length > 1) throw usageError('standard input (-) can be read only once');
  if (settings.pid.length > 1) throw usageError('--pid: one master at a time');
  for (const path of namedLogs.flatMap(expandGlob)) {
    checkLog(path, waitForMissing);
    refuseCompressed(path);
  }
  const pid = settings.pid[0] ?? null;
  const target = pid === null ? null : resolvePidTarget(pid);
  if (target?.ok === false && !(waitForMissing && target.mayAppear)) throw runtimeError(target.message);
  const { log, errorLog } = target?.ok && namedLogs.length === 0 ? logsOf(target.master) : settings;
  // The command line of the master is as good as a flag: the format is certain, and with it the unit.
  const formatOfMaster = target?.ok ? target.master.settings.accessLogFormat : null;
  const configured =
    settings.gunicornConfig === null
      ? null
      : gunicornSettings(settings.gunicornConfig, target?.ok ? target.master.commandLine : null);
  const listen = settings.listen === null ? null : parseListenAddress(settings.listen);
  const knownFormat = configured?.accessLogFormat ?? formatOfMaster;
  const untilMs = momentMs(settings.until, settings.tz) ?? undefined;
  return {
    version: VERSION,
    pid,
    accessLogs: dedupePaths(log.flatMap(expandGlob)),
    errorLogs: dedupePaths(errorLog.flatMap(expandGlob)),
    appLogs: dedupePaths(settings.appLog.flatMap(expandGlob)),
    logFormat: settings.logFormat === 'auto' ? (knownFormat ?? 'auto') : settings.logFormat,
    fromStart: settings.fromStart,
    sinceMs: sinceMsOf(settings, untilMs),
    historySiblings: settings.since !== null || untilMs !== undefined,
    untilMs,
    follow: settings.follow,
    sampler: settings.sampler,
    noRoutes: settings.noRoutes,
    routes: settings.routes,
    linePatterns: settings.watch,
    metrics: settings.listen === null && settings.rules.length === 0 ? null : settings.metrics,
    exporter: listen && { listen, httpAliases: settings.metricsAlias === 'http' },
    probes: settings.probes,
    metricsEndpoints: settings.metricsEndpoints,
    statsd: settings.statsd === null ? null : parseListenAddress(settings.statsd),
    alerting: await alertingConfig(settings, waitForMissing),
    filter: settings.filter,
    timeZone: settings.tz,
    allowActions: settings.allowActions,
    gunicornSettings: configured,
  };
}

/** Where reading begins: at the window's begin at least, unless what lies between two moments is asked for. */
function sinceMsOf({ since, window, tz }: Settings, untilMs: number | undefined): number {
  const nowMs = Date.now();
  const givenMs = momentMs(since, tz);
  if (givenMs !== null && untilMs !== undefined) return givenMs;
  const endMs = Math.min(nowMs, untilMs ?? nowMs);
  return Math.min(givenMs ?? nowMs, endMs - Math.max(window ?? 0, LEAST_HISTORY_SECONDS) * 1000);
}

/**
 * What a gunicorn.conf.py says for certain, where the master's command line, which wins, says nothing.
 * @throws ReportedError when it cannot be read as Python.
 */
function gunicornSettings(path: string, commandLine: GunicornSettings | null): Partial<GunicornSettings> {
  const file = readConfigFile(path);
  if (!file.ok) throw runtimeError(file.message);
  const isOpen = (key: string): boolean => (commandLine?.[key as keyof GunicornSettings] ?? null) === null;
  return Object.fromEntries(Object.entries(file.settings).filter(([key, value]) => value !== null && isOpen(key)));
}
