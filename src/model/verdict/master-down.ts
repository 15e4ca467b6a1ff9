import type { Diagnosis } from './diagnosis.ts';

export const masterDown: Diagnosis = {
  kind: 'master-down',
  summary: 'The master that gtop was told to watch does not run: nothing restarts workers, and soon nobody answers.',
  check: (view) => (view.watches.processes && view.masters?.length === 0 ? 'critical' : null),
  sentence: (view) => {
    const why = view.notes[0] === undefined ? '' : ` (${view.notes[0]})`;
    return view.masterSeen ? `the master is gone${why}` : `no master found${why}`;
  },
};
