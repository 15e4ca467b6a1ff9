/** Asks PromQL in a test's own words: series in Prometheus' notation, answers as lines of text. */
import {
  DEFAULT_LIMITS,
  type EvaluateOptions,
  evaluate,
  evaluateRange,
  formatValue,
  type Labels,
  MemorySeries,
  parseExpr,
  SeriesIndex,
} from '../../../../src/alerts/promql/index.ts';
import { parseSeries } from '../../../../src/alerts/promql/runner/series-notation.ts';

/** Series whose samples are `stepSeconds` apart, the first at 0. */
export function load(stepSeconds: number, ...lines: readonly string[]): SeriesIndex {
  const index = new SeriesIndex();
  for (const line of lines) {
    const { labels, samples } = parseSeries(line);
    const series = new MemorySeries(labels);
    for (const { step, value } of samples) series.add(step * stepSeconds * 1000, value);
    index.add(series);
  }
  return index;
}

const NOTHING = new SeriesIndex();

/** To twelve digits: what binary fractions leave behind them says nothing. */
const rounded = (value: number): string => formatValue(Number(value.toPrecision(12)));

const labelText = (labels: Labels): string => `{${[...labels].map(([name, value]) => `${name}=${value}`).join(',')}}`;

/** An instant query: a line `{a=b} 1` per element; of a scalar or string the value alone. */
export function at(
  seconds: number,
  expr: string,
  source: SeriesIndex = NOTHING,
  options: EvaluateOptions = DEFAULT_LIMITS,
): readonly string[] {
  const value = evaluate(parseExpr(expr), source, seconds * 1000, options);
  switch (value.type) {
    case 'scalar':
      return [rounded(value.value)];
    case 'string':
      return [value.value];
    case 'vector':
      return value.samples.map((sample) => `${labelText(sample.labels)} ${rounded(sample.value)}`);
    case 'matrix':
      return value.series.map(({ labels, timesMs, values }) => `${labelText(labels)} ${points(timesMs, values)}`);
  }
}

/** A range query: a line `{a=b} 1@0 2@60` per series. */
export function over(
  from: number,
  to: number,
  step: number,
  expr: string,
  source: SeriesIndex = NOTHING,
  options: EvaluateOptions = DEFAULT_LIMITS,
): readonly string[] {
  const { series } = evaluateRange(parseExpr(expr), source, from * 1000, to * 1000, step * 1000, options);
  return series.map(({ labels, timesMs, values }) => `${labelText(labels)} ${points(timesMs, values)}`);
}

const points = (timesMs: readonly number[], values: readonly number[]): string =>
  timesMs.map((timeMs, index) => `${rounded(values[index] ?? Number.NaN)}@${timeMs / 1000}`).join(' ');
