import { describe, expect, it } from 'vitest';
import { OutputRate } from '../../../src/ui/output-rate.ts';

describe('the rate of what is written to the terminal', () => {
  it('is unknown until a second has passed', () => {
    const rate = new OutputRate();
    expect(rate.bytesPerSecond(0, 9000)).toBeNull();
    expect(rate.bytesPerSecond(30, 9900)).toBeNull();
    expect(rate.bytesPerSecond(1000, 10_000)).toBe(1000);
  });

  it('counts the last ten seconds, however often it is asked for', () => {
    const rate = new OutputRate();
    for (let atMs = 0; atMs <= 60_000; atMs += 100) rate.bytesPerSecond(atMs, atMs < 30_000 ? atMs * 50 : 1_500_000);
    expect(rate.bytesPerSecond(60_000, 1_500_000)).toBe(0);
    // Nothing for about ten seconds, then 5,000 bytes in five.
    expect(rate.bytesPerSecond(65_000, 1_505_000)).toBeCloseTo(5000 / 13.7, 0);
  });
});
