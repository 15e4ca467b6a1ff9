import type { ProbeFact } from '../facts.ts';
import { sayCount } from '../figures.ts';
import { type Diagnosis, join, type VerdictView } from './diagnosis.ts';

/** Up, and says of itself that something is amiss. */
const degraded = (view: VerdictView): readonly ProbeFact[] =>
  view.probes.filter(({ up, isFailing, last }) => up === true && !isFailing && last?.status === 'degraded');

export const probeDegraded: Diagnosis = {
  kind: 'probe-degraded',
  summary: 'A health check of the configuration answers, and says that a part of the application is not well.',
  check: (view) => (degraded(view).length > 0 ? 'warning' : null),
  sentence: (view) => {
    const [first, ...others] = degraded(view);
    return join(
      `${first?.name} is degraded: ${first?.last?.error}`,
      others.length > 0 ? `${sayCount(others.length, 'more probe')} degraded` : null,
    );
  },
};
