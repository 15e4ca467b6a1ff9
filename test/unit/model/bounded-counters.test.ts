import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DistinctCounter } from '../../../src/model/distinct.ts';
import { SpaceSaving } from '../../../src/model/space-saving.ts';
import { type CellKind, type Tallied, Tally } from '../../../src/model/tally.ts';

describe('space-saving', () => {
  const top = (counter: SpaceSaving<null>, n: number) =>
    [...counter.entries()].sort((a, b) => b.count - a.count).slice(0, n);

  it('is exact while every key has a place', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 19 }).map(String), { maxLength: 300 }), (keys) => {
        const counter = new SpaceSaving<null>(20, () => null);
        const naive = new Map<string, number>();
        for (const key of keys) {
          counter.add(key);
          naive.set(key, (naive.get(key) ?? 0) + 1);
        }
        expect(new Map(counter.entries().map(({ key, count }) => [key, count]))).toEqual(naive);
      }),
    );
  });

  it('finds the true top ten among 500,000 different keys', () => {
    const counter = new SpaceSaving<null>(2048, () => null);
    for (let index = 0; index < 500_000; index++) {
      counter.add(`/once/${index}`);
      if (index % 5 === 0) counter.add(`/hot/${index % 10 === 0 ? (index / 10) % 10 : 0}`);
    }
    const hot = top(counter, 10);
    expect(new Set(hot.map(({ key }) => key))).toEqual(new Set(Array.from({ length: 10 }, (_, n) => `/hot/${n}`)));
    expect(counter.size).toBe(2048);
    for (const { key, count, error } of hot) {
      const truth = key === '/hot/0' ? 55_000 : 5000;
      expect(count - error).toBeLessThanOrEqual(truth);
      expect(count).toBeGreaterThanOrEqual(truth);
    }
  });
});

describe('the distinct counter', () => {
  it.each([0, 10, 1000, 100_000, 1_000_000])('estimates %d keys within 7 %% (three standard errors)', (keys) => {
    const counter = new DistinctCounter();
    for (let index = 0; index < keys; index++) counter.add(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
    expect(Math.abs(counter.estimate() - keys)).toBeLessThanOrEqual(keys * 0.07);
  });

  it('estimates the union when merged', () => {
    const [a, b] = [new DistinctCounter(), new DistinctCounter()];
    for (let index = 0; index < 20_000; index++) {
      a.add(`key ${index}`);
      b.add(`key ${index + 10_000}`);
    }
    a.merge(b);
    expect(Math.abs(a.estimate() - 30_000)).toBeLessThanOrEqual(2100);
  });
});

describe('a tally', () => {
  const COUNTS: CellKind<Tallied> = {
    create: () => ({ count: 0 }),
    merge(into, from) {
      into.count += from.count;
    },
    subtract(from, what) {
      from.count -= what.count;
    },
  };
  const fill = (tally: Tally<Tallied>, keys: readonly string[], isHeavy = (_: string) => false) => {
    for (const key of keys) {
      const cell = tally.at(key, isHeavy);
      if (cell) cell.count += 1;
    }
  };

  it('turns newcomers away when full, but for the ones that matter, and still knows how many there were', () => {
    const tally = new Tally(2, COUNTS);
    fill(tally, ['a', 'b', 'c', 'heavy', 'a'], (key) => key === 'heavy');
    expect([...tally.cells]).toEqual([
      ['a', { count: 2 }],
      ['b', { count: 1 }],
      ['heavy', { count: 1 }],
    ]);
    expect(tally.distinct).toBe(4);
  });

  it('merges without touching the other, and keeps the most frequent', () => {
    const [a, b] = [new Tally(2, COUNTS), new Tally(2, COUNTS)];
    fill(a, ['x', 'x', 'y']);
    fill(b, ['y', 'y', 'z']);
    a.merge(b);
    a.settle();
    expect(Object.fromEntries(a.cells)).toEqual({ y: { count: 3 }, x: { count: 2 } });
    expect(Object.fromEntries(b.cells)).toEqual({ y: { count: 2 }, z: { count: 1 } });
    expect(a.distinct).toBe(3);
  });
});
