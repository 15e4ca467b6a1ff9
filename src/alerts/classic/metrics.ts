/** The metrics of classical rules by their names, each over the last minute or as of now. */
import {
  accessLogs,
  errorRatio,
  hasLostErrorLog,
  isBlind,
  type ServiceView,
  usedRatio,
} from '../../model/service-view.ts';
import type { AlertRule } from '../rule.ts';

type Source = 'accessLog' | 'processes' | 'ends' | 'host';

export interface ClassicMetric {
  readonly unit: AlertRule['unit'];
  /** A whole number, as Python tells it from a float: `4`, not `4.0`. */
  readonly isWhole?: boolean;
  readonly source: Source;
  /** Null: not known. */
  read(view: ServiceView): number | null;
}

const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
const percent = (part: number | null, whole: number | null): number | null =>
  part === null || whole === null || whole <= 0 ? null : (part / whole) * 100;

const fullestDisk = ({ disks }: ServiceView): number | null => {
  const ratios = (disks ?? []).flatMap(({ usedRatio: ratio }) => (ratio === null ? [] : [ratio]));
  return ratios.length === 0 ? null : Math.max(...ratios) * 100;
};

export const CLASSIC_METRICS: Readonly<Record<string, ClassicMetric>> = {
  requests_per_second: {
    unit: 'perSecond',
    source: 'accessLog',
    read: ({ oneMinute }) => oneMinute.requestsPerSecond,
  },
  requests_per_minute: {
    unit: 'count',
    source: 'accessLog',
    read: ({ oneMinute: { requestsPerSecond } }) => (requestsPerSecond === null ? null : requestsPerSecond * 60),
  },
  error_rate: { unit: 'ratio', source: 'accessLog', read: ({ oneMinute }) => errorRatio(oneMinute) },
  client_error_rate: {
    unit: 'ratio',
    source: 'accessLog',
    read: ({ oneMinute }) => share(oneMinute.clientErrors, oneMinute.requests),
  },
  timeout_rate: {
    unit: 'ratio',
    source: 'accessLog',
    read: ({ oneMinute }) => share(oneMinute.timeouts, oneMinute.requests + oneMinute.timeouts),
  },
  avg_response_time: { unit: 'seconds', source: 'accessLog', read: ({ oneMinute }) => oneMinute.meanSeconds },
  p95_response_time: { unit: 'seconds', source: 'accessLog', read: ({ oneMinute }) => oneMinute.p95Seconds },
  p99_response_time: { unit: 'seconds', source: 'accessLog', read: ({ oneMinute }) => oneMinute.p99Seconds },
  max_response_time: { unit: 'seconds', source: 'accessLog', read: ({ oneMinute }) => oneMinute.maxSeconds },
  cpu_percent: { unit: 'percent', source: 'host', read: ({ hostCpuPercent }) => hostCpuPercent },
  memory_percent: {
    unit: 'percent',
    source: 'host',
    read: (view) => percent(view.hostMemoryUsedBytes, view.hostMemoryTotalBytes),
  },
  memory_used: { unit: 'bytes', isWhole: true, source: 'host', read: (view) => view.hostMemoryUsedBytes },
  memory_available: { unit: 'bytes', isWhole: true, source: 'host', read: (view) => view.hostMemoryAvailableBytes },
  disk_percent: { unit: 'percent', source: 'host', read: fullestDisk },
  network_bytes_sent: { unit: 'bytes', isWhole: true, source: 'host', read: (view) => view.hostNetworkSentBytes },
  network_bytes_recv: { unit: 'bytes', isWhole: true, source: 'host', read: (view) => view.hostNetworkReceivedBytes },
  memory_bytes: { unit: 'bytes', isWhole: true, source: 'processes', read: ({ memoryBytes }) => memoryBytes },
  active_connections: {
    unit: 'count',
    isWhole: true,
    source: 'processes',
    read: ({ activeConnections }) => activeConnections,
  },
  worker_count: {
    unit: 'count',
    isWhole: true,
    source: 'processes',
    read: ({ masters, workers }) => (masters === null ? null : workers.length),
  },
  backlog: { unit: 'count', isWhole: true, source: 'processes', read: ({ saturation }) => saturation.backlog },
  utilization: { unit: 'ratio', source: 'processes', read: usedRatio },
  worker_crash: { unit: 'count', isWhole: true, source: 'ends', read: ({ ends }) => ends.abnormal },
  worker_pid: { unit: 'count', isWhole: true, source: 'ends', read: ({ ends }) => ends.lastAbnormalPid },
};

/** Whether gtop was asked to watch what the metric comes from. */
export const isWatched = ({ source }: ClassicMetric, { watches }: ServiceView): boolean =>
  source === 'host' ||
  (source === 'accessLog' && watches.accessLog) ||
  (source === 'processes' && watches.processes) ||
  (source === 'ends' && (watches.processes || watches.errorLog));

/** What was lost of where the metric comes from; null: nothing. */
export function lostSource({ source }: ClassicMetric, view: ServiceView): string | null {
  if (source === 'accessLog' && isBlind(view)) {
    return (
      accessLogs(view)
        .map((log) => `${log.path}: ${log.message ?? log.state}`)
        .join(' · ') || 'no access log'
    );
  }
  if (source === 'ends' && hasLostErrorLog(view)) return 'the error log is not there';
  const hasNoMaster = view.masters !== null && view.masters.length === 0;
  return source === 'processes' && hasNoMaster ? 'no master' : null;
}
