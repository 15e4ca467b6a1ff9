import type { Diagnosis } from './diagnosis.ts';

export const workerCrash: Diagnosis = {
  kind: 'worker-crash',
  summary: 'A worker died by itself, by the kernel or by SIGKILL; the requests in it were lost.',
  check: ({ ends }) => (ends.lastCrash !== null ? 'critical' : null),
  sentence: ({ ends }) => {
    const crashes = ends.abnormal - ends.byReason.timeout;
    return crashes > 1
      ? `${crashes} workers crashed in the last minute, the last: ${ends.lastCrash}`
      : `${ends.lastCrash}`;
  },
};
