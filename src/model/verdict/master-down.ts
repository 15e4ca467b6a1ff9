import { type Diagnosis, join } from './diagnosis.ts';

export const masterDown: Diagnosis = {
  kind: 'master-down',
  summary: 'The master that gtop was told to watch does not run: nothing restarts workers, and soon nobody answers.',
  check: (view) => (view.watches.processes && view.masters?.length === 0 ? 'critical' : null),
  sentence: (view) => {
    const [first = null, ...rest] = view.notes;
    // `master 4711 is gone`, where the sampler knows which one.
    if (view.masterSeen && first !== null && /^master \d+ is gone$/.test(first)) return join(first, ...rest);
    return join(view.masterSeen ? 'the master is gone' : 'no master found', first, ...rest);
  },
};
