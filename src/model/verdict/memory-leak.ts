import { sayBytes, saySeconds } from '../figures.ts';
import type { MemoryGrowth } from '../service-view.ts';
import { type Diagnosis, join, type VerdictView } from './diagnosis.ts';

/** Growth that would take longer than this to fill the memory is worth knowing, no more. */
const SOON_SECONDS = 86_400;
const AT_ONCE_SECONDS = 600;

export const memoryLeak: Diagnosis = {
  kind: 'memory-leak',
  summary:
    'The memory of workers grows steadily and never levels off. Until the leak is found, max_requests with max_requests_jitter replaces workers before it hurts.',
  check: (view) => {
    if (view.memoryGrowth === null) return null;
    const seconds = secondsLeft(view, view.memoryGrowth);
    if (seconds === null) return 'warning';
    if (seconds > SOON_SECONDS) return 'ok';
    if (recyclesAfter(view) !== null) return seconds < AT_ONCE_SECONDS ? 'warning' : 'ok';
    return seconds < AT_ONCE_SECONDS ? 'critical' : 'warning';
  },
  sentence: (view) => {
    const growth = view.memoryGrowth;
    if (growth === null) return 'no memory grows';
    const { workers, worker } = growth;
    const who = workers === 1 ? `worker ${worker} grows` : `${workers} workers grow`;
    const left = secondsLeft(view, growth);
    const requests = recyclesAfter(view);
    return join(
      `memory leak: ${who} by ${sayRate(growth)}`,
      left === null || requests !== null ? null : `the memory is full in about ${saySeconds(left)}`,
      requests === null ? null : `max_requests replaces workers after ${requests} requests`,
      workers === 1 ? null : `worker ${worker} fastest`,
    );
  },
};

/** Where each worker is replaced after so many requests, growth ends there; null: they are not, or that is not known. */
function recyclesAfter({ masters }: VerdictView): number | null {
  const limits = (masters ?? []).map(({ maxRequests }) => maxRequests ?? 0);
  return limits.length > 0 && limits.every((limit) => limit > 0) ? Math.max(...limits) : null;
}

/** What is left of the control group's limit, or of the machine. */
function secondsLeft(view: VerdictView, { bytesPerSecond }: MemoryGrowth): number | null {
  const { memoryBytes, memoryLimitBytes, hostMemoryUsedBytes, hostMemoryTotalBytes } = view;
  const rooms = [room(memoryBytes, memoryLimitBytes), room(hostMemoryUsedBytes, hostMemoryTotalBytes)];
  const known = rooms.filter((bytes) => bytes !== null);
  return known.length === 0 ? null : Math.min(...known) / bytesPerSecond;
}

const room = (used: number | null, total: number | null): number | null =>
  used === null || total === null ? null : Math.max(0, total - used);

function sayRate({ bytesPerSecond, seconds }: MemoryGrowth): string {
  return seconds < 600 ? `${sayBytes(bytesPerSecond * 60)} a minute` : `${sayBytes(bytesPerSecond * 3600)} an hour`;
}
