/** Prometheus' rule files: reading, judging and evaluating them. Heavy (PromQL): load it with `await import()`. */
export { type LintContext, lintRules } from './lint/index.ts';
export type { LoadedRules, RuleFile } from './rule.ts';
export { readRuleFile } from './rule-file.ts';
export { RuleSet, type RuleSetOptions } from './rule-set.ts';
export type { SavedRules } from './saved.ts';
