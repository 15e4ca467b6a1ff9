/** What the headline is about: the pane that tells most of it, and the row there. */
import type { Cause, EventRow, PathRow, Snapshot, WorkerInfo } from '../model/snapshot.ts';
import type { PaneId } from './state.ts';

export interface Step {
  readonly pane: PaneId;
  /** What is to be seen there, in few words: the footer is short. */
  readonly title: string;
}

const WHICH_REQUEST: Step = { pane: 'events', title: 'which request' };
const WHAT_HAPPENED: Step = { pane: 'events', title: 'what happened' };
const WHICH_ROUTE: Step = { pane: 'paths', title: 'which route' };
const WHO_IS_BUSY: Step = { pane: 'workers', title: 'who is busy' };
export const WHAT_IS_THROWN: Step = { pane: 'status', title: 'what is thrown' };
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
  'blocked-loop': WHO_IS_BUSY,
  'upgrade-failed': { pane: 'events', title: 'why it fails' },
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

const isTrouble = ({ level }: Cause): boolean => level === 'warning' || level === 'critical';

/** Null for what is no trouble, and for a diagnosis that tells its way out in its sentence. */
function stepOfCause(cause: Cause | undefined, paths: readonly PathRow[]): Step | null {
  if (cause === undefined || !isTrouble(cause)) return null;
  // Whose work it is says more than who does it.
  if (cause.kind === 'saturated' && namedPath(cause, paths) !== null) return WHICH_ROUTE;
  return STEPS[cause.kind] ?? null;
}

/** Where the headline leads. */
export const stepOf = ({ verdict, paths }: Snapshot): Step | null => stepOfCause(verdict.causes[0], paths);

/** The worst that was found and that is told in this pane, the headline or what stands behind it. */
const causeIn = ({ verdict, paths }: Snapshot, pane: PaneId): Cause | undefined =>
  verdict.causes.find((cause) => stepOfCause(cause, paths)?.pane === pane);

/** The route that a sentence names: the whole of its name, as `GET /` begins many. */
function namedPath({ text }: Cause, paths: readonly PathRow[]): PathRow | null {
  const named = paths.filter(({ method, path }) => path !== null && holdsName(text, `${method} ${path}`));
  return named.toSorted((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0))[0] ?? null;
}

/** Whether a text holds a name with nothing behind that could belong to it. */
const holdsName = (text: string, name: string): boolean =>
  text
    .split(name)
    .slice(1)
    .some((behind) => /^(?:$|[\s,;)])/.test(behind));

/** Among so many of the costliest routes the list need not be scrolled to show one: nothing moves by itself. */
const WITHOUT_SCROLLING = 4;

/** The route that the verdict names, the headline or what stands behind it; of what leads to another pane if it is near. */
export function headlinePath({ verdict, paths }: Snapshot): PathRow | null {
  const near = paths.slice(0, WITHOUT_SCROLLING);
  for (const cause of verdict.causes) {
    if (!isTrouble(cause)) continue;
    const path = namedPath(cause, stepOfCause(cause, paths)?.pane === 'paths' ? paths : near);
    if (path !== null) return path;
  }
  return null;
}

/** Alerts only repeat what other events tell. */
export const isOfAlert = ({ kind }: EventRow): boolean => kind.startsWith('alert-');

/** The event that a sentence is about: the newest that it repeats. */
export const toldEvent = (events: readonly EventRow[], sentence: string): EventRow | undefined =>
  events.find((event) => !isOfAlert(event) && sentence.includes(event.text));

const DEPLOYS: readonly string[] = ['reload', 'upgrade', 'master-start'];

/** What an event is called that is told under another name by a diagnosis. */
const EVENT_KINDS: Readonly<Record<string, string>> = {
  'boot-failure': 'worker-boot-failed',
  'upgrade-failed': 'worker-boot-failed',
  'master-down': 'master-gone',
  'master-oom': 'master-gone',
};

/** The event that the verdict is about: what came after it (a boot, an alert) stands above it in the list. */
export function headlineEvent(snapshot: Snapshot): EventRow | null {
  const cause = causeIn(snapshot, 'events');
  if (cause === undefined) return null;
  const { kind, text } = cause;
  const others = snapshot.events.filter((event) => !isOfAlert(event));
  return (
    toldEvent(others, text) ??
    others.find((event) =>
      kind.startsWith('deploy-') ? DEPLOYS.includes(event.kind) : event.kind === (EVENT_KINDS[kind] ?? kind),
    ) ??
    others.find(({ level }) => level === 'critical') ??
    null
  );
}

/** The worker that the verdict names. */
export function headlineWorker(snapshot: Snapshot): WorkerInfo | null {
  const named: readonly string[] = causeIn(snapshot, 'workers')?.text.match(/\d+/g) ?? [];
  return snapshot.workers.find(({ pid }) => named.includes(String(pid))) ?? null;
}
