/** What could not be looked at tells nothing: what counts as none in a Snapshot is unknown on the screen then. */
import type { Snapshot } from '../model/snapshot.ts';
import type { DrawContext } from './context.ts';
import { accessSources, sourceNotes } from './notes.ts';

/** Nothing of it was read, and nothing can be. */
const NEVER_READ = new Set(['waiting', 'denied', 'failed']);

function isUnread(snapshot: Snapshot): boolean {
  if (snapshot.traffic.requestsTotal > 0) return false;
  return accessSources(snapshot).every(({ state, linesRead }) => linesRead === 0 && NEVER_READ.has(state));
}

/** The Snapshot without zeros that no log and no process supports; the same object where all could be looked at. */
export const withoutFalseZeros = (snapshot: Snapshot): Snapshot => unseenAsUnknown(unreadAsUnknown(snapshot));

/** Who may not look at the workers does not know that none is busy. */
function unseenAsUnknown(snapshot: Snapshot): Snapshot {
  const { workers, saturation, series } = snapshot;
  if (workers.length === 0 || workers.some(({ state }) => state !== 'unknown')) return snapshot;
  return {
    ...snapshot,
    saturation: { ...saturation, busyWorkers: null },
    series: { ...series, busyWorkers: series.busyWorkers.map(() => null) },
  };
}

function unreadAsUnknown(snapshot: Snapshot): Snapshot {
  if (!isUnread(snapshot)) return snapshot;
  const { traffic, series } = snapshot;
  const unknown = series.requestsPerSecond.map(() => null);
  return {
    ...snapshot,
    traffic: { ...traffic, requestsPerSecond: null, requestsPerMinute: null, bytesPerSecond: null },
    series: { ...series, requestsPerSecond: unknown, bytesPerSecond: unknown },
  };
}

/** Why no request is shown: a log that cannot be read, a filter, or a quiet service. */
export function whyNoRequest({ snapshot, state }: Pick<DrawContext, 'snapshot' | 'state'>): string {
  if (isUnread(snapshot)) return sourceNotes(snapshot)[0]?.text ?? 'no access log was read';
  return state.filter === null ? 'no request in the window' : 'no request in the window passes the filter';
}
