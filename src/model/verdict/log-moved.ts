import type { SourceFact } from '../facts.ts';
import { saySeconds } from '../figures.ts';
import { type Diagnosis, join, type VerdictView } from './diagnosis.ts';

/** Between the move and the USR1 of a rotation a little time passes, and a worker in the midst of a request hears late. */
const LATE_MS = 4000;
/** Lines that have ceased since prove nothing. */
const RECENT_MS = 15_000;

const moved = ({ sources, atMs }: VerdictView): readonly SourceFact[] =>
  sources.filter(({ strayed }) => {
    if (!strayed) return false;
    return strayed.lastMs - strayed.sinceMs >= LATE_MS && atMs - strayed.lastMs <= RECENT_MS;
  });

export const logMoved: Diagnosis = {
  kind: 'log-moved',
  summary:
    'A log was renamed or deleted, and Gunicorn still writes to the old file: what is written there will be compressed away or lost. After a rotation the master wants a SIGUSR1.',
  check: (view) => (moved(view).length > 0 ? 'warning' : null),
  sentence: (view) => {
    const [master] = view.masters ?? [];
    const since = Math.min(...moved(view).map(({ strayed }) => strayed?.sinceMs ?? view.atMs));
    return join(
      `${moved(view)
        .map(({ path }) => path)
        .join(', ')} was moved ${saySeconds((view.atMs - since) / 1000)} ago and Gunicorn still writes to the old file`,
      master ? `kill -USR1 ${master.pid}` : 'send USR1 to the master',
    );
  },
};
