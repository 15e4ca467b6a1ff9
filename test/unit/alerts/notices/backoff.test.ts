import { describe, expect, it } from 'vitest';
import { pauseMs } from '../../../../src/alerts/notices/backoff.ts';

describe('the pause between two tries', () => {
  it('doubles from one second to five minutes', () => {
    const longest = [1, 2, 3, 4, 8, 9, 10, 1000].map((failures) => Math.round(pauseMs(failures, 0.999_999) / 1000));
    expect(longest).toEqual([1, 2, 4, 8, 128, 256, 300, 300]);
  });

  it('is spread over the upper half of it', () => {
    expect([0, 0.5].map((random) => pauseMs(4, random))).toEqual([4000, 6000]);
  });

  it('is never shorter than the receiver asked for', () => {
    expect(pauseMs(1, 0.5, 30_000)).toBe(30_000);
    expect(pauseMs(9, 0.5, 30_000)).toBe(192_000);
  });
});
