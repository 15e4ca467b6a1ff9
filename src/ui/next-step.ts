/** Where to look next: the pane that tells most of what the headline is about. */
import type { DrawContext } from './context.ts';
import { type Hint, hintFor } from './keys.ts';
import { PANE_IDS, type PaneId, type ScreenState } from './state.ts';

interface Step {
  readonly pane: PaneId;
  /** What is to be seen there, in few words: the footer is short. */
  readonly title: string;
}

const WHICH_REQUEST: Step = { pane: 'events', title: 'which request' };
const WHAT_HAPPENED: Step = { pane: 'events', title: 'what happened' };
const WHO_IS_BUSY: Step = { pane: 'workers', title: 'who is busy' };
const WHAT_IS_THROWN: Step = { pane: 'status', title: 'what is thrown' };
const PROBES: Step = { pane: 'system', title: 'which probe' };

/** By the name of a diagnosis; one that is not here tells its way out in its sentence. */
const STEPS: Readonly<Record<string, Step>> = {
  'boot-failure': { pane: 'events', title: 'why it fails' },
  'master-down': WHAT_HAPPENED,
  'master-oom': WHAT_HAPPENED,
  'restart-loop': WHAT_HAPPENED,
  'worker-oom': WHICH_REQUEST,
  'worker-timeout': WHICH_REQUEST,
  'worker-crash': WHICH_REQUEST,
  'worker-killed': WHAT_HAPPENED,
  'worker-lost': WHAT_HAPPENED,
  'no-descriptors': { pane: 'workers', title: 'which worker' },
  'uneven-queue': WHO_IS_BUSY,
  saturated: WHO_IS_BUSY,
  'stuck-worker': WHO_IS_BUSY,
  'memory-leak': { pane: 'workers', title: 'who grows' },
  'error-rate': WHAT_IS_THROWN,
  'deploy-failing': WHAT_IS_THROWN,
  'deploy-slower': { pane: 'events', title: 'before and after' },
  latency: { pane: 'slow', title: 'which requests' },
  'no-durations': { pane: 'latency', title: 'how to get them' },
  'probe-failed': PROBES,
  'probe-degraded': PROBES,
  alert: { pane: 'alerts', title: 'which alert' },
};

/** The keys to the pane of the headline; null while all is well, and where something lies over the panes. */
export function nextStep({ snapshot, state }: Pick<DrawContext, 'snapshot' | 'state'>): Hint | null {
  const { level, causes } = snapshot.verdict;
  if (level === 'ok' || level === 'unknown' || state.overlay !== null || state.detail !== null) return null;
  const step = STEPS[causes[0]?.kind ?? ''];
  // No log that holds tracebacks is read, or none was thrown.
  if (step === WHAT_IS_THROWN && snapshot.errors.length === 0) return { label: 'E', title: 'paths by errors' };
  return step === undefined ? null : { label: keysTo(step.pane, state), title: step.title };
}

/** `5 Enter`; at the pane already, `Enter`. */
function keysTo(pane: PaneId, { focus, keymap }: ScreenState): string {
  const open = hintFor('open', keymap);
  return focus === pane ? open : `${(PANE_IDS.indexOf(pane) + 1) % 10} ${open}`;
}
