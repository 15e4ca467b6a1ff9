/**
 * Metric families as plain data: what `/metrics` prints and what rules are evaluated over. Names, types and units are
 * Prometheus' own (OpenMetrics 1.0); nothing here knows how they are written down.
 */

/** The types of OpenMetrics that gtop uses. A summary has no quantiles: they could not be added up. */
export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'info';

/**
 * What tells samples of one family apart. Never changed once made; most are the same object at every reading, so that
 * what is derived from them can be remembered by identity (a WeakMap).
 */
export type MetricLabels = Readonly<Record<string, string>>;

/** One number. */
export interface MetricSample {
  /** What follows the family's name in this sample's series: `_bucket`, `_sum`, `_count`; absent is nothing. */
  readonly suffix?: '_bucket' | '_sum' | '_count';
  readonly labels: MetricLabels;
  /** Never NaN: a number that is not known has no sample. */
  readonly value: number;
}

/** All series of one name. A family without a source is not there at all; one without samples yet has none. */
export interface MetricFamily {
  /** As it stands in the text format and in rules: a counter's ends in `_total`, an info's in `_info`. */
  readonly name: string;
  readonly type: MetricType;
  /** One sentence, without a full stop. */
  readonly help: string;
  /** The unit the name ends in (before `_total`), where it is one of OpenMetrics' base units. */
  readonly unit?: 'seconds' | 'bytes' | 'ratio';
  readonly samples: readonly MetricSample[];
}

/** The name of a sample's series: what rules ask for. */
export const seriesName = (family: MetricFamily, sample: MetricSample): string => family.name + (sample.suffix ?? '');
