/** What a draw function is given: the picture to draw and how the person looks at it. */
import type { Snapshot } from '../model/snapshot.ts';
import type { Services } from './feed.ts';
import { formatMoment, type TimeZone } from './format.ts';
import type { ShownLines } from './raw-lines.ts';
import type { ScreenState } from './state.ts';

export interface DrawContext {
  /** With all strings made visible (see visible-snapshot.ts). */
  readonly snapshot: Snapshot;
  /** The service as a whole, as it was when a detail was opened; absent: `snapshot` is of the whole. */
  readonly whole?: Snapshot;
  readonly state: ScreenState;
  /** Absent: there is only one. */
  readonly services?: Services;
  /** The wall clock, epoch milliseconds; ages of what is shown count from the Snapshot's own time instead. */
  readonly nowMs: number;
  readonly timeZone: TimeZone;
  /** Draw in 7 bits where another shape is needed than another character. */
  readonly ascii: boolean;
  /** Raw lines, for the view that shows them; absent while it is closed or nothing has come yet. */
  readonly lines?: ShownLines | null;
}

/** The moment that the Snapshot shows, epoch milliseconds. */
export function shownAt(snapshot: Snapshot): number {
  return Date.parse(snapshot.generatedAt);
}

/** A moment as it is told beside the moment shown, in at most 8 cells (`formatMoment`). */
export const momentText = (at: string | null, { snapshot, timeZone }: DrawContext): string =>
  formatMoment(at, shownAt(snapshot), timeZone);

/** Length in seconds that the window's rates were divided by; null when there were none. */
function coveredSeconds({ traffic }: Snapshot): number | null {
  return traffic.requestsPerSecond !== null && traffic.requestsPerSecond > 0
    ? traffic.requests / traffic.requestsPerSecond
    : null;
}

/** A count of the window as a rate; null while no length is known. */
export function perSecond(count: number, snapshot: Snapshot): number | null {
  if (count === 0) return snapshot.traffic.requestsPerSecond === null ? null : 0;
  const seconds = coveredSeconds(snapshot);
  return seconds === null ? null : count / seconds;
}
