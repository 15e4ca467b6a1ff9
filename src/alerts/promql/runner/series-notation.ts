/**
 * Series as Prometheus' own tests write them: `name{label="value"} 0+10x100 _ stale`. `a+bxn` is a and n more, each b larger;
 * `axn` is a and n more of it; `_` is no sample, `_xn` n of them; `stale` ends the series.
 */
import { PromqlError } from '../errors.ts';
import { labelsOf } from '../labels.ts';
import { parseSigned } from '../numbers.ts';
import { parseExpr } from '../parse/index.ts';
import type { Labels } from '../types.ts';

/** A sample by its step; null is a stale marker. */
export interface NotedSample {
  readonly step: number;
  readonly value: number | null;
}

export interface NotedSeries {
  readonly labels: Labels;
  readonly samples: readonly NotedSample[];
  /** Whether histograms in double braces stand among the samples; they are left out. */
  readonly hasHistograms: boolean;
}

/** A name, and labels in braces with quoted values. */
const METRIC = /^\s*([^\s{]*\s*(?:\{(?!\{)(?:[^"'`}]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)*\})?)\s*(.*)$/s;
/** No hexadecimal ones: `0x10` is ten zeros more. */
const NUMBER = String.raw`[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf|nan)`;
const ITEM = new RegExp(`^(?:(_)|(stale)|(${NUMBER})(${NUMBER})?)(?:x(\\d+))?$`, 'i');
/** More is a slip of the pen. */
const MAX_SAMPLES = 1_000_000;

/** `{{schema:0 sum:5 count:4}}`, alone or as a step. */
const HISTOGRAM = /\{\{.*?\}\}(?:[+-]\{\{.*?\}\})?/gs;

/** @throws PromqlError for what is not in this notation. */
export function parseSeries(line: string): NotedSeries {
  const [, name = '', written = ''] = METRIC.exec(line) ?? [];
  const metric = name.trim();
  const items = written.replaceAll(HISTOGRAM, '_');
  const samples: NotedSample[] = [];
  let step = 0;
  for (const item of items.split(/\s+/).filter((text) => text !== '')) {
    const [whole, blank, stale, first, delta, times] = ITEM.exec(item) ?? [];
    if (whole === undefined)
      throw new PromqlError(`series ${JSON.stringify(metric)}: ${JSON.stringify(item)} is no sample`);
    const repeats = Number(times ?? 0);
    if (step + repeats > MAX_SAMPLES)
      throw new PromqlError(`series ${JSON.stringify(metric)} has more than ${MAX_SAMPLES} samples`);
    if (blank !== undefined) {
      step += Math.max(1, repeats);
      continue;
    }
    let value = stale === undefined ? parseSigned(first ?? '') : null;
    for (let count = 0; count <= repeats; count++) {
      samples.push({ step: step++, value });
      // Added up one by one, as Prometheus does.
      if (value !== null) value += parseSigned(delta ?? '0') ?? 0;
    }
  }
  return { labels: parseLabels(metric), samples, hasHistograms: items !== written };
}

function parseLabels(metric: string): Labels {
  const selector = parseExpr(metric);
  if (selector.kind !== 'vectorSelector' || selector.matchers.some(({ op }) => op !== '=')) {
    throw new PromqlError(`${JSON.stringify(metric)} is no series`);
  }
  return labelsOf(selector.matchers.map(({ name, value }) => [name, value] as const));
}
