/** `gtop rules backtest RULES LOG…`: when would these rules have fired over these logs. */
import { loadRuleFile } from '../../engine/alerting/index.ts';
import { type Backtest, type BacktestFiring, type BacktestRule, backtest } from '../../engine/backtest.ts';
import { toJsonLine } from '../../output/json.ts';
import { dedupePaths } from '../../sources/follow/index.ts';
import { visible } from '../../text/visible.ts';
import { reason } from '../config.ts';
import type { Context } from '../context.ts';
import { runtimeError, usageError } from '../errors.ts';
import { expandGlob } from '../globs.ts';
import { Progress } from '../progress.ts';
import { checkLog } from '../targets.ts';

/** Firings of one rule that are shown. */
const MOST_FIRINGS = 20;

export default async function run({ settings, flags }: Context): Promise<number> {
  const [rulesPath = '', ...given] = (flags.files as readonly string[]).map(String);
  if (given.length === 0) throw usageError('rules backtest takes a rule file and the logs to test it over');
  const result = await loadRuleFile(rulesPath);
  if (!result.ok) {
    const [first = '', ...more] = result.problems;
    const message = more.length > 0 ? `${first} (and ${more.length} more: gtop rules check names all)` : first;
    throw result.isBroken ? usageError(message) : runtimeError(message);
  }
  const paths = dedupePaths(given.flatMap(expandGlob));
  const errorLogs = dedupePaths(settings.errorLog.flatMap(expandGlob));
  if ([...paths, ...errorLogs].includes('-'))
    throw usageError('rules backtest reads files: name one in the place of -');
  for (const path of [...paths, ...errorLogs]) checkLog(path, false);
  const progress = new Progress();
  const outcome = await test({
    files: [result.loaded],
    logs: [
      ...paths.map((path) => ({ path, kind: 'access' as const, format: settings.logFormat })),
      ...errorLogs.map((path) => ({ path, kind: 'error' as const, format: 'auto' })),
    ],
    intervalSeconds: settings.alerts.intervalSeconds,
    noRoutes: settings.noRoutes,
    routes: settings.routes,
    metrics: settings.metrics,
    probes: settings.probes.map(({ name }) => name),
    readsEndpoints: settings.metricsEndpoints.length > 0,
    onProgress: (_atMs, lines) => progress.show(0, null, lines),
  });
  progress.clear();
  if (flags.json) process.stdout.write(`${toJsonLine(forJson(outcome))}\n`);
  else process.stdout.write(`${textOf(outcome, settings.tz).map(visible).join('\n')}\n`);
  return 0;
}

async function test(order: Parameters<typeof backtest>[0]): Promise<Backtest> {
  try {
    return await backtest(order);
  } catch (error) {
    const { path } = error as NodeJS.ErrnoException;
    throw runtimeError(path === undefined ? reason(error) : `${path}: ${reason(error)}`);
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();

function forJson({ fromMs, toMs, rules, ...rest }: Backtest): unknown {
  return {
    from: iso(fromMs),
    to: iso(toMs),
    ...rest,
    rules: rules.map(({ firings, ...rule }) => ({
      ...rule,
      firings: firings.map(({ fromMs: from, toMs: to, ...firing }) => ({
        from: iso(from),
        to: to === null ? null : iso(to),
        seconds: ((to ?? toMs) - from) / 1000,
        ...firing,
      })),
    })),
  };
}

function textOf(outcome: Backtest, zone: 'local' | 'utc'): readonly string[] {
  const { fromMs, toMs, lines, evaluations, rules } = outcome;
  const time = (ms: number): string => timeText(ms, zone);
  return [
    `${lines} lines from ${time(fromMs)} to ${time(toMs)}, ${evaluations} evaluations`,
    ...rules.flatMap((rule) => ['', ...ruleLines(rule, toMs, time)]),
  ];
}

function ruleLines(rule: BacktestRule, endMs: number, time: (ms: number) => string): readonly string[] {
  const { name, group, firings, finding, error } = rule;
  const title = group === '' ? name : `${name} (group ${group})`;
  const doubts = [
    ...(error === null ? [] : [`  cannot be evaluated: ${error}`]),
    ...(finding === null ? [] : [`  ${finding.reason}`, ...(finding.rewrite ? [`  write: ${finding.rewrite}`] : [])]),
  ];
  if (firings.length === 0) return [`${title}: never fired${pendingText(rule)}`, ...doubts];
  const seconds = firings.reduce((sum, firing) => sum + ((firing.toMs ?? endMs) - firing.fromMs) / 1000, 0);
  const times = firings.length === 1 ? 'once' : `${firings.length} times`;
  const more = firings.length - MOST_FIRINGS;
  return [
    `${title}: fired ${times}, ${durationText(seconds)} in all`,
    ...firings.slice(0, MOST_FIRINGS).map((firing) => firingLine(firing, endMs, time)),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...doubts,
  ];
}

function firingLine(
  { fromMs, toMs, labels, summary }: BacktestFiring,
  endMs: number,
  time: (ms: number) => string,
): string {
  const seconds = ((toMs ?? endMs) - fromMs) / 1000;
  const length =
    toMs === null ? `still firing at the end, after ${durationText(seconds)}` : `for ${durationText(seconds)}`;
  const shown = Object.entries(labels).filter(([label]) => label !== 'severity');
  const which =
    shown.length === 0 ? '' : ` {${shown.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(', ')}}`;
  return `  ${time(fromMs)}  ${length}${which}  ${summary}`;
}

function pendingText({ pendingSeconds, forSeconds }: BacktestRule): string {
  if (pendingSeconds === 0) return '';
  return `; its condition held for ${durationText(pendingSeconds)} of ${durationText(forSeconds)} at most`;
}

function timeText(ms: number, zone: 'local' | 'utc'): string {
  const text = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
    timeZone: zone === 'utc' ? 'UTC' : undefined,
  }).format(ms);
  return zone === 'utc' ? `${text}Z` : text;
}

/** `1h 2m 3s`, without parts that are nothing. */
function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 3600), 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ] as const;
  const shown = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount}${unit}`);
  return shown.length === 0 ? '0s' : shown.join(' ');
}
