/**
 * The life of the alerts of one rule, as Prometheus has it (`rules/alerting.go`): pending, firing, resolved; `for`,
 * `keep_firing_for`, duplicates, limit. On top of it gtop knows when what a rule watches is lost: then nothing resolves.
 */
import { labelsOf, METRIC_NAME, signatureOf } from '../promql/labels.ts';
import type { Labels } from '../promql/types.ts';
import { RESOLVED_VISIBLE_MS } from '../report.ts';
import type { Loss } from './loss.ts';
import type { AlertingSpec } from './rule.ts';
import { expandTemplate, type GoSample, type TemplateContext } from './templates/index.ts';

export interface ActiveAlert {
  /** `alertname` included. */
  readonly labels: Labels;
  annotations: Readonly<Record<string, string>>;
  value: number;
  /** `inactive` is resolved: kept for a while, for it has to be told. */
  state: 'pending' | 'firing' | 'inactive';
  /** When the condition came to hold. */
  readonly activeAtMs: number;
  firedAtMs: number | null;
  resolvedAtMs: number | null;
  /** Since when it fires for `keep_firing_for` alone. */
  keepFiringSinceMs: number | null;
  /** It would have resolved, but what the rule watches is lost. Since when. */
  lostSinceMs: number | null;
}

/** What changed at one evaluation. */
export interface AlertChange {
  readonly from: ActiveAlert['state'] | 'nodata';
  readonly to: 'firing' | 'resolved' | 'nodata';
  /** Null: the rule as a whole. */
  readonly alert: ActiveAlert | null;
}

/** One moment as a rule sees it. */
export interface AlertEvaluation {
  readonly atMs: number;
  /** What the expression answers. */
  readonly elements: readonly GoSample[];
  readonly limit: number;
  /** What was lost of that which the rule watches; null: nothing. */
  readonly lost: Loss | null;
  readonly context: TemplateContext;
}

export class AlertingRule {
  readonly spec: AlertingSpec;
  /** By signature of the labels. */
  readonly #active = new Map<string, ActiveAlert>();
  /** Of an earlier run; until then an empty answer may be for want of samples. */
  #heldUntilMs = 0;
  #lost: { readonly sinceMs: number; readonly why: string } | null = null;

  constructor(spec: AlertingSpec) {
    this.spec = spec;
  }

  /** Pending, firing and resolved ones. */
  get alerts(): readonly ActiveAlert[] {
    return [...this.#active.values()];
  }

  /** Since when nothing is known of the rule, and why; null: it is calm, or its alerts tell. */
  get lost(): { readonly sinceMs: number; readonly why: string } | null {
    return this.#lost;
  }

  /** Takes over the alerts of the same rule, as it was before a reload or a restart. */
  adopt(alerts: readonly ActiveAlert[], heldUntilMs: number): void {
    for (const alert of alerts) this.#active.set(signatureOf(alert.labels), { ...alert });
    this.#heldUntilMs = heldUntilMs;
  }

  /**
   * @throws Error when two elements get the same labels, or there are more than the limit: as in Prometheus the rule then
   * fails; of the first its alerts stay as they are, of the second they are forgotten.
   */
  evaluate(evaluation: AlertEvaluation): readonly AlertChange[] {
    const { atMs, limit, lost } = evaluation;
    const found = this.#found(evaluation);
    for (const [signature, alert] of found) {
      const known = this.#active.get(signature);
      if (known === undefined || known.state === 'inactive') this.#active.set(signature, alert);
      else {
        known.value = alert.value;
        known.annotations = alert.annotations;
      }
    }
    const changes: AlertChange[] = [];
    let count = 0;
    for (const [signature, alert] of this.#active) {
      if (found.has(signature)) {
        count++;
        changes.push(...this.#hold(alert, atMs));
      } else if (this.#isHeld(alert, atMs)) {
        count++;
      } else if (alert.state === 'firing' && lost?.concerns(alert.labels)) {
        count++;
        if (alert.lostSinceMs === null) changes.push({ from: 'firing', to: 'nodata', alert });
        alert.lostSinceMs ??= atMs;
      } else {
        count += Number(this.#release(signature, alert, atMs, changes));
      }
    }
    this.#noteLost(lost, count, atMs, changes);
    if (limit > 0 && count > limit) {
      this.#active.clear();
      throw new Error(`exceeded limit of ${limit} with ${count} alerts`);
    }
    return changes;
  }

  #found({ atMs, elements, context }: AlertEvaluation): ReadonlyMap<string, ActiveAlert> {
    const found = new Map<string, ActiveAlert>();
    for (const { labels: own, value } of elements) {
      const expand = (template: Parameters<typeof expandTemplate>[0]): string =>
        expandTemplate(template, own, value, context);
      const labels = labelsOf([
        ...[...own].filter(([name]) => name !== METRIC_NAME),
        ...[...this.spec.labels].map(([name, template]): [string, string] => [name, expand(template)]),
        ['alertname', this.spec.name],
      ]);
      const signature = signatureOf(labels);
      if (found.has(signature)) {
        throw new Error('vector contains metrics with the same labelset after applying alert labels');
      }
      const annotations = [...this.spec.annotations].map(([name, template]) => [name, expand(template)] as const);
      found.set(signature, {
        labels,
        annotations: Object.fromEntries(annotations),
        value,
        state: 'pending',
        activeAtMs: atMs,
        firedAtMs: null,
        resolvedAtMs: null,
        keepFiringSinceMs: null,
        lostSinceMs: null,
      });
    }
    return found;
  }

  /** The condition holds. */
  #hold(alert: ActiveAlert, atMs: number): readonly AlertChange[] {
    alert.keepFiringSinceMs = null;
    const wasLost = alert.lostSinceMs !== null;
    alert.lostSinceMs = null;
    if (wasLost) return [{ from: 'nodata', to: 'firing', alert }];
    if (alert.state !== 'pending' || atMs - alert.activeAtMs < this.spec.forMs) return [];
    alert.state = 'firing';
    alert.firedAtMs = atMs;
    return [{ from: 'pending', to: 'firing', alert }];
  }

  /** A series that has only just begun to be sampled has no rate yet. */
  #isHeld({ state }: ActiveAlert, atMs: number): boolean {
    return atMs < this.#heldUntilMs && state !== 'inactive';
  }

  /** The condition no longer holds. @returns whether it fires all the same. */
  #release(signature: string, alert: ActiveAlert, atMs: number, changes: AlertChange[]): boolean {
    const { keepFiringForMs } = this.spec;
    if (alert.state === 'firing' && keepFiringForMs > 0) {
      alert.keepFiringSinceMs ??= atMs;
      if (atMs - alert.keepFiringSinceMs < keepFiringForMs) return true;
    }
    const isForgotten = alert.resolvedAtMs !== null && atMs - alert.resolvedAtMs > RESOLVED_VISIBLE_MS;
    if (alert.state === 'pending' || (alert.state === 'inactive' && isForgotten)) this.#active.delete(signature);
    if (alert.state === 'firing') {
      changes.push({ from: alert.lostSinceMs === null ? 'firing' : 'nodata', to: 'resolved', alert });
      alert.resolvedAtMs = atMs;
      alert.lostSinceMs = null;
    }
    if (alert.state !== 'pending') alert.state = 'inactive';
    return false;
  }

  #noteLost(lost: Loss | null, count: number, atMs: number, changes: AlertChange[]): void {
    if (lost === null || count > 0) this.#lost = null;
    else {
      if (this.#lost === null) changes.push({ from: 'inactive', to: 'nodata', alert: null });
      this.#lost = { sinceMs: this.#lost?.sinceMs ?? atMs, why: lost.why };
    }
  }
}
