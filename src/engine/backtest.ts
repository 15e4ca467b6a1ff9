/** When would rules have fired over past logs: the same model and rules as live, on the clock of the logs. */
import { setImmediate as turn } from 'node:timers/promises';
import { AlertEngine, type AlertReport, type AlertTransition } from '../alerts/index.ts';
import type { AlertRule } from '../alerts/rule.ts';
import { RuleSet } from '../alerts/rules/index.ts';
import type { MetricsOptions } from '../model/metrics/index.ts';
import { Model } from '../model/model.ts';
import { createFolder } from '../model/routes.ts';
import type { AlertRow, RuleFinding } from '../model/snapshot.ts';
import { PastLog, type PastLogOptions } from '../sources/past-log.ts';
import type { LoadedFile } from './alerting/index.ts';

export interface BacktestOrder {
  readonly files: readonly LoadedFile[];
  readonly logs: readonly PastLogOptions[];
  readonly intervalSeconds: number;
  readonly noRoutes: boolean;
  readonly routes: readonly string[];
  /** As the configuration has them: rules are judged by what a gtop that watches would have. */
  readonly metrics: MetricsOptions;
  readonly probes: readonly string[];
  readonly readsEndpoints: boolean;
  /** Of the log that was read, and lines so far; called now and then. */
  onProgress?(atMs: number, lines: number): void;
}

/** A time that an alert would have fired. */
export interface BacktestFiring {
  readonly fromMs: number;
  /** Null: it still fired at the end of the logs. */
  readonly toMs: number | null;
  readonly labels: AlertRow['labels'];
  /** Value when it came to fire. */
  readonly value: number | null;
  readonly summary: string;
}

export interface BacktestRule {
  readonly file: string;
  readonly group: string;
  readonly name: string;
  readonly forSeconds: number;
  readonly firings: readonly BacktestFiring[];
  /** The longest time that its condition held without its firing, seconds; 0: never. */
  readonly pendingSeconds: number;
  /** Why it could not be evaluated, at the end. */
  readonly error: string | null;
  /** Why it cannot fire over these logs. */
  readonly finding: RuleFinding | null;
}

export interface Backtest {
  readonly fromMs: number;
  readonly toMs: number;
  readonly lines: number;
  readonly evaluations: number;
  readonly rules: readonly BacktestRule[];
}

/** Rules look back this far behind a pause before lines come again: nothing can have changed before. */
const LOOK_BACK_MS = 3_600_000;
/** What depends on the clock alone may change in a pause. */
const CLOCK = /\b(?:time|timestamp|hour|minute|day_of_\w+|days_in_month|month|year)\s*\(/;

/** @throws the system's error of a log that cannot be read; where no line has a time stamp. */
export async function backtest(order: BacktestOrder): Promise<Backtest> {
  const logs = order.logs.map((log) => new PastLog(log));
  try {
    await Promise.all(logs.map((log) => log.fill()));
    const firsts = logs.map((log) => log.nextAtMs).filter((atMs) => !Number.isNaN(atMs));
    if (firsts.length === 0) throw new Error('no line with a time stamp: nothing to test the rules over');
    return await new Run(order, logs, Math.min(...firsts)).toEnd();
  } finally {
    for (const log of logs) log.close();
  }
}

class Run {
  readonly #order: BacktestOrder;
  readonly #logs: readonly PastLog[];
  readonly #fromMs: number;
  readonly #model: Model;
  readonly #rules: RuleSet;
  readonly #classical: AlertEngine;
  readonly #hasClassical: boolean;
  readonly #notes = new Notes();
  readonly #stepMs: number;
  readonly #mayPause: boolean;
  #lines = 0;
  #evaluations = 0;
  #lastLineMs: number;

  constructor(order: BacktestOrder, logs: readonly PastLog[], fromMs: number) {
    this.#order = order;
    this.#logs = logs;
    this.#fromMs = fromMs;
    this.#lastLineMs = fromMs;
    this.#model = new Model({
      startedAtMs: fromMs,
      noRoutes: order.noRoutes,
      routes: order.routes,
      linePatterns: [],
      withoutDetail: true,
      metrics: order.metrics,
      watches: {
        processes: false,
        accessLog: order.logs.some(({ kind }) => kind === 'access'),
        errorLog: order.logs.some(({ kind }) => kind === 'error'),
      },
    });
    const intervalMs = order.intervalSeconds * 1000;
    const files = order.files.flatMap((loaded) => (loaded.kind === 'rules' ? [loaded.file] : []));
    const specs = files.flatMap(({ groups }) => groups);
    this.#rules = new RuleSet({ intervalMs });
    const { metrics, probes, readsEndpoints } = order;
    this.#rules.load(files, { ...metrics, probes, readsEndpoints, routeOf: createFolder(order), intervalMs }, fromMs);
    this.#classical = new AlertEngine(
      order.files.flatMap((loaded) => (loaded.kind === 'classical' ? loaded.file.rules : [])),
    );
    this.#hasClassical = order.files.some(({ kind }) => kind === 'classical');
    this.#stepMs = Math.min(intervalMs, ...specs.map((group) => group.intervalMs ?? intervalMs));
    this.#mayPause = !specs.some(({ rules }) => rules.some(({ text }) => CLOCK.test(text)));
  }

  async toEnd(): Promise<Backtest> {
    let atMs = Math.floor(this.#fromMs / this.#stepMs) * this.#stepMs;
    for (;;) {
      atMs = await this.#afterPause(atMs + this.#stepMs);
      await this.#readUpTo(atMs);
      await this.#evaluate(atMs);
      // The last lines are seen at the next evaluation; what they made fire is told as of the end.
      if (this.#logs.every((log) => log.hasEnded)) return this.#finish(atMs);
    }
  }

  /** A night without a line need not be lived through: the moment from which on something can change. */
  async #afterPause(atMs: number): Promise<number> {
    for (const log of this.#logs) await log.fill();
    const next = Math.min(...this.#logs.filter((log) => !log.hasEnded).map((log) => log.nextAtMs));
    const isQuiet = this.#mayPause && atMs - this.#lastLineMs > LOOK_BACK_MS && this.#reports().length === 0;
    if (!isQuiet || !(next - LOOK_BACK_MS > atMs)) return atMs;
    return Math.floor((next - LOOK_BACK_MS) / this.#stepMs) * this.#stepMs;
  }

  async #readUpTo(untilMs: number): Promise<void> {
    for (;;) {
      for (const log of this.#logs) await log.fill();
      const open = this.#logs.filter((log) => !log.hasEnded);
      const [first, second] = open.toSorted((a, b) => a.nextAtMs - b.nextAtMs);
      if (first === undefined || first.nextAtMs > untilMs) return;
      for (const line of first.take(untilMs, second?.nextAtMs ?? Number.POSITIVE_INFINITY)) {
        this.#lines++;
        this.#lastLineMs = line.atMs;
        if (line.kind === 'access') this.#model.addAccess(line.record, line.atMs, line.atMs);
        else this.#model.addError(line.entry, line.atMs, line.atMs);
      }
    }
  }

  async #evaluate(atMs: number): Promise<void> {
    this.#evaluations++;
    this.#model.setSources(this.#logs.map((log) => log.fact()));
    this.#model.tick(atMs);
    await this.#rules.evaluate(() => this.#model.metrics(atMs), null, atMs, turn);
    if (this.#hasClassical) this.#classical.evaluate(this.#model.serviceView(atMs), atMs);
    for (const transition of [...this.#rules.takeTransitions(), ...this.#classical.takeTransitions()]) {
      this.#notes.add(transition);
    }
    this.#notes.look(this.#reports(), atMs);
    this.#order.onProgress?.(atMs, this.#lines);
  }

  #reports(): readonly AlertReport[] {
    return [...this.#rules.reports(), ...this.#classical.reports()].filter(({ row }) => row.state !== 'resolved');
  }

  #finish(toMs: number): Backtest {
    const failures = this.#rules.failures();
    const findings = [...this.#rules.findings, ...this.#rules.unfed()];
    const view = this.#model.serviceView(toMs);
    const rules = this.#order.files.flatMap((loaded): BacktestRule[] => {
      if (loaded.kind === 'classical') {
        const { path, findings: doubts } = loaded.file;
        return loaded.file.rules.map((rule) => ({
          file: path,
          group: '',
          name: rule.name,
          forSeconds: rule.forSeconds,
          ...this.#notes.of(rule.name, rule.origin?.expression ?? null),
          error: null,
          finding: rule.applies(view)
            ? (doubts.find((doubt) => doubt.rule === rule.name) ?? null)
            : unwatched(rule, path),
        }));
      }
      const { path, groups } = loaded.file;
      return groups.flatMap(({ name: group, rules: specs, refused }) =>
        [...specs, ...refused]
          .filter((spec) => spec.kind === 'alert')
          .map((spec) => ({
            file: path,
            group,
            name: spec.name,
            forSeconds: 'forMs' in spec ? spec.forMs / 1000 : 0,
            ...this.#notes.of(spec.name, spec.text),
            error: failures.find((failure) => failure.group === group && failure.rule === spec.name)?.error ?? null,
            finding:
              findings.find(
                ({ file, line, group: of, rule }) =>
                  file === path && line === spec.line && of === group && rule === spec.name,
              ) ?? null,
          })),
      );
    });
    return { fromMs: this.#fromMs, toMs, lines: this.#lines, evaluations: this.#evaluations, rules };
  }
}

/** What a classical rule looks at is in no log. */
function unwatched({ name, origin }: AlertRule, file: string): RuleFinding {
  const reason = `nothing here gives ${origin?.expression.split(' ')[0] ?? name}`;
  return { file, line: 1, group: '', rule: name, kind: 'never', reason, rewrite: null };
}

/** What tells one rule from another of the same name. */
const keyOf = (name: string, expression: string | null): string => `${name}\n${expression}`;

/** What happened, by rule. */
class Notes {
  readonly #firings = new Map<string, (BacktestFiring & { readonly fingerprint: string; toMs: number | null })[]>();
  readonly #pendingMs = new Map<string, number>();

  add({ atMs, to, alert }: AlertTransition): void {
    const key = keyOf(alert.name, alert.expression);
    const firings = this.#firings.get(key) ?? [];
    this.#firings.set(key, firings);
    const open = firings.find(({ fingerprint, toMs }) => fingerprint === alert.fingerprint && toMs === null);
    if (to === 'resolved' && open !== undefined) open.toMs = atMs;
    if (to !== 'firing' || open !== undefined) return;
    const { labels, value, summary, fingerprint } = alert;
    firings.push({ fromMs: atMs, toMs: null, labels, value, summary, fingerprint });
  }

  look(reports: readonly AlertReport[], atMs: number): void {
    for (const { row } of reports) {
      if (row.state !== 'pending' || row.since === null) continue;
      const pendingMs = atMs - Date.parse(row.since);
      const key = keyOf(row.name, row.expression);
      if (pendingMs > (this.#pendingMs.get(key) ?? -1)) this.#pendingMs.set(key, pendingMs);
    }
  }

  of(name: string, expression: string | null): Pick<BacktestRule, 'firings' | 'pendingSeconds'> {
    const key = keyOf(name, expression);
    return {
      firings: (this.#firings.get(key) ?? []).map(({ fingerprint: _, ...firing }) => firing),
      pendingSeconds: (this.#pendingMs.get(key) ?? 0) / 1000,
    };
  }
}
