import { describe, expect, it } from 'vitest';
import { type ForEachDurations, heatMap } from '../../../src/model/heat-map.ts';
import { bucketOf, Histogram, lowOf } from '../../../src/model/histogram.ts';

/** Durations in seconds by the second at which they were seen. */
type Seen = Readonly<Record<number, readonly number[]>>;

const visiting =
  (seen: Seen): ForEachDurations =>
  (from, to, visit) => {
    for (const [second, seconds] of Object.entries(seen)) {
      if (Number(second) < from || Number(second) >= to) continue;
      const durations = new Histogram();
      for (const each of seconds) durations.add(each);
      visit({ durations }, Number(second));
    }
  };

const STEPS = { stepSeconds: 1, points: 4, fromSecond: 1000, toSecond: 1004, coveredFromSecond: 0 };

/** A window without a request. */
const NOTHING = new Histogram();

const sum = (counts: readonly number[] | null | undefined): number => (counts ?? []).reduce((a, b) => a + b, 0);

describe('a heat map of durations', () => {
  it('counts every request once, in the step in which it ended', () => {
    const map = heatMap(STEPS, visiting({ 1000: [0.01, 0.01, 2], 1002: [0.5], 1004: [9] }), NOTHING);
    expect(map.columns.map(sum)).toEqual([3, 0, 1, 0]);
  });

  it('has every request in a row whose edges hold its duration', () => {
    for (const seconds of [0.000_003, 0.000_4, 0.0123, 0.999, 1, 29.9, 3600]) {
      const { columns, edgesSeconds } = heatMap(STEPS, visiting({ 1001: [seconds] }), NOTHING);
      const row = columns[1]?.findIndex((count) => count > 0) ?? -1;
      expect(edgesSeconds[row]).toBeLessThanOrEqual(seconds);
      expect(edgesSeconds[row + 1]).toBeGreaterThan(seconds);
    }
  });

  it('reaches from the shortest duration to the longest, no further', () => {
    const { columns, edgesSeconds } = heatMap(STEPS, visiting({ 1000: [0.01], 1003: [1] }), NOTHING);
    expect(columns[0]?.[0]).toBe(1);
    expect(columns[3]?.at(-1)).toBe(1);
    expect(edgesSeconds).toHaveLength((columns[0]?.length ?? 0) + 1);
    // Sixteen rows a factor of two.
    expect(columns[0]?.length).toBeGreaterThan(16 * Math.log2(100) - 16);
    expect(columns[0]?.length).toBeLessThan(16 * Math.log2(100) + 16);
  });

  it('puts steps together from finer slots', () => {
    const steps = { ...STEPS, stepSeconds: 2, points: 2 };
    expect(heatMap(steps, visiting({ 1000: [0.1], 1001: [0.1, 0.1], 1003: [0.1] }), NOTHING).columns).toEqual([
      [3],
      [1],
    ]);
  });

  it('tells a step without requests from one of which nothing is known', () => {
    const map = heatMap({ ...STEPS, coveredFromSecond: 1002 }, visiting({ 1003: [0.1] }), NOTHING);
    expect(map.columns).toEqual([null, null, [0], [1]]);
  });

  it('counts the window for itself: neither all that the chart shows, nor only that', () => {
    const window = new Histogram();
    for (const seconds of [0.1, 0.1, 5]) window.add(seconds);
    const map = heatMap(STEPS, visiting({ 1000: [0.01], 1003: [0.1, 0.1] }), window);
    expect(sum(map.window)).toBe(3);
    expect(map.window).toHaveLength(map.edgesSeconds.length - 1);
    expect(map.window.at(-1)).toBe(1);
    expect(map.columns.map(sum)).toEqual([1, 0, 0, 2]);
  });

  it('has no rows where nothing has a duration', () => {
    const map = heatMap(STEPS, visiting({}), NOTHING);
    expect(map.edgesSeconds).toEqual([]);
    expect(map.columns).toEqual([[], [], [], []]);
  });
});

it('knows the shortest duration of every bucket', () => {
  for (const seconds of [0, 0.000_001, 0.000_063, 0.000_064, 0.000_129, 0.02, 1, 59.9, 7200]) {
    const bucket = bucketOf(seconds);
    expect(bucketOf(lowOf(bucket))).toBe(bucket);
    if (bucket > 0) expect(bucketOf(lowOf(bucket) - 0.000_001)).toBe(bucket - 1);
  }
});
