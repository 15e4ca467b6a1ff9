/** Alerts: the built-in rules and the engine that evaluates them. */
export { BUILT_IN_RULES } from './built-in.ts';
export { AlertEngine, type AlertTransition, describeTransition, RESOLVED_VISIBLE_MS } from './engine.ts';
export type { AlertOverride, AlertReading, AlertRule } from './rule.ts';
export type { AlertView } from './view.ts';
