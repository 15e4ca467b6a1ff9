import { accessLogs, isBlind, isLost } from '../service-view.ts';
import type { Diagnosis } from './diagnosis.ts';

export const logMissing: Diagnosis = {
  kind: 'log-missing',
  summary:
    'An access log that gtop was told to read is not there or may not be read: requests, errors and latency are not known. Check the path and the permissions.',
  check: (view) => {
    if (!view.watches.accessLog || !accessLogs(view).some((source) => isLost(source, view.atMs))) return null;
    return isBlind(view) && !view.watches.processes ? 'unknown' : 'warning';
  },
  sentence: (view) =>
    accessLogs(view)
      .filter((source) => isLost(source, view.atMs))
      .map((source) => `${source.path}: ${source.message ?? source.state}`)
      .join(' · '),
};
