/** Alerting as a part of the engine. */
export { Alerting, type AlertingConfig, type AlertingOptions, BUILT_IN_ONLY } from './alerting.ts';
export { familiesForRules } from './families.ts';
export { type FileResult, type LoadedFile, loadRuleFile } from './rule-files.ts';
