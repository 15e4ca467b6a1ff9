/** Rules and what they are checked against, for tests. */
import { labelsOf } from '../../../../src/alerts/promql/labels.ts';
import { parseExpr } from '../../../../src/alerts/promql/parse/index.ts';
import type { LintContext } from '../../../../src/alerts/rules/lint/index.ts';
import type { AlertingSpec, RuleFile } from '../../../../src/alerts/rules/rule.ts';
import { readRuleFile } from '../../../../src/alerts/rules/rule-file.ts';
import { readTemplate } from '../../../../src/alerts/rules/templates/index.ts';
import { DEFAULT_METRICS } from '../../../../src/model/metrics/options.ts';

export const CONTEXT: LintContext = {
  ...DEFAULT_METRICS,
  probes: [],
  readsEndpoints: false,
  intervalMs: 15_000,
};

export const anAlertingSpec = (
  text: string,
  rest: Partial<AlertingSpec> = {},
  labels: Readonly<Record<string, string>> = {},
  annotations: Readonly<Record<string, string>> = {},
): AlertingSpec => ({
  kind: 'alert',
  name: 'Test',
  text,
  expr: parseExpr(text),
  line: 1,
  forMs: 0,
  keepFiringForMs: 0,
  labelTexts: new Map(Object.entries(labels)),
  labels: new Map(Object.entries(labels).map(([name, value]) => [name, readTemplate(value)])),
  unbuilt: [],
  annotations: new Map(Object.entries(annotations).map(([name, value]) => [name, readTemplate(value)])),
  ...rest,
});

/** @throws with the problems of a file that has some. */
export async function ruleFile(text: string, path = 'rules.yml'): Promise<RuleFile> {
  const loaded = await readRuleFile(path, text);
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  return loaded.file;
}

export const labels = (pairs: Readonly<Record<string, string>>) => labelsOf(Object.entries(pairs));
