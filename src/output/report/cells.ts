/** Cells of a section as text that is safe to show. */
import { visible } from '../../text/visible.ts';
import { format, type Unit } from './figures.ts';
import type { Cell, Column } from './sections.ts';

const isFigure = (cell: Cell): cell is Exclude<Cell, string | number | null> =>
  typeof cell === 'object' && cell !== null;

export const rawOf = (cell: Cell): string | number | null => (isFigure(cell) ? cell.value : cell);

const unitOf = (cell: Cell, column: Column): Unit => (isFigure(cell) ? cell.unit : column.unit);

export const showCell = (cell: Cell, column: Column, timeZone: string): string =>
  visible(format(rawOf(cell), unitOf(cell, column), timeZone));

/** Figures stand to the right. */
export const isNumeric = (column: Column): boolean => column.unit !== 'text' && column.unit !== 'time';

/** The greatest value of a column, at least a hair above 0: what bars are measured by. */
export const greatest = (rows: readonly (readonly Cell[])[], index: number): number =>
  rows.reduce((most, row) => Math.max(most, Number(rawOf(row[index]) ?? 0)), Number.MIN_VALUE);
