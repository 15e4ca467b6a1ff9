import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '../../../src/text/visible.ts';

describe('visible', () => {
  it.each([
    ['an escape character', 'a\x1b[2Jb', 'a\\x1b[2Jb'],
    ['bell, NUL, DEL', '\x07\x00\x7f', '\\x07\\x00\\x7f'],
    ['newline, return and tab', 'a\r\n\tb', 'a\\x0d\\x0a\\x09b'],
    ['C1 controls', '\x9b31m\x9d0;title\x9c', '\\x9b31m\\x9d0;title\\x9c'],
    ['bidi overrides and isolates', '\u202eevil\u2066\u200f', '\\u202eevil\\u2066\\u200f'],
    [
      'zero-width characters',
      'a\u200bb\u200cc\u200dd\u2060e\ufefff\u00ad',
      'a\\u200bb\\u200cc\\u200dd\\u2060e\\ufefff\\xad',
    ],
    ['line and paragraph separators', '\u2028\u2029', '\\u2028\\u2029'],
    ['tags', 'a\u{e0041}\u{e007f}', 'a\\u{e0041}\\u{e007f}'],
    ['invisible fillers', '\u3164\u115f\u034f', '\\u3164\\u115f\\u034f'],
    ['lone surrogates', 'a\ud800b\udc00', 'a\\ud800b\\udc00'],
    ['noncharacters', '\ufffe', '\\ufffe'],
  ])('escapes %s', (_, text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it.each([
    '',
    'GET /users/42?q=a%20b',
    'naïve café',
    'Ωμέγα',
    '日本語',
    'עברית',
    'हिन्दी',
    '👍🏽 🇩🇪 ❤️',
    'e\u0301\u0323',
  ])('returns ordinary text as it is: %s', (text) => {
    expect(visible(text)).toBe(text);
  });

  it('keeps two combining marks in a row, then escapes', () => {
    expect(visible('e\u0301\u0302\u0303\u0304 f\u0301')).toBe('e\u0301\u0302\\u0303\\u0304 f\u0301');
  });

  it('escapes marks without a character to stand on', () => {
    expect(visible('\u0301a')).toBe('\\u0301a');
    expect(visible('a\u200b\u0301')).toBe('a\\u200b\\u0301');
  });

  it('leaves nothing that a terminal acts on or hides, whatever the text', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('\x1b', '\x9b', '\u202e', '\u200d', '\u0301', '\ud800', 'a', '日', '\u{e0020}'),
    });
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (text) => {
        const shown = visible(text);
        expect(shown).not.toMatch(/\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}/u);
        expect(shown).not.toMatch(/(?!\p{Default_Ignorable_Code_Point})\p{M}{3}/u);
        expect(visible(shown)).toBe(shown);
      }),
    );
  });
});
