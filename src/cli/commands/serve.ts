/** `gtop serve`: no screen; metrics, snapshots and gtop's own health over HTTP, until a signal ends it. */
import { Engine } from '../../engine/engine.ts';
import {
  DEFAULT_LISTEN,
  exposureWarning,
  formatListenAddress,
  parseListenAddress,
  type RunningServer,
  startServer,
} from '../../output/prometheus/index.ts';
import { ruleFilesOf } from '../alerting.ts';
import { resolveSettings, type Settings } from '../config.ts';
import type { Context } from '../context.ts';
import { runtimeError } from '../errors.ts';
import { changedKeys } from '../serve/changes.ts';
import { Troubles } from '../serve/troubles.ts';
import { say } from '../stream/remarks.ts';
import { engineConfig } from '../targets.ts';

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
const LOOK_MS = 1_000;
/** At the end notices that wait get so long; what is left goes out after the next start. */
const DRAIN_MS = 700;

export default async function serve({ settings, flags }: Context): Promise<number> {
  const ended = endSignal();
  let current = settings;
  let engine: Engine | null = null;
  const reload = async (): Promise<void> => {
    const before = current;
    try {
      current = await resolveSettings(flags, process.env);
      say(sayReload(changedKeys(before, current)));
      await engine?.alerting.reload(ruleFilesOf(current));
    } catch (error) {
      say(`not reloaded, all goes on as before: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  process.on('SIGHUP', reload);

  const config = await engineConfig(settings, true);
  engine = new Engine({ ...config, fromEnd: settings.since === null, metrics: settings.metrics });
  await warnOfSecrets(settings);
  await engine.start();
  await engine.historyRead;
  const server = await listen(engine, () => current);
  const troubles = new Troubles();
  const watched = engine;
  const look = (): void => {
    watched.alerting.takeRemarks().forEach(say);
    troubles.look(watched.troubles(), Date.now()).forEach(say);
  };
  look();
  const looking = setInterval(look, LOOK_MS);

  const signal = await ended;
  clearInterval(looking);
  process.off('SIGHUP', reload);
  await server.close();
  await engine.alerting.drain(DRAIN_MS);
  engine.stop();
  return EXIT_CODES[signal];
}

/** What is careless about the channels of the config file. */
async function warnOfSecrets({ notify, configFile }: Settings): Promise<void> {
  if (Object.keys(notify).length === 0 || configFile === null) return;
  const { notifyWarnings } = await import('../../alerts/notices/config.ts');
  notifyWarnings(notify, configFile).forEach(say);
}

/** @throws ReportedError when nothing can listen there. */
async function listen(engine: Engine, settings: () => Settings): Promise<RunningServer> {
  const named = settings().listen;
  const address = (named === null ? null : parseListenAddress(named)) ?? DEFAULT_LISTEN;
  try {
    const server = await startServer({
      listen: address,
      served: engine,
      httpAliases: () => settings().metricsAlias === 'http',
    });
    say(`listening on http://${formatListenAddress(server.address)}: /metrics /healthz /snapshot?window=1m`);
    const warning = exposureWarning(address);
    if (warning !== null) say(warning);
    return server;
  } catch (error) {
    engine.stop();
    throw runtimeError(error instanceof Error ? error.message : String(error));
  }
}

/** Resolves with the first signal that asks for an end; a second one ends the process at once. */
function endSignal(): Promise<keyof typeof EXIT_CODES> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve('SIGINT'));
    process.once('SIGTERM', () => resolve('SIGTERM'));
  });
}

function sayReload({ inForce, atNextStart }: ReturnType<typeof changedKeys>): string {
  if (inForce.length + atNextStart.length === 0) return 'reloaded: nothing has changed';
  const parts = [
    inForce.length > 0 ? `in force now: ${inForce.join(', ')}` : '',
    atNextStart.length > 0 ? `only after a restart: ${atNextStart.join(', ')}` : '',
  ];
  return `reloaded; ${parts.filter(Boolean).join('; ')}`;
}
