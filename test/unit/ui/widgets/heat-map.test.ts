import { describe, expect, it } from 'vitest';
import type { HeatMap } from '../../../../src/model/snapshot.ts';
import { toAscii } from '../../../../src/ui/ascii.ts';
import { drawToCells, drawToText } from '../../../../src/ui/canvas/text-surface.ts';
import { drawDurationBins, durationBins } from '../../../../src/ui/widgets/duration-bins.ts';
import { drawHeat, HEAT, heatGrid, heatOf, heatSteps } from '../../../../src/ui/widgets/heat-map.ts';
import { aHeatMap } from '../../../support/snapshots.ts';

/** Columns of counts, the shortest durations first; edges double; the last column is the window. */
const map = (...columns: readonly (readonly number[] | null)[]): HeatMap => {
  const rows = columns.find((column) => column !== null)?.length ?? 0;
  return {
    stepSeconds: 1,
    from: '2026-11-21T12:00:00.000Z',
    edgesSeconds: Array.from({ length: rows + 1 }, (_, row) => 0.001 * 2 ** row),
    columns,
    window: Array.from({ length: rows }, (_, row) => columns.at(-1)?.[row] ?? 0),
  };
};

describe('a heat map on a screen', () => {
  it('has the longest durations at the top, the newest at the right', () => {
    const grid = heatGrid(map([3, 0], [0, 5]), 2, 2);
    expect(grid?.lines).toEqual([
      [0, 5],
      [3, 0],
    ]);
    expect(grid?.edgesSeconds).toEqual([0.004, 0.002, 0.001]);
    expect(grid?.most).toBe(5);
  });

  it('puts rows together where there are more of them than lines, and loses no request', () => {
    const grid = heatGrid(map([1, 2, 3, 4, 5]), 1, 2);
    expect(grid?.lines.flat().reduce((sum, count) => (sum ?? 0) + (count ?? 0), 0)).toBe(15);
    expect(grid?.lines).toHaveLength(2);
  });

  it('takes one line a row where there are fewer', () => expect(heatGrid(map([1, 1]), 1, 20)?.lines).toHaveLength(2));

  it('keeps gaps', () => expect(heatGrid(map(null, [1]), 2, 1)?.lines).toEqual([[null, 1]]));

  it('is nothing without durations or room', () => {
    expect(heatGrid(map([], []), 10, 10)).toBeNull();
    expect(heatGrid(map([1]), 0, 10)).toBeNull();
    expect(heatGrid(map([1]), 10, 0)).toBeNull();
  });

  it('shows a single request, and the fullest cell brightest', () => {
    expect(heatOf(0, 100)).toBe(-1);
    expect(heatOf(1, 100)).toBe(0);
    expect(heatOf(1, 1)).toBe(0);
    expect(heatOf(100, 100)).toBe(HEAT.length - 1);
  });

  it('says from how many requests on a cell has a shade', () => {
    for (const most of [1, 2, 7, 100, 54_321]) {
      const steps = heatSteps(most);
      expect(steps[0]).toEqual({ shade: 0, from: 1 });
      for (const { shade, from } of steps) {
        expect(heatOf(from, most)).toBe(shade);
        expect(heatOf(from - 1, most)).toBeLessThan(shade);
      }
    }
  });

  it('is told by shades alone where there is no colour', () => {
    const grid = heatGrid(map([1], [3], [6], [30], [0]), 5, 1);
    const draw = (surface: Parameters<typeof drawHeat>[0]) => grid && drawHeat(surface, 0, 0, grid);
    expect(drawToText(draw, 5, 1)).toEqual(['·░▒█']);
    expect(drawToCells(draw, 5, 1)[0]?.map(({ style }) => style)).toEqual(['heat1', 'heat2', 'heat3', 'heat5', 'text']);
  });
});

describe('durations in bins', () => {
  it('are spread over equal parts of the scale, and all counted', () => {
    const bins = durationBins(aHeatMap(), 8);
    expect(bins).toHaveLength(8);
    for (const { fromSeconds, toSeconds } of bins) expect(Math.log2(toSeconds / fromSeconds)).toBeCloseTo(1.2, 0);
    for (const [index, { fromSeconds }] of bins.entries())
      if (index > 0) expect(fromSeconds).toBe(bins[index - 1]?.toSeconds);
    const all = aHeatMap().window;
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(all.reduce((sum, count) => sum + count, 0));
  });

  it('are those of the window, not of the chart, which shows what came before it too', () => {
    const bins = durationBins(map([0, 7, 9, 9], [0, 3, 1, 0]), 8);
    expect(bins.map(({ fromSeconds, toSeconds, count }) => [fromSeconds, toSeconds, count])).toEqual([
      [0.002, 0.004, 3],
      [0.004, 0.008, 1],
    ]);
  });

  it('are drawn with their share', () => {
    const bins = durationBins(map([3, 0, 1]), 3);
    const lines = drawToText((surface) => drawDurationBins(surface, bins), 60, 3);
    expect(lines[0]).toMatch(/^ {2}1\.00ms–2\.00ms █+ +3 +75\.0 %$/);
    expect(lines[1]).toMatch(/^ {2}2\.00ms–4\.00ms +0 +0 %$/);
    expect(lines[2]).toMatch(/^ {2}4\.00ms–8\.00ms █+.? +1 +25\.0 %$/);
  });

  it('are none where nothing has a duration', () => expect(durationBins(map([]), 8)).toEqual([]));
});

it('tells its shades apart by their glyphs alone, in 7 bits too', () => {
  const glyphs = HEAT.map(({ glyph }) => glyph);
  expect(new Set(glyphs).size).toBe(HEAT.length);
  expect(new Set(glyphs.map(toAscii)).size).toBe(HEAT.length);
});
