import { PANES } from '../panes/index.ts';
import { PANE_IDS, type PaneId, tableState } from '../state.ts';
import type { ColumnInfo } from '../widgets/table/index.ts';
import { type Effect, openOverlay, type Screen } from './screen.ts';

/** Columns without a heading hold a state. */
export const columnName = ({ header }: Pick<ColumnInfo, 'header'>): string => (header === '' ? 'STATE' : header);

/** The columns that can be sorted by, in the order of the menu. */
export function sortChoices(id: PaneId): readonly ColumnInfo[] {
  const table = PANES[id].table;
  return table === undefined ? [] : table.columns.filter((column) => table.sortable.includes(column.id));
}

export function sortBy(screen: Screen, pane: PaneId, column: string): void {
  const context = screen.context();
  if (context === null) return;
  screen.dispatch({ type: 'sort', pane, column, current: PANES[pane].table?.sortedBy(context) ?? null });
  saySorting(screen, pane, column);
}

function saySorting(screen: Screen, pane: PaneId, column: string): void {
  const found = PANES[pane].table?.columns.find((each) => each.id === column) ?? { header: column };
  const reversed = tableState(screen.state, pane).reversed ? ', reversed' : '';
  screen.notify(`${PANES[pane].title} sorted by ${columnName(found)}${reversed}`, 'ok');
}

/** What is open has no order of its own. @returns whether that was in the way. */
function isInDetail(screen: Screen): boolean {
  const { overlay, detail } = screen.state;
  if (overlay === null && detail !== null) screen.notify('rows are sorted in the panes: Esc goes back to them');
  return detail !== null;
}

const sayUnsorted = (screen: Screen): void =>
  screen.notify(`${PANES[screen.state.focus].title} has no columns to sort by`);

function sort(screen: Screen, argument: string | null): void | Promise<void> {
  const { focus, overlay } = screen.state;
  if (isInDetail(screen)) return;
  const choices = sortChoices(focus);
  if (choices.length === 0) {
    sayUnsorted(screen);
    return;
  }
  if (argument !== null) {
    const wanted = argument.toLowerCase();
    const found = choices.find((column) => [column.id, columnName(column).toLowerCase()].includes(wanted));
    if (found === undefined) screen.notify(`no column '${argument}': ${choices.map(columnName).join(', ')}`);
    else sortBy(screen, focus, found.id);
    return;
  }
  const context = screen.context();
  if (context === null || screen.layout().kind === 'line') return;
  if (overlay?.kind === 'sort') screen.dispatch({ type: 'back' });
  else if (overlay === null) {
    const index = Math.max(
      0,
      choices.findIndex(({ id }) => id === PANES[focus].table?.sortedBy(context)),
    );
    return openOverlay(screen, { type: 'overlay', overlay: { kind: 'sort', pane: focus, index } });
  }
}

/** The focused pane if it has such a column, else the first pane on the screen that has. */
function sortLetter(screen: Screen, letter: string | null): void {
  const { focus, overlay } = screen.state;
  if (isInDetail(screen) || overlay !== null) return;
  const panes = [focus, ...screen.layout().panes.map((pane) => pane.id), ...PANE_IDS];
  for (const pane of panes) {
    const column = PANES[pane].table?.columns.find((each) => each.letter === letter);
    if (column === undefined) continue;
    sortBy(screen, pane, column.id);
    return;
  }
}

function reverse(screen: Screen): void {
  const { overlay, focus } = screen.state;
  const context = screen.context();
  if (isInDetail(screen) || overlay !== null || context === null) return;
  const column = PANES[focus].table?.sortedBy(context) ?? null;
  if (column === null) {
    sayUnsorted(screen);
    return;
  }
  screen.dispatch({ type: 'reverse' });
  saySorting(screen, focus, column);
}

export const SORTING = { sort, 'sort-letter': sortLetter, reverse } as const satisfies Record<string, Effect>;
