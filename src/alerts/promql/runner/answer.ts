/** One question in JSON, one answer in JSON: what Prometheus' tests ask of an engine. */
import { PromqlError } from '../errors.ts';
import { evaluate, evaluateRange } from '../evaluate.ts';
import { formatValue } from '../format.ts';
import { formatLabels, signatureOf } from '../labels.ts';
import { parseDurationMs } from '../numbers.ts';
import { parseExpr } from '../parse/index.ts';
import { MemorySeries, SeriesIndex } from '../series.ts';
import {
  DEFAULT_LIMITS,
  type EvaluateOptions,
  type Labels,
  type Series,
  type SeriesSource,
  type Value,
} from '../types.ts';
import { parseSeries } from './series-notation.ts';

/** Prometheus runs its tests with names taken away at the end. */
const OPTIONS: EvaluateOptions = { ...DEFAULT_LIMITS, delayedNameRemoval: true };

/** @param line `{"loads", "expr", "at"}` or with `"from", "to", "step"`, in seconds. @returns the answer, or `{"error"}`. */
export function answer(line: string): string {
  try {
    return JSON.stringify(printed(ask(JSON.parse(line))));
  } catch (error) {
    return JSON.stringify({ error: error instanceof Error ? error.message : String(error) });
  }
}

function ask(question: unknown): Value {
  const source = load(fieldOf(question, 'loads') ?? []);
  const text = fieldOf(question, 'expr');
  if (typeof text !== 'string') throw new PromqlError('"expr" is missing');
  const expr = parseExpr(text);
  if (fieldOf(question, 'from') === undefined) return evaluate(expr, source, msOf(question, 'at'), OPTIONS);
  return evaluateRange(expr, source, msOf(question, 'from'), msOf(question, 'to'), msOf(question, 'step'), OPTIONS);
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

function msOf(question: unknown, name: string): number {
  const value = fieldOf(question, name);
  if (typeof value !== 'number') throw new PromqlError(`"${name}" must be a number of seconds`);
  return Math.round(value * 1000);
}

/** Loads add to each other; the first sample of each is at 0. */
function load(loads: unknown): SeriesSource {
  const index = new SeriesIndex();
  const histograms = new Set<Series>();
  const bySignature = new Map<string, MemorySeries>();
  for (const block of Array.isArray(loads) ? loads : []) {
    const step = fieldOf(block, 'step');
    const stepMs = typeof step === 'number' ? step * 1000 : parseDurationMs(String(step));
    if (stepMs === null) throw new PromqlError(`bad step: ${JSON.stringify(step)}`);
    const lines = fieldOf(block, 'series');
    for (const line of Array.isArray(lines) ? lines : []) {
      const { labels, samples, hasHistograms } = parseSeries(String(line));
      const key = signatureOf(labels);
      let series = bySignature.get(key);
      if (series === undefined) {
        series = new MemorySeries(labels);
        bySignature.set(key, series);
        index.add(series);
      }
      if (hasHistograms) histograms.add(series);
      for (const { step: count, value } of samples) series.add(count * stepMs, value);
    }
  }
  return { select: (matchers) => withoutHistograms(index.select(matchers), histograms) };
}

function withoutHistograms(selected: readonly Series[], histograms: ReadonlySet<Series>): readonly Series[] {
  const refused = selected.find((series) => histograms.has(series));
  if (refused !== undefined)
    throw new PromqlError(`native histograms are not supported: ${formatLabels(refused.labels)}`);
  return selected;
}

/** As Prometheus' API writes numbers (`util/jsonutil/marshal.go`): an exponent where JavaScript has one, of two digits. */
function apiNumber(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude === 0 || (magnitude >= 1e-6 && magnitude < 1e21) || !Number.isFinite(value)) return formatValue(value);
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

/** As objects; a label called `__proto__` is a label. */
const object = (labels: Labels): object => Object.fromEntries(labels);

function printed(value: Value): object {
  switch (value.type) {
    case 'scalar':
      return { type: 'scalar', result: [{ labels: {}, value: apiNumber(value.value) }] };
    case 'string':
      return { type: 'string', result: [{ labels: {}, value: value.value }] };
    case 'vector':
      return {
        type: 'vector',
        result: value.samples.map((sample) => ({ labels: object(sample.labels), value: apiNumber(sample.value) })),
      };
    case 'matrix':
      return {
        type: 'matrix',
        result: value.series.map(({ labels, timesMs, values }) => ({
          labels: object(labels),
          values: timesMs.map((timeMs, index) => [timeMs / 1000, apiNumber(values[index] ?? Number.NaN)]),
        })),
      };
  }
}
