import { sayCount, saySeconds } from '../figures.ts';
import { silentSeconds } from '../service-view.ts';
import type { Diagnosis } from './diagnosis.ts';

/** Without a line for this long, open connections are doing something else than asking (as the alert LogStale). */
const STALE_SECONDS = 60;

export const staleLog: Diagnosis = {
  kind: 'stale-log',
  summary:
    'Clients are connected, yet no access line comes: every request hangs, or the log is written elsewhere (a renamed file after a rotation without USR1).',
  check: (view) => ((silentSeconds(view) ?? 0) > STALE_SECONDS ? 'warning' : null),
  sentence: (view) =>
    `no access line for ${saySeconds(silentSeconds(view) ?? 0)}, yet ${sayCount(view.activeConnections ?? 0, 'connection')} open`,
};
