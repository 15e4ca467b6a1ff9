import type { AlertRow } from '../snapshot.ts';
import type { Diagnosis, VerdictView } from './diagnosis.ts';

/** Alerts that a diagnosis of their own tells of, with better words. */
const TOLD = new Set([
  'HighErrorRate',
  'HighLatency',
  'WorkerTimeout',
  'WorkerCrash',
  'RestartLoop',
  'Saturated',
  'MasterDown',
  'LogStale',
  'ProbeFailed',
]);

const RANK = { critical: 2, warning: 1, info: 0 } as const;

const others = (view: VerdictView): readonly AlertRow[] =>
  view.alerts
    .filter((alert) => alert.state === 'firing' && !TOLD.has(alert.name))
    .toSorted((a, b) => RANK[b.severity] - RANK[a.severity]);

export const firingAlerts: Diagnosis = {
  kind: 'alert',
  summary: 'An alert fires that has no diagnosis of its own: the alerts pane shows them all.',
  check: (view) => {
    const severity = others(view)[0]?.severity;
    if (severity === undefined) return null;
    return severity === 'info' ? 'ok' : severity;
  },
  sentence: (view) => {
    const [worst, ...rest] = others(view);
    const more = rest.length > 0 ? ` · ${rest.length} more` : '';
    return `${worst?.name}: ${worst?.summary}${more}`;
  },
};
