/** What is shown and how: focus, zoom, overlays, theme, mask. */
import { THEME_NAMES, type ThemeName } from '../canvas/theme.ts';
import { PANES } from '../panes/index.ts';
import { PANE_IDS, type PaneId } from '../state.ts';
import { type Effect, openOverlay, type Screen } from './screen.ts';

/** By its digit or by its name. */
function paneOf(argument: string | null): PaneId | null {
  if (argument !== null && /^\d$/.test(argument)) return PANE_IDS[(Number(argument) + 9) % 10] ?? null;
  const wanted = argument?.toLowerCase() ?? '';
  return PANE_IDS.find((id) => id === wanted || PANES[id].title.toLowerCase() === wanted) ?? null;
}

function focus(screen: Screen, argument: string | null): void {
  const pane = paneOf(argument);
  if (pane === null) screen.notify(`no pane '${argument ?? ''}': ${PANE_IDS.join(', ')}`);
  else screen.dispatch({ type: 'focus', pane });
}

function theme(screen: Screen, argument: string | null): void {
  const name = THEME_NAMES.find((each) => each === argument);
  if (argument !== null && name === undefined) {
    screen.notify(`no theme '${argument}': ${THEME_NAMES.join(', ')}`);
    return;
  }
  screen.dispatch({ type: 'theme', ...(name ? { name: name satisfies ThemeName } : {}) });
  screen.notify(`theme ${screen.state.theme}`, 'ok');
}

function mask(screen: Screen): void {
  screen.dispatch({ type: 'mask' });
  const { masked } = screen.state;
  screen.notify(masked ? 'addresses, users and query strings are hidden' : 'nothing is hidden', 'ok');
}

function lines(screen: Screen): void | Promise<void> {
  const { overlay, focus: pane } = screen.state;
  if (overlay?.kind === 'lines') screen.dispatch({ type: 'back' });
  else if (screen.layout().kind !== 'line')
    return openOverlay(screen, { type: 'overlay', overlay: { kind: 'lines', pane, back: 0, left: 0 } });
}

export const VIEW = {
  help: (screen) => (screen.layout().kind === 'line' ? undefined : openOverlay(screen, { type: 'help' })),
  back: (screen) => screen.dispatch({ type: 'back' }),
  quit: (screen) => screen.dispatch({ type: 'quit' }),
  'next-pane': (screen) => screen.dispatch({ type: 'focus-by', step: 1 }),
  'previous-pane': (screen) => screen.dispatch({ type: 'focus-by', step: -1 }),
  pane: focus,
  zoom: (screen) => screen.dispatch({ type: 'zoom' }),
  theme,
  mask,
  lines,
  repaint: (screen) => screen.repaint(),
} as const satisfies Record<string, Effect>;
