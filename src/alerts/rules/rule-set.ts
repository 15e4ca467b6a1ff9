/** All rules of all files: evaluates what is due, keeps states over reloads and restarts, tells what fires. */
import type { MetricFamily } from '../../model/metrics/family.ts';
import type { RuleFailure, RuleFinding } from '../../model/snapshot.ts';
import type { VectorSelector } from '../promql/ast.ts';
import { type AlertReport, type AlertTransition, TransitionQueue } from '../report.ts';
import { LEAST_RETENTION_MS, SeriesStore } from '../series/store.ts';
import type { AlertView } from '../view.ts';
import type { ActiveAlert, AlertingRule } from './alerting-rule.ts';
import { Endpoints } from './endpoints.ts';
import { familyOf, reachOf, selectorsByRule } from './families.ts';
import { type EvaluatedRule, type RuleChange, RuleGroup, ruleKey, type Surroundings } from './group.ts';
import { type LintContext, lintRules } from './lint/index.ts';
import { type Loss, wholly } from './loss.ts';
import { isFed, type LostFamilies, lostFamilies, sourceHint } from './needs.ts';
import { blindRow, reportsOf, rowOf } from './rows.ts';
import type { RuleFile, RuleSpec } from './rule.ts';
import { readSavedRules, resumeAlerts, type SavedRules, saveAlerts } from './saved.ts';

export interface RuleSetOptions {
  /** How often series are sampled and groups without an interval of their own evaluated. Whole seconds. */
  readonly intervalMs: number;
  /** Where this gtop can be reached; empty when it listens nowhere. */
  readonly externalUrl?: string;
}

/** Longer than this no evaluation holds up the rest of the thread. */
const SLICE_MS = 10;

export class RuleSet {
  readonly #intervalMs: number;
  readonly #externalUrl: string;
  readonly #store: SeriesStore;
  readonly #transitions = new TransitionQueue();
  #groups: readonly RuleGroup[] = [];
  #sampleMs: number;
  #slot = Number.NaN;
  #selectors: ReturnType<typeof selectorsByRule> = new Map();
  readonly #endpoints = new Endpoints();
  #readsEndpoints = false;
  readonly #seenFamilies = new Set<string>();
  #evaluationSeconds: number | null = null;
  #findings: readonly RuleFinding[] = [];

  constructor({ intervalMs, externalUrl = '' }: RuleSetOptions) {
    this.#intervalMs = intervalMs;
    this.#sampleMs = intervalMs;
    this.#externalUrl = externalUrl;
    this.#store = new SeriesStore({ intervalMs, retentionMs: LEAST_RETENTION_MS });
  }

  /**
   * Puts these rules in the place of those before. A rule that stands where it stood, with the name and labels that it
   * had, keeps its alerts.
   */
  load(files: readonly RuleFile[], lint: LintContext, nowMs: number): void {
    const before = new Map(this.#keyedAlerts());
    this.#replace(
      files.flatMap(({ path, groups }) => groups.map((group) => new RuleGroup(path, group, this.#intervalMs))),
      nowMs,
    );
    this.#adopt((key) => before.get(key)?.alerts ?? [], 0);
    const specs = this.#groups.flatMap(({ spec }) => spec.rules);
    this.#selectors = selectorsByRule(specs);
    this.#readsEndpoints = lint.readsEndpoints;
    this.#sampleMs = Math.min(this.#intervalMs, ...this.#groups.map(({ intervalMs }) => intervalMs));
    const reachMs = Math.max(0, ...specs.map(({ expr }) => reachOf(expr)));
    this.#store.resize({ intervalMs: this.#sampleMs, retentionMs: reachMs + this.#sampleMs });
    this.#findings = lintRules(files, { ...lint, intervalMs: this.#sampleMs });
  }

  /** What a rule has written stays, without a gap, where a rule of that place, name and kind comes after it. */
  #replace(groups: readonly RuleGroup[], nowMs: number): void {
    const before = new Map<string, EvaluatedRule[]>();
    for (const [key, rule] of keyedRules(this.#groups)) before.set(key, [...(before.get(key) ?? []), rule]);
    for (const [key, rule] of keyedRules(groups)) {
      const same = before.get(key)?.shift();
      if (same !== undefined) rule.succeed(same);
    }
    for (const rule of [...before.values()].flat()) rule.end(this.#store, nowMs);
    this.#groups = groups;
  }

  /**
   * Takes up what a run before has left. Its alerts stay until their ranges have been sampled anew.
   * @param given from a file, hence anything.
   */
  restore(given: unknown, savedAtMs: number, nowMs: number): void {
    const saved = readSavedRules(given);
    if (saved === null) return;
    for (const { endpoints } of this.#readsEndpoints ? Object.values(saved).flat() : []) {
      for (const [job, metrics] of Object.entries(endpoints ?? {})) this.#endpoints.restore(job, metrics, nowMs);
    }
    this.#adopt((key) => resumeAlerts(saved[key] ?? [], savedAtMs, nowMs), nowMs);
  }

  #adopt(alertsOf: (key: string) => readonly ActiveAlert[], heldFromMs: number): void {
    const taken = new Set<string>();
    for (const { file, spec, rules } of this.#groups) {
      for (const { alerting } of rules) {
        if (alerting === null) continue;
        const key = ruleKey(file, spec.name, alerting.spec);
        if (taken.has(key)) continue;
        taken.add(key);
        const holdMs = Math.min(LEAST_RETENTION_MS, reachOf(alerting.spec.expr)) + 2 * this.#intervalMs;
        alerting.adopt(alertsOf(key), heldFromMs === 0 ? 0 : heldFromMs + holdMs);
      }
    }
  }

  *#keyedAlerts(): Iterable<[string, AlertingRule]> {
    for (const { file, spec, rules } of this.#groups) {
      for (const { alerting } of rules) {
        if (alerting !== null) yield [ruleKey(file, spec.name, alerting.spec), alerting];
      }
    }
  }

  /** All alerts, for a next run. */
  saved(): SavedRules {
    return Object.fromEntries(
      [...this.#keyedAlerts()]
        .filter(([, { alerts }]) => alerts.length > 0)
        .map(([key, { alerts, spec }]) => [
          key,
          saveAlerts(alerts, this.#endpoints.watchedBy(this.#selectorsOf(spec))),
        ]),
    );
  }

  /** Whether there is anything to do at this moment. */
  isDue(nowMs: number): boolean {
    const atMs = wholeSecond(nowMs);
    return Math.floor(atMs / this.#sampleMs) !== this.#slot || this.#groups.some((group) => group.isDue(atMs));
  }

  /**
   * Samples the series and evaluates the groups that are due.
   * @param families read when a sample is due. @param view null: nothing can be lost, as in a log of the past.
   * @param pause called now and then, so that others have their turn.
   */
  async evaluate(
    families: () => readonly MetricFamily[],
    view: AlertView | null,
    nowMs: number,
    pause: () => Promise<void>,
  ): Promise<void> {
    const atMs = wholeSecond(nowMs);
    let startMs = performance.now();
    let spentMs = 0;
    const slot = Math.floor(atMs / this.#sampleMs);
    if (slot !== this.#slot) this.#sample(families(), atMs);
    this.#slot = slot;
    const lost = view === null ? null : lostFamilies(view);
    const surroundings: Surroundings = {
      store: this.#store,
      externalUrl: this.#externalUrl,
      intervalMs: this.#intervalMs,
      lost: (rule) => (lost === null ? null : this.#lostOf(rule, lost)),
    };
    const groups = this.#groups;
    for (const group of groups.filter((one) => one.isDue(atMs))) {
      for (const changes of group.evaluate(surroundings, atMs)) {
        for (const change of changes) this.#tell(group, change, atMs);
        const elapsedMs = performance.now() - startMs;
        if (elapsedMs < SLICE_MS) continue;
        spentMs += elapsedMs;
        await pause();
        // Loaded anew meanwhile: what is left of the old ones writes nothing any more.
        if (this.#groups !== groups) return;
        startMs = performance.now();
      }
    }
    this.#evaluationSeconds = (spentMs + performance.now() - startMs) / 1000;
  }

  reports(): readonly AlertReport[] {
    return this.#groups.flatMap(({ file, spec, rules }) =>
      rules.flatMap((rule) => reportsOf({ file, group: spec.name }, rule)),
    );
  }

  /** What changed since the last call, oldest first. */
  takeTransitions(): readonly AlertTransition[] {
    return this.#transitions.take();
  }

  get findings(): readonly RuleFinding[] {
    return this.#findings;
  }

  failures(): readonly RuleFailure[] {
    return this.#groups.flatMap(({ spec, rules }) =>
      rules.flatMap((rule) =>
        rule.failure === null ? [] : [{ group: spec.name, rule: rule.spec.name, error: rule.failure.error }],
      ),
    );
  }

  /** Rules about metrics that nothing here has given so far: they cannot fire. Empty before the first sample. */
  unfed(): readonly RuleFinding[] {
    if (this.#seenFamilies.size === 0) return [];
    return this.#groups.flatMap(({ file, spec }) =>
      spec.rules.flatMap((rule): RuleFinding[] => {
        const missing = this.#familiesOf(rule).filter((name) => isFed(name) && !this.#seenFamilies.has(name));
        const [first] = missing;
        if (first === undefined) return [];
        const reason = `nothing here gives ${missing.join(', ')} so far${sourceHint(first)}`;
        return [{ file, line: rule.line, group: spec.name, rule: rule.name, kind: 'never', reason, rewrite: null }];
      }),
    );
  }

  get series(): number {
    return this.#store.size;
  }

  /** Time that the last evaluation took; null before the first. */
  get evaluationSeconds(): number | null {
    return this.#evaluationSeconds;
  }

  #sample(families: readonly MetricFamily[], atMs: number): void {
    this.#store.sample(families, atMs);
    this.#endpoints.note(families, atMs);
    for (const name of this.#store.families) this.#seenFamilies.add(name);
  }

  /** What an application publishes under its own name is no alias. */
  #familiesOf(rule: RuleSpec): readonly string[] {
    const names = this.#selectorsOf(rule).flatMap(({ metric }) => metric ?? []);
    return [...new Set(names.map((name) => (this.#seenFamilies.has(name) ? name : familyOf(name, isFed))))];
  }

  #selectorsOf(rule: RuleSpec): readonly VectorSelector[] {
    return this.#selectors.get(rule) ?? [];
  }

  /** What an application no longer publishes while it answers has ended, as it has for Prometheus. */
  #lostOf(rule: RuleSpec, lost: LostFamilies): Loss | null {
    for (const family of this.#familiesOf(rule)) {
      const why = lost.get(family);
      if (why !== undefined) return wholly(why);
      const isGone = isFed(family) && this.#seenFamilies.has(family) && !this.#store.families.has(family);
      if (isGone) return wholly(`${family} is no longer there`);
    }
    return this.#endpoints.lossOf(this.#selectorsOf(rule));
  }

  #tell(group: RuleGroup, { rule, from, to, alert }: RuleChange, atMs: number): void {
    const place = { file: group.file, group: group.spec.name };
    const row =
      alert === null
        ? blindRow(place, rule.spec, { sinceMs: atMs, why: `no data: ${rule.lost?.why ?? ''}` })
        : rowOf(place, rule.spec, alert);
    this.#transitions.add({ atMs, from: from === 'inactive' ? 'inactive' : from, to, alert: row });
  }
}

function* keyedRules(groups: readonly RuleGroup[]): Iterable<readonly [key: string, rule: EvaluatedRule]> {
  for (const { file, spec, rules } of groups) {
    for (const rule of rules) yield [`${rule.spec.kind} ${ruleKey(file, spec.name, rule.spec)}`, rule];
  }
}

const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;
