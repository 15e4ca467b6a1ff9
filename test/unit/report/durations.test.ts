import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../../src/model/histogram.ts';
import { Durations } from '../../../src/report/durations.ts';
import { TimeSteps } from '../../../src/report/time-steps.ts';

const seconds = fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { maxLength: 100 });

const fill = (samples: readonly number[]): Durations => {
  const durations = new Durations();
  for (const one of samples) durations.add(one);
  return durations;
};

const histogramOf = (samples: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const one of samples) histogram.add(one);
  return histogram;
};

const bucketsOf = (durations: Histogram | Durations): readonly (readonly [number, number])[] => {
  const counts = new Map<number, number>();
  durations.forEach((bucket, count) => {
    counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  });
  return [...counts].sort(([a], [b]) => a - b);
};

describe('durations', () => {
  it('are those of a histogram, few or many', () => {
    fc.assert(
      fc.property(seconds, (samples) => {
        const [found, expected] = [fill(samples), histogramOf(samples)];
        expect(bucketsOf(found)).toEqual(bucketsOf(expected));
        expect([found.count, found.min, found.max]).toEqual([expected.count, expected.min, expected.max]);
      }),
    );
  });

  it('merged are those of all samples', () => {
    fc.assert(
      fc.property(seconds, seconds, (some, others) => {
        const merged = fill(some);
        merged.merge(fill(others));
        expect(bucketsOf(merged)).toEqual(bucketsOf(histogramOf([...some, ...others])));
        expect(merged.count).toBe(some.length + others.length);
      }),
    );
  });
});

it('steps of time lose nothing when they grow', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5e9, max: 5e9 }), { minLength: 1, maxLength: 300 }), (stamps) => {
      const steps = new TimeSteps();
      for (const second of stamps) steps.at(second).requests++;
      const { cells, fromSecond, stepSeconds } = steps.finish();
      expect(cells.reduce((sum, cell) => sum + (cell?.requests ?? 0), 0)).toBe(stamps.length);
      const first = Math.min(...stamps);
      expect((fromSecond ?? 0) <= first && first < (fromSecond ?? 0) + stepSeconds).toBe(true);
    }),
  );
});
