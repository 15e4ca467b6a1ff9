/** What the screen asks the engine for: follows from what the person has chosen, and from nothing else. */
import { isTooLong, joinFilters, targetFilter } from './details/target-filter.ts';
import type { SnapshotQuestion } from './feed.ts';
import type { ScreenState } from './state.ts';

export function questionOf(state: ScreenState): SnapshotQuestion {
  const { windowSeconds, paused, filter, detail, zoomed, focus } = state;
  return {
    windowSeconds,
    atMs: paused?.atMs ?? null,
    filter: joinFilters(filter, detail && targetFilter(detail.target)),
    heatMap: detail === null ? zoomed && focus === 'latency' : detail.target.kind === 'path',
    recorded: recordedOf(state),
  };
}

function recordedOf({ detail }: ScreenState): SnapshotQuestion['recorded'] {
  if (detail?.target.kind === 'worker') return { worker: detail.target.pid, startedAt: detail.target.startedAt };
  return detail?.target.kind === 'alert' ? { alert: detail.target.alert.fingerprint } : null;
}

/** The filter for raw lines: of a picture that stands still those that had come by then. */
export function linesFilterOf(state: ScreenState): string | null {
  const { filter } = questionOf(state);
  if (state.paused === null) return filter;
  const moment = `${new Date(state.paused.atMs).toISOString().slice(0, -5)}Z`;
  const joined = joinFilters(filter, `time<=${moment}`);
  return isTooLong(joined) ? filter : joined;
}

/** Equal for questions that have the same answer at the same moment. */
export const questionKey = (question: SnapshotQuestion): string => JSON.stringify(question);

/** Equal for states that show the same thing: the whole service, or the same detail of it. */
export const subjectKey = ({ detail }: ScreenState): string => (detail === null ? '' : JSON.stringify(detail.target));
