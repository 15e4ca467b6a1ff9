import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bar } from '../../../../src/ui/widgets/bar.ts';
import { lineChart } from '../../../../src/ui/widgets/line-chart.ts';
import { columnOf, largest, resample } from '../../../../src/ui/widgets/resample.ts';
import { columnChart, sparkline } from '../../../../src/ui/widgets/sparkline.ts';

describe('a sparkline', () => {
  it('has its highest block at the maximum and its lowest at zero', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 7)).toBe('▁▁▂▃▄▅▆▇');
  });

  it('draws what is not known as a gap', () => expect(sparkline([1, null, 0], 1)).toBe('▇ ▁'));

  it('draws nothing but zeros at the bottom', () => expect(sparkline([0, 0], 0)).toBe('▁▁'));

  it('does not fall out of its blocks', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.double(), (values, max) => /^[▁▂▃▄▅▆▇]*$/.test(sparkline(values, max))),
    );
  });
});

describe('columns of several rows', () => {
  it('fill from below', () => {
    expect(columnChart([0, 2, 4, null], 4, 2)).toEqual(['  █ ', '▁██ ']);
    expect(columnChart([1, 3], 4, 2)).toEqual([' ▄', '▄█']);
  });
});

describe('a bar', () => {
  it.each([
    [0, ''],
    [null, ''],
    [0.5, '██'],
    [0.53, '██▏'],
    [0.0001, '▏'],
    [1, '████'],
    [7, '████'],
  ])('of %s in four cells is %s', (ratio, text) => expect(bar(ratio, 4)).toBe(text));
});

describe('resampling', () => {
  it('gives one column per value where there are as many', () => {
    expect(resample([1, 2, null, 4], { firstIndex: 7, count: 4, width: 4 }, 'mean')).toEqual([1, 2, null, 4]);
  });

  it('puts several values into a column: the mean of rates, the highest of percentiles', () => {
    const axis = { firstIndex: 0, count: 6, width: 3 };
    expect(resample([1, 3, 5, null, null, null], axis, 'mean')).toEqual([2, 5, null]);
    expect(resample([1, 3, 5, 6, null, 0], axis, 'max')).toEqual([3, 6, 0]);
  });

  it('repeats values where there are more columns', () => {
    expect(resample([1, 2, 3], { firstIndex: 0, count: 3, width: 6 }, 'mean')).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it('has nothing to say of nothing', () => {
    expect(resample([], { firstIndex: 0, count: 0, width: 2 }, 'mean')).toEqual([null, null]);
    expect(resample([1], { firstIndex: 0, count: 1, width: 0 }, 'mean')).toEqual([]);
  });

  it('only scrolls as time goes on: a finished column keeps its value', () => {
    const value = (index: number): number => (index * 7919) % 101;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 120 }),
        fc.nat(1000),
        (width, count, from) => {
          const at = (firstIndex: number) =>
            resample(
              Array.from({ length: count }, (_, index) => value(firstIndex + index)),
              { firstIndex, count, width },
              'mean',
            );
          const absolute = (firstIndex: number): Map<number, number | null> => {
            const last = Math.ceil(((firstIndex + count) * width) / count - 1e-9) - 1;
            return new Map(at(firstIndex).map((each, index) => [last - width + 1 + index, each]));
          };
          const before = absolute(from);
          const after = absolute(from + 1);
          // Without the columns at the edges, of which a part is out of sight.
          const shared = [...before.keys()].filter((column) => after.has(column)).slice(1, -1);
          expect(shared.map((column) => after.get(column))).toEqual(shared.map((column) => before.get(column)));
        },
      ),
    );
  });

  it('finds the column of a moment, and none outside', () => {
    const axis = { firstIndex: 100, count: 60, width: 30 };
    expect(columnOf(100, axis)).toBe(0);
    expect(columnOf(159.9, axis)).toBe(29);
    expect(columnOf(160, axis)).toBeNull();
    expect(columnOf(99, axis)).toBeNull();
  });

  it('knows the largest of what is known', () => {
    expect(largest([null, 3, null, 1])).toBe(3);
    expect(largest([null])).toBeNull();
  });
});

describe('a line chart', () => {
  const options = { height: 4, ascii: false };

  it('goes from zero to a round number above the largest value', () => {
    const { rows, levels } = lineChart([0, 300, 600, 600, 0], options);
    expect(levels).toEqual([600, 400, 200, 0]);
    expect(rows).toEqual([' ╭─╮ ', '╭╯ │ ', '│  │ ', '╯  ╰─'].map((row) => row.padEnd(5)));
  });

  it('leaves a gap where nothing is known', () => {
    const { rows } = lineChart([3, null, 3], options);
    expect(rows[0]).toBe('─ ─');
    expect(rows.slice(1).join('').trim()).toBe('');
  });

  it('draws zeros on the zero line, and nothing without values', () => {
    expect(lineChart([0, 0], options).rows).toEqual(['  ', '  ', '  ', '──']);
    expect(lineChart([], options).rows).toEqual(['', '', '', '']);
    expect(lineChart([null, null], options).rows.join('').trim()).toBe('');
  });

  it('keeps to 7 bits when asked to', () => {
    expect(lineChart([0, 3, 0], { height: 4, ascii: true }).rows.join('')).toMatch(/^[ -~]*$/);
  });

  it('has its size whatever the values are', () => {
    const values = fc.array(fc.option(fc.double({ noDefaultInfinity: false }), { nil: null }), { maxLength: 60 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 12 }), (list, height) => {
        const { rows } = lineChart(list, { height, ascii: false });
        return rows.length === height && rows.every((row) => row.length === list.length);
      }),
    );
  });
});
