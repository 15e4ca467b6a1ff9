import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { metricsForFile, metricsSchema } from '../../../src/cli/metrics.ts';
import { DEFAULT_METRICS } from '../../../src/model/metrics/index.ts';

const complaint = (value: unknown): string | undefined => v.safeParse(metricsSchema, value).issues?.[0].message;

describe('the section metrics', () => {
  it('has defaults for what it leaves out', () => {
    expect(v.parse(metricsSchema, {})).toEqual(DEFAULT_METRICS);
    expect(v.parse(metricsSchema, { buckets: [0.1, 1], 'per-endpoint': true })).toEqual({
      buckets: [0.1, 1],
      perEndpoint: true,
    });
  });

  it('is printed as it can be read again', () => {
    expect(v.parse(metricsSchema, metricsForFile(DEFAULT_METRICS))).toEqual(DEFAULT_METRICS);
  });

  it.each([
    [[1, 0.5]],
    [[1, 1]],
    [[0, 1]],
    [[]],
    [['1']],
    [[Number.POSITIVE_INFINITY]],
    [Array.from({ length: 51 }, (_, n) => n + 1)],
  ])('refuses the buckets %j', (buckets) => {
    expect(complaint({ buckets })).toMatch(/^must be /);
  });

  it('refuses what it does not know', () => {
    expect(complaint({ bucket: [1] })).toBe('must hold buckets, per-endpoint');
  });
});
