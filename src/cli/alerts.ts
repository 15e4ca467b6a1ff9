/** The section `alerts` of the config file, but for its schema. */
import type { AlertOverride } from '../alerts/rule.ts';

export interface AlertSettings {
  /** How often rules of files are evaluated. */
  readonly intervalSeconds: number;
  /** Changes to the built-in alerts by their names. */
  readonly builtIn: Readonly<Record<string, AlertOverride>>;
}

/** Prometheus' usual interval. */
export const DEFAULT_ALERTS: AlertSettings = { intervalSeconds: 15, builtIn: {} };

/** As the file has it. @param value what the schema made. */
export function alertsForFile(value: unknown): unknown {
  const { intervalSeconds, builtIn } = value as AlertSettings;
  const alerts = Object.entries(builtIn).map(([name, { forSeconds, ...rest }]) => [
    name,
    { ...rest, ...(forSeconds === undefined ? {} : { for: `${forSeconds}s` }) },
  ]);
  return { interval: `${intervalSeconds}s`, ...Object.fromEntries(alerts) };
}
