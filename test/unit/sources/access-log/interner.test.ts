import { describe, expect, it } from 'vitest';
import { Interner } from '../../../../src/sources/access-log/interner.ts';

function countingInterner() {
  let decoded = 0;
  const interner = new Interner((bytes, start, end) => {
    decoded++;
    return bytes.toString('latin1', start, end);
  });
  const text = (value: string): string => {
    const bytes = Buffer.from(`<${value}>`, 'latin1');
    return interner.text(bytes, 1, bytes.length - 1);
  };
  return { text, decoded: () => decoded };
}

describe('text that repeats', () => {
  it('is made once, through every growth of the table', () => {
    const { text, decoded } = countingInterner();
    const values = Array.from({ length: 20_000 }, (_, index) => `/items/${index}`);
    for (const value of values) expect(text(value)).toBe(value);
    const first = decoded();
    for (const value of values) expect(text(value)).toBe(value);
    // A few pushed one another out of the slots that are looked at.
    expect(first).toBe(values.length);
    expect(decoded() - first).toBeLessThan(values.length / 20);
  });

  it('stays right when more values come than are kept', () => {
    const { text } = countingInterner();
    for (let index = 0; index < 100_000; index++) {
      const value = `${index}-${'x'.repeat(index % 300)}`;
      expect(text(value)).toBe(value);
      expect(text(value)).toBe(value);
    }
  });
});
