import { sayCount } from '../figures.ts';
import { type Diagnosis, join, type VerdictView } from './diagnosis.ts';

/**
 * Without an error log a failed boot that took the master with it is only inferred, and `master-down` says more of it:
 * that there was a reload before. Whether the worker was seen as well depends on how long its import took.
 */
const isToldByMaster = ({ watches, masters }: VerdictView): boolean => !watches.errorLog && masters?.length === 0;

export const bootFailure: Diagnosis = {
  kind: 'boot-failure',
  summary:
    'A new worker could not import the application. Gunicorn then stops altogether, also when it was one worker of many: put the code right, or back, and start it again.',
  check: (view) => (view.ends.abnormalBy.boot && !isToldByMaster(view) ? 'critical' : null),
  sentence: (view) => {
    const { count = 0, last = '' } = view.ends.abnormalBy.boot ?? {};
    return join(
      last,
      count > 1 ? `${sayCount(count, 'worker')} in the last minute` : null,
      view.masters?.length === 0 ? 'the master has stopped: nobody serves' : null,
    );
  },
};
