/** How full the service is. Pure: figures in, figures out. */
import type { MasterFact, ProcessSample, SourceFact } from './facts.ts';
import type { BusyWork } from './service-view.ts';
import type { Saturation } from './snapshot.ts';
import type { Measures } from './traffic.ts';
import { workerKind } from './worker-kind.ts';
import type { WorkerRow } from './workers.ts';

export interface SaturationInput {
  /** Null: the processes are not watched, or the master is gone. */
  readonly workers: readonly Pick<WorkerRow, 'masterPid' | 'state'>[] | null;
  readonly masters: readonly Pick<MasterFact, 'pid' | 'workerClass' | 'threadsPerWorker'>[];
  /** Σ request time of the window; null when the log has no durations. */
  readonly requestSeconds: number | null;
  /** Length of the window, or the time covered while that is shorter; null or 0 before anything was covered. */
  readonly windowSeconds: number | null;
  readonly requestsPerSecond: number | null;
  /** Connections that wait to be accepted; null unknown. */
  readonly backlog: number | null;
  /** Connections accepted and still open, all workers together; absent or null unknown. */
  readonly activeConnections?: number | null;
}

/**
 * Saturation of a window.
 *
 * `capacity` = workers × threads over all masters; null for event-loop workers, which have none. `utilizationRatio`
 * goes above 1 in a short window in which long requests ended: it is request time ended per capacity. Queue by
 * Little's law: backlog ÷ throughput; 0 with an empty queue, null while nothing is served. Advice is the model's to add.
 */
export function saturation(input: SaturationInput): Saturation {
  const { workers, masters, requestSeconds, windowSeconds, requestsPerSecond, backlog } = input;
  const capacity = workers === null ? null : capacityOf(workers, masters);
  const erlangs = requestSeconds === null || !windowSeconds ? null : requestSeconds / windowSeconds;
  return {
    busyWorkers: workers === null ? null : (busyWorkers(workers) ?? busyTogether(input, workers.length)),
    capacity,
    utilizationRatio: erlangs === null || !capacity ? null : erlangs / capacity,
    offeredErlangs: erlangs,
    backlog,
    backlogLimit: null,
    estimatedQueueSeconds: queueSeconds(backlog, requestsPerSecond),
    recommendedWorkers: null,
    recommendationText: null,
  };
}

/** The same from what was measured of a window and sampled of the processes. @param workers the rows of these. */
export function saturationOf(
  { requests, coveredSeconds, durations }: Pick<Measures, 'requests' | 'coveredSeconds' | 'durations'>,
  processes: Pick<ProcessSample, 'masters' | 'backlog' | 'activeConnections'> | null,
  workers: readonly WorkerRow[],
  sources: readonly SourceFact[],
): Saturation {
  const hasDurations = durations.count > 0 || sources.some((source) => source.durationUnit !== null);
  return saturation({
    workers: processes && processes.masters.length > 0 ? workers : null,
    masters: processes?.masters ?? [],
    requestSeconds: hasDurations ? durations.sum : null,
    windowSeconds: coveredSeconds,
    requestsPerSecond: coveredSeconds > 0 ? requests / coveredSeconds : null,
    backlog: processes?.backlog ?? null,
    activeConnections: processes?.activeConnections ?? null,
  });
}

/** Workers seen busy; null while the state of one is not known, for then so is the count. */
function busyWorkers(workers: readonly Pick<WorkerRow, 'state'>[]): number | null {
  if (workers.some((worker) => worker.state === 'unknown')) return null;
  return workers.filter((worker) => worker.state === 'busy' || worker.state === 'stuck').length;
}

/**
 * Sync workers hold one connection for each request (`gunicorn/workers/sync.py`): how many are busy is known also where
 * without permission it is not known which.
 */
function busyTogether(
  { masters, activeConnections }: Pick<SaturationInput, 'masters' | 'activeConnections'>,
  workers: number,
): number | null {
  const areSync = masters.every((one) => workerKind(one.workerClass, one.threadsPerWorker) === 'sync');
  return areSync && activeConnections != null ? Math.min(activeConnections, workers) : null;
}

/** Requests that these workers can serve at once; null where one master's class or thread count does not tell. */
function capacityOf(
  workers: readonly Pick<WorkerRow, 'masterPid'>[],
  masters: SaturationInput['masters'],
): number | null {
  let capacity = 0;
  for (const worker of workers) {
    const master = masters.find((one) => one.pid === worker.masterPid);
    const slots = master ? slotsPerWorker(master) : null;
    if (slots === null) return null;
    capacity += slots;
  }
  return workers.length > 0 ? capacity : null;
}

function slotsPerWorker(master: Pick<MasterFact, 'workerClass' | 'threadsPerWorker'>): number | null {
  const kind = workerKind(master.workerClass, master.threadsPerWorker);
  if (kind === 'sync') return 1;
  return kind === 'gthread' ? master.threadsPerWorker : null;
}

function queueSeconds(backlog: number | null, requestsPerSecond: number | null): number | null {
  if (backlog === null) return null;
  if (backlog === 0) return 0;
  return requestsPerSecond ? backlog / requestsPerSecond : null;
}

/**
 * Share of the capacity in service at one moment, 0–1. Tells what the log cannot: requests that have not ended yet.
 * Null where the class has no capacity or descriptors may not be read.
 */
export function busyRatio(sample: ProcessSample): number | null {
  const capacity = capacityOf(sample.workers, sample.masters);
  if (!capacity) return null;
  let busy = 0;
  for (const worker of sample.workers) {
    const master = sample.masters.find((one) => one.pid === worker.masterPid);
    const isSync = master && workerKind(master.workerClass, master.threadsPerWorker) === 'sync';
    const inService = isSync && worker.connections !== null ? Math.min(1, worker.connections) : worker.busyThreads;
    if (inService === null) {
      const together = busyTogether(sample, sample.workers.length);
      return together === null ? null : together / capacity;
    }
    busy += inService;
  }
  return Math.min(1, busy / capacity);
}

/**
 * What busy workers do: compute, or wait. A state of R counts as well as CPU time, for on a crowded machine a worker
 * that computes gets little of it. Null while none is busy.
 */
export function workOf(workers: readonly Pick<WorkerRow, 'state' | 'cpuPercent' | 'osState'>[]): BusyWork | null {
  const busy = workers.filter(
    ({ state, cpuPercent }) => (state === 'busy' || state === 'stuck') && cpuPercent !== null,
  );
  if (busy.length === 0) return null;
  const cpu = busy.reduce((sum, worker) => sum + (worker.cpuPercent ?? 0), 0);
  return {
    cpuRatio: cpu / 100 / busy.length,
    runningRatio: busy.filter((worker) => worker.osState === 'R').length / busy.length,
  };
}

/** CPU time of masters and workers together, in percent of one core; a newborn has no figure yet. Null without any. */
export function cpuPercent(sample: ProcessSample): number | null {
  const all = [...sample.masters, ...sample.workers].map((process) => process.cpuPercent);
  const known = all.filter((percent) => percent !== null);
  return known.length === 0 ? null : known.reduce((sum, percent) => sum + percent, 0);
}
