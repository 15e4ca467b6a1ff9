/** What the families of metrics come from: when that is lost, a rule over them is not calm but blind. */
import { METRIC_CATALOGUE } from '../../model/metrics/families.ts';
import { accessLogs, hasLostErrorLog, isBlind } from '../../model/service-view.ts';
import type { AlertView } from '../view.ts';

type Need = 'accessLog' | 'errorLog' | 'master';

/** Families that go on to have a number, or no series at all, when what they come from is lost. */
const NEEDS: Readonly<Record<string, readonly Need[]>> = {
  gunicorn_requests_total: ['accessLog'],
  gunicorn_errors_total: ['accessLog'],
  gunicorn_request_duration_seconds: ['accessLog'],
  gunicorn_response_size_bytes: ['accessLog'],
  gunicorn_utilization_ratio: ['master', 'accessLog'],
  gunicorn_worker_exits_total: ['errorLog'],
  gunicorn_worker_timeouts_total: ['errorLog'],
  gunicorn_requests_lost_total: ['errorLog'],
  gunicorn_active_connections: ['master'],
  gunicorn_listen_backlog: ['master'],
  gunicorn_workers_busy: ['master'],
  gunicorn_cpu_usage_percent: ['master'],
  gunicorn_memory_usage_bytes: ['master'],
  gunicorn_worker_heartbeat_age_seconds: ['master'],
  gunicorn_worker_resident_memory_bytes: ['master'],
  gunicorn_worker_cpu_seconds_total: ['master'],
};

const CHECKS: Readonly<Record<Need, (view: AlertView) => string | null>> = {
  accessLog: (view) => {
    if (!view.watches.accessLog || !isBlind(view)) return null;
    const logs = accessLogs(view).map(({ path, message, state }) => `${path}: ${message ?? state}`);
    return logs.join(' · ') || 'no access log';
  },
  errorLog: (view) => (hasLostErrorLog(view) ? 'the error log is not there' : null),
  master: (view) => (view.watches.processes && view.masters !== null && view.masters.length === 0 ? 'no master' : null),
};

const FAMILIES: ReadonlySet<string> = new Set(METRIC_CATALOGUE.map(({ name }) => name));

/** Whether it is a family of gtop's own, which some source gives. */
export const isFed = (family: string): boolean => FAMILIES.has(family);

/** What to name so that there is a source; empty where that is not sure. */
export function sourceHint(family: string): string {
  const [need] = Object.hasOwn(NEEDS, family) ? (NEEDS[family] ?? []) : [];
  if (need === 'accessLog') return ': it comes from an access log, the times from a format that has them';
  if (need === 'errorLog') return ': name an error log with --error-log, or the master with --pid';
  if (need === 'master' || family === 'gunicorn_up' || family.startsWith('gunicorn_worker'))
    return ': name the master with --pid';
  return family.startsWith('gunicorn_probe_') ? ': name probes in the config' : '';
}

/** What was lost, a sentence for each family that needs it. */
export type LostFamilies = ReadonlyMap<string, string>;

export function lostFamilies(view: AlertView): LostFamilies {
  const lost = new Map<string, string>();
  for (const need of Object.keys(CHECKS) as Need[]) {
    const why = CHECKS[need](view);
    if (why === null) continue;
    for (const [family, needs] of Object.entries(NEEDS)) if (needs.includes(need)) lost.set(family, why);
  }
  return lost;
}
