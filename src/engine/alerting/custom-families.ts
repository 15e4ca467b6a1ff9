/** Numbers that an application publishes, as families for rules. */
import type { MetricFamily, MetricSample } from '../../model/metrics/family.ts';
import type { CustomMetric } from '../../model/snapshot.ts';

/** `job` is the name of the endpoint, as it would be of a Prometheus that scrapes it under that name. */
export function customFamilies(custom: readonly CustomMetric[]): readonly MetricFamily[] {
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
