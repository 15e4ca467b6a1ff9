import type { ExitReason, Level } from '../snapshot.ts';
import type { Diagnosis } from './diagnosis.ts';

/** Workers that ended for one reason, and that nobody had asked to. */
export const abnormalEnds = (
  reason: ExitReason,
  kind: string,
  verb: string,
  summary: string,
  level: Level = 'critical',
): Diagnosis => ({
  kind,
  summary,
  check: ({ ends }) => (ends.abnormalBy[reason] ? level : null),
  sentence: ({ ends }) => {
    const { count = 0, last = '' } = ends.abnormalBy[reason] ?? {};
    return count > 1 ? `${count} workers ${verb} in the last minute, the last: ${last}` : last;
  },
});
