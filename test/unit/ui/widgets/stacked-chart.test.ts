import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawToText } from '../../../../src/ui/canvas/text-surface.ts';
import type { Scale } from '../../../../src/ui/widgets/scale.ts';
import { drawStacked, type Layer } from '../../../../src/ui/widgets/stacked-chart.ts';

const layers = (...values: readonly (readonly (number | null)[])[]): readonly Layer[] =>
  values.map((each, index) => ({
    style: 'text',
    shade: index === values.length - 1 ? '█' : (['▓', '▒'][index] ?? '░'),
    values: each,
  }));

function draw(given: readonly Layer[], height: number): { lines: string[]; scale: Scale | null } {
  let scale: Scale | null = null;
  const width = given[0]?.values.length ?? 0;
  const lines = drawToText(
    (surface) => {
      scale = drawStacked(surface, { x: 0, y: 0, height, layers: given });
    },
    width,
    height,
  );
  return { lines, scale };
}

describe('a stacked chart', () => {
  it('has the first layer at the bottom, and a round scale', () => {
    const { lines, scale } = draw(layers([1, 0], [3, 4]), 4);
    expect(lines).toEqual(['██', '██', '██', '▓█']);
    expect(scale).toEqual({ step: 1, every: 1 });
  });

  it('shows a single error among thousands, without raising the column', () => {
    expect(draw(layers([1], [3999]), 4).lines).toEqual(['█', '█', '█', '▓']);
  });

  it('ends in eighths of a cell', () => expect(draw(layers([1.5, 4]), 4).lines).toEqual([' █', ' █', '▄█', '██']));

  it('draws a gap as a gap and nothing as a line on the ground', () => {
    expect(draw(layers([null, 0, 4]), 2).lines).toEqual(['  █', ' ▁█']);
  });

  it('has no scale where nothing is known', () =>
    expect(draw(layers([null, null]), 3)).toEqual({ lines: ['', '', ''], scale: null }));

  it('is as high as the sum of its layers, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 30 }),
        (columns, height) => {
          const given = layers(...[0, 1, 2].map((layer) => columns.map((column) => column[layer] ?? 0)));
          const { lines, scale } = draw(given, height);
          const step = scale?.step ?? 0;
          for (const [x, column] of columns.entries()) {
            const total = column.reduce((sum, value) => sum + value, 0);
            const cells = lines.filter((line) => (line[x] ?? ' ') !== ' ').length;
            expect(cells).toBe(Math.max(1, Math.ceil(total / step - 1e-9)));
          }
        },
      ),
    );
  });
});
