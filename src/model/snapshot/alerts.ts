/** Alerts, what was sent of them, and the rule files behind them. */
import type { IsoTime } from './scalars.ts';

/** One alert. */
export interface AlertRow {
  /** Name of the rule. */
  readonly name: string;
  /** As the rule says. */
  readonly severity: 'critical' | 'warning' | 'info';
  /** As Prometheus defines them, and `nodata`: what the rule watches was lost. */
  readonly state: 'pending' | 'firing' | 'resolved' | 'nodata';
  /** Value compared last. */
  readonly value: number | null;
  /** What it is compared with. */
  readonly threshold: number | null;
  /** Of both; absent where only the author of the rule knows it. */
  readonly unit?: 'ratio' | 'seconds' | 'percent' | 'count' | 'perSecond' | 'bytes';
  /** Since when it is in this state. */
  readonly since: IsoTime | null;
  /** One sentence with the figures. */
  readonly summary: string;
  /** Labels of this instance. */
  readonly labels: Readonly<Record<string, string>>;
  /** The same for the same rule and labels, in every run. */
  readonly fingerprint: string;
  /** Where the rule stands: built in, a Prometheus rule file, a classical JSON file. */
  readonly source: 'builtin' | 'rules' | 'classical';
  /** The condition as it was written; null of a built-in rule. */
  readonly expression: string | null;
  /** Annotations with their templates filled in. */
  readonly annotations: Readonly<Record<string, string>>;
  /** What was sent where. */
  readonly notices: readonly AlertNotice[];
}

/** What one channel was told of an alert. */
export interface AlertNotice {
  /** Name of the channel. */
  readonly channel: string;
  /** Its type: `slack`, `email`, `webhook`, `alertmanager`, `command`. */
  readonly type: string;
  /** What it is to be told. */
  readonly state: 'firing' | 'resolved';
  /** What arrived last; null: nothing yet. */
  readonly delivered: 'firing' | 'resolved' | null;
  /** When that arrived. */
  readonly deliveredAt: IsoTime | null;
  /** Why the last notice has not arrived. */
  readonly error: string | null;
}

/** A time that an alert fired. */
export interface AlertFiring {
  /** Name of the rule. */
  readonly name: string;
  /** As the rule says. */
  readonly severity: AlertRow['severity'];
  /** Labels of the instance. */
  readonly labels: Readonly<Record<string, string>>;
  /** The alert's. */
  readonly fingerprint: string;
  /** When it came to fire. */
  readonly from: IsoTime;
  /** When it resolved; null while it fires. */
  readonly to: IsoTime | null;
  /** How long it fired, up to now while it does. */
  readonly seconds: number;
  /** What it said when it came to fire. */
  readonly summary: string;
}

/** What an alert compared, in equal steps up to the moment shown. A gap where it had no row. */
export interface AlertValues {
  /** The alert's. */
  readonly fingerprint: string;
  /** Distance of two values. */
  readonly stepSeconds: number;
  /** Start of the first step. */
  readonly from: IsoTime;
  /** Values compared. */
  readonly values: readonly (number | null)[];
}

/** The rule files. */
export interface RulesInfo {
  /** Files, with what is wrong with them. */
  readonly files: readonly RuleFileRow[];
  /** Rules that cannot do what they are meant to. */
  readonly findings: readonly RuleFinding[];
  /** Rules whose last evaluation failed. */
  readonly failures: readonly RuleFailure[];
  /** Series that rules look at. */
  readonly series: number;
  /** Time that the last evaluation of all rules took; null before the first. */
  readonly evaluationSeconds: number | null;
}

/** A rule file. */
export interface RuleFileRow {
  /** Its path. */
  readonly path: string;
  /** Rules of it that are in force. */
  readonly rules: number;
  /** When those were read; null: never. */
  readonly loadedAt: IsoTime | null;
  /** What is wrong with the file as it is now; the rules that were read before stay in force. */
  readonly error: string | null;
}

/** A rule that can never fire, always fires, or compares unlike things. */
export interface RuleFinding {
  /** File of the rule. */
  readonly file: string;
  /** Line in which the rule begins. */
  readonly line: number;
  /** Its group. */
  readonly group: string;
  /** Its name. */
  readonly rule: string;
  /** What is to be expected of it. */
  readonly kind: 'never' | 'always' | 'unlike';
  /** Why, in a sentence. */
  readonly reason: string;
  /** An expression that does what was probably meant, or what to configure; null where nobody can guess. */
  readonly rewrite: string | null;
}

/** A rule that could not be evaluated. */
export interface RuleFailure {
  /** Its group. */
  readonly group: string;
  /** Its name. */
  readonly rule: string;
  /** Why. */
  readonly error: string;
}
