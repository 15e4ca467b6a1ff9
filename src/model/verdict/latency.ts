import { saySeconds } from '../figures.ts';
import { type Diagnosis, join } from './diagnosis.ts';
import { blameForTime } from './routes.ts';

/** The alert HighLatency draws the line at the same place. */
const SLOW_SECONDS = 1;

export const highLatency: Diagnosis = {
  kind: 'latency',
  summary: 'One request in twenty takes longer than a second, and the wait to be accepted comes on top of it.',
  check: ({ oneMinute }) => ((oneMinute.p95Seconds ?? 0) > SLOW_SECONDS ? 'warning' : null),
  sentence: (view) =>
    join(`p95 ${saySeconds(view.oneMinute.p95Seconds ?? 0)} over the last minute`, blameForTime(view)),
};
