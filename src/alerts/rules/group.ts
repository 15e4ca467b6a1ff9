/** A group of rules: evaluated together, one after the other, so that later ones see what earlier ones wrote. */
import { evaluate } from '../promql/evaluate.ts';
import { labelsOf, METRIC_NAME, NO_LABELS, signatureOf } from '../promql/labels.ts';
import { parseExpr } from '../promql/parse/index.ts';
import { DEFAULT_LIMITS, type Labels } from '../promql/types.ts';
import type { SeriesStore } from '../series/store.ts';
import { type AlertChange, AlertingRule } from './alerting-rule.ts';
import type { Loss } from './loss.ts';
import type { GroupSpec, RecordingSpec, RuleSpec } from './rule.ts';
import type { GoSample, TemplateContext } from './templates/index.ts';

/** What rules are evaluated over. */
export interface Surroundings {
  readonly store: SeriesStore;
  readonly externalUrl: string;
  /** Step of subqueries that name none. */
  readonly intervalMs: number;
  /** What was lost of that which the rule watches; null: nothing. */
  lost(rule: RuleSpec): Loss | null;
}

export interface RuleChange extends AlertChange {
  readonly rule: AlertingRule;
}

/** A rule with what its evaluations have left. */
export class EvaluatedRule {
  readonly spec: RuleSpec;
  /** Null of a recording rule. */
  readonly alerting: AlertingRule | null;
  /** Why the last evaluation failed. */
  failure: { readonly sinceMs: number; readonly error: string } | null = null;
  /** What it wrote last, by signature. */
  #written = new Map<string, Labels>();

  constructor(spec: RuleSpec) {
    this.spec = spec;
    this.alerting = spec.kind === 'alert' ? new AlertingRule(spec) : null;
  }

  /** Writes a series for each sample, and the end of those that are no more. */
  write(samples: readonly GoSample[], store: SeriesStore, atMs: number): void {
    const written = new Map(samples.map(({ labels }) => [signatureOf(labels), labels]));
    for (const { labels, value } of samples) store.write(labels, atMs, value);
    for (const [signature, labels] of this.#written) if (!written.has(signature)) store.write(labels, atMs, null);
    this.#written = written;
  }

  /** Goes on with the series of the rule that stood in its place, as if they were its own: none of them ends between. */
  succeed(before: EvaluatedRule): void {
    this.#written = before.#written;
  }

  /** The rule is gone, and with it its series. */
  end(store: SeriesStore, atMs: number): void {
    this.write([], store, atMs);
  }
}

export class RuleGroup {
  readonly file: string;
  readonly spec: GroupSpec;
  readonly intervalMs: number;
  readonly rules: readonly EvaluatedRule[];
  #slot = Number.NaN;

  constructor(file: string, spec: GroupSpec, intervalMs: number) {
    this.file = file;
    this.spec = spec;
    this.intervalMs = spec.intervalMs ?? intervalMs;
    this.rules = spec.rules.map((rule) => new EvaluatedRule(rule));
  }

  /** Whether an evaluation is due: one in each interval, counted from 1970. */
  isDue(atMs: number): boolean {
    return Math.floor(atMs / this.intervalMs) !== this.#slot;
  }

  /** Rule by rule: whoever evaluates many lets others have their turn in between. @returns what each has changed. */
  *evaluate(surroundings: Surroundings, atMs: number): Generator<readonly RuleChange[]> {
    this.#slot = Math.floor(atMs / this.intervalMs);
    for (const rule of this.rules) {
      let changes: readonly RuleChange[] = [];
      try {
        changes = this.#evaluateRule(rule, surroundings, atMs);
        rule.failure = null;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        rule.failure = { sinceMs: rule.failure?.sinceMs ?? atMs, error: message };
      }
      yield changes;
    }
  }

  #evaluateRule(rule: EvaluatedRule, surroundings: Surroundings, atMs: number): readonly RuleChange[] {
    const { store, externalUrl } = surroundings;
    // What is written is of the moment that was asked for, so that later rules of the group find it.
    const at = atMs - this.spec.queryOffsetMs;
    const options = { ...DEFAULT_LIMITS, subqueryStepMs: surroundings.intervalMs };
    const ask = (expr: RuleSpec['expr']): readonly GoSample[] => {
      const value = evaluate(expr, store, at, options);
      if (value.type === 'vector') return value.samples;
      if (value.type === 'scalar') return [{ labels: NO_LABELS, value: value.value }];
      throw new Error('rule result is not a vector or scalar');
    };
    const elements = ask(rule.spec.expr);
    if (rule.alerting === null) {
      if (rule.spec.kind === 'record') rule.write(this.#recorded(rule.spec, elements), store, at);
      return [];
    }
    const context: TemplateContext = {
      query: (text) => ask(parseExpr(text)),
      nowSeconds: atMs / 1000,
      externalUrl,
    };
    const { alerting } = rule;
    const lost = surroundings.lost(rule.spec);
    const changes = alerting.evaluate({ atMs, elements, limit: this.spec.limit, lost, context });
    rule.write(alertSeries(alerting), store, at);
    return changes.map((change) => ({ ...change, rule: alerting }));
  }

  #recorded(spec: RecordingSpec, elements: readonly GoSample[]): readonly GoSample[] {
    const recorded = elements.map(({ labels, value }) => ({
      labels: labelsOf([...labels, [METRIC_NAME, spec.name], ...spec.labels]),
      value,
    }));
    if (new Set(recorded.map(({ labels }) => signatureOf(labels))).size < recorded.length) {
      throw new Error('vector contains metrics with the same labelset after applying rule labels');
    }
    const { limit } = this.spec;
    if (limit > 0 && recorded.length > limit)
      throw new Error(`exceeded limit of ${limit} with ${recorded.length} series`);
    return recorded;
  }
}

/** `ALERTS{alertname, alertstate, …}` and since when each is active, `ALERTS_FOR_STATE`, for rules about alerts. */
function alertSeries({ alerts }: AlertingRule): readonly GoSample[] {
  return alerts
    .filter(({ state }) => state !== 'inactive')
    .flatMap(({ labels, state, activeAtMs }) => [
      { labels: labelsOf([...labels, [METRIC_NAME, 'ALERTS'], ['alertstate', state]]), value: 1 },
      { labels: labelsOf([...labels, [METRIC_NAME, 'ALERTS_FOR_STATE']]), value: Math.floor(activeAtMs / 1000) },
    ]);
}

/** What makes a rule of one load the same as one of the next: as Prometheus, its place, its name and its labels. */
export const ruleKey = (file: string, group: string, spec: RuleSpec): string =>
  JSON.stringify([file, group, spec.name, [...(spec.kind === 'alert' ? spec.labelTexts : spec.labels)]]);
