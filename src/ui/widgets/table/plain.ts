/** A table to read: rows as they come, without order, selection or scrolling. */
import type { Surface } from '../../canvas/surface.ts';
import type { DrawContext } from '../../context.ts';
import { fitText } from '../text.ts';
import { type Column, placeColumns } from './column.ts';

/** Draws head and rows from the top of a surface; the last line says how many did not fit. */
export function drawPlainTable<Row>(
  surface: Surface,
  context: DrawContext,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): void {
  const placed = placeColumns(columns, surface.width - 2);
  for (const { column, x, width } of placed) {
    surface.text(1 + x, 0, fitText(column.header, width, column.align), 'header');
  }
  const room = surface.height - 1;
  const shown = rows.length > room ? rows.slice(0, Math.max(0, room - 1)) : rows;
  for (const [index, row] of shown.entries()) {
    for (const { column, x, width } of placed) {
      const { text, style } = column.cell(row, context);
      surface.text(1 + x, 1 + index, fitText(text, width, column.align), style);
    }
  }
  const unseen = rows.length - shown.length;
  if (unseen > 0 && room > 0)
    surface.text(1, surface.height - 1, fitText(`… ${unseen} more`, surface.width - 2), 'dim');
}
