import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringWidth } from '../../../../src/text/width.ts';
import { drawToText } from '../../../../src/ui/canvas/index.ts';
import { drawSplit, fitItems, item, labelled } from '../../../../src/ui/widgets/line.ts';
import { fitText, wrap } from '../../../../src/ui/widgets/text.ts';

describe('text in a column', () => {
  it('is padded to its width on the side that it is aligned away from', () => {
    expect(fitText('ab', 4)).toBe('ab  ');
    expect(fitText('ab', 4, 'right')).toBe('  ab');
  });

  it('shows where it was cut', () => expect(fitText('abcdef', 4)).toBe('abc…'));

  it('never cuts a wide character in two', () => {
    expect(fitText('日本語', 4)).toBe('日… ');
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '日', '👩‍👩‍👧', 'é')),
        fc.integer({ min: 1, max: 20 }),
        (parts, width) => {
          expect(stringWidth(fitText(parts.join(''), width))).toBe(width);
        },
      ),
    );
  });
});

describe('wrapped text', () => {
  it('breaks between words', () => expect(wrap('one two three', 8)).toEqual(['one two', 'three']));

  it('breaks a word only where it fits on no line', () => {
    expect(wrap('a abcdefgh b', 4)).toEqual(['a', 'abcd', 'efgh', 'b']);
    expect(wrap('日本語', 4)).toEqual(['日本', '語']);
  });

  it('has no lines where there is no room', () => expect(wrap('a', 0)).toEqual([]));
});

describe('a line of items', () => {
  const items = [item('first'), item('second', 'text', 2), item('third', 'text', 1)];
  const text = (width: number): string =>
    fitItems(items, width)
      .map((span) => span.text)
      .join('');

  it('leaves out whole items, the highest rank first', () => {
    expect(text(22)).toBe('first · second · third');
    expect(text(21)).toBe('first · third');
    expect(text(12)).toBe('first');
  });

  it('cuts only what stands alone', () => expect(text(3)).toBe('fi…'));

  it('is never wider than asked', () => {
    const any = fc.record({ text: fc.string(), rank: fc.nat(5) });
    fc.assert(
      fc.property(fc.array(any), fc.nat(40), (list, width) => {
        const spans = fitItems(
          list.map((each) => item(each.text, 'text', each.rank)),
          width,
        );
        expect(stringWidth(spans.map((span) => span.text).join(''))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('keeps the right side when both sides do not fit', () => {
    const draw = (width: number) =>
      drawToText(
        (surface) => drawSplit(surface, 0, [item('left'), item('more', 'text', 1)], [labelled('at', 'right')]),
        width,
        1,
      );
    expect(draw(24)).toEqual(['left · more     at right']);
    expect(draw(16)).toEqual(['left    at right']);
    expect(draw(12)).toEqual(['l…  at right']);
  });
});
