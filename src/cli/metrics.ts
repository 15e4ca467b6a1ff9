/** The section `metrics` of the config file. */
import * as v from 'valibot';
import { DEFAULT_METRICS, type MetricsOptions, MOST_BUCKETS } from '../model/metrics/options.ts';

const BUCKETS = 'must be a list of ascending numbers of seconds, like [0.1, 0.5, 1]';

const buckets = v.pipe(
  v.array(v.pipe(v.number(BUCKETS), v.finite(BUCKETS), v.gtValue(0, BUCKETS)), BUCKETS),
  v.minLength(1, BUCKETS),
  v.maxLength(MOST_BUCKETS, `must be at most ${MOST_BUCKETS} numbers`),
  v.check((bounds) => bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? bound)), BUCKETS),
);

export const metricsSchema: v.GenericSchema<unknown, MetricsOptions> = v.pipe(
  v.strictObject(
    {
      buckets: v.optional(buckets, [...DEFAULT_METRICS.buckets]),
      'per-endpoint': v.optional(v.boolean('must be true or false'), DEFAULT_METRICS.perEndpoint),
    },
    'must hold buckets, per-endpoint',
  ),
  v.transform((section) => ({ buckets: section.buckets, perEndpoint: section['per-endpoint'] })),
);

/** As the file has it. @param value what the schema made. */
export function metricsForFile(value: unknown): unknown {
  const { buckets: bounds, perEndpoint } = value as MetricsOptions;
  return { buckets: bounds, 'per-endpoint': perEndpoint };
}
