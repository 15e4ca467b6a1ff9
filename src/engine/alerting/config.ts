/** What alerting is told by the configuration: plain data, for it crosses into the worker thread. */
import type { AlertOverride } from '../../alerts/index.ts';

export interface AlertingConfig {
  readonly ruleFiles: readonly string[];
  /** How often rules of files are evaluated, whole seconds. */
  readonly intervalSeconds: number;
  /** Changes to the built-in rules. */
  readonly builtIn: Readonly<Record<string, AlertOverride>>;
  /** Channels as `packChannels` makes them; null: none. */
  readonly channels: unknown;
  /** Where this gtop can be reached, for links; empty: nowhere. */
  readonly externalUrl: string;
  /** File that remembers alerts; null: for one look, which remembers nothing and tells nobody. */
  readonly stateFile: string | null;
}

/** Without a configuration. */
export const BUILT_IN_ONLY: AlertingConfig = {
  ruleFiles: [],
  intervalSeconds: 15,
  builtIn: {},
  channels: null,
  externalUrl: '',
  stateFile: null,
};
