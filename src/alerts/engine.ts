/** The states that built-in alerts walk through: inactive → pending → firing → resolved, and nodata. */
import { fingerprint } from '../model/fingerprint.ts';
import type { AlertRow } from '../model/snapshot.ts';
import { BUILT_IN_RULES } from './built-in.ts';
import type { ClassicalNotice } from './notices/alert.ts';
import { type AlertReport, type AlertTransition, byUrgency, RESOLVED_VISIBLE_MS, TransitionQueue } from './report.ts';
import type { AlertOverride, AlertReading, AlertRule } from './rule.ts';
import type { AlertView } from './view.ts';

interface AlertState {
  readonly rule: AlertRule;
  readonly fingerprint: string;
  state: AlertRow['state'] | 'inactive';
  sinceMs: number;
  /** It fires, or did when its data was lost: a resolve is still owed. Since when; null: it does not. */
  firedMs: number | null;
  /** When it last came to fire, for what is told of its end. */
  startedMs: number;
  /** A run before has left it firing: until then what it watches may not have been seen again. */
  heldUntilMs: number;
  reading: AlertReading;
  /** What was last said while it was true. */
  lastActive: AlertReading;
}

/** An alert that fired when gtop ended, or had resolved a moment before. */
export interface SavedBuiltIn {
  readonly fingerprint: string;
  readonly rule: string;
  readonly instance: string | null;
  /** As the receivers of notices know it. */
  readonly labels: Readonly<Record<string, string>>;
  readonly firedMs: number;
  /** Null: it fires. */
  readonly resolvedMs: number | null;
  readonly value: number | null;
  readonly summary: string;
}

/** Beyond its window, a rule of an earlier run waits so long for data before it resolves. */
const HOLD_MARGIN_MS = 5_000;

/**
 * Evaluates rules once a second. `for` is Prometheus': a condition must hold at every evaluation for as long before the
 * alert fires; one without a `for` fires at once. A rule whose data is lost is `nodata`, never calm; if it fired
 * before, it fires again at once or resolves when the data comes back. Rules about what gtop was not asked to watch
 * have no row, nor have inactive ones.
 */
export class AlertEngine {
  readonly #rules: readonly AlertRule[];
  /** By key. */
  readonly #states = new Map<string, AlertState>();
  readonly #transitions = new TransitionQueue();

  /** @param overrides changes by the rule's name; unknown names change nothing. */
  constructor(rules: readonly AlertRule[] = BUILT_IN_RULES, overrides: Readonly<Record<string, AlertOverride>> = {}) {
    this.#rules = rules
      .map((rule) => (Object.hasOwn(overrides, rule.name) ? changed(rule, overrides[rule.name] ?? {}) : rule))
      .filter((rule) => rule.enabled);
  }

  evaluate(view: AlertView, nowMs: number): void {
    const seen = new Set<string>();
    for (const rule of this.#rules) {
      if (!rule.applies(view)) continue;
      const readings = [rule.check(view, rule.threshold ?? 0)].flat();
      for (const reading of readings) seen.add(this.#step(rule, reading, nowMs));
    }
    for (const [key, { heldUntilMs }] of this.#states) {
      if (!seen.has(key) && nowMs >= heldUntilMs) this.#states.delete(key);
    }
  }

  /** Firing ones first, the worst on top; then pending, nodata, and for 15 minutes resolved ones. */
  rows(): readonly AlertRow[] {
    return this.reports()
      .map(({ row }) => row)
      .sort(byUrgency);
  }

  /** All that are not inactive. */
  reports(): readonly AlertReport[] {
    return [...this.#states.values()].flatMap((state) => {
      const row = rowOf(state);
      return row === null ? [] : [{ row, notice: noticeOf(state, row) }];
    });
  }

  /** What changed since the last call, oldest first: firing, resolved, nodata and back. Pending is not news. */
  takeTransitions(): readonly AlertTransition[] {
    return this.#transitions.take();
  }

  /** Those that fire and those that are still in sight, for a next run. */
  saved(): readonly SavedBuiltIn[] {
    return [...this.#states.values()]
      .filter(({ state, firedMs }) => firedMs !== null || state === 'resolved')
      .map(({ rule, fingerprint, firedMs, startedMs, sinceMs, reading }) => ({
        fingerprint,
        rule: rule.name,
        instance: reading.instance ?? null,
        labels: reading.labels ?? {},
        firedMs: firedMs ?? startedMs,
        resolvedMs: firedMs === null ? sinceMs : null,
        value: reading.value,
        summary: reading.summary,
      }));
  }

  /**
   * Takes up what the run before has left. What fired fires on; it resolves only when its window has been seen anew, for
   * a window without a line looks calm. What had resolved stays in sight for its time.
   * @param isRestart false: the windows have been seen all along.
   */
  restore(saved: readonly SavedBuiltIn[], nowMs: number, isRestart = true): void {
    for (const { fingerprint, rule: name, instance, labels, firedMs, resolvedMs, value, summary } of saved) {
      const rule = this.#rules.find((one) => one.name === name);
      if (rule === undefined || (resolvedMs !== null && nowMs - resolvedMs >= RESOLVED_VISIBLE_MS)) continue;
      const active = resolvedMs === null;
      const reading = { value, active, summary, labels, ...(instance === null ? {} : { instance }) };
      this.#states.set(keyOf(rule, instance ?? undefined), {
        rule,
        fingerprint,
        state: active ? 'firing' : 'resolved',
        sinceMs: resolvedMs ?? firedMs,
        firedMs: active ? firedMs : null,
        startedMs: firedMs,
        heldUntilMs: isRestart ? nowMs + (rule.windowSeconds ?? 0) * 1000 + HOLD_MARGIN_MS : 0,
        reading,
        lastActive: reading,
      });
    }
  }

  /** @returns the alert's key. */
  #step(rule: AlertRule, reading: AlertReading, nowMs: number): string {
    const key = keyOf(rule, reading.instance);
    const state = this.#states.get(key) ?? newState(rule, reading, nowMs);
    this.#states.set(key, state);
    if (!reading.active && nowMs < state.heldUntilMs) return key;
    state.heldUntilMs = 0;
    state.reading = reading;
    if (reading.active) state.lastActive = reading;
    const next = nextState(state, nowMs);
    if (next === state.state) return key;
    const from = state.state;
    state.state = next;
    state.sinceMs = nowMs;
    if (next === 'firing') {
      state.startedMs = state.firedMs ?? nowMs;
      state.firedMs = state.startedMs;
    }
    if (next === 'resolved' || next === 'inactive') state.firedMs = null;
    const alert = rowOf(state);
    if (alert && next !== 'pending' && next !== 'inactive') {
      this.#transitions.add({ atMs: nowMs, from, to: next, alert });
    }
    return key;
  }
}

/** Of one alert among those of this engine. */
const keyOf = ({ name }: AlertRule, instance = ''): string => `${name}\n${instance}`;

const newState = (rule: AlertRule, reading: AlertReading, nowMs: number): AlertState => ({
  rule,
  fingerprint: fingerprint(
    JSON.stringify([rule.origin?.source ?? 'builtin', rule.origin?.file ?? '', rule.name, reading.instance ?? '']),
  ),
  state: 'inactive',
  sinceMs: nowMs,
  firedMs: null,
  startedMs: nowMs,
  heldUntilMs: 0,
  reading,
  lastActive: reading,
});

const changed = (rule: AlertRule, override: AlertOverride): AlertRule => ({
  ...rule,
  severity: override.severity ?? rule.severity,
  enabled: override.enabled ?? rule.enabled,
  threshold: override.threshold ?? rule.threshold,
  forSeconds: override.forSeconds ?? rule.forSeconds,
});

function nextState({ rule, state, sinceMs, firedMs, reading }: AlertState, nowMs: number): AlertState['state'] {
  if (reading.active === null) return 'nodata';
  if (reading.active) {
    if (state === 'firing' || firedMs !== null || rule.forSeconds <= 0) return 'firing';
    return state === 'pending' && nowMs - sinceMs >= rule.forSeconds * 1000 ? 'firing' : 'pending';
  }
  if (firedMs !== null) return 'resolved';
  return state === 'resolved' && nowMs - sinceMs < RESOLVED_VISIBLE_MS ? 'resolved' : 'inactive';
}

function rowOf({ rule, fingerprint, state, sinceMs, reading }: AlertState): AlertRow | null {
  if (state === 'inactive') return null;
  return {
    name: rule.name,
    severity: rule.severity,
    state,
    value: reading.value,
    threshold: rule.threshold,
    unit: rule.unit,
    since: new Date(sinceMs).toISOString(),
    summary: reading.summary,
    labels: reading.labels ?? {},
    fingerprint,
    source: rule.origin?.source ?? 'builtin',
    expression: rule.origin?.expression ?? null,
    annotations: {},
    notices: [],
  };
}

/** An alert whose data is lost has not resolved. */
function noticeOf(
  { rule, reading, lastActive, state, sinceMs, firedMs, startedMs }: AlertState,
  row: AlertRow,
): AlertReport['notice'] {
  const resolved = state === 'resolved';
  if (!resolved && firedMs === null) return null;
  return {
    name: row.name,
    severity: row.severity,
    state: resolved ? 'resolved' : 'firing',
    labels: row.labels,
    annotations: { summary: resolved && reading.classical ? lastActive.summary : row.summary },
    value: row.value,
    threshold: row.threshold,
    startsAtMs: startedMs,
    endsAtMs: resolved ? sinceMs : null,
    fingerprint: row.fingerprint,
    ...(rule.origin ? { channels: rule.origin.channels, cooldownSeconds: rule.origin.cooldownSeconds } : {}),
    ...(reading.classical ? { classical: resolved ? endOf(reading.classical, lastActive) : reading.classical } : {}),
  };
}

/** A message tells what is wrong: at the end, with the figures of then, it would tell nonsense. */
const endOf = (now: ClassicalNotice, { classical, summary }: AlertReading): ClassicalNotice => ({
  ...now,
  message: `RESOLVED: ${classical?.message ?? summary}`,
});
