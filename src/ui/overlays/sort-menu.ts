/** The menu of columns to sort by. */
import type { Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import { PANES } from '../panes/index.ts';
import type { PaneId } from '../state.ts';
import type { ColumnInfo } from '../widgets/table/index.ts';
import { fitText } from '../widgets/text.ts';

const HEADER_WIDTH = 9;

/** The columns that can be sorted by, in the order of the menu. */
export function sortChoices(id: PaneId): readonly ColumnInfo[] {
  const table = PANES[id].table;
  return table === undefined ? [] : table.columns.filter((column) => table.sortable.includes(column.id));
}

export function drawSortMenu(surface: Surface, { state }: Pick<DrawContext, 'state'>): void {
  if (state.overlay?.kind !== 'sort') return;
  const { pane, index } = state.overlay;
  const choices = sortChoices(pane);
  const first = Math.max(0, Math.min(index - Math.floor(surface.height / 2), choices.length - surface.height));
  for (const [y, { header, meaning }] of choices.slice(first, first + surface.height).entries()) {
    const chosen = first + y === index;
    const name = header === '' ? 'STATE' : header;
    const x = surface.text(
      0,
      y,
      `${chosen ? '>' : ' '} ${fitText(name, HEADER_WIDTH)}`,
      chosen ? 'selected' : 'strong',
    );
    surface.text(x, y, fitText(meaning, surface.width - x), chosen ? 'selected' : 'dim');
  }
}
