/**
 * `gtop rules check FILE…`: 0 when all is well, 1 when a rule can never fire, always fires or compares unlike things, or
 * a file cannot be read, 2 when a file is no rule file.
 */
import { writeSync } from 'node:fs';
import { lintRules } from '../../alerts/rules/index.ts';
import { loadRuleFile } from '../../engine/alerting/index.ts';
import { createFolder } from '../../model/routes.ts';
import type { RuleFinding } from '../../model/snapshot.ts';
import { toJsonLine } from '../../output/json.ts';
import { visible } from '../../text/visible.ts';
import type { Settings } from '../config.ts';
import type { Context } from '../context.ts';
import { expandGlob } from '../globs.ts';

interface Checked {
  readonly path: string;
  readonly rules: number;
  readonly groups: number;
  readonly problems: readonly string[];
  readonly isBroken: boolean;
  readonly findings: readonly RuleFinding[];
}

export default async function check({ settings, flags }: Context): Promise<number> {
  const paths = [...new Set((flags.files as readonly string[]).flatMap((path) => expandGlob(String(path))))];
  const files = await checkFiles(paths, settings);
  if (flags.json) process.stdout.write(`${toJsonLine({ files })}\n`);
  else for (const file of files) show(file);
  if (files.some(({ isBroken }) => isBroken)) return 2;
  return files.some(({ problems, findings }) => problems.length + findings.length > 0) ? 1 : 0;
}

/** Recording rules of one file are known to all. */
async function checkFiles(paths: readonly string[], settings: Settings): Promise<readonly Checked[]> {
  const results = await Promise.all(paths.map(loadRuleFile));
  const rules = results.flatMap((result) => (result.ok && result.loaded.kind === 'rules' ? [result.loaded.file] : []));
  const findings = lintRules(rules, {
    ...settings.metrics,
    probes: settings.probes.map(({ name }) => name),
    readsEndpoints: settings.metricsEndpoints.length > 0,
    routeOf: createFolder(settings),
    intervalMs: Math.min(
      settings.alerts.intervalSeconds * 1000,
      ...rules.flatMap(({ groups }) => groups.flatMap(({ intervalMs }) => intervalMs ?? [])),
    ),
  });
  return results.map((result, index): Checked => {
    const path = paths[index] ?? '';
    if (!result.ok) {
      return { path, rules: 0, groups: 0, problems: result.problems, isBroken: result.isBroken, findings: [] };
    }
    const sound = { path, problems: [], isBroken: false };
    if (result.loaded.kind === 'classical') {
      const { file } = result.loaded;
      return { ...sound, rules: file.rules.length, groups: 0, findings: file.findings };
    }
    const { groups } = result.loaded.file;
    return {
      ...sound,
      rules: groups.reduce((sum, group) => sum + group.rules.length, 0),
      groups: groups.length,
      findings: findings.filter(({ file }) => file === path),
    };
  });
}

const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`;

const SAID: Readonly<Record<RuleFinding['kind'], string>> = {
  never: 'can never fire',
  always: 'always fires',
  unlike: 'may not mean what it says',
};

function show({ path, rules, groups, problems, findings }: Checked): void {
  for (const problem of problems) writeSync(2, `gtop: ${visible(problem)}\n`);
  if (problems.length > 0) return;
  const where = groups > 0 ? ` in ${count(groups, 'group')}` : '';
  const named = new Set(findings.map(({ line, rule }) => `${line} ${rule}`)).size;
  const verdict = named === 0 ? 'all in order' : `${count(named, 'rule')} to look at`;
  const lines = [`${path}: ${count(rules, 'rule')}${where}: ${verdict}`, ...findings.flatMap(linesOf)];
  process.stdout.write(lines.map((line) => `${visible(line)}\n`).join(''));
}

function linesOf({ file, line, group, rule, kind, reason, rewrite }: RuleFinding): readonly string[] {
  const where = group === '' ? '' : ` (group ${group})`;
  return [
    `  ${file}:${line}: ${rule}${where} ${SAID[kind]}`,
    `    ${reason}`,
    ...(rewrite === null ? [] : [`    write: ${rewrite}`]),
  ];
}
