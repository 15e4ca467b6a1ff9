/** Alerting as a part of the engine. */
export { Alerting, type AlertingOptions } from './alerting.ts';
export { type AlertingConfig, BUILT_IN_ONLY } from './config.ts';
export { familiesForRules } from './families.ts';
export { type FileResult, type LoadedFile, loadRuleFile } from './rule-files.ts';
