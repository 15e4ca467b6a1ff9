import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKET_COUNT, bucketOf, Histogram, middleOf, SparseHistogram } from '../../../src/model/histogram.ts';

const DAY_SECONDS = 86_400;

/** Nearest rank over the sorted values: the definition that the histogram approximates. */
function exactQuantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(Number((q * sorted.length).toFixed(9))) - 1];
}

/** A small seeded generator (mulberry32): the same numbers at every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const toMicroseconds = (seconds: number): number => Math.max(1, Math.round(seconds * 1e6)) / 1e6;

const DISTRIBUTIONS: Readonly<Record<string, (random: () => number) => number>> = {
  uniform: (random) => random() * 2,
  exponential: (random) => -Math.log(1 - random()) * 0.1,
  'log-normal': (random) =>
    Math.exp(-3.6 + 1.1 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())),
  bimodal: (random) => (random() < 0.9 ? 0.002 + random() * 0.001 : 5 + random()),
  constant: () => 0.123_456,
};

describe('a histogram of durations', () => {
  it('has buckets that grow with the value, without gaps, from 1 µs to more than a day', () => {
    expect(bucketOf(0)).toBe(0);
    expect(bucketOf(0.000_001)).toBe(1);
    expect(bucketOf(DAY_SECONDS)).toBeLessThan(BUCKET_COUNT);
    expect(bucketOf(Number.MAX_VALUE)).toBe(BUCKET_COUNT - 1);
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) expect(bucketOf(middleOf(bucket))).toBe(bucket);
  });

  it('puts every duration within 0.8 % of the middle of its bucket', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: DAY_SECONDS * 1e6 }), (microseconds) => {
        const seconds = microseconds / 1e6;
        expect(Math.abs(middleOf(bucketOf(seconds)) - seconds) / seconds).toBeLessThanOrEqual(0.008);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(Object.keys(DISTRIBUTIONS))('answers quantiles within 1 %% of an exact sort: %s', (name) => {
    const random = generator(7);
    const values = Array.from({ length: 20_000 }, () => toMicroseconds(DISTRIBUTIONS[name](random)));
    const histogram = new Histogram();
    for (const value of values) histogram.add(value);
    for (const q of [0.5, 0.9, 0.95, 0.99, 0.999]) {
      const exact = exactQuantile(values, q);
      expect(Math.abs((histogram.quantile(q) ?? 0) - exact) / exact).toBeLessThanOrEqual(0.01);
    }
    expect(histogram.min).toBe(Math.min(...values));
    expect(histogram.max).toBe(Math.max(...values));
    expect(histogram.mean).toBeCloseTo(values.reduce((sum, value) => sum + value) / values.length, 9);
  });

  it('is the same whether values were added at once or merged from parts', () => {
    const durations = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { maxLength: 200 });
    fc.assert(
      fc.property(durations, durations, (a, b) => {
        const whole = new Histogram();
        const left = new SparseHistogram();
        const right = new SparseHistogram();
        for (const value of a) left.add(value);
        for (const value of b) right.add(value);
        for (const value of [...a, ...b]) whole.add(value);
        const merged = new Histogram();
        merged.merge(left);
        merged.merge(right);
        left.merge(right);
        const buckets = (histogram: Histogram | SparseHistogram) => {
          const all: [number, number][] = [];
          histogram.forEach((bucket, count) => {
            all.push([bucket, count]);
          });
          return all;
        };
        expect(buckets(merged)).toEqual(buckets(whole));
        expect(buckets(left)).toEqual(buckets(whole));
        expect([merged.count, merged.min, merged.max]).toEqual([whole.count, whole.min, whole.max]);
        expect(merged.sum).toBeCloseTo(whole.sum, 6);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [0.5, 2],
    [0.9, 10],
    [0.95, 20],
    [0.99, 100],
    [0.999, 1000],
  ])('knows no %d quantile below %d samples', (q, least) => {
    const histogram = new Histogram();
    for (let count = 1; count < least; count++) histogram.add(1);
    expect(histogram.quantile(q)).toBeNull();
    histogram.add(1);
    expect(histogram.quantile(q)).toBe(1);
  });
});
