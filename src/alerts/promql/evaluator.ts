/** Walks an expression for one moment. */

import { aggregate } from './aggregations.ts';
import type { Expr, MatrixSelector, Subquery, TimeShift, VectorSelector } from './ast.ts';
import { scalarBinary, vectorBinary } from './binary.ts';
import { PromqlError } from './errors.ts';
import { type Element, type Evaluation, type FoundSample, type RangeWindow, refuseDuplicates } from './evaluation.ts';
import { FUNCTIONS } from './functions/index.ts';
import { signatureOf, withoutName } from './labels.ts';
import { lastAtOrBefore } from './series.ts';
import type { EvaluateOptions, Labels, Series, SeriesSource } from './types.ts';

/** A sample counts for this long after it was taken (Prometheus' `--query.lookback-delta`). */
const LOOK_BACK_MS = 5 * 60_000;
/** A subquery without a step takes Prometheus' default evaluation interval. */
const DEFAULT_SUBQUERY_STEP_MS = 60_000;

/** One result of a subquery over its steps. */
interface SubqueryLine {
  readonly labels: Labels;
  readonly dropName: boolean;
  readonly timesMs: number[];
  readonly values: number[];
}

export class Evaluator implements Evaluation {
  readonly #source: SeriesSource;
  readonly #options: EvaluateOptions;
  readonly #startMs: number;
  readonly #endMs: number;
  #spent = 0;
  readonly #selected = new Map<VectorSelector, readonly Series[]>();
  /** What subqueries found at each of their steps: the steps of neighbouring moments overlap. */
  readonly #steps = new Map<Subquery, Map<number, readonly Element[]>>();
  #timesMs = new Float64Array(256);
  #values = new Float64Array(256);

  /** @param startMs @param endMs what `@ start()` and `@ end()` mean. */
  constructor(source: SeriesSource, options: EvaluateOptions, startMs: number, endMs: number) {
    this.#source = source;
    this.#options = options;
    this.#startMs = startMs;
    this.#endMs = endMs;
  }

  spend(samples: number): void {
    this.#spent += samples;
    const { maxSamples } = this.#options;
    if (this.#spent > maxSamples) {
      throw new PromqlError(`expression needs more than ${maxSamples} samples: narrow its selectors, ranges or steps`);
    }
  }

  renamed(labels: Labels, value: number): Element {
    return this.#options.delayedNameRemoval === true
      ? { labels, value, dropName: true }
      : { labels: withoutName(labels), value, dropName: false };
  }

  unique(elements: readonly Element[]): readonly Element[] {
    if (this.#options.delayedNameRemoval !== true) refuseDuplicates(elements);
    return elements;
  }

  scalar(expr: Expr, atMs: number): number {
    this.spend(1);
    switch (expr.kind) {
      case 'number':
        return expr.value;
      case 'unary': {
        const value = this.scalar(expr.expr, atMs);
        return expr.operator === '-' ? -value : value;
      }
      case 'binary':
        return scalarBinary(expr, this.scalar(expr.left, atMs), this.scalar(expr.right, atMs));
      case 'call': {
        const definition = FUNCTIONS.get(expr.name);
        if (definition?.returns === 'scalar') return definition.evaluate(expr, atMs, this);
      }
    }
    throw new PromqlError('expected a scalar', expr.from);
  }

  vector(expr: Expr, atMs: number): readonly Element[] {
    const elements = this.#vector(expr, atMs);
    this.spend(elements.length);
    return elements;
  }

  #vector(expr: Expr, atMs: number): readonly Element[] {
    switch (expr.kind) {
      case 'vectorSelector':
        return this.found(expr, atMs).map(({ labels, value }) => ({ labels, value, dropName: false }));
      case 'aggregation':
        return aggregate(expr, atMs, this);
      case 'unary': {
        const elements = this.vector(expr.expr, atMs);
        if (expr.operator === '+') return elements;
        return this.unique(elements.map(({ labels, value }) => this.renamed(labels, -value)));
      }
      case 'binary':
        return vectorBinary(expr, atMs, this);
      case 'call': {
        const definition = FUNCTIONS.get(expr.name);
        if (definition?.returns === 'vector') return this.unique(definition.evaluate(expr, atMs, this));
      }
    }
    throw new PromqlError('expected an instant vector', expr.from);
  }

  found(selector: VectorSelector, atMs: number): readonly FoundSample[] {
    const refMs = this.#shifted(selector, atMs);
    const found: FoundSample[] = [];
    const selected = this.#select(selector);
    this.spend(selected.length);
    for (const series of selected) {
      const index = lastAtOrBefore(series, refMs);
      if (index < 0 || series.isStaleAt(index)) continue;
      const timeMs = series.timeMsAt(index);
      if (timeMs > refMs - LOOK_BACK_MS) found.push({ labels: series.labels, timeMs, value: series.valueAt(index) });
    }
    return found;
  }

  ranges(expr: Expr, atMs: number, visit: (labels: Labels, dropName: boolean, window: RangeWindow) => void): void {
    if (expr.kind === 'matrixSelector') this.#selectorRanges(expr, atMs, visit);
    else if (expr.kind === 'subquery') this.#subqueryRanges(expr, atMs, visit);
    else throw new PromqlError('expected a range vector', expr.from);
  }

  #selectorRanges(
    { selector, rangeMs }: MatrixSelector,
    atMs: number,
    visit: (labels: Labels, dropName: boolean, window: RangeWindow) => void,
  ): void {
    const toMs = this.#shifted(selector, atMs);
    const fromMs = toMs - rangeMs;
    for (const series of this.#select(selector)) {
      const last = lastAtOrBefore(series, toMs);
      const first = lastAtOrBefore(series, fromMs) + 1;
      this.spend(1 + Math.max(0, last - first + 1));
      let length = 0;
      this.#reserve(last - first + 1);
      for (let index = first; index <= last; index++) {
        const value = series.valueAt(index);
        if (Number.isNaN(value) && series.isStaleAt(index)) continue;
        this.#timesMs[length] = series.timeMsAt(index);
        this.#values[length] = value;
        length++;
      }
      if (length > 0) visit(series.labels, false, this.#window(length, fromMs, toMs));
    }
  }

  #subqueryRanges(
    subquery: Subquery,
    atMs: number,
    visit: (labels: Labels, dropName: boolean, window: RangeWindow) => void,
  ): void {
    const toMs = this.#shifted(subquery, atMs);
    const fromMs = toMs - subquery.rangeMs;
    for (const { labels, dropName, timesMs, values } of this.#subqueryLines(subquery, fromMs, toMs)) {
      this.#reserve(timesMs.length);
      this.#timesMs.set(timesMs);
      this.#values.set(values);
      visit(labels, dropName, this.#window(timesMs.length, fromMs, toMs));
    }
  }

  /** The steps are multiples of the step since 1970, whatever the moment of evaluation. */
  #subqueryLines(subquery: Subquery, fromMs: number, toMs: number): Iterable<SubqueryLine> {
    const stepMs = subquery.stepMs ?? this.#options.subqueryStepMs ?? DEFAULT_SUBQUERY_STEP_MS;
    const { maxSteps } = this.#options;
    if (subquery.rangeMs / stepMs > maxSteps) {
      throw new PromqlError(
        `subquery has more than ${maxSteps} steps: shorten its range or lengthen its step`,
        subquery.from,
      );
    }
    const lines = new Map<string, SubqueryLine>();
    const firstMs = (Math.floor(fromMs / stepMs) + 1) * stepMs;
    for (let stepAtMs = firstMs; stepAtMs <= toMs; stepAtMs += stepMs) {
      for (const { labels, dropName, value } of this.#subqueryStep(subquery, stepAtMs)) {
        const key = signatureOf(labels);
        let line = lines.get(key);
        if (line === undefined) {
          line = { labels, dropName, timesMs: [], values: [] };
          lines.set(key, line);
        }
        line.timesMs.push(stepAtMs);
        line.values.push(value);
      }
    }
    return lines.values();
  }

  #subqueryStep(subquery: Subquery, stepAtMs: number): readonly Element[] {
    let steps = this.#steps.get(subquery);
    if (steps === undefined) {
      steps = new Map();
      this.#steps.set(subquery, steps);
    }
    let elements = steps.get(stepAtMs);
    if (elements === undefined) {
      elements = this.vector(subquery.expr, stepAtMs);
      steps.set(stepAtMs, elements);
    }
    this.spend(1 + elements.length);
    return elements;
  }

  #select(selector: VectorSelector): readonly Series[] {
    let selected = this.#selected.get(selector);
    if (selected === undefined) {
      selected = this.#source.select(selector.matchers);
      this.#selected.set(selector, selected);
    }
    return selected;
  }

  #shifted({ at, offsetMs }: TimeShift, atMs: number): number {
    const baseMs = at === 'start' ? this.#startMs : at === 'end' ? this.#endMs : (at ?? atMs);
    return baseMs - offsetMs;
  }

  #reserve(length: number): void {
    if (length <= this.#timesMs.length) return;
    const size = 2 ** Math.ceil(Math.log2(length));
    this.#timesMs = new Float64Array(size);
    this.#values = new Float64Array(size);
  }

  #window(length: number, fromMs: number, toMs: number): RangeWindow {
    return { timesMs: this.#timesMs, values: this.#values, length, fromMs, toMs };
  }
}
