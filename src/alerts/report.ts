/** What every kind of rule says of its alerts: rows for the screen and the Snapshot, notices for channels, transitions. */
import { createHash } from 'node:crypto';
import type { EventDraft } from '../model/events.ts';
import type { AlertRow } from '../model/snapshot.ts';
import type { NotifiableAlert } from './notices/alert.ts';

export interface AlertReport {
  /** Its `notices` are empty: only the notifier knows them. */
  readonly row: AlertRow;
  /** Null: it never came to fire. */
  readonly notice: NotifiableAlert | null;
}

/** An alert has come to fire, ceased to, or lost what it watches. */
export interface AlertTransition {
  readonly atMs: number;
  readonly from: AlertRow['state'] | 'inactive';
  readonly to: Exclude<AlertRow['state'], 'pending'>;
  readonly alert: AlertRow;
}

/** A resolved alert stays in sight for this long, as Prometheus keeps it. */
export const RESOLVED_VISIBLE_MS = 15 * 60_000;

/** Transitions that wait to be taken. */
const MAX_TRANSITIONS = 256;

/** Transitions until they are taken, the oldest given up when there are too many. */
export class TransitionQueue {
  #waiting: AlertTransition[] = [];

  add(transition: AlertTransition): void {
    this.#waiting.push(transition);
    if (this.#waiting.length > MAX_TRANSITIONS) this.#waiting.shift();
  }

  /** Those since the last call, the oldest first. */
  take(): readonly AlertTransition[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }
}

/** 16 hexadecimal digits: the same for the same rule and labels, in every run. Labels may come from requests. */
export function fingerprintOf(rule: readonly string[], labels: Iterable<readonly [string, string]>): string {
  const hash = createHash('sha256').update(JSON.stringify([rule, [...labels].sort(([a], [b]) => (a < b ? -1 : 1))]));
  return hash.digest('hex').slice(0, 16);
}

const SEVERITIES: Readonly<Record<string, AlertRow['severity']>> = {
  critical: 'critical',
  crit: 'critical',
  page: 'critical',
  high: 'critical',
  error: 'critical',
  fatal: 'critical',
  emergency: 'critical',
  disaster: 'critical',
  info: 'info',
  information: 'info',
  notice: 'info',
  low: 'info',
  none: 'info',
};

/** What a rule's author called the severity, in gtop's three. */
export function severityOf(text: string | undefined): AlertRow['severity'] {
  const known = text?.toLowerCase() ?? '';
  return Object.hasOwn(SEVERITIES, known) ? (SEVERITIES[known] ?? 'warning') : 'warning';
}

/** Order of the rows; of two in one state the worse, then the older comes first. */
const STATE_RANK: Readonly<Record<AlertRow['state'], number>> = { firing: 0, pending: 1, nodata: 2, resolved: 3 };
const SEVERITY_RANK: Readonly<Record<AlertRow['severity'], number>> = { critical: 0, warning: 1, info: 2 };

/** Firing ones first, the worst on top; then pending, nodata and resolved ones. */
export const byUrgency = (a: AlertRow, b: AlertRow): number =>
  STATE_RANK[a.state] - STATE_RANK[b.state] ||
  SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] ||
  (a.since ?? '').localeCompare(b.since ?? '');

/** A transition as an event of the service. */
export function describeTransition({ atMs, to, alert }: AlertTransition): EventDraft {
  const level = to === 'firing' ? alert.severity : to === 'nodata' ? 'unknown' : 'ok';
  return {
    atMs,
    kind: `alert-${to}`,
    level: level === 'info' ? 'ok' : level,
    // Where there is no data the summary says so itself.
    text: to === 'nodata' ? `${alert.name} has ${alert.summary}` : `${alert.name} ${to}: ${alert.summary}`,
  };
}
