/** Alerts: the built-in rules and the engine that evaluates them. Rule files are in `rules/`, loaded when there are any. */
export { BUILT_IN_RULES } from './built-in.ts';
export { AlertEngine, type SavedBuiltIn } from './engine.ts';
export {
  type AlertReport,
  type AlertTransition,
  byUrgency,
  describeTransition,
  RESOLVED_VISIBLE_MS,
} from './report.ts';
export type { AlertOverride, AlertReading, AlertRule } from './rule.ts';
export type { AlertView } from './view.ts';
