import type { Diagnosis } from './diagnosis.ts';

export const workerTimeout: Diagnosis = {
  kind: 'worker-timeout',
  summary:
    'The master killed a worker that was silent for longer than --timeout, and its request with it: the client got nothing. Move the slow work out of the request, or raise --timeout.',
  check: (view) => (view.ends.byReason.timeout > 0 ? 'critical' : null),
  sentence: ({ ends }) => {
    const { timeout } = ends.byReason;
    if (ends.lastTimeout === null) return `${timeout} worker timeouts in the last minute`;
    return timeout > 1
      ? `${timeout} worker timeouts in the last minute, the last: ${ends.lastTimeout}`
      : ends.lastTimeout;
  },
};
