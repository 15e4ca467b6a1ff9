/** Moving: the row of a table, or what lies over the panes. */
import { detailLimit, overlayLimit } from '../extent.ts';
import { bodyRect, helpRect } from '../layout.ts';
import { PANES } from '../panes/index.ts';
import type { Effect, Screen } from './screen.ts';

/** Cells that raw lines move sideways. */
const SIDEWAYS = 16;

/** Moves by so many rows; without end: to the first or last. */
export function moveBy(screen: Screen, by: number): void {
  const { overlay, detail } = screen.state;
  if (overlay !== null) screen.dispatch({ type: 'overlay-move', by, limit: overlayLimit(screen, overlay) });
  else if (detail !== null) screen.dispatch({ type: 'detail-scroll', by, limit: detailLimit(screen, detail) });
  else moveRow(screen, by);
}

function moveRow(screen: Screen, by: number): void {
  const { focus } = screen.state;
  const table = PANES[focus].table;
  const context = screen.context();
  const { kind, panes } = screen.layout();
  if (context === null || kind === 'line') return;
  const isShown = panes.some((pane) => pane.id === focus && pane.framed);
  if (table === undefined) screen.notify(`${PANES[focus].title} has no rows: Tab goes to the next pane`);
  else if (!isShown) screen.notify(`${PANES[focus].title} has no room for its rows: z shows them`);
  else screen.dispatch({ type: 'move', keys: table.keys(context), by, first: table.first(context) });
}

/** Rows that one page moves: those that stay in sight, less one to hold on to. */
function pageOf(screen: Screen): number {
  const { overlay, detail, focus } = screen.state;
  const { columns, rows } = screen.size();
  const layout = screen.layout();
  const pane = layout.panes.find(({ id }) => id === focus)?.rect.height ?? rows;
  const isBody = overlay?.kind === 'lines' || (overlay === null && detail !== null);
  const height = isBody
    ? bodyRect(columns, rows, layout).height
    : overlay !== null
      ? helpRect(columns, rows).height
      : pane;
  return Math.max(1, height - 4);
}

function sideways(screen: Screen, step: 1 | -1): void {
  const { overlay, detail, focus } = screen.state;
  if (overlay?.kind === 'lines') screen.dispatch({ type: 'overlay-shift', by: step * SIDEWAYS });
  else if (overlay !== null) return;
  else if (detail === null && focus === 'clients') screen.dispatch({ type: 'client-list', step });
  else screen.notify('← and → turn the lists of pane 9 and move raw lines (v) sideways');
}

export const ROWS = {
  up: (screen) => moveBy(screen, -1),
  down: (screen) => moveBy(screen, 1),
  'page-up': (screen) => moveBy(screen, -pageOf(screen)),
  'page-down': (screen) => moveBy(screen, pageOf(screen)),
  first: (screen) => moveBy(screen, Number.NEGATIVE_INFINITY),
  last: (screen) => moveBy(screen, Number.POSITIVE_INFINITY),
  left: (screen) => sideways(screen, -1),
  right: (screen) => sideways(screen, 1),
} as const satisfies Record<string, Effect>;
