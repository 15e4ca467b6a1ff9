import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/engine/pace.ts';

const KIB = 1024;

/** Slices of a log whose bytes take so long, until the pace has found itself. */
function settled(pace: Pace, bytesPerMs: number): number {
  for (let slice = 0; slice < 20; slice++) pace.took(pace.bytes / bytesPerMs);
  return pace.bytes;
}

describe('the size of the next slice', () => {
  it('begins small, for nothing is compiled yet', () => {
    expect(new Pace().bytes).toBe(32 * KIB);
  });

  it('grows at most twofold, up to its bound', () => {
    const pace = new Pace();
    const sizes = Array.from({ length: 6 }, () => {
      pace.took(0);
      return pace.bytes / KIB;
    });
    expect(sizes).toEqual([64, 128, 256, 512, 512, 512]);
  });

  it('finds what takes ten milliseconds', () => {
    expect(settled(new Pace(), 20_000)).toBeCloseTo(200_000, -2);
  });

  it('falls at once where lines have become dear, and never to nothing', () => {
    const pace = new Pace();
    settled(pace, 1_000_000);
    pace.took(100);
    expect(pace.bytes).toBe(Math.round(512 * KIB * 0.1));
    pace.took(10_000);
    expect(pace.bytes).toBe(32 * KIB);
  });
});
