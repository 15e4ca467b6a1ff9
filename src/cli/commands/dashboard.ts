/** `gtop` on a terminal. */
import { appendFileSync } from 'node:fs';
import { EngineClient } from '../../engine/client.ts';
import type { EngineConfig, ReplayConfig } from '../../engine/config.ts';
import { exportSnapshot } from '../../output/export.ts';
import { reason, type Settings } from '../config.ts';
import { runtimeError } from '../errors.ts';
import { isUtf8Locale } from '../locale.ts';
import type { Context } from '../main.ts';
import { engineConfig } from '../targets.ts';

export default async function dashboard({ settings, scripts }: Context): Promise<number> {
  return showDashboard(await engineConfig(settings, true), settings, scripts.engine);
}

/**
 * Runs the dashboard over what `config` names.
 * @param atEnd synchronous; called once when the program ends, in whatever way.
 */
export async function showDashboard(
  config: EngineConfig | ReplayConfig,
  settings: Settings,
  engineScript: URL,
  atEnd: () => void = () => {},
): Promise<number> {
  const debug = debugLog(settings.debugLog);
  // The engine's thread starts while this one loads the screen.
  const engine = new EngineClient('speed' in config ? config : { ...config, records: true }, engineScript);
  try {
    const { runDashboard } = await import('../../ui/index.tsx');
    return await runDashboard({
      feed: {
        request: (question) => engine.request(question),
        // A replay keeps no lines, and there is nobody in the past to be told anything.
        ...('speed' in config ? {} : { lines: (query) => engine.lines(query) }),
        ...(!('speed' in config) && config.allowActions ? { act: (request) => engine.act(request) } : {}),
        export: (snapshot) => exportSnapshot(snapshot, process.env),
        onFailure: (listener) => engine.onFailure(listener),
        onNotice: (listener) => engine.onNotice(listener),
      },
      theme: settings.theme,
      filter: settings.filter,
      masked: settings.mask,
      mouse: settings.mouse,
      ownKeys: settings.keys,
      ascii: settings.ascii || !isUtf8Locale(process.env),
      color: settings.color,
      delayMs: settings.delay * 1000,
      windowSeconds: settings.window,
      timeZone: settings.tz,
      notices:
        'follow' in config && config.follow === 'tail' ? ['following with tail: lines are lost at every rotation'] : [],
      ...(debug ? { debug } : {}),
      atEnd,
    });
  } finally {
    await engine.stop();
  }
}

/** @throws ReportedError at the start when the file cannot be written: later nobody would see it. */
function debugLog(path: string | null): ((text: string) => void) | null {
  if (path === null) return null;
  const write = (text: string): void => appendFileSync(path, `${new Date().toISOString()} ${text}\n`, { mode: 0o600 });
  try {
    write('started');
  } catch (error) {
    throw runtimeError(`--debug-log ${path}: ${reason(error)}`);
  }
  return write;
}
