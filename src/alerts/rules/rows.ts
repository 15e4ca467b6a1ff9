/** Alerts of rule files as rows and notices. */
import type { AlertRow } from '../../model/snapshot.ts';
import type { NotifiableAlert } from '../notices/alert.ts';
import { formatValue } from '../promql/format.ts';
import { type AlertReport, fingerprintOf, severityOf } from '../report.ts';
import type { ActiveAlert } from './alerting-rule.ts';
import type { EvaluatedRule } from './group.ts';
import type { AlertingSpec } from './rule.ts';
import { thresholdOf } from './threshold.ts';

/** Where a rule stands. */
export interface RulePlace {
  readonly file: string;
  readonly group: string;
}

/** The rows of one rule: its alerts, or that nothing is known of it. */
export function reportsOf(place: RulePlace, { spec, alerting, failure }: EvaluatedRule): readonly AlertReport[] {
  if (alerting === null || spec.kind !== 'alert') return [];
  const reports = alerting.alerts.map((alert) => ({
    row: rowOf(place, spec, alert),
    notice: noticeOf(place, spec, alert),
  }));
  if (alerting.alerts.some(({ state }) => state !== 'inactive')) return reports;
  const blind =
    failure === null
      ? alerting.lost && { sinceMs: alerting.lost.sinceMs, why: `no data: ${alerting.lost.why}` }
      : { sinceMs: failure.sinceMs, why: `cannot be evaluated: ${failure.error}` };
  return blind === null ? reports : [{ row: blindRow(place, spec, blind), notice: null }, ...reports];
}

/** The row of an alert. */
export function rowOf(place: RulePlace, spec: AlertingSpec, alert: ActiveAlert): AlertRow {
  const labels = labelsOf(alert);
  const lost = alert.lostSinceMs !== null;
  const state = lost ? 'nodata' : alert.state === 'inactive' ? 'resolved' : alert.state;
  return {
    ...sharedOf(spec),
    severity: severityOf(labels.severity),
    state,
    value: Number.isFinite(alert.value) ? alert.value : null,
    since: isoOf(alert.lostSinceMs ?? sinceMs(alert)),
    summary: lost ? `no data: ${summaryOf(spec, alert)}` : summaryOf(spec, alert),
    labels,
    fingerprint: fingerprintFor(place, spec, labels),
    annotations: alert.annotations,
  };
}

/** The row of a rule of which nothing is known. */
export function blindRow(
  place: RulePlace,
  spec: AlertingSpec,
  { sinceMs: since, why }: { readonly sinceMs: number; readonly why: string },
): AlertRow {
  const labels = Object.fromEntries(spec.labelTexts);
  return {
    ...sharedOf(spec),
    severity: severityOf(labels.severity),
    state: 'nodata',
    value: null,
    since: isoOf(since),
    summary: why,
    labels,
    fingerprint: fingerprintFor(place, spec, labels),
    annotations: {},
  };
}

const sharedOf = (spec: AlertingSpec) =>
  ({
    name: spec.name,
    threshold: thresholdOf(spec.expr),
    source: 'rules',
    expression: spec.text,
    notices: [],
  }) as const;

const isoOf = (ms: number): string => new Date(ms).toISOString();

const fingerprintFor = ({ file, group }: RulePlace, { name }: AlertingSpec, labels: AlertRow['labels']): string =>
  fingerprintOf(['rules', file, group, name], Object.entries(labels));

/** Without the name of the alert, which stands beside them. */
const labelsOf = ({ labels }: ActiveAlert): Readonly<Record<string, string>> =>
  Object.fromEntries([...labels].filter(([name]) => name !== 'alertname'));

const sinceMs = ({ state, activeAtMs, firedAtMs, resolvedAtMs }: ActiveAlert): number =>
  (state === 'firing' ? firedAtMs : state === 'inactive' ? resolvedAtMs : null) ?? activeAtMs;

/** Four digits are enough to read. */
const shortened = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(4)) : value);

/** The annotation that people write for it, else the expression with its value. */
function summaryOf({ text }: AlertingSpec, { annotations, value }: ActiveAlert): string {
  const { summary, message, description } = annotations;
  const said = summary || message || description || `${text.replace(/\s+/g, ' ')} (${formatValue(shortened(value))})`;
  return said.split('\n')[0]?.trim() ?? '';
}

function noticeOf(place: RulePlace, spec: AlertingSpec, alert: ActiveAlert): NotifiableAlert | null {
  if (alert.state === 'pending' || alert.firedAtMs === null) return null;
  const labels = labelsOf(alert);
  return {
    name: spec.name,
    severity: labels.severity ?? 'warning',
    state: alert.state === 'firing' ? 'firing' : 'resolved',
    labels,
    annotations: alert.annotations,
    value: Number.isFinite(alert.value) ? alert.value : null,
    threshold: thresholdOf(spec.expr),
    startsAtMs: alert.firedAtMs,
    endsAtMs: alert.resolvedAtMs,
    fingerprint: fingerprintFor(place, spec, labels),
  };
}
