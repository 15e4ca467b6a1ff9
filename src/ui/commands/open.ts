/** Enter: takes what a menu offers, opens the selected row, or zooms a pane that has none. */
import { isTooLong } from '../details/target-filter.ts';
import { PANES } from '../panes/index.ts';
import { questionOf } from '../question.ts';
import { reduce } from '../reduce.ts';
import { confirmAction, sendAction } from './actions.ts';
import type { Effect, Screen } from './screen.ts';
import { selectedKey } from './selection.ts';
import { sortBy, sortChoices } from './sorting.ts';

function open(screen: Screen): void | Promise<void> {
  const { overlay, detail } = screen.state;
  switch (overlay?.kind) {
    case 'sort': {
      const column = sortChoices(overlay.pane)[overlay.index];
      if (column !== undefined) sortBy(screen, overlay.pane, column.id);
      return;
    }
    case 'actions':
      confirmAction(screen, overlay);
      return;
    case 'confirm':
      sendAction(screen, overlay);
      return;
    case undefined:
      if (detail === null) return openRow(screen);
      screen.notify('nothing in here opens further: Esc goes back, v shows the raw lines');
  }
}

/** The row as it was when the key was pressed, whatever has come meanwhile. */
async function openRow(screen: Screen): Promise<void> {
  const { focus, clientList } = screen.state;
  const [key, context, source] = [selectedKey(screen), screen.context(), screen.source()];
  if (context === null || source === null || screen.layout().kind === 'line') return;
  const index = key === null ? -1 : (PANES[focus].table?.indexOf(context, key) ?? -1);
  const { targetOf } = await screen.parts.details.get();
  const target = targetOf(focus, index, source, clientList);
  if (target === null) {
    openPane(screen);
    return;
  }
  const action = { type: 'detail', target } as const;
  if (isTooLong(questionOf(reduce(screen.state, action)).filter)) {
    screen.notify('too long a name to look for: no filter can hold it');
    return;
  }
  if (key !== null) {
    // Whoever comes back finds the row again, whatever stands above it by then.
    const shownAt = PANES[focus].table?.keys(context).indexOf(key) ?? 0;
    screen.dispatch({ type: 'select', pane: focus, key, index: shownAt });
  }
  screen.dispatch(action);
}

/** A pane without a row to open is opened itself: more of it is what was asked for. */
function openPane(screen: Screen): void {
  const { zoomed, focus } = screen.state;
  if (zoomed) screen.notify(`${PANES[focus].title} has no row to open`);
  else screen.dispatch({ type: 'zoom' });
}

export const OPEN = { open } as const satisfies Record<string, Effect>;
