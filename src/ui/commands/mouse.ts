/** `--mouse`: a click focuses and selects, on a heading it sorts; a second click on the row opens it; the wheel scrolls. */
import type { Clickable, Surface } from '../canvas/surface.ts';
import { inside, type PlacedPane, type Rect } from '../layout.ts';
import { PANES } from '../panes/index.ts';
import { tableState } from '../state.ts';
import type { MouseReport } from '../terminal/mouse.ts';
import { OPEN } from './open.ts';
import { moveBy } from './rows.ts';
import type { Screen } from './screen.ts';
import { sortBy } from './sorting.ts';

/** Rows that one notch of the wheel moves. */
const NOTCH = 3;

export function click(screen: Screen, report: MouseReport): void | Promise<void> {
  const { overlay, detail, prompt } = screen.state;
  if (prompt !== null || report.kind === 'release') return;
  const isOver = overlay !== null || detail !== null;
  if (report.kind === 'wheel-up' || report.kind === 'wheel-down') {
    if (!isOver) focusPaneAt(screen, report);
    moveBy(screen, report.kind === 'wheel-up' ? -NOTCH : NOTCH);
    return;
  }
  if (report.button === 0 && !isOver) return press(screen, report);
}

const isIn = ({ x, y, width, height }: Rect, at: { readonly x: number; readonly y: number }): boolean =>
  at.x >= x && at.x < x + width && at.y >= y && at.y < y + height;

function focusPaneAt(screen: Screen, at: MouseReport): PlacedPane | null {
  const pane = screen.layout().panes.find(({ rect }) => isIn(rect, at)) ?? null;
  if (pane !== null && pane.id !== screen.state.focus) screen.dispatch({ type: 'focus', pane: pane.id });
  return pane;
}

function press(screen: Screen, at: MouseReport): void | Promise<void> {
  const wasFocused = screen.state.focus;
  const pane = focusPaneAt(screen, at);
  const what = pane?.framed ? clickableAt(screen, pane, at) : null;
  if (pane === null || what === null) return;
  if (what.kind === 'column') {
    sortBy(screen, pane.id, what.id);
    return;
  }
  const isAgain = wasFocused === pane.id && tableState(screen.state, pane.id).selected?.key === what.key;
  screen.dispatch({ type: 'select', pane: pane.id, key: what.key, index: what.index });
  return isAgain ? OPEN.open(screen) : undefined;
}

/** What a pane has drawn at a cell: it is drawn once more, on nothing, and says so itself. */
function clickableAt(screen: Screen, { id, rect }: PlacedPane, at: MouseReport): Clickable | null {
  const context = screen.context();
  if (context === null) return null;
  const area = inside(rect);
  const [wantedX, wantedY] = [at.x - area.x, at.y - area.y];
  let found: Clickable | null = null;
  const surface: Surface = {
    width: area.width,
    height: area.height,
    text: (x, _, text) => x + text.length,
    fill() {},
    mark(x, y, width, what) {
      if (y === wantedY && wantedX >= x && wantedX < x + width) found = what;
    },
  };
  PANES[id].draw(surface, context, true);
  return found;
}
