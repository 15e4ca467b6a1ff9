import type { Diagnosis } from './diagnosis.ts';

export const restartLoop: Diagnosis = {
  kind: 'restart-loop',
  summary:
    'Workers end again and again and are replaced: the application fails at import, runs out of memory, or hangs.',
  check: (view) => (view.ends.abnormal >= 3 ? 'critical' : null),
  sentence: ({ ends }) => {
    const last = ends.lastCrash ?? ends.lastTimeout;
    return `${ends.abnormal} workers ended abnormally in the last minute${last === null ? '' : `, the last: ${last}`}`;
  },
};
