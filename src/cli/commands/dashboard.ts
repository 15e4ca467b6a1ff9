/** `gtop` on a terminal. */
import { appendFileSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { EngineClient } from '../../engine/client.ts';
import type { EngineConfig, ReplayConfig } from '../../engine/config.ts';
import { exportSnapshot } from '../../output/export.ts';
import type { Services } from '../../ui/feed.ts';
import { reason, type Settings } from '../config.ts';
import type { Context } from '../context.ts';
import { EngineSwitch } from '../engine-switch.ts';
import { runtimeError } from '../errors.ts';
import { isUtf8Locale } from '../locale.ts';
import { type Choice, chooseMaster, engineConfig, settingsFor } from '../targets.ts';

export default async function dashboard({ settings, scripts }: Context): Promise<number> {
  const choice = await chooseMaster(settings, true);
  const chosen = choice === null ? settings : settingsFor(settings, choice.masters[choice.index]);
  return showDashboard(await engineConfig(chosen, true), settings, scripts.startEngine, () => {}, choice);
}

/**
 * Runs the dashboard over what `config` names.
 * @param atEnd synchronous; called once when the program ends, in whatever way.
 * @param choice the Gunicorns that were found, where none was named.
 */
export async function showDashboard(
  config: EngineConfig | ReplayConfig,
  settings: Settings,
  startEngine: () => Worker,
  atEnd: () => void = () => {},
  choice: Choice | null = null,
): Promise<number> {
  const debug = debugLog(settings.debugLog);
  // The engine's thread starts while this one loads the screen.
  const engine = new EngineSwitch(
    config,
    (each) => new EngineClient('speed' in each ? each : { ...each, records: true }, startEngine()),
  );
  try {
    const { runDashboard } = await import('../../ui/index.tsx');
    return await runDashboard({
      feed: {
        request: (question) => engine.ask((one) => one.request(question)),
        lines: (query) => engine.ask((one) => one.lines(query)),
        // There is nobody in the past to be told anything.
        ...(!('speed' in config) && config.allowActions
          ? { act: (request) => engine.ask((one) => one.act(request)) }
          : {}),
        ...(choice === null || choice.masters.length < 2 ? {} : { services: servicesOf(choice, settings, engine) }),
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

/** The Gunicorns as they were found; the one that is shown follows its own restarts. */
function servicesOf({ masters, index }: Choice, settings: Settings, engine: EngineSwitch): Services {
  let shown = index;
  return {
    rows: masters,
    get shown() {
      return shown;
    },
    show: async (next) => {
      await engine.change(await engineConfig(settingsFor(settings, masters[next]), true));
      shown = next;
    },
  };
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
