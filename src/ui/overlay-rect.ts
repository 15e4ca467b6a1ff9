/** Where what lies over the panes stands: known before the code that draws it is loaded. */
import { MASTER_ACTIONS } from '../model/master-actions.ts';
import { bodyRect, helpRect, type Layout, menuRect, type Rect } from './layout.ts';
import { PANES } from './panes/index.ts';
import type { Overlay, PaneId } from './state.ts';

/** Room for the sentences about what an action risks. */
const RISK_LINES = 9;

/** With its border, inside the terminal. */
export function overlayRect(
  columns: number,
  rows: number,
  layout: Layout,
  { kind, pane }: Pick<Overlay, 'kind' | 'pane'>,
): Rect {
  switch (kind) {
    case 'help':
      return helpRect(columns, rows);
    case 'sort':
      return menuRect(columns, rows, rectOf(layout, pane), PANES[pane].table?.sortable.length ?? 0);
    case 'lines':
      return bodyRect(columns, rows, layout);
    case 'actions':
      return centred(columns, rows, MASTER_ACTIONS.length + 1);
    case 'confirm':
      return centred(columns, rows, RISK_LINES + 3);
  }
}

const rectOf = (layout: Layout, id: PaneId): Rect =>
  layout.panes.find((pane) => pane.id === id)?.rect ?? { x: 0, y: 0, width: 0, height: 0 };

function centred(columns: number, rows: number, lines: number): Rect {
  const width = Math.min(columns, 78);
  const height = Math.max(1, Math.min(rows - 1, lines + 2));
  return { x: Math.floor((columns - width) / 2), y: Math.max(0, Math.floor((rows - height) / 2)), width, height };
}
