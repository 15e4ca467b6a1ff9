import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundScale, roundStep } from '../../../../src/ui/widgets/scale.ts';

describe('a round number', () => {
  it.each([
    [0, 1],
    [842, 1000],
    [1.1, 1.2],
    [0.021, 0.025],
    [200, 200],
  ])('at or above %d is %d', (value, rounded) => expect(roundStep(value)).toBeCloseTo(rounded, 9));
});

describe('the scale of a chart', () => {
  it('has a figure at every row of a low chart', () => expect(roundScale(600, 3)).toEqual({ step: 200, every: 1 }));

  it('sets its figures so far apart that the top is near the largest value', () => {
    // With figures at every second row the top would be 39.
    expect(roundScale(35.6, 26)).toEqual({ step: expect.closeTo(10 / 7, 9), every: 7 });
  });

  it('has figures also where all is zero', () =>
    expect(roundScale(0, 26)).toEqual({ step: expect.closeTo(1 / 7, 9), every: 7 }));

  it('holds the value, has round figures, and leaves little of a high chart empty', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), fc.integer({ min: 1, max: 100 }), (most, rows) => {
        const { step, every } = roundScale(most, rows);
        expect(step * rows).toBeGreaterThanOrEqual(most * (1 - 1e-9));
        expect(roundStep(step * every)).toBeCloseTo(step * every, 6);
        expect(rows / every).toBeLessThanOrEqual(12);
        if (rows >= 15) expect(step * rows).toBeLessThanOrEqual(most * 1.21);
      }),
    );
  });
});
