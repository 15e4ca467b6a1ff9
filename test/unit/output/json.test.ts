import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toJsonLine } from '../../../src/output/json.ts';

describe('toJsonLine', () => {
  it('keeps every character, the dangerous ones as escapes only', () => {
    const hostile = '\u001b]0;x\u0007 \u009b31m \u202eabc\u2066 \u200b \ufeff \u{e0041} \ud800 \u007f';
    const line = toJsonLine({ hostile });
    expect(JSON.parse(line)).toEqual({ hostile });
    expect(line).toMatch(/^[\x20-\x7e]*$/);
  });

  it('is lossless, one line, and prints no control, C1 or bidi character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        const line = toJsonLine({ text });
        expect(JSON.parse(line)).toEqual({ text });
        expect(line).not.toMatch(
          /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/u,
        );
      }),
    );
  });
});
