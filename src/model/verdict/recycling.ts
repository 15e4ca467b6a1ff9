import type { Diagnosis, VerdictView } from './diagnosis.ts';
import { join } from './diagnosis.ts';

/** Fewer may have come to the same minute by chance. */
const ENOUGH_ENDS = 10;
/** A worker that lives no longer spends much of its life on importing the application. */
const SHORT_LIFE_SECONDS = 5;
const WINDOW_SECONDS = 60;

/** How long a worker lives, at least as far as the last minute tells; null: too few were recycled. */
function lifeSeconds({ ends, workers }: VerdictView): number | null {
  const { recycled } = ends.byReason;
  return recycled < ENOUGH_ENDS ? null : (WINDOW_SECONDS * Math.max(1, workers.length)) / recycled;
}

export const recycling: Diagnosis = {
  kind: 'recycling',
  summary:
    'max_requests is so low for this traffic that workers do little but start: each start costs an import of the application and leaves the others alone meanwhile. Some thousand requests for each worker, with max_requests_jitter, hold a leak at bay as well.',
  check: (view) => ((lifeSeconds(view) ?? Number.POSITIVE_INFINITY) < SHORT_LIFE_SECONDS ? 'warning' : null),
  sentence: ({ ends, masters }) => {
    const limits = (masters ?? []).map(({ maxRequests }) => maxRequests ?? 0);
    const limit = Math.max(0, ...limits);
    return join(
      `workers are recycled all the time: ${ends.byReason.recycled} in the last minute`,
      limit > 0 ? `max_requests is ${limit}` : 'max_requests is too low',
    );
  },
};
