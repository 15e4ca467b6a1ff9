import type { Diagnosis, VerdictView } from './diagnosis.ts';
import { join } from './diagnosis.ts';

const stopped = ({ masters }: VerdictView) => (masters ?? []).filter(({ osState }) => osState === 'T');

/** The workers serve on, which is why nobody notices (`gunicorn/arbiter.py`, run: all of this is the master's). */
export const stoppedMaster: Diagnosis = {
  kind: 'stopped-master',
  summary:
    'The master is stopped by a signal (SIGSTOP, SIGTSTP, a debugger). Its workers serve on, but workers that end are not replaced, hung ones are not killed, and signals to the master do nothing until it runs again.',
  check: (view) => (stopped(view).length > 0 ? 'warning' : null),
  sentence: (view) => {
    const [master] = stopped(view);
    return join(
      `master ${master?.pid} is stopped by a signal: kill -CONT ${master?.pid}`,
      'its workers serve on, but none is replaced, and none killed when it hangs',
    );
  },
};
