import { saySeconds } from '../figures.ts';
import { isBlind, lastLineAtMs } from '../service-view.ts';
import type { Diagnosis } from './diagnosis.ts';

export const noTraffic: Diagnosis = {
  kind: 'no-traffic',
  summary: 'The access log is read, but nobody asks.',
  check: (view) => (view.watches.accessLog && !isBlind(view) && view.oneMinute.requests === 0 ? 'ok' : null),
  sentence: (view) => {
    const last = lastLineAtMs(view);
    return last === null ? 'no requests yet' : `no requests for ${saySeconds(Math.max(0, view.atMs - last) / 1000)}`;
  },
};
