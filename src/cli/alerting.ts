/** The engine's orders about alerts, checked before anything starts. */
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ClassicFile } from '../alerts/classic/index.ts';
import type { AlertingConfig } from '../engine/alerting/index.ts';
import { parseListenAddress } from '../output/prometheus/address.ts';
import { dedupePaths } from '../sources/follow/index.ts';
import type { Settings } from './config.ts';
import { runtimeError, usageError } from './errors.ts';
import { expandGlob } from './globs.ts';

/**
 * @param goesOn the engine lives on after one look: it remembers alerts and tells of them.
 * @throws ReportedError when no rule file can be used. With one that can, gtop starts and names the others.
 */
export async function alertingConfig(settings: Settings, goesOn: boolean): Promise<AlertingConfig> {
  const { alerts, notify } = settings;
  const ruleFiles = ruleFilesOf(settings);
  const classics = await checkRuleFiles(ruleFiles);
  const hasChannels = Object.keys(notify).length > 0;
  const tells = hasChannels || classics.some(({ channels }) => Object.keys(channels).length > 0);
  return {
    ruleFiles,
    intervalSeconds: alerts.intervalSeconds,
    builtIn: alerts.builtIn,
    channels: hasChannels ? (await import('../alerts/notices/config.ts')).packChannels(notify) : null,
    externalUrl: externalUrl(settings),
    stateFile: goesOn && (hasChannels || ruleFiles.length > 0) ? stateFile(settings, tells, process.env) : null,
  };
}

/** Patterns expanded, each file once, by whatever names it is given. */
export const ruleFilesOf = ({ rules }: Settings): readonly string[] => dedupePaths(rules.flatMap(expandGlob));

/** @returns the classical ones among them. */
async function checkRuleFiles(paths: readonly string[]): Promise<readonly ClassicFile[]> {
  if (paths.length === 0) return [];
  const { loadRuleFile } = await import('../engine/alerting/rule-files.ts');
  const results = await Promise.all(paths.map(loadRuleFile));
  const failed = results.filter((result) => !result.ok);
  if (failed.length < results.length) {
    return results.flatMap((result) => (result.ok && result.loaded.kind === 'classical' ? [result.loaded.file] : []));
  }
  const problems = failed.flatMap((result) => result.problems);
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more: gtop rules check names all)` : '';
  const message = `${problems[0]}${more}`;
  throw failed.some(({ isBroken }) => isBroken) ? usageError(message) : runtimeError(message);
}

function externalUrl({ listen }: Settings): string {
  const address = listen === null ? null : parseListenAddress(listen);
  if (address === null || address.port === 0) return '';
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `http://${host}:${address.port}`;
}

/**
 * One file for all that watch the same: alerts live on in whatever gtop comes next, and only one of several tells of
 * them. A pid says nothing about the next run.
 * @param tells one without channels must not keep the others from telling.
 */
function stateFile({ pid, log, errorLog, appLog }: Settings, tells: boolean, environment: NodeJS.ProcessEnv): string {
  const home = environment.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  const paths = [...pid.filter((each) => !/^\d+$/.test(each)), ...log, ...errorLog, ...appLog];
  const key = JSON.stringify([tells, ...paths.map((path) => (path === '-' ? path : resolve(path))).sort()]);
  const name = createHash('sha256').update(key).digest('hex').slice(0, 12);
  return join(home, 'gtop', `alerts-${name}.json`);
}
