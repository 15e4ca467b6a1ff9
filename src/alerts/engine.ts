/** The states that alerts walk through: inactive → pending → firing → resolved, and nodata. */
import type { EventDraft } from '../model/events.ts';
import type { AlertRow } from '../model/snapshot.ts';
import { BUILT_IN_RULES } from './built-in.ts';
import type { AlertOverride, AlertReading, AlertRule } from './rule.ts';
import type { AlertView } from './view.ts';

/** A resolved alert stays in sight for this long. */
export const RESOLVED_VISIBLE_MS = 15 * 60_000;

/** An alert has come to fire, ceased to, or lost what it watches. */
export interface AlertTransition {
  readonly atMs: number;
  readonly from: AlertRow['state'] | 'inactive';
  readonly to: Exclude<AlertRow['state'], 'pending'>;
  readonly alert: AlertRow;
}

interface AlertState {
  readonly rule: AlertRule;
  state: AlertRow['state'] | 'inactive';
  sinceMs: number;
  /** It fires, or did when its data was lost: a resolve is still owed. */
  fired: boolean;
  reading: AlertReading;
}

/** Order of the rows; of two in one state the worse, then the older comes first. */
const STATE_RANK: Readonly<Record<AlertRow['state'], number>> = { firing: 0, pending: 1, nodata: 2, resolved: 3 };
const SEVERITY_RANK: Readonly<Record<AlertRow['severity'], number>> = { critical: 0, warning: 1, info: 2 };
/** Transitions that wait to be taken. */
const MAX_TRANSITIONS = 256;

/**
 * Evaluates rules once a second. `for` is Prometheus': a condition must hold at every evaluation for as long before the
 * alert fires; one without a `for` fires at once. A rule whose data is lost is `nodata`, never calm; if it fired
 * before, it fires again at once or resolves when the data comes back. Rules about what gtop was not asked to watch
 * have no row, nor have inactive ones.
 */
export class AlertEngine {
  readonly #rules: readonly AlertRule[];
  readonly #states = new Map<string, AlertState>();
  #transitions: AlertTransition[] = [];

  /** @param overrides changes by the rule's name; unknown names change nothing. */
  constructor(rules: readonly AlertRule[] = BUILT_IN_RULES, overrides: Readonly<Record<string, AlertOverride>> = {}) {
    this.#rules = rules
      .map((rule) => (Object.hasOwn(overrides, rule.name) ? changed(rule, overrides[rule.name] ?? {}) : rule))
      .filter((rule) => rule.enabled);
  }

  evaluate(view: AlertView, nowMs: number): void {
    for (const rule of this.#rules) {
      if (rule.applies(view)) this.#step(rule, rule.check(view, rule.threshold ?? 0), nowMs);
      else this.#states.delete(rule.name);
    }
  }

  /** Firing ones first, the worst on top; then pending, nodata, and for 15 minutes resolved ones. */
  rows(): readonly AlertRow[] {
    return [...this.#states.values()]
      .flatMap((state) => rowOf(state) ?? [])
      .sort(
        (a, b) =>
          STATE_RANK[a.state] - STATE_RANK[b.state] ||
          SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] ||
          (a.since ?? '').localeCompare(b.since ?? ''),
      );
  }

  /** What changed since the last call, oldest first: firing, resolved, nodata and back. Pending is not news. */
  takeTransitions(): readonly AlertTransition[] {
    const taken = this.#transitions;
    this.#transitions = [];
    return taken;
  }

  #step(rule: AlertRule, reading: AlertReading, nowMs: number): void {
    const before = this.#states.get(rule.name);
    const state: AlertState = before ?? { rule, state: 'inactive', sinceMs: nowMs, fired: false, reading };
    state.reading = reading;
    this.#states.set(rule.name, state);
    const next = nextState(state, nowMs);
    if (next === state.state) return;
    const from = state.state;
    state.state = next;
    state.sinceMs = nowMs;
    if (next === 'firing') state.fired = true;
    if (next === 'resolved' || next === 'inactive') state.fired = false;
    const alert = rowOf(state);
    if (alert && next !== 'pending' && next !== 'inactive')
      this.#transitions.push({ atMs: nowMs, from, to: next, alert });
    if (this.#transitions.length > MAX_TRANSITIONS) this.#transitions.shift();
  }
}

const changed = (rule: AlertRule, override: AlertOverride): AlertRule => ({
  ...rule,
  severity: override.severity ?? rule.severity,
  enabled: override.enabled ?? rule.enabled,
  threshold: override.threshold ?? rule.threshold,
  forSeconds: override.forSeconds ?? rule.forSeconds,
});

function nextState({ rule, state, sinceMs, fired, reading }: AlertState, nowMs: number): AlertState['state'] {
  if (reading.active === null) return 'nodata';
  if (reading.active) {
    if (state === 'firing' || fired || rule.forSeconds <= 0) return 'firing';
    return state === 'pending' && nowMs - sinceMs >= rule.forSeconds * 1000 ? 'firing' : 'pending';
  }
  if (fired) return 'resolved';
  return state === 'resolved' && nowMs - sinceMs < RESOLVED_VISIBLE_MS ? 'resolved' : 'inactive';
}

function rowOf({ rule, state, sinceMs, reading }: AlertState): AlertRow | null {
  if (state === 'inactive') return null;
  return {
    name: rule.name,
    severity: rule.severity,
    state,
    value: reading.value,
    threshold: rule.threshold,
    since: new Date(sinceMs).toISOString(),
    summary: reading.summary,
    labels: reading.labels ?? {},
  };
}

/** A transition as an event of the service. */
export function describeTransition({ atMs, to, alert }: AlertTransition): EventDraft {
  const level = to === 'firing' ? alert.severity : to === 'nodata' ? 'unknown' : 'ok';
  return {
    atMs,
    kind: `alert-${to}`,
    level: level === 'info' ? 'ok' : level,
    text: `${alert.name} ${to === 'nodata' ? 'has no data' : to}: ${alert.summary}`,
  };
}
