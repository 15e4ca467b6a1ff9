/** What the rules hand to the notices, and what of it goes out. */

/**
 * One alert that fires, or has just ceased to.
 *
 * An alert whose data is lost has not resolved: it stays `firing`. An alert that is merely no longer reported is
 * resolved by the notifier after a while (`GONE_AFTER_MS` in `ledger.ts`), so that a rule which was deleted leaves no
 * alert open at its receivers.
 */
export interface NotifiableAlert {
  /** Name of the rule. */
  readonly name: string;
  /** As the rule says: `critical`, `warning`, or whatever its author wrote. */
  readonly severity: string;
  readonly state: 'firing' | 'resolved';
  /** Labels of this instance; `alertname` and `severity` are added to what goes out where they are not among them. */
  readonly labels: Readonly<Record<string, string>>;
  /** `summary`, `description` … with their templates filled in. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Value compared last; null unknown. */
  readonly value: number | null;
  /** What it is compared with; null where that is not one number. */
  readonly threshold: number | null;
  /** When it came to fire. */
  readonly startsAtMs: number;
  /** When it resolved; null while it fires. */
  readonly endsAtMs: number | null;
  /** The same for the same rule and labels, also after a restart. */
  readonly fingerprint: string;
  /** Names of the channels it goes to, and to no others; absent or empty: to all that belong to no rule. */
  readonly channels?: readonly string[];
  /**
   * The least time between two notices of it while it fires, and the time after which it is repeated: in the place of
   * the channel's `repeat`. It never holds back a resolve.
   */
  readonly cooldownSeconds?: number;
  /** What a webhook of a classical JSON rule gets. */
  readonly classical?: ClassicalNotice;
}

/** Body of a classical rule's webhook, but for name and time. */
export interface ClassicalNotice {
  /** The rule's message with its fields filled in. */
  readonly message: string;
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** What one message carries. */
export interface Batch {
  /** Name of the channel. */
  readonly receiver: string;
  /** At least one; the oldest first. Text of strangers in it has been made visible. */
  readonly alerts: readonly NotifiableAlert[];
  /** When it is sent. */
  readonly atMs: number;
  /** Where this gtop can be reached; empty when it listens nowhere. */
  readonly externalUrl: string;
}

/** All labels that go out: `alertname` is the rule's name, whatever its labels say. */
export const labelsOf = ({ name, severity, labels }: NotifiableAlert): Readonly<Record<string, string>> => ({
  severity,
  ...labels,
  alertname: name,
});

/** An ISO 8601 time in UTC. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();
