import { describe, expect, it } from 'vitest';
import { sayPercent } from '../../../src/model/figures.ts';

describe('a share in a sentence', () => {
  it.each([
    [0, '0 %'],
    [0.000004, '<0.01 %'],
    [0.00066, '0.07 %'],
    [0.0042, '0.42 %'],
    [0.0123, '1.2 %'],
    [0.0999, '10 %'],
    [0.714, '71 %'],
    [1, '100 %'],
    [-0.25, '-25 %'],
  ])('%d is %s', (ratio, text) => expect(sayPercent(ratio)).toBe(text));
});
