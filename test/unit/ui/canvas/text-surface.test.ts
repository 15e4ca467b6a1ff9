import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringWidth } from '../../../../src/text/width.ts';
import { drawToCells, drawToText } from '../../../../src/ui/canvas/index.ts';

describe('drawToText', () => {
  it('gives the lines of a drawing without the blanks at their ends', () => {
    const lines = drawToText(
      (surface) => {
        surface.text(0, 0, 'name');
        surface.text(8, 0, 'value', 'strong');
        surface.fill(0, 2, 4, 1, '─', 'dim');
      },
      20,
      3,
    );
    expect(lines).toEqual(['name    value', '', '────']);
  });

  it('clips at every edge', () => {
    const draw = drawToText(
      (surface) => {
        surface.text(-2, 0, 'abcdef');
        surface.text(3, 1, 'abcdef');
        surface.text(0, -1, 'above');
        surface.text(0, 9, 'below');
        surface.fill(-5, 2, 100, 100, '#');
      },
      5,
      3,
    );
    expect(draw).toEqual(['cdef', '   ab', '#####']);
  });

  it('puts a blank where a wide character does not fit whole', () => {
    expect(drawToText((surface) => surface.text(0, 0, '日本語'), 5, 1)).toEqual(['日本']);
    expect(drawToText((surface) => surface.text(-1, 0, '日本語'), 5, 1)).toEqual([' 本語']);
  });

  it('blanks the other half of a wide character that is overwritten', () => {
    const over = (x: number): string[] =>
      drawToText(
        (surface) => {
          surface.text(0, 0, '日本');
          surface.text(x, 0, 'x');
        },
        5,
        1,
      );
    expect([over(0), over(1), over(2), over(3)]).toEqual([['x 本'], [' x本'], ['日x'], ['日 x']]);
  });

  it('says which column comes next', () => {
    drawToText(
      (surface) => {
        expect(surface.text(2, 0, 'ab')).toBe(4);
        expect(surface.text(0, 0, '日本')).toBe(4);
        expect(surface.text(8, 0, 'abcdef')).toBe(10);
        expect(surface.text(3, 0, '')).toBe(3);
      },
      10,
      1,
    );
  });

  it('leaves control characters out', () => {
    expect(drawToText((surface) => surface.text(0, 0, 'a\x1b[31mb\x07c'), 20, 1)).toEqual(['a[31mbc']);
  });

  it('never makes a line wider than asked', () => {
    const unit = fc.constantFrom('a', '日', '😀', 'e\u0301', '\u0301', '👩‍👩‍👧', '─');
    fc.assert(
      fc.property(
        fc.string({ unit }),
        fc.integer({ min: -5, max: 12 }),
        fc.integer({ min: 1, max: 10 }),
        (text, x, width) => {
          const [line = ''] = drawToText((surface) => surface.text(x, 0, text), width, 1);
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe('drawToCells', () => {
  it('gives each row as spans of one style, as wide as asked', () => {
    const rows = drawToCells(
      (surface) => {
        surface.text(1, 0, 'ok', 'ok');
        surface.text(3, 0, '日', 'critical');
      },
      6,
      1,
    );
    expect(rows).toEqual([
      [
        { text: ' ', style: 'text' },
        { text: 'ok', style: 'ok' },
        { text: '日', style: 'critical' },
        { text: ' ', style: 'text' },
      ],
    ]);
  });
});
