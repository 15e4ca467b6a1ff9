/**
 * A table of a pane: columns that never change their width while live, rows that sort, a selection that follows its
 * item. `defineTable` hides the type of the rows, so that the screen handles all tables alike.
 */
import type { Surface } from '../../canvas/surface.ts';
import type { DrawContext } from '../../context.ts';
import { type PaneId, selectedIndex, tableState } from '../../state.ts';
import { fitText } from '../text.ts';
import { type Column, type ColumnInfo, type PlacedColumn, placeColumns } from './column.ts';
import { sortMark, sortRows } from './sort.ts';

export type { Cell, Column, ColumnInfo } from './column.ts';

export interface TableSpec<Row> {
  readonly pane: PaneId;
  readonly columns: readonly Column<Row>[];
  readonly rows: (context: DrawContext) => readonly Row[];
  /** Names the item for as long as it exists: the selection follows it. */
  readonly key: (row: Row) => string;
  /** Column that the rows are ordered by at first; null: as they come. */
  readonly defaultSort: (context: DrawContext) => string | null;
  /** The item to begin at while none was chosen; left out or null: the top one. */
  readonly first?: (context: DrawContext) => string | null;
  /** Said instead of rows when there are none. */
  readonly empty: (context: DrawContext) => string;
}

export interface Table {
  readonly columns: readonly ColumnInfo[];
  /** Ids of the columns that can be sorted by, in order. */
  readonly sortable: readonly string[];
  /** Column in use, null when the rows stand as they come. */
  sortedBy(context: DrawContext): string | null;
  /** The items in the order shown. */
  keys(context: DrawContext): readonly string[];
  /** The item that is selected while none was chosen; null: the top one. */
  first(context: DrawContext): string | null;
  /** Where the item stands among the rows as they come, before they are ordered; -1 where it is none of them. */
  indexOf(context: DrawContext, key: string): number;
  /** The cells of the item that say something, with tabs between; null where it is none of the rows. */
  text(context: DrawContext, key: string): string | null;
  /** Draws head and rows into an area; rows that do not fit are reached by moving the selection. */
  draw(surface: Surface, context: DrawContext, area: TableArea): void;
}

export interface TableArea {
  readonly y: number;
  readonly height: number;
  /** Shows the selected row. */
  readonly focused: boolean;
}

/** Cells at the left for the `>` of the selected row, and at the right to the border. */
const MARKER = 2;
const MARGIN = 1;

export function defineTable<Row>(spec: TableSpec<Row>): Table {
  const sortedBy = (context: DrawContext): string | null =>
    tableState(context.state, spec.pane).sort ?? spec.defaultSort(context);
  const ordered = (context: DrawContext): readonly Row[] =>
    sortRows(spec.rows(context), spec.columns, sortedBy(context), tableState(context.state, spec.pane).reversed);

  const first = (context: DrawContext): string | null => spec.first?.(context) ?? null;

  const drawHead = (
    surface: Surface,
    context: DrawContext,
    y: number,
    placed: readonly PlacedColumn<Column<Row>>[],
  ) => {
    const sorted = sortedBy(context);
    surface.fill(0, y, surface.width, 1, ' ', 'header');
    for (const { column, x, width } of placed) {
      const mark =
        column.id === sorted && column.header !== '' ? sortMark(column, tableState(context.state, spec.pane)) : '';
      surface.text(MARKER + x, y, fitText(column.header + mark, width, column.align), 'header');
      if (column.sortBy !== undefined) surface.mark?.(MARKER + x, y, width, { kind: 'column', id: column.id });
    }
  };

  const drawRow = (
    surface: Surface,
    context: DrawContext,
    y: number,
    row: Row,
    placed: readonly PlacedColumn<Column<Row>>[],
    selected: boolean,
  ) => {
    if (selected) {
      surface.fill(0, y, surface.width, 1, ' ', 'selected');
      surface.text(0, y, '>', 'selected');
    }
    for (const { column, x, width } of placed) {
      const cell = column.cell(row, context);
      surface.text(MARKER + x, y, fitText(cell.text, width, column.align), selected ? 'selected' : cell.style);
    }
  };

  return {
    columns: spec.columns,
    sortable: spec.columns.filter((column) => column.sortBy !== undefined).map((column) => column.id),
    sortedBy,
    keys: (context) => ordered(context).map(spec.key),
    first,
    indexOf: (context, key) => spec.rows(context).findIndex((row) => spec.key(row) === key),
    text(context, key) {
      const row = spec.rows(context).find((each) => spec.key(each) === key);
      if (row === undefined) return null;
      const named = spec.columns.filter(({ header }) => header !== '');
      return named.map((column) => column.cell(row, context).text.trim()).join('\t');
    },
    draw(surface, context, { y, height, focused }) {
      if (height <= 0) return;
      const placed = placeColumns(spec.columns, surface.width - MARKER - MARGIN);
      drawHead(surface, context, y, placed);
      const rows = ordered(context);
      if (rows.length === 0) {
        if (height > 1) surface.text(MARKER, y + 1, fitText(spec.empty(context), surface.width - MARKER), 'dim');
        return;
      }
      const shown = height - 1;
      const selected = selectedIndex(tableState(context.state, spec.pane), rows.map(spec.key), first(context));
      const top = firstShown(selected, shown, rows.length);
      for (const [index, row] of rows.slice(top, top + shown).entries()) {
        drawRow(surface, context, y + 1 + index, row, placed, focused && top + index === selected);
        surface.mark?.(0, y + 1 + index, surface.width, { kind: 'row', key: spec.key(row), index: top + index });
      }
      const bar = { x: surface.width - 1, y: y + 1, height: shown, selected: focused ? selected - top : -1 };
      drawScrollBar(surface, bar, top, rows.length);
    },
  };
}

/** The selected row stands in the middle, except near the ends of the list: no scroll position to keep. */
export function firstShown(selected: number, shown: number, count: number): number {
  return Math.max(0, Math.min(selected - Math.floor(shown / 2), count - shown));
}

/** Which part of a longer list is in sight: `▐` at the right edge; nothing where all of it is. */
function drawScrollBar(
  surface: Surface,
  { x, y, height, selected }: { x: number; y: number; height: number; selected: number },
  first: number,
  count: number,
): void {
  if (count <= height || height <= 0) return;
  const size = Math.max(1, Math.round((height * height) / count));
  const from = Math.round((first / (count - height)) * (height - size));
  for (let row = from; row < from + size; row++) surface.text(x, y + row, '▐', row === selected ? 'selected' : 'dim');
}
