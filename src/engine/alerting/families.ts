/** What rules look at: what gtop exposes, and what an application publishes itself. */
import type { MetricFamily, MetricSample } from '../../model/metrics/family.ts';
import type { Model } from '../../model/model.ts';
import type { CustomMetric } from '../../model/snapshot.ts';

export const familiesForRules = (model: Model, nowMs: number): readonly MetricFamily[] => [
  ...model.metrics(nowMs),
  ...customFamilies(model.enrichment.rows(nowMs).custom),
];

/** `job` is the name of the endpoint, as it would be of a Prometheus that scrapes it under that name. */
function customFamilies(custom: readonly CustomMetric[]): readonly MetricFamily[] {
  const byName = new Map<string, MetricSample[]>();
  for (const { source, name, labels, value } of custom) {
    if (value === null) continue;
    const sample = { labels: { job: source, ...labels }, value };
    const samples = byName.get(name);
    if (samples === undefined) byName.set(name, [sample]);
    else samples.push(sample);
  }
  return [...byName].map(([name, samples]) => ({ name, type: 'gauge', help: 'Read from an application', samples }));
}
