import { sayCount } from '../figures.ts';
import { type Diagnosis, join } from './diagnosis.ts';

export const bootFailure: Diagnosis = {
  kind: 'boot-failure',
  summary:
    'A new worker could not import the application. Gunicorn then stops altogether, also when it was one worker of many: put the code right, or back, and start it again.',
  check: ({ ends }) => (ends.abnormalBy.boot ? 'critical' : null),
  sentence: (view) => {
    const { count = 0, last = '' } = view.ends.abnormalBy.boot ?? {};
    return join(
      last,
      count > 1 ? `${sayCount(count, 'worker')} in the last minute` : null,
      view.masters?.length === 0 ? 'the master has stopped: nobody serves' : null,
    );
  },
};
