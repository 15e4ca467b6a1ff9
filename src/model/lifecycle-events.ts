/**
 * Life-cycle lines that are events by themselves, one row each. What is missing here is noise (the control socket is
 * opened anew after every fork, `gunicorn/arbiter.py` since 25.2; invalid requests are scanners) or is told elsewhere:
 * ends by the ledger, reloads when they are over, failed requests by their tracebacks.
 */
import type { EventDraft } from './events.ts';
import type { ErrorEntry, LifecycleEvent } from './facts.ts';
import type { Level } from './snapshot.ts';

/** The only sign that WINCH had an effect: without --daemon it has none (`gunicorn/arbiter.py`, handle_winch). */
export const GRACEFUL_STOP = 'graceful stop of workers';

type Kind = LifecycleEvent['kind'];
type EventOf<K extends Kind> = Extract<LifecycleEvent, { kind: K }>;

interface Story<K extends Kind> {
  readonly kind: string;
  readonly level: Level;
  /** Null: this one is no event. */
  readonly text: (event: EventOf<K>, entry: ErrorEntry) => string | null;
}

const master = (entry: ErrorEntry): string => (entry.pid === null ? 'the master' : `master ${entry.pid}`);

/** Signals whose effect no other line tells. TERM, INT and QUIT begin a shutdown, HUP a reload. */
const SIGNALS: Readonly<Record<string, string>> = {
  ttin: 'SIGTTIN: one worker more',
  ttou: 'SIGTTOU: one worker fewer',
  usr1: 'SIGUSR1: logs opened anew',
  usr2: 'SIGUSR2: an upgrade starts a second master',
};

const STORIES: { readonly [K in Kind]?: Story<K> } = {
  signal: { kind: 'signal', level: 'ok', text: (event) => SIGNALS[event.name.toLowerCase()] ?? null },
  'worker-reload': { kind: 'reload', level: 'ok', text: (event) => `workers leave (--reload): ${event.file} modified` },
  promoted: {
    kind: 'upgrade',
    level: 'ok',
    text: (_, entry) => `upgrade (USR2) done: ${master(entry)} has taken over`,
  },
  'upgrade-ignored': {
    kind: 'upgrade',
    level: 'warning',
    text: (_, entry) => `SIGUSR2 ignored by ${master(entry)}: an upgrade is under way`,
  },
  'shutdown-reason': {
    kind: 'master-failed',
    level: 'critical',
    text: (event, entry) => `${master(entry)} stopped: ${event.reason.replace(/\.$/, '')}`,
  },
  'master-exception': {
    kind: 'master-failed',
    level: 'critical',
    text: (_, entry) => `${master(entry)} failed: unhandled exception in its main loop`,
  },
  'bind-failed': { kind: 'bind-failed', level: 'critical', text: (_, entry) => `cannot listen: ${entry.message}` },
  'worker-orphaned': { kind: 'master-lost', level: 'critical', text: () => 'the master died: its workers leave' },
};

/** The event that an entry is by itself; null for most. */
export function describeEntry(entry: ErrorEntry, atMs: number): EventDraft | null {
  if (entry.message === GRACEFUL_STOP) {
    return { atMs, kind: 'signal', level: 'warning', text: 'SIGWINCH: all workers stop, the master stays' };
  }
  if (entry.event === null) return null;
  // The key of the row is the kind of the event, which the type of a look-up cannot say.
  const story = STORIES[entry.event.kind] as Story<Kind> | undefined;
  const text = story?.text(entry.event, entry) ?? null;
  if (!story || text === null) return null;
  return { atMs, kind: story.kind, level: story.level, text, details: entry.traceback };
}
