/** Where to look next: the keys to the pane that tells most of what the headline is about. */
import type { DrawContext } from './context.ts';
import { stepOf, WHAT_IS_THROWN } from './headline.ts';
import { type Hint, hintFor } from './keys.ts';
import { PANE_IDS, type PaneId, type ScreenState } from './state.ts';

/** The keys to the pane of the headline; null while all is well, and where something lies over the panes. */
export function nextStep({ snapshot, state }: Pick<DrawContext, 'snapshot' | 'state'>): Hint | null {
  const step = state.overlay === null && state.detail === null ? stepOf(snapshot) : null;
  // No log that holds tracebacks is read, or none was thrown.
  if (step === WHAT_IS_THROWN && snapshot.errors.length === 0) return { label: 'E', title: 'paths by errors' };
  return step === null ? null : { label: keysTo(step.pane, state), title: step.title };
}

/** `5 Enter`; at the pane already, `Enter`. */
function keysTo(pane: PaneId, { focus, keymap }: ScreenState): string {
  const open = hintFor('open', keymap);
  return focus === pane ? open : `${(PANE_IDS.indexOf(pane) + 1) % 10} ${open}`;
}
