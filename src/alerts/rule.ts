import type { AlertRow } from '../model/snapshot.ts';
import type { ClassicalNotice } from './notices/alert.ts';
import type { AlertView } from './view.ts';

/** What a rule reads at one moment. */
export interface AlertReading {
  /** Value compared; null unknown. */
  readonly value: number | null;
  /** Whether the condition holds; null: what the rule watches was lost. */
  readonly active: boolean | null;
  /** One sentence with the figures, or with what was lost. */
  readonly summary: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Tells the alerts of one rule apart: the name of a probe. A rule without has one alert. */
  readonly instance?: string;
  /** What a webhook of a classical rule is sent. */
  readonly classical?: ClassicalNotice;
}

/** Of a rule that is not built in. */
export interface RuleOrigin {
  readonly source: AlertRow['source'];
  readonly file: string;
  readonly expression: string;
  /** Names of its own channels; empty: it goes to all. */
  readonly channels: readonly string[];
  /** The least time between two notices while it fires. */
  readonly cooldownSeconds: number;
}

/** A rule: one row of a table. What a person may want to change is data. */
export interface AlertRule {
  readonly name: string;
  readonly severity: AlertRow['severity'];
  readonly enabled: boolean;
  /** What the value is compared with, in `unit`; null where there is nothing to set. */
  readonly threshold: number | null;
  /** Unit of value and threshold. */
  readonly unit: 'ratio' | 'seconds' | 'percent' | 'count' | 'perSecond' | 'bytes';
  /** Window of the figures; null is now. */
  readonly windowSeconds: number | null;
  /** How long the condition must hold before the alert fires. */
  readonly forSeconds: number;
  /** A rule of a file: where it stands, how its condition is written, where its notices go. */
  readonly origin?: RuleOrigin;
  /** Whether gtop was asked to watch what the rule needs. What is missing by choice is neither calm nor lost. */
  applies(view: AlertView): boolean;
  /** A list where the rule has an alert for each of several things. */
  check(view: AlertView, threshold: number): AlertReading | readonly AlertReading[];
}

/** Changes to a built-in rule, by its name. */
export type AlertOverride = Partial<Pick<AlertRule, 'severity' | 'enabled' | 'threshold' | 'forSeconds'>>;
