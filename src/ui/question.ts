/** What the screen asks the engine for: follows from what the person has chosen, and from nothing else. */
import { isTooLong, joinFilters, targetFilter, targetLinesFilter, upTo } from './details/target-filter.ts';
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
export function linesFilterOf({ filter, detail, paused }: ScreenState): string | null {
  const own = detail && targetLinesFilter(detail.target);
  const parts = [filter, own, paused && upTo(paused.atMs)];
  const joined = parts.reduce<string | null>(joinFilters, null);
  return isTooLong(joined) ? joinFilters(filter, detail && targetFilter(detail.target)) : joined;
}

/** Equal for questions that have the same answer at the same moment. */
export const questionKey = (question: SnapshotQuestion): string => JSON.stringify(question);

/** Equal for states that show the same thing: the whole service, or the same detail of it. */
export const subjectKey = ({ detail }: ScreenState): string => (detail === null ? '' : JSON.stringify(detail.target));
