/** Alerts for these tests. */
import type { NotifiableAlert } from '../../../../src/alerts/notices/index.ts';

export const START = Date.UTC(2026, 10, 21, 12);

/** An alert that fires; its fingerprint follows its name. */
export const alertOf = (name: string, more: Partial<NotifiableAlert> = {}): NotifiableAlert => ({
  name,
  severity: 'critical',
  state: 'firing',
  labels: { instance: 'web-1' },
  annotations: { summary: `${name} happened` },
  value: 0.12,
  threshold: 0.05,
  startsAtMs: START,
  endsAtMs: null,
  fingerprint: `fp-${name}`,
  ...more,
});

export const resolved = (alert: NotifiableAlert, endsAtMs: number): NotifiableAlert => ({
  ...alert,
  state: 'resolved',
  endsAtMs,
});
