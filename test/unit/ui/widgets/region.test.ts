import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawToText } from '../../../../src/ui/canvas/text-surface.ts';
import { region } from '../../../../src/ui/widgets/region.ts';

const inside = (x: number, y: number, text: string): string[] =>
  drawToText(
    (surface) => {
      surface.fill(0, 0, 8, 3, '.');
      region(surface, { x: 2, y: 1, width: 4, height: 1 }).text(x, y, text);
    },
    8,
    3,
  );

describe('a part of a surface', () => {
  it('has its own corner', () => expect(inside(0, 0, 'ab')[1]).toBe('..ab....'));
  it('cuts what is too long', () => expect(inside(1, 0, 'abcdef')[1]).toBe('...abc..'));
  it('cuts what begins before it', () => expect(inside(-2, 0, 'abcd')[1]).toBe('..cd....'));
  it('has no lines above and below', () => {
    expect(inside(0, -1, 'ab')).toEqual(inside(0, 1, 'ab'));
    expect(inside(0, 1, 'ab').join('')).not.toContain('a');
  });
  it('leaves a blank where half of a wide character would be', () => {
    expect(inside(3, 0, '東京')[1]).toBe('..... ..');
    expect(inside(-1, 0, '東京')[1]).toBe('.. 京...');
  });

  it('never reaches beyond its edges, whatever is drawn', () => {
    const text = fc.array(fc.constantFrom('a', 'é', '東', '🏳️‍🌈', 'e\u0301\u0301', 'א', '█'), { maxLength: 12 });
    fc.assert(
      fc.property(fc.integer({ min: -6, max: 10 }), fc.integer({ min: -2, max: 3 }), text, (x, y, parts) => {
        const lines = drawToText(
          (surface) => {
            surface.fill(0, 0, 8, 3, '.');
            const part = region(surface, { x: 2, y: 1, width: 4, height: 1 });
            part.text(x, y, parts.join(''));
            part.fill(x, y, parts.length, 2, '#');
          },
          8,
          3,
        );
        expect(lines[0]).toBe('........');
        expect(lines[2]).toBe('........');
        expect(lines[1]?.slice(0, 2)).toBe('..');
        expect(lines[1]?.endsWith('..')).toBe(true);
      }),
    );
  });
});
