import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphemeSegmenter, graphemesOf } from '../../../src/text/graphemes.ts';
import { known } from '../../../src/text/plain-characters.ts';

const unicode = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const plain = Array.from(known, (cells, code) => (cells > 0 ? String.fromCharCode(code) : '')).filter(Boolean);

const character = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...plain) },
  { weight: 2, arbitrary: fc.constantFrom('\x1b', '\n', '\r', '\t', '\r\n', '\x1b[38;2;1;2;3m') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('e\u0301', '\u200d', '\ufe0f', '🇩🇪', '👩‍👩‍👧', '각', 'ᄀ', 'ᅡ', 'नि', '\u00ad'),
  },
);

describe('graphemesOf', () => {
  it('finds what Unicode finds', () => {
    fc.assert(
      fc.property(fc.array(character, { maxLength: 12 }), fc.nat(40), (characters, at) => {
        const text = characters.join('');
        expect([...graphemesOf(text)]).toEqual([...unicode.segment(text)]);
        expect(graphemesOf(text).containing(at)).toEqual(unicode.segment(text).containing(at));
      }),
    );
  });

  it('takes each plain character for one beside every other of its kind', () => {
    const text = plain.join('');
    expect(Array.from(unicode.segment(text), ({ segment }) => segment)).toEqual(plain);
    const backwards = [...plain].reverse();
    expect(Array.from(unicode.segment(backwards.join('')), ({ segment }) => segment)).toEqual(backwards);
  });

  it('is what the packages of Ink get', () => {
    expect([...new GraphemeSegmenter().segment('┏━ 4 Paths ━┓')].length).toBe(13);
  });
});
