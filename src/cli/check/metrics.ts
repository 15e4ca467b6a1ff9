/** The figures that `gtop check` can be given limits for, by name. One row to add one. */
import type { Snapshot } from '../../model/snapshot.ts';

export interface CheckMetric {
  /** Unit of the performance data: `s` seconds, `B` bytes, `%`, or none. */
  readonly unit: '' | 's' | 'B' | '%';
  /** Goes from 0 to 1. */
  readonly isShare?: true;
  /** Null when it is not known. */
  read(snapshot: Snapshot): number | null;
}

const ends = ({ workerExits: { byReason } }: Snapshot): number => byReason.crash + byReason.oom + byReason.killed;

const gunicornBytes = ({ master, workers }: Snapshot): number | null => {
  const sizes = [master, ...workers].map((process) => process?.pssBytes ?? null);
  return master === null || sizes.includes(null) ? null : sizes.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
};

export const CHECK_METRICS: Readonly<Record<string, CheckMetric>> = {
  requests_per_second: { unit: '', read: ({ traffic }) => traffic.requestsPerSecond },
  requests_per_minute: { unit: '', read: ({ traffic }) => traffic.requestsPerMinute },
  error_rate: { unit: '', isShare: true, read: ({ status }) => status.serverErrorRatio },
  client_error_rate: { unit: '', isShare: true, read: ({ status }) => status.clientErrorRatio },
  timeout_rate: { unit: '', isShare: true, read: ({ status }) => status.timeoutRatio },
  avg_response_time: { unit: 's', read: ({ latency }) => latency?.meanSeconds ?? null },
  p95_response_time: { unit: 's', read: ({ latency }) => latency?.p95Seconds ?? null },
  p99_response_time: { unit: 's', read: ({ latency }) => latency?.p99Seconds ?? null },
  max_response_time: { unit: 's', read: ({ latency }) => latency?.maxSeconds ?? null },
  active_connections: { unit: '', read: ({ traffic }) => traffic.activeConnections },
  backlog: { unit: '', read: ({ saturation }) => saturation.backlog },
  utilization: { unit: '', read: ({ saturation }) => saturation.utilizationRatio },
  worker_count: { unit: '', read: ({ master, workers }) => (master === null ? null : workers.length) },
  worker_crash: { unit: '', read: ends },
  memory_bytes: { unit: 'B', read: gunicornBytes },
  cpu_percent: { unit: '%', read: ({ system }) => system.cpuPercent },
  memory_percent: {
    unit: '%',
    read: ({ system: { memoryUsedBytes, memoryTotalBytes } }) =>
      memoryUsedBytes === null || !memoryTotalBytes ? null : (100 * memoryUsedBytes) / memoryTotalBytes,
  },
  memory_used: { unit: 'B', read: ({ system }) => system.memoryUsedBytes },
  memory_available: { unit: 'B', read: ({ system }) => system.memoryAvailableBytes },
  disk_percent: {
    unit: '%',
    read: ({ system }) => (system.diskUsedRatio === null ? null : 100 * system.diskUsedRatio),
  },
};

/** Shown as performance data even when no limit names them. */
export const ALWAYS_SHOWN = ['requests_per_second', 'error_rate', 'p95_response_time', 'utilization', 'backlog'];
