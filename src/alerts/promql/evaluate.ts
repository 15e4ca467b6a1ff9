/** Answers an expression for a moment, or for many. */
import type { Expr } from './ast.ts';
import { PromqlError } from './errors.ts';
import { type Element, refuseDuplicates, SAME_LABELSET, withoutDroppedNames } from './evaluation.ts';
import { Evaluator } from './evaluator.ts';
import { compareLabels, NO_LABELS, signatureOf, withoutName } from './labels.ts';
import { DEFAULT_LIMITS, type EvaluateOptions, type RangeSeries, type SeriesSource, type Value } from './types.ts';

/**
 * The value of an expression at a moment, an instant query.
 *
 * @param atMs milliseconds since 1970.
 * @throws PromqlError where the data do not let themselves be joined, or a limit is passed.
 */
export function evaluate(
  expr: Expr,
  source: SeriesSource,
  atMs: number,
  options: EvaluateOptions = DEFAULT_LIMITS,
): Value {
  const evaluator = new Evaluator(source, options, atMs, atMs);
  switch (expr.type) {
    case 'string':
      return { type: 'string', value: expr.kind === 'string' ? expr.value : '' };
    case 'scalar':
      return { type: 'scalar', value: evaluator.scalar(expr, atMs) };
    case 'vector':
      return {
        type: 'vector',
        samples: finished(evaluator.vector(expr, atMs)).map(({ labels, value }) => ({ labels, value })),
      };
    case 'matrix':
      return { type: 'matrix', series: matrixAt(evaluator, expr, atMs) };
  }
}

/**
 * The values at each step, a range query: always a matrix; a scalar is one line without labels.
 *
 * @throws PromqlError as `evaluate` does, for too many steps, and for a string or a range vector.
 */
export function evaluateRange(
  expr: Expr,
  source: SeriesSource,
  fromMs: number,
  toMs: number,
  stepMs: number,
  options: EvaluateOptions = DEFAULT_LIMITS,
): Value & { readonly type: 'matrix' } {
  if (expr.type !== 'scalar' && expr.type !== 'vector') {
    const type = expr.type === 'matrix' ? 'range vector' : 'string';
    throw new PromqlError(
      `invalid expression type "${type}" for range query, must be Scalar or instant Vector`,
      expr.from,
    );
  }
  if (!(stepMs > 0)) throw new PromqlError('the step of a range query must be greater than 0');
  if ((toMs - fromMs) / stepMs > options.maxSteps) {
    throw new PromqlError(
      `range query has more than ${options.maxSteps} steps: shorten its range or lengthen its step`,
    );
  }
  const evaluator = new Evaluator(source, options, fromMs, toMs);
  const lines = new Map<string, { labels: RangeSeries['labels']; timesMs: number[]; values: number[] }>();
  for (let atMs = fromMs; atMs <= toMs; atMs += stepMs) {
    const elements: readonly Element[] =
      expr.type === 'scalar'
        ? [{ labels: NO_LABELS, value: evaluator.scalar(expr, atMs), dropName: false }]
        : finished(evaluator.vector(expr, atMs));
    evaluator.spend(elements.length);
    for (const { labels, value } of elements) {
      const key = signatureOf(labels);
      const line = lines.get(key);
      if (line === undefined) lines.set(key, { labels, timesMs: [atMs], values: [value] });
      else {
        line.timesMs.push(atMs);
        line.values.push(value);
      }
    }
  }
  return { type: 'matrix', series: [...lines.values()].sort((a, b) => compareLabels(a.labels, b.labels)) };
}

function finished(elements: readonly Element[]): readonly Element[] {
  const named = withoutDroppedNames(elements);
  refuseDuplicates(named);
  return named;
}

function matrixAt(evaluator: Evaluator, expr: Expr, atMs: number): readonly RangeSeries[] {
  const series: RangeSeries[] = [];
  evaluator.ranges(expr, atMs, (labels, dropName, { timesMs, values, length }) => {
    series.push({
      labels: dropName ? withoutName(labels) : labels,
      timesMs: [...timesMs.subarray(0, length)],
      values: [...values.subarray(0, length)],
    });
  });
  if (new Set(series.map(({ labels }) => signatureOf(labels))).size < series.length) {
    throw new PromqlError(SAME_LABELSET);
  }
  return series.sort((a, b) => compareLabels(a.labels, b.labels));
}
