import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawToCells, drawToText } from '../../../../src/ui/canvas/index.ts';
import type { DrawContext } from '../../../../src/ui/context.ts';
import { initialState, type ScreenState, type TableState } from '../../../../src/ui/state.ts';
import { placeColumns } from '../../../../src/ui/widgets/table/column.ts';
import { type Column, defineTable, firstShown } from '../../../../src/ui/widgets/table/index.ts';
import { sortRows } from '../../../../src/ui/widgets/table/sort.ts';
import { busy, NOW_MS } from '../../../support/snapshots.ts';

interface Row {
  readonly name: string;
  readonly size: number | null;
}

const columns: readonly Column<Row>[] = [
  {
    id: 'size',
    header: 'SIZE',
    width: 6,
    align: 'right',
    rank: 1,
    meaning: '',
    cell: ({ size }) => ({ text: `${size ?? '–'}` }),
    sortBy: ({ size }) => size,
  },
  { id: 'note', header: 'NOTE', width: 4, align: 'left', rank: 2, meaning: '', cell: () => ({ text: 'note' }) },
  {
    id: 'name',
    header: 'NAME',
    width: 8,
    align: 'left',
    rank: 0,
    fill: true,
    meaning: '',
    cell: ({ name }) => ({ text: name }),
    sortBy: ({ name }) => name,
    firstAscending: true,
  },
];

const rows: readonly Row[] = [
  { name: 'b', size: 2 },
  { name: 'a', size: null },
  { name: 'c', size: 10 },
  { name: 'd', size: 2 },
];

const names = (list: readonly Row[]): string => list.map((row) => row.name).join('');

describe('columns', () => {
  const ids = (width: number): string[] => placeColumns(columns, width).map(({ column }) => column.id);

  it('are left out by rank, and keep their order', () => {
    expect(ids(20)).toEqual(['size', 'note', 'name']);
    expect(ids(19)).toEqual(['size', 'name']);
    expect(ids(14)).toEqual(['name']);
  });

  it('leave the rest of the width to the one that fills', () => {
    expect(placeColumns(columns, 30).map(({ x, width }) => [x, width])).toEqual([
      [0, 6],
      [7, 4],
      [12, 18],
    ]);
  });

  it('grow up to their widest with half of what is spare, or with all of it where none fills', () => {
    const [size, note, name] = columns;
    if (size === undefined || note === undefined || name === undefined) throw new Error('three columns');
    const widths = (list: readonly Column<Row>[], width: number) => placeColumns(list, width).map((each) => each.width);
    const growing = { ...note, widest: 10 };
    expect(widths([size, growing, name], 20)).toEqual([6, 4, 8]);
    expect(widths([size, growing, name], 26)).toEqual([6, 7, 11]);
    expect(widths([size, growing, name], 60)).toEqual([6, 10, 42]);
    expect(widths([size, growing], 13)).toEqual([6, 6]);
    expect(widths([size, growing], 60)).toEqual([6, 10]);
  });

  it('never reach beyond the width', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (width) => {
        const last = placeColumns(columns, width).at(-1);
        expect((last?.x ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('sorting', () => {
  it('begins with the largest number or the first name; equal ones stay as they came', () => {
    expect(names(sortRows(rows, columns, 'size', false))).toBe('cbda');
    expect(names(sortRows(rows, columns, 'name', false))).toBe('abcd');
  });

  it('keeps the unknown last, also the other way round', () => {
    expect(names(sortRows(rows, columns, 'size', true))).toBe('bdca');
  });

  it('leaves the rows alone without a column to sort by', () => {
    expect(sortRows(rows, columns, null, false)).toBe(rows);
    expect(sortRows(rows, columns, 'note', false)).toBe(rows);
  });
});

describe('a table', () => {
  const table = defineTable<Row>({
    pane: 'paths',
    columns,
    rows: () => rows,
    key: ({ name }) => name,
    defaultSort: () => 'size',
    empty: () => 'nothing',
  });
  const context = (own: Partial<TableState> = {}): DrawContext => {
    const state: ScreenState = {
      ...initialState({ windowSeconds: 60, delayMs: 1000, theme: 'default' }),
      tables: { paths: { sort: null, reversed: false, selected: null, ...own } },
    };
    return { snapshot: busy(), state, nowMs: NOW_MS, timeZone: 'utc', ascii: false };
  };
  const draw = (own: Partial<TableState> = {}, height = 5, focused = true): string[] =>
    drawToText((surface) => table.draw(surface, context(own), { y: 0, height, focused }), 26, height);

  it('marks the column that it is sorted by, and the selected row', () => {
    expect(draw()).toEqual([
      '   SIZE▽ NOTE NAME',
      '>     10 note c',
      '       2 note b',
      '       2 note d',
      '       – note a',
    ]);
    expect(draw({ reversed: true })[0]).toContain('SIZE△');
    expect(draw({ sort: 'name' })[0]).toBe('    SIZE NOTE NAME△');
  });

  it('keeps the selected item in sight, wherever it has gone', () => {
    expect(draw({ selected: { key: 'a', index: 0 } }, 3)).toEqual([
      '   SIZE▽ NOTE NAME',
      '       2 note d',
      '>      – note a          ▐',
    ]);
  });

  it('shows the selection only where the keys go', () => {
    expect(draw({}, 5, false)[1]).toBe('      10 note c');
  });

  it('shows at its edge which part of a longer list is in sight', () => {
    const edge = (own: Partial<TableState>): string =>
      draw(own, 3)
        .slice(1)
        .map((line) => line[25] ?? ' ')
        .join('');
    expect(edge({ selected: { key: 'a', index: 3 } })).toBe(' ▐');
    expect(draw({}, 3, false)[1]).toMatch(/▐$/);
    expect(draw({}, 5).join('')).not.toContain('▐');
  });

  it('colours the whole of the selected row', () => {
    const cells = drawToCells((surface) => table.draw(surface, context(), { y: 0, height: 2, focused: true }), 26, 2);
    expect(cells[1]?.map((span) => span.style)).toEqual(['selected']);
  });

  it('tells its items in the order shown', () =>
    expect(table.keys(context({ sort: 'name' }))).toEqual(['a', 'b', 'c', 'd']));
});

describe('scrolling', () => {
  it('has the selected row in the middle, except near the ends', () => {
    expect(firstShown(0, 5, 20)).toBe(0);
    expect(firstShown(10, 5, 20)).toBe(8);
    expect(firstShown(19, 5, 20)).toBe(15);
    expect(firstShown(2, 5, 3)).toBe(0);
  });
});
