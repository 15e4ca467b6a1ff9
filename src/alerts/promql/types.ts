/** What PromQL reads and answers: label sets, series, matchers, values, limits. */

/**
 * A label set, the metric's name as `__name__` among them: sorted by name, no empty values (to Prometheus an empty label
 * is an absent one). Make one with `labelsOf`, treat it as immutable and keep it as long as its series lives: what is
 * derived from it (signature, groups, the set without the name) is cached by identity. A Map, so that a label called
 * `__proto__` is a label like any other.
 */
export type Labels = ReadonlyMap<string, string>;

/**
 * The samples of one label set, oldest first, times strictly ascending. Read by index, so that a ring buffer can answer
 * without copying: index 0 is the oldest sample that is kept, `length - 1` the newest.
 */
export interface Series {
  readonly labels: Labels;
  readonly length: number;
  /** Milliseconds since 1970. */
  timeMsAt(index: number): number;
  /** NaN where the sample is a stale marker. */
  valueAt(index: number): number;
  /** Whether the sample says "this series has ended". JavaScript cannot tell its NaN from another by the bits. */
  isStaleAt(index: number): boolean;
}

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  /** Name of the label; `__name__` for the metric. */
  readonly name: string;
  readonly op: MatchOperator;
  /** What was written: the text, or the regular expression (RE2, anchored at both ends). */
  readonly value: string;
  /** @param value the label's value; the empty text where the series has no such label. Linear in its length. */
  matches(value: string): boolean;
}

/** Where series come from. `SeriesIndex` is one, with an index by metric name. */
export interface SeriesSource {
  /** All series that every matcher matches, in any order, no label set twice. Called once per selector and evaluation. */
  select(matchers: readonly Matcher[]): readonly Series[];
}

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

/** One element of an instant vector. Its time is the evaluation's. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** One element of a range vector, or one line of a range query's answer. */
export interface RangeSeries {
  readonly labels: Labels;
  /** Milliseconds since 1970, ascending. */
  readonly timesMs: readonly number[];
  /** As long as `timesMs`. */
  readonly values: readonly number[];
}

export type Value =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly samples: readonly Sample[] }
  | { readonly type: 'matrix'; readonly series: readonly RangeSeries[] };

/** What one evaluation may cost. Both are exact counts and no clock, so that a rule fails always or never. */
export interface Limits {
  /** Samples read and made, intermediate ones counted each time. Bounds memory and time alike. */
  readonly maxSamples: number;
  /** Steps of a range query or of one subquery. */
  readonly maxSteps: number;
}

export interface EvaluateOptions extends Limits {
  /** Step of a subquery that names none: Prometheus takes its evaluation interval. Default one minute. */
  readonly subqueryStepMs?: number;
  /**
   * Names of metrics go at the end of the evaluation and not as soon as an operation changes the value, so that
   * `label_replace` can still read them: Prometheus' `--enable-feature=promql-delayed-name-removal`. Default off, as there.
   */
  readonly delayedNameRemoval?: boolean;
}

/** Five million samples are a fraction of a second; 11,000 steps are what Prometheus' API allows. */
export const DEFAULT_LIMITS: Limits = { maxSamples: 5_000_000, maxSteps: 11_000 };
