/** What rules leave for a next run: checked when it comes back, for files are damaged and edited. */
import * as v from 'valibot';
import { labelsOf } from '../promql/labels.ts';
import { savedMap } from '../saved-map.ts';
import type { ActiveAlert } from './alerting-rule.ts';

const time = v.nullable(v.number());

const savedAlert = v.object({
  labels: savedMap(v.string()),
  annotations: savedMap(v.string()),
  value: v.nullable(v.number()),
  state: v.picklist(['pending', 'firing', 'inactive']),
  activeAtMs: v.number(),
  firedAtMs: time,
  resolvedAtMs: time,
  keepFiringSinceMs: time,
  /** Metrics that its rule watches at endpoints of applications, by their `job`. With the first alert of a rule. */
  endpoints: v.optional(savedMap(v.array(v.string()))),
});

/** By key of the rule. */
const savedRules = savedMap(v.array(savedAlert));

/** Plain data. */
export type SavedRules = v.InferOutput<typeof savedRules>;

/** @param endpoints as `Endpoints.watchedBy` tells them; they stand with the first of the rule's alerts. */
export const saveAlerts = (
  alerts: readonly ActiveAlert[],
  endpoints: ReadonlyMap<string, readonly string[]>,
): SavedRules[string] =>
  alerts.map(({ labels, annotations, value, lostSinceMs: _, ...rest }, index) => ({
    ...rest,
    ...(index > 0 || endpoints.size === 0
      ? {}
      : { endpoints: Object.fromEntries([...endpoints].map(([job, metrics]) => [job, [...metrics]])) }),
    annotations: { ...annotations },
    labels: Object.fromEntries(labels),
    value: Number.isFinite(value) ? value : null,
  }));

/** Null where it cannot be read. */
export function readSavedRules(given: unknown): SavedRules | null {
  const result = v.safeParse(savedRules, given);
  return result.success ? result.output : null;
}

/** A pending alert that waited for longer than this before it came back starts anew, as in Prometheus. */
const MOST_OUTAGE_MS = 3_600_000;

/**
 * The alerts as they go on: a firing one fires on; of a pending one the time without gtop does not count, for nobody
 * looked.
 */
export function resumeAlerts(saved: SavedRules[string], savedAtMs: number, nowMs: number): readonly ActiveAlert[] {
  const outageMs = Math.max(0, nowMs - savedAtMs);
  return saved
    .filter(({ state }) => state !== 'pending' || outageMs <= MOST_OUTAGE_MS)
    .map(({ endpoints: _, ...alert }) => ({
      ...alert,
      labels: labelsOf(Object.entries(alert.labels)),
      value: alert.value ?? Number.NaN,
      activeAtMs: alert.state === 'pending' ? alert.activeAtMs + outageMs : alert.activeAtMs,
      lostSinceMs: null,
    }));
}
