import { describe, expect, it } from 'vitest';
import { LullWatch } from '../../../src/model/lull.ts';

/** Ticks once a second with so many requests each; answers at the last tick. */
function lullAfter(requests: readonly number[]) {
  const watch = new LullWatch();
  let total = 1000;
  watch.tick(0, total);
  requests.forEach((count, i) => {
    total += count;
    watch.tick((i + 1) * 1000, total);
  });
  return watch.at(requests.length * 1000);
}

const times = (count: number, value: number): number[] => new Array(count).fill(value);

describe('traffic that stops', () => {
  it('is told after 5 s when it was steady, with the rate before', () => {
    expect(lullAfter([...times(30, 8), ...times(4, 0)])).toBeNull();
    const lull = lullAfter([...times(31, 8), ...times(6, 0)]);
    expect(lull?.seconds).toBe(6);
    expect(lull?.requestsPerSecond).toBeCloseTo(8.27, 2);
  });

  it('is told only after three times its longest pause', () => {
    const seldom = [...times(10, 0).flatMap(() => [8, 0, 0, 0]), 8];
    expect(lullAfter([...seldom, ...times(11, 0)])).toBeNull();
    expect(lullAfter([...seldom, ...times(12, 0)])?.seconds).toBe(12);
  });

  it('is not told on a site with little traffic, where a pause may be chance', () => {
    const little = [...times(15, 0).flatMap(() => [1, 0]), 1];
    expect(lullAfter([...little, ...times(10, 0)])).toBeNull();
    expect(lullAfter([...little, ...times(30, 0)])?.seconds).toBe(30);
  });

  it('is told sooner where many requests were to be expected', () => {
    const hiccup = [...times(15, 10), ...times(3, 0), ...times(15, 10)];
    expect(lullAfter([...hiccup, ...times(5, 0)])).toBeNull();
    expect(lullAfter([...hiccup, ...times(6, 0)])?.seconds).toBe(6);
  });

  it('is not the end of a burst, nor of what was read back at the start', () => {
    expect(lullAfter([...times(15, 500), ...times(60, 0)])).toBeNull();
    expect(lullAfter(times(60, 0))).toBeNull();
  });

  it('is over with the next request, and does not outlive what is remembered', () => {
    expect(lullAfter([...times(30, 8), ...times(6, 0), 1])).toBeNull();
    expect(lullAfter([...times(30, 8), ...times(400, 0)])).toBeNull();
  });
});
