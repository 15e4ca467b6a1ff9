import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  evaluate,
  formatValue,
  labelsOf,
  MemorySeries,
  parseExpr,
  SeriesIndex,
} from '../../../../src/alerts/promql/index.ts';
import { meanOf, quantileOf, varianceOf } from '../../../../src/alerts/promql/statistics.ts';

const reading = fc.double({ min: -1e6, max: 1e6, noNaN: true });

/** One sample at 0 of `m{pool, pid}` for each value. */
function pools(values: readonly { readonly pool: string; readonly value: number }[]): SeriesIndex {
  const index = new SeriesIndex();
  for (const [pid, { pool, value }] of values.entries()) {
    const series = new MemorySeries(labelsOf(Object.entries({ __name__: 'm', pool, pid: String(pid) })));
    series.add(0, value);
    index.add(series);
  }
  return index;
}

function valuesOf(text: string, source: SeriesIndex, atMs = 0): readonly number[] {
  const value = evaluate(parseExpr(text), source, atMs);
  return value.type === 'vector' ? value.samples.map((sample) => sample.value) : [];
}

const close = (actual: number, expected: number): void =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));

const members = fc.array(fc.record({ pool: fc.constantFrom('a', 'b', 'c'), value: reading }), {
  minLength: 1,
  maxLength: 30,
});

describe('aggregations', () => {
  it('the sum is the sum of its parts, the count too', () => {
    fc.assert(
      fc.property(members, (values) => {
        const source = pools(values);
        close(valuesOf('sum(sum by (pool) (m))', source)[0] ?? Number.NaN, valuesOf('sum(m)', source)[0] ?? Number.NaN);
        expect(valuesOf('sum(count by (pool) (m))', source)).toEqual([values.length]);
      }),
    );
  });

  it('without one label is by all others', () => {
    fc.assert(
      fc.property(members, (values) => {
        const source = pools(values);
        expect(valuesOf('max without (pid) (m)', source)).toEqual(valuesOf('max by (pool) (m)', source));
      }),
    );
  });

  it('topk and the rest are all', () => {
    fc.assert(
      fc.property(members, fc.nat(35), (values, count) => {
        const source = pools(values);
        const top = valuesOf(`topk(${count}, m)`, source);
        expect(top).toEqual(
          values
            .map(({ value }) => value)
            .sort((a, b) => b - a)
            .slice(0, count),
        );
        expect(valuesOf(`m unless topk(${count}, m)`, source)).toHaveLength(values.length - top.length);
      }),
    );
  });
});

describe('rates', () => {
  it('of a steady counter is its slope, wherever one looks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 200_000 }), (slope, lagMs) => {
        const index = new SeriesIndex();
        const series = new MemorySeries(labelsOf([['__name__', 'c_total']]));
        for (let sample = 0; sample <= 80; sample++) series.add(sample * 15_000, sample * 15 * slope);
        index.add(series);
        close(valuesOf('rate(c_total[5m])', index, 1_000_000 + lagMs)[0] ?? Number.NaN, slope);
      }),
    );
  });

  it('increase never falls below zero, and is what was counted where the range holds it all', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 2, maxLength: 30 }), (counts) => {
        const index = new SeriesIndex();
        const series = new MemorySeries(labelsOf([['__name__', 'c_total']]));
        for (const [sample, count] of counts.entries()) series.add(sample * 15_000, count);
        index.add(series);
        const [increase = Number.NaN] = valuesOf('increase(c_total[10m])', index, (counts.length - 1) * 15_000);
        const counted = counts.slice(1).reduce((sum, count, index) => {
          const before = counts[index] ?? 0;
          return sum + (count < before ? count : count - before);
        }, 0);
        // Carried on by at most half a step, or to where the counter was zero.
        expect(increase).toBeGreaterThanOrEqual(counted);
        expect(increase).toBeLessThanOrEqual(counted * (1 + 0.5 / (counts.length - 1)) + 1e-9);
      }),
    );
  });
});

describe('statistics', () => {
  const list = fc.array(reading, { minLength: 1, maxLength: 50 });
  const of = (values: readonly number[]) => ({ values, length: values.length });

  it('quantiles lie between the least and the greatest value and rise', () => {
    fc.assert(
      fc.property(list, fc.double({ min: 0, max: 1, noNaN: true }), (values, quantile) => {
        const found = quantileOf(quantile, of(values));
        expect(found).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
        expect(found).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
        expect(quantileOf(1, of(values))).toBe(Math.max(...values));
      }),
    );
  });

  it('moving all values moves the mean and leaves the variance', () => {
    fc.assert(
      fc.property(list, fc.integer({ min: -1000, max: 1000 }), (values, shift) => {
        const moved = values.map((value) => value + shift);
        expect(meanOf(of(moved)) - meanOf(of(values))).toBeCloseTo(shift, 5);
        const variance = varianceOf(of(values));
        expect(Math.abs(varianceOf(of(moved)) - variance)).toBeLessThanOrEqual(1e-6 * Math.max(1, variance));
      }),
    );
  });
});

describe('formatValue', () => {
  it.each([
    [1e21, '1000000000000000000000'],
    [1.5e300, `15${'0'.repeat(299)}`],
    [1e-7, '0.0000001'],
    [-1.25e-9, '-0.00000000125'],
    [123456789.125, '123456789.125'],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('%d is %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });

  it('reads back as the same number, without an exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = formatValue(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Object.is(Number(text), value)).toBe(true);
      }),
    );
  });
});
