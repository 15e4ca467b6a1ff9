/** Alerting as a part of the engine. */
export { Alerting, type AlertingConfig, type AlertingOptions } from './alerting.ts';
export { type FileResult, loadRuleFile } from './rule-files.ts';
