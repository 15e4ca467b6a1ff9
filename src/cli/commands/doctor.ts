/** `gtop doctor`: what of a set-up hides information or invites trouble, each with the setting to change. */
import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Engine } from '../../engine/engine.ts';
import {
  absolutePath,
  heartbeatFolder,
  type MasterIdentity,
  type OpenLogFile,
  openLogFiles,
  resolvePidTarget,
} from '../../sources/gunicorn/index.ts';
import { visible } from '../../text/visible.ts';
import type { Context } from '../context.ts';
import { examine } from '../doctor/checks.ts';
import type { Finding, Patient } from '../doctor/finding.ts';
import { secretParameters } from '../doctor/secrets.ts';
import { unheldLogs } from '../doctor/unheld-logs.ts';
import { engineConfig } from '../targets.ts';

/** The control socket is asked two seconds after the start. */
const LOOKS = 4;
const BETWEEN_LOOKS_MS = 1000;
/** statfs(2): the magic number of tmpfs, and of ramfs. */
const IN_MEMORY = [0x01021994, 0x858458f6];

export default async function doctor({ settings, flags }: Context): Promise<number> {
  // What is missing is what a doctor is asked about.
  const config = await engineConfig(settings, true);
  const engine = new Engine(config);
  try {
    await engine.open();
    for (let look = 0; look < LOOKS; look++) {
      await engine.tick();
      if (look === 0) await engine.readToEnd();
      await sleep(config.pid === null ? 0 : BETWEEN_LOOKS_MS);
    }
    await engine.tick();
    const target = config.pid === null ? null : resolvePidTarget(config.pid);
    const said = target?.ok ? target.master.settings : null;
    const own = said && { ...said, ...config.gunicornSettings };
    const heartbeats = (target?.ok ? heartbeatFolder(target.master.pid) : null) ?? own?.workerTmpDir ?? null;
    const patient: Patient = {
      snapshot: engine.snapshot({ windowSeconds: null, atMs: null }),
      settings: own,
      somaxconn: readNumber('/proc/sys/net/core/somaxconn'),
      heartbeatFolder: heartbeats,
      // As the master sees it: it may run in a container.
      heartbeatsInMemory:
        target?.ok && heartbeats !== null ? liesInMemory(`/proc/${target.master.pid}/root${heartbeats}`) : null,
      unheldLogs: target?.ok
        ? unheldLogs(
            [...config.accessLogs, ...config.errorLogs, ...ownLogs(target.master)],
            openLogFiles(target.master.pid),
          )
        : [],
      errorsInAccessLog: target?.ok ? isWrittenBy(target.master, config.accessLogs) : false,
      secretParameters: config.accessLogs.flatMap(parametersOf),
    };
    const findings = examine(patient);
    process.stdout.write(flags.json ? `${JSON.stringify({ findings })}\n` : asText(findings));
    return 0;
  } finally {
    engine.stop();
  }
}

function asText(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'nothing found: gtop sees all that it can, and no setting invites trouble\n';
  return findings
    .map(
      ({ id, level, text, setting }) => `${level === 'warning' ? '▲' : '●'} ${visible(text)} [${id}]\n    ${setting}\n`,
    )
    .join('');
}

/** Whether standard error, where Gunicorn writes its errors unless told otherwise, is one of these files. */
function isWrittenBy({ pid, settings: { errorLog } }: MasterIdentity, paths: readonly string[]): boolean {
  const stderr = errorLog === null || errorLog === '-' ? openLogFiles(pid)?.find(({ fd }) => fd === 2) : undefined;
  return stderr !== undefined && paths.some((path) => isSameFile(path, stderr));
}

function isSameFile(path: string, { dev, ino }: Pick<OpenLogFile, 'dev' | 'ino'>): boolean {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats?.dev === dev && stats.ino === ino;
}

/** The logs that a master was told to write, whether they are there or not; as gtop reaches them. */
function ownLogs(master: MasterIdentity): string[] {
  const { accessLog, errorLog } = master.settings;
  return [accessLog, errorLog].flatMap((setting) => {
    const path = setting === null || setting === '-' ? null : absolutePath(setting, master);
    return path === null || existsSync(path) ? [] : [`/proc/${master.pid}/root${path}`];
  });
}

function readNumber(path: string): number | null {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function liesInMemory(folder: string): boolean | null {
  try {
    return IN_MEMORY.includes(statfsSync(folder).type);
  } catch {
    return null;
  }
}

function parametersOf(path: string): string[] {
  try {
    return path === '-' ? [] : secretParameters(path);
  } catch {
    return [];
  }
}
