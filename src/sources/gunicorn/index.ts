/** What `/proc`, or ps(1) where there is none, tells of Gunicorn's processes. */

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { logsOf } from './discover.ts';
import type { FoundLogs } from './found-logs.ts';
import { type MasterIdentity, roleOf } from './identity.ts';
import { locateMaster } from './masters.ts';
import { type MasterTarget, parseTarget } from './pid-file.ts';
import { readKernelUnits } from './proc.ts';
import { procView } from './process-view.ts';
import { PS_ARGUMENTS, PS_DEADLINE_MS, parsePs, psView } from './ps.ts';
import { type GunicornSampler, ProcSampler } from './sampler.ts';

export type { GunicornSettings } from './command-line.ts';
export { readConfigFile } from './config-file.ts';
export { type DiscoveredMaster, discoverMasters, hidesProcesses } from './discover.ts';
export { heartbeatFolder } from './heartbeat-folder.ts';
export { absolutePath, type MasterIdentity } from './identity.ts';
export { holdsFile, type OpenLogFile, openLogFiles } from './open-files.ts';
export { withPids } from './pid-namespace.ts';
export type { GunicornSampler } from './sampler.ts';
export { statOrNull } from './stat.ts';

/** What a process is at this very moment, for whoever is about to send it a signal; null when it is gone. */
export interface ProcessNow {
  readonly startTicks: number;
  readonly parentPid: number;
  /** What it is to Gunicorn; null when nothing speaks for Gunicorn. */
  readonly role: 'master' | 'worker' | 'dirty' | null;
}

/** Null also where there is no `/proc`. */
export function lookNow(pid: number): ProcessNow | null {
  const glance = hasProc() ? procView.glance(pid) : null;
  return glance && { startTicks: glance.startKey, parentPid: glance.parentPid, role: roleOf(pid, procView) };
}

export type SamplerMode = 'proc' | 'portable';

export interface GunicornSamplerOptions {
  /** Pid file or pid of a master, as `--pid` takes it. */
  readonly target: string;
  /** `portable` asks ps(1) and pidusage; also what happens where there is no `/proc`. */
  readonly mode: SamplerMode;
}

const hasProc = (): boolean => existsSync('/proc/self/stat');

/**
 * A sampler for one master. It waits for a pid file that is not there yet, and follows its master through reload,
 * upgrade and restart. Says what is wrong in the notes of its samples; `resolvePidTarget` says it beforehand.
 */
export async function createGunicornSampler({ target, mode }: GunicornSamplerOptions): Promise<GunicornSampler> {
  const parsed = parseTarget(target);
  const where: MasterTarget = parsed.ok ? parsed.value : { kind: 'file', path: target };
  if (mode === 'proc' && hasProc()) return new ProcSampler({ target: where });
  const { PortableSampler } = await import('./portable.ts');
  return new PortableSampler(where);
}

export type PidTarget =
  | { readonly ok: true; readonly master: MasterIdentity }
  /** `mayAppear`: the service may be about to start, so that waiting makes sense. */
  | { readonly ok: false; readonly message: string; readonly mayAppear: boolean };

/** Checks what `--pid` names, at this moment. */
export function resolvePidTarget(text: string): PidTarget {
  const target = parseTarget(text);
  if (!target.ok) return { ok: false, message: target.message, mayAppear: false };
  const found = hasProc() ? locateByProc(target.value) : locateByPs(target.value);
  return found.ok ? { ok: true, master: found.value } : found;
}

/** The logs of a master that was named without them, by its settings and by what it holds open; null what neither tells. */
export const findLogsOf = (master: MasterIdentity): FoundLogs =>
  hasProc() ? logsOf(master) : { accessLog: null, errorLog: null };

function locateByProc(target: MasterTarget): ReturnType<typeof locateMaster> {
  const { bootMs, ticksPerSecond } = readKernelUnits();
  return locateMaster(target, procView, (ticks) => bootMs + (ticks * 1000) / ticksPerSecond);
}

function locateByPs(target: MasterTarget): ReturnType<typeof locateMaster> {
  const rows = parsePs(readPs());
  const view = psView(
    () => rows,
    ({ elapsedSeconds }) => Date.now() / 1000 - elapsedSeconds,
  );
  return locateMaster(target, view, (startKey) => startKey * 1000);
}

function readPs(): string {
  try {
    return execFileSync('ps', PS_ARGUMENTS, {
      encoding: 'utf8',
      timeout: PS_DEADLINE_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}
