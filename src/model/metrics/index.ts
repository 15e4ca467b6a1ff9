/** Metrics: what gtop counts for good, as families of series. */
export { HTTP_ALIASES, withAliases } from './alias.ts';
export { METRIC_CATALOGUE, readFamilies } from './families.ts';
export { type MetricFamily, type MetricLabels, type MetricSample, type MetricType, seriesName } from './family.ts';
export { NetworkTotals } from './network-bytes.ts';
export { DEFAULT_METRICS, type MetricsOptions, MOST_BUCKETS } from './options.ts';
export type { MetricsView } from './readings.ts';
export { RequestCounters } from './request-counters.ts';
