/** The metric families, one row each: what a family is called, what it says, and how it is read. */
import type { MetricFamily, MetricSample } from './family.ts';
import {
  byListener,
  byProbe,
  byReason,
  byWorker,
  fullest,
  type MetricsView,
  only,
  overSources,
  type Reading,
  seesWorkers,
} from './readings.ts';

interface FamilyRow extends Omit<MetricFamily, 'samples'> {
  /** Nothing: there is no source for it. Samples without a number are left out. */
  read(view: MetricsView): readonly Reading[] | null | undefined;
}

const FAMILIES: readonly FamilyRow[] = [
  {
    name: 'gunicorn_requests_total',
    type: 'counter',
    help: 'Requests in the access log',
    read: ({ watches, requests }) => (watches.accessLog ? requests.requests() : null),
  },
  {
    name: 'gunicorn_errors_total',
    type: 'counter',
    help: 'Requests answered with a 5xx status',
    read: ({ watches, requests }) => (watches.accessLog ? requests.errors() : null),
  },
  {
    name: 'gunicorn_request_duration_seconds',
    type: 'histogram',
    help: 'Time from the headers read to the last byte handed over; requests killed by a timeout count as that long',
    unit: 'seconds',
    read: ({ requests, sources }) =>
      requests.isTimed || sources.some((source) => source.durationUnit !== null) ? requests.durations() : null,
  },
  {
    name: 'gunicorn_response_size_bytes',
    type: 'summary',
    help: 'Size of the response bodies',
    unit: 'bytes',
    read: ({ watches, requests }) => (watches.accessLog ? requests.responseSizes() : null),
  },
  {
    name: 'gunicorn_active_connections',
    type: 'gauge',
    help: 'Connections accepted by the workers and still open',
    read: (view) =>
      byListener(
        view,
        (sample) => sample.activeConnections,
        ({ connections }) => connections,
      ),
  },
  {
    name: 'gunicorn_listen_backlog',
    type: 'gauge',
    help: 'Connections that wait to be accepted',
    read: (view) =>
      byListener(
        view,
        (sample) => sample.backlog,
        ({ backlog }) => backlog,
      ),
  },
  {
    name: 'gunicorn_worker_processes',
    type: 'gauge',
    help: 'Workers alive',
    read: ({ processes }) => only(processes?.workers.length),
  },
  {
    name: 'gunicorn_workers_busy',
    type: 'gauge',
    help: 'Workers that serve a request',
    read: ({ saturation }) => only(saturation.busyWorkers),
  },
  {
    name: 'gunicorn_utilization_ratio',
    type: 'gauge',
    help: 'Request time of the last 10 seconds divided by what workers and threads could give',
    unit: 'ratio',
    read: ({ saturation }) => only(saturation.utilizationRatio),
  },
  {
    name: 'gunicorn_up',
    type: 'gauge',
    help: 'Whether the master is alive',
    read: ({ processes }) => only(processes && Number(processes.masters.length > 0)),
  },
  {
    name: 'gunicorn_worker_exits_total',
    type: 'counter',
    help: 'Ends of workers by what ended them',
    read: ({ watches, exits }) => (seesWorkers(watches) ? byReason(exits) : null),
  },
  {
    name: 'gunicorn_worker_timeouts_total',
    type: 'counter',
    help: 'Workers killed because they were silent for longer than the timeout',
    read: ({ watches, exits }) => (seesWorkers(watches) ? only(exits.byReason.timeout) : null),
  },
  {
    name: 'gunicorn_requests_lost_total',
    type: 'counter',
    help: 'Requests that died with their worker',
    read: ({ watches, requests }) => (seesWorkers(watches) ? only(requests.lost) : null),
  },
  {
    name: 'gunicorn_worker_heartbeat_age_seconds',
    type: 'gauge',
    help: 'Time since the worker last told its master that it lives',
    unit: 'seconds',
    read: ({ processes }) => byWorker(processes, (worker) => worker.heartbeatAgeSeconds),
  },
  {
    name: 'gunicorn_worker_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory of the worker, pages that it shares with others included',
    unit: 'bytes',
    read: ({ processes }) => byWorker(processes, (worker) => worker.rssBytes),
  },
  {
    name: 'gunicorn_worker_cpu_seconds_total',
    type: 'counter',
    help: 'CPU time that the worker has used',
    unit: 'seconds',
    read: ({ processes }) => byWorker(processes, (worker) => worker.cpuSeconds),
  },
  {
    name: 'gunicorn_cpu_usage_percent',
    type: 'gauge',
    help: 'CPU time of master and workers, 0 to 100 of all CPUs or of the quota of their control group, mean of the last minute',
    read: ({ cpuPercent }) => only(cpuPercent),
  },
  {
    name: 'gunicorn_memory_usage_bytes',
    type: 'gauge',
    help: 'Memory of master and workers, each shared page counted once',
    unit: 'bytes',
    read: ({ memoryBytes }) => only(memoryBytes),
  },
  {
    name: 'gunicorn_log_lines_total',
    type: 'counter',
    help: 'Lines read from the logs',
    read: ({ sources }) => overSources(sources, (source) => source.linesRead),
  },
  {
    name: 'gunicorn_log_lines_rejected_total',
    type: 'counter',
    help: 'Lines that could not be understood',
    read: ({ sources }) => overSources(sources, (source) => source.linesRejected),
  },
  {
    name: 'gunicorn_log_rotations_total',
    type: 'counter',
    help: 'Rotations of the logs, by a new file or by truncation',
    read: ({ sources }) => overSources(sources, (source) => source.rotations + source.truncations),
  },
  {
    name: 'gunicorn_exceptions_total',
    type: 'counter',
    help: 'Tracebacks in the error log and in the log of the application',
    read: ({ exceptions }) => only(exceptions),
  },
  {
    name: 'gunicorn_watched_lines_total',
    type: 'counter',
    help: 'Log lines that match a pattern of the configuration, by its name',
    read: ({ watched = [] }) =>
      watched.length === 0 ? null : watched.map(({ name, count }) => ({ labels: { name }, value: count })),
  },
  {
    name: 'gunicorn_probe_success',
    type: 'gauge',
    help: 'Whether the probe counts as up',
    read: ({ probes }) => byProbe(probes, (probe) => Number(probe.up)),
  },
  {
    name: 'gunicorn_probe_duration_seconds',
    type: 'gauge',
    help: 'Time that the last probe took',
    unit: 'seconds',
    read: ({ probes }) => byProbe(probes, (probe) => probe.seconds),
  },
  {
    name: 'system_cpu_usage_percent',
    type: 'gauge',
    help: 'CPU time of the host, 0 to 100 of all CPUs',
    read: ({ host }) => only(host?.cpuPercent),
  },
  {
    name: 'system_memory_usage_bytes',
    type: 'gauge',
    help: 'Memory of the host that is in use',
    unit: 'bytes',
    read: ({ host }) => only(host?.memoryUsedBytes),
  },
  {
    name: 'system_disk_usage_percent',
    type: 'gauge',
    help: 'Of the disk that is fullest among those that hold a log or the application',
    read: ({ host }) => only(fullest(host)),
  },
  {
    name: 'system_network_io_bytes_total',
    type: 'counter',
    help: 'Bytes through all interfaces but loopback',
    unit: 'bytes',
    read: ({ network }) =>
      network && [
        { labels: { direction: 'received' }, value: network.received },
        { labels: { direction: 'sent' }, value: network.sent },
      ],
  },
  {
    name: 'gtop_build_info',
    type: 'info',
    help: 'Version of gtop',
    read: ({ version }) => [{ labels: { version }, value: 1 }],
  },
  {
    name: 'gtop_start_time_seconds',
    type: 'gauge',
    help: 'Unix time at which gtop began to watch',
    unit: 'seconds',
    read: ({ startedAtMs }) => only(startedAtMs / 1000),
  },
  {
    name: 'gtop_dropped_label_values_total',
    type: 'counter',
    help: 'Requests whose method or endpoint was counted as one of the others, to keep the number of series bounded',
    read: ({ requests }) => only(requests.dropped),
  },
];

/** Names and types of all families, also of those that have no source here. */
export const METRIC_CATALOGUE: readonly Omit<MetricFamily, 'samples'>[] = FAMILIES.map(
  ({ read: _, ...family }) => family,
);

/** All families that have a source, as of now. */
export function readFamilies(view: MetricsView): MetricFamily[] {
  return FAMILIES.flatMap(({ read, ...family }) => {
    const readings = read(view);
    if (readings == null) return [];
    const samples = readings.filter((reading): reading is MetricSample => Number.isFinite(reading.value));
    return samples.length < readings.length && samples.length === 0 ? [] : [{ ...family, samples }];
  });
}
