import { sayCount, saySeconds } from '../figures.ts';
import { lastLineAtMs } from '../service-view.ts';
import type { Diagnosis } from './diagnosis.ts';

/** Without a line for this long, open connections are doing something else than asking. */
const STALE_MS = 60_000;

export const staleLog: Diagnosis = {
  kind: 'stale-log',
  summary:
    'Clients are connected, yet no access line comes: every request hangs, or the log is written elsewhere (a renamed file after a rotation without USR1).',
  check: (view) => {
    const last = lastLineAtMs(view);
    if (!view.watches.accessLog || last === null || (view.activeConnections ?? 0) === 0) return null;
    return view.atMs - last > STALE_MS ? 'warning' : null;
  },
  sentence: (view) => {
    const seconds = (view.atMs - (lastLineAtMs(view) ?? view.atMs)) / 1000;
    return `no access line for ${saySeconds(seconds)}, yet ${sayCount(view.activeConnections ?? 0, 'connection')} open`;
  },
};
