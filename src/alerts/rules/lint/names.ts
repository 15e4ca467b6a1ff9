/** What people probably meant by names that gtop does not have. */
import leven from 'leven';

/** Series of other exporters and of guides, and gtop's for the same; empty where there is none. */
const METRICS: Readonly<Record<string, string>> = {
  gunicorn_workers: 'gunicorn_worker_processes',
  gunicorn_workers_total: 'gunicorn_worker_processes',
  gunicorn_worker_count: 'gunicorn_worker_processes',
  gunicorn_workers_active: 'gunicorn_workers_busy',
  gunicorn_worker_busy: 'gunicorn_workers_busy',
  gunicorn_request_total: 'gunicorn_requests_total',
  gunicorn_requests: 'gunicorn_requests_total',
  gunicorn_http_requests_total: 'gunicorn_requests_total',
  flask_http_request_total: 'gunicorn_requests_total',
  flask_http_request_exceptions_total: 'gunicorn_exceptions_total',
  http_errors_total: 'gunicorn_errors_total',
  http_request_errors_total: 'gunicorn_errors_total',
  gunicorn_memory_usage: 'gunicorn_memory_usage_bytes',
  gunicorn_memory_bytes: 'gunicorn_memory_usage_bytes',
  process_resident_memory_bytes: 'gunicorn_memory_usage_bytes',
  gunicorn_cpu_percent: 'gunicorn_cpu_usage_percent',
  gunicorn_cpu_usage: 'gunicorn_cpu_usage_percent',
  gunicorn_worker_memory_bytes: 'gunicorn_worker_resident_memory_bytes',
  gunicorn_worker_restarts_total: 'gunicorn_worker_exits_total',
  gunicorn_worker_timeout_total: 'gunicorn_worker_timeouts_total',
  probe_success: 'gunicorn_probe_success',
  probe_duration_seconds: 'gunicorn_probe_duration_seconds',
  gunicorn_backlog: 'gunicorn_listen_backlog',
  gunicorn_connections: 'gunicorn_active_connections',
  gunicorn_request_status: 'gunicorn_requests_total',
  gunicorn_log_exception: 'gunicorn_exceptions_total',
  process_cpu_seconds_total: 'gunicorn_worker_cpu_seconds_total',
  django_http_requests_total_by_method_total: 'gunicorn_requests_total',
  django_http_requests_total_by_view_transport_method_total: 'gunicorn_requests_total',
  django_http_requests_before_middlewares_total: 'gunicorn_requests_total',
  django_http_responses_total_by_status_total: 'gunicorn_requests_total',
  django_http_responses_total_by_status_view_method_total: 'gunicorn_requests_total',
  django_http_responses_before_middlewares_total: 'gunicorn_requests_total',
  django_http_exceptions_total_by_type_total: 'gunicorn_exceptions_total',
  django_http_exceptions_total_by_view_total: 'gunicorn_exceptions_total',
  // Close to the disk's, and another thing.
  system_memory_usage_percent: '',
  memory_usage_percent: '',
};

/** Families whose names are other beginnings of gtop's. */
const STEMS: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:flask_http_request_duration_seconds|flask_request_duration_seconds|gunicorn_request_duration|gunicorn_request_latency_seconds|gunicorn_response_time_seconds|request_latency_seconds|request_duration_seconds|http_request_latency_seconds|http_server_request_duration_seconds|django_http_requests_latency_seconds_by_view_method|django_http_requests_latency_including_middlewares_seconds)(_bucket|_sum|_count)?$/,
    'gunicorn_request_duration_seconds',
  ],
];

const LABELS: Readonly<Record<string, string>> = {
  code: 'status',
  status_code: 'status',
  http_status: 'status',
  http_status_code: 'status',
  response_code: 'status',
  path: 'endpoint',
  route: 'endpoint',
  handler: 'endpoint',
  url: 'endpoint',
  uri: 'endpoint',
  url_rule: 'endpoint',
  view: 'endpoint',
  verb: 'method',
  http_method: 'method',
  request_method: 'method',
  worker: 'pid',
  worker_pid: 'pid',
  worker_id: 'pid',
};

/** Labels that a Prometheus adds to whatever it scrapes, as people set it up. */
const TARGET_LABELS: readonly string[] = [
  ...['job', 'instance', 'env', 'environment', 'cluster', 'region', 'namespace', 'pod', 'container', 'node'],
  ...['service', 'app', 'host', 'hostname', 'team'],
];

/** What statsd_exporter makes of Gunicorn's `gunicorn.request.status.500`: the label is part of the name. */
const STATUS_IN_NAME = /^gunicorn_request_status_(\d{3})$/;

interface Meant {
  readonly metric: string;
  /** What the name said and a label says here. */
  readonly status: string | null;
}

/** The series or family that was probably meant; null where none is close. */
export function meantMetric(name: string, known: Iterable<string>): Meant | null {
  const status = STATUS_IN_NAME.exec(name)?.[1];
  if (status !== undefined) return { metric: 'gunicorn_requests_total', status };
  const metric = Object.hasOwn(METRICS, name) ? METRICS[name] : (stemOf(name) ?? closest(name, known));
  return metric ? { metric, status: null } : null;
}

function stemOf(name: string): string | null {
  for (const [pattern, family] of STEMS) {
    const match = pattern.exec(name);
    if (match !== null) return family + (match[1] ?? '');
  }
  return null;
}

/** The label that was probably meant; null where none is close. */
export function meantLabel(name: string, known: readonly string[]): string | null {
  const synonym = Object.hasOwn(LABELS, name) ? LABELS[name] : undefined;
  if (synonym !== undefined && known.includes(synonym)) return synonym;
  return isTargetLabel(name) ? null : closest(name, known);
}

export const isTargetLabel = (name: string): boolean => TARGET_LABELS.includes(name);

/** The value that was probably meant: of bounds the nearest; null where none is close. */
export function meantValue(label: string, value: string, known: readonly string[]): string | null {
  if (label !== 'le') return closest(value, known);
  const distance = (bound: string): number => Math.abs(Math.log(Number(bound) / Number(value)));
  const [nearest] = known.filter((bound) => Number.isFinite(distance(bound))).sort((a, b) => distance(a) - distance(b));
  return nearest ?? null;
}

function closest(name: string, known: Iterable<string>): string | null {
  let best: { readonly candidate: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    const distance = leven(name, candidate);
    if (distance <= candidate.length / 4 && (best === null || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate ?? null;
}
