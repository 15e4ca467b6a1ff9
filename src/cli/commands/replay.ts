/** `gtop replay FILE…`: the dashboard over past logs. */
import type { ReplayConfig } from '../../engine/config.ts';
import { dedupePaths } from '../../sources/follow/index.ts';
import type { Context } from '../context.ts';
import { runtimeError, usageError } from '../errors.ts';
import { expandGlob } from '../globs.ts';
import { parseMoment } from '../moment.ts';
import { checkLog } from '../targets.ts';
import { VERSION } from '../version.ts';
import { showDashboard } from './dashboard.ts';

const SPEED = /^(\d+(?:\.\d+)?)x?$/;
const MOST_SPEED = 3600;

export default async function replay({ settings, flags, scripts }: Context): Promise<number> {
  const paths = dedupePaths((flags.files as readonly string[]).flatMap((path) => expandGlob(String(path))));
  if (paths.includes('-')) throw usageError('replay reads files: standard input has no past');
  const errorLogs = dedupePaths(settings.errorLog.flatMap(expandGlob));
  for (const path of [...paths, ...errorLogs]) checkLog(path, false);
  const config: ReplayConfig = {
    version: VERSION,
    logs: [
      ...paths.map((path) => ({ path, kind: 'access' as const, format: settings.logFormat })),
      ...errorLogs.map((path) => ({ path, kind: 'error' as const, format: 'auto' })),
    ],
    speed: speedOf(flags.speed),
    fromMs: momentOf(flags.from, settings.tz),
    timeZone: settings.tz,
    noRoutes: settings.noRoutes,
    routes: settings.routes,
  };
  if (!process.stdout.isTTY) throw runtimeError('replay needs a terminal; gtop report reads logs without one');
  return showDashboard(config, settings, scripts.startEngine);
}

function speedOf(flag: unknown): number {
  if (flag === undefined) return 1;
  const speed = Number(SPEED.exec(String(flag))?.[1]);
  if (!(speed > 0 && speed <= MOST_SPEED)) {
    throw usageError(`--speed '${flag}' is not a speed: write 20x, at most ${MOST_SPEED}x`);
  }
  return speed;
}

function momentOf(flag: unknown, zone: 'local' | 'utc'): number | null {
  if (flag === undefined) return null;
  const moment = parseMoment(String(flag), zone);
  if (moment === null || !('atMs' in moment)) {
    throw usageError(`--from '${flag}' is not a time: write 2026-11-21T14:03`);
  }
  return moment.atMs;
}
