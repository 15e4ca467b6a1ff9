import { sayCount, saySeconds } from '../figures.ts';
import type { Diagnosis, VerdictView } from './diagnosis.ts';
import { unservedSeconds } from './unserved.ts';

/** Where only samples tell of ends, most of those that live for an instant are never seen. */
const NO_WORKER_SECONDS = 3;

/** A worker that starts while none is up comes after another one that was there for an instant, and is not it any more. */
const LATER_MS = 2000;

const isGoingRound = (view: VerdictView): boolean => {
  const { ends, workers, noWorkerSinceMs, atMs } = view;
  if (noWorkerSinceMs === null || unservedSeconds(view) < NO_WORKER_SECONDS) return false;
  const isLater = ({ ageSeconds }: VerdictView['workers'][number]): boolean =>
    ageSeconds !== null && atMs - noWorkerSinceMs - ageSeconds * 1000 >= LATER_MS;
  return ends.stillborn > 0 || workers.every(isLater);
};

export const restartLoop: Diagnosis = {
  kind: 'restart-loop',
  summary:
    'Workers end again and again and are replaced: the application fails at import, runs out of memory, or hangs.',
  check: (view) => (view.ends.abnormal >= 3 || isGoingRound(view) ? 'critical' : null),
  sentence: ({ ends, noWorkerSinceMs, atMs }) => {
    if (ends.abnormal === 0) {
      const since = saySeconds((atMs - (noWorkerSinceMs ?? atMs)) / 1000);
      return `no worker is up for ${since}: each ends as soon as it starts, or none is started`;
    }
    const last = ends.lastCrash ?? ends.lastTimeout;
    const whose = ends.abnormal === 1 ? 'its' : 'their';
    const how = ends.stillborn >= ends.abnormal / 2 ? `left right after ${whose} start` : 'ended abnormally';
    return `${sayCount(ends.abnormal, 'worker')} ${how} in the last minute${last === null ? '' : `, the last: ${last}`}`;
  },
};
