/** What is shown and how: focus, zoom, overlays, theme, mask. */
import { THEME_NAMES, type ThemeName } from '../canvas/theme.ts';
import type { Command } from '../command-table.ts';
import { hintFor } from '../keys.ts';
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
  else sayTooSmall(screen);
}

/** Of a line or two nothing can be laid over. */
const sayTooSmall = (screen: Screen): void => screen.notify('too small for this: 40×10 is enough; q quits');

/** Esc at the end of what it undoes is most likely meant to lead out of here. */
function back(screen: Screen): void {
  const before = screen.state;
  screen.dispatch({ type: 'back' });
  // Who presses it several times to be sure needs no answer.
  if (screen.state !== before || screen.isRepeated) return;
  const key = (command: Command): string => hintFor(command, before.keymap) || `:${command}`;
  screen.notify(
    before.paused === null ? `nothing to close: ${key('quit')} quits` : `${key('pause')} goes back to live`,
    'ok',
  );
}

function zoom(screen: Screen): void {
  if (screen.state.detail === null) screen.dispatch({ type: 'zoom' });
  else screen.notify('this has the whole screen already: Esc goes back');
}

export const VIEW = {
  help: (screen) => (screen.layout().kind === 'line' ? sayTooSmall(screen) : openOverlay(screen, { type: 'help' })),
  back,
  quit: (screen) => screen.dispatch({ type: 'quit' }),
  'next-pane': (screen) => screen.dispatch({ type: 'focus-by', step: 1 }),
  'previous-pane': (screen) => screen.dispatch({ type: 'focus-by', step: -1 }),
  pane: focus,
  zoom,
  theme,
  mask,
  lines,
  repaint: (screen) => screen.repaint(),
} as const satisfies Record<string, Effect>;
