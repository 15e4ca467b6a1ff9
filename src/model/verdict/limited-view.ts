import type { Diagnosis } from './diagnosis.ts';

export const limitedView: Diagnosis = {
  kind: 'limited-view',
  summary: 'Part of what the processes could tell may not be read: run gtop as the user of the workers, or as root.',
  check: (view) => (view.notes.length > 0 && view.masters !== null && view.masters.length > 0 ? 'ok' : null),
  sentence: (view) => view.notes.join(' · '),
};
