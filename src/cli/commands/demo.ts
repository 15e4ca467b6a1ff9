/** `gtop demo`: the dashboard on the built-in look-alike, which ends with it. */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Context } from '../context.ts';
import { startDemo } from '../demo/index.ts';
import { runtimeError } from '../errors.ts';
import { VERSION } from '../version.ts';
import { showDashboard } from './dashboard.ts';

export default async function demo({ settings, scripts }: Context): Promise<number> {
  if (!process.stdout.isTTY) throw runtimeError('gtop demo needs a terminal');
  const look = await startDemo(fileURLToPath(scripts.program));
  try {
    return await showDashboard(
      {
        version: VERSION,
        pid: look.pidFile,
        accessLogs: [look.accessLog],
        errorLogs: [look.errorLog],
        logFormat: 'auto',
        fromStart: true,
        sinceMs: Date.now(),
        historySiblings: false,
        follow: 'generations',
        sampler: settings.sampler,
        noRoutes: settings.noRoutes,
        routes: settings.routes,
        appLogs: [],
        linePatterns: settings.watch,
        gunicornSettings: null,
      },
      settings,
      scripts.startEngine,
      // A signal ends the program before `stop` could; the children notice by themselves, the folder does not.
      () => rmSync(look.dir, { recursive: true, force: true }),
    );
  } finally {
    await look.stop();
  }
}
