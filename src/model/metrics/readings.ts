/** How the numbers of a family are read: without a label, by worker, by listener and so on. Null is not known. */
import type { HostSample, ProcessSample, SourceFact, WorkerFact } from '../facts.ts';
import type { Watches } from '../service-view.ts';
import type { ExitReason, HealthRow, Saturation, WatchedLines, WorkerExits } from '../snapshot.ts';
import type { MetricLabels, MetricSample } from './family.ts';
import type { NetworkBytes } from './network-bytes.ts';
import type { RequestCounters } from './request-counters.ts';

/** What the families are read from. Null is not known. */
export interface MetricsView {
  readonly version: string;
  readonly startedAtMs: number;
  readonly watches: Watches;
  readonly requests: RequestCounters;
  readonly exits: WorkerExits;
  readonly processes: ProcessSample | null;
  /** Of the last 10 s. */
  readonly saturation: Saturation;
  /** Mean of the last minute, 0–100 of all CPUs or of the control group's quota. */
  readonly cpuPercent: number | null;
  /** Σ PSS of masters and workers. */
  readonly memoryBytes: number | null;
  readonly host: HostSample | null;
  readonly network: NetworkBytes | null;
  readonly sources: readonly SourceFact[];
  readonly probes: readonly HealthRow[];
  /** Tracebacks so far; null while no log is read that could hold one. */
  readonly exceptions?: number | null;
  readonly watched?: readonly WatchedLines[];
}

export type Reading = Omit<MetricSample, 'value'> & { readonly value: number | null };

/** A single number without labels; null where it is not known. */
export const only = (value: number | null | undefined): Reading[] | null =>
  value == null ? null : [{ labels: {}, value }];

/** Either of them shows how workers end. */
export const seesWorkers = (watches: Watches): boolean => watches.processes || watches.errorLog;

export const byReason = ({ byReason: counts }: WorkerExits): Reading[] =>
  (Object.keys(counts) as ExitReason[]).map((reason) => ({ labels: { reason }, value: counts[reason] }));

export const byWorker = (
  sample: ProcessSample | null,
  read: (worker: WorkerFact) => number | null,
): Reading[] | undefined =>
  sample?.workers.map((worker) => ({ labels: { pid: String(worker.pid) }, value: read(worker) }));

export const byProbe = (probes: readonly HealthRow[], read: (probe: HealthRow) => number | null): Reading[] | null =>
  probes.length === 0 ? null : probes.map((probe) => ({ labels: { name: probe.name }, value: read(probe) }));

export const overSources = (sources: readonly SourceFact[], read: (source: SourceFact) => number): Reading[] | null =>
  sources.length === 0 ? null : only(sources.reduce((sum, source) => sum + read(source), 0));

/** Where the samples do not tell the listeners apart, their sum stands under the names of all of them. */
export function byListener(
  { processes }: MetricsView,
  total: (sample: ProcessSample) => number | null,
  read: (listener: NonNullable<ProcessSample['listeners']>[number]) => number | null,
): Reading[] | null {
  if (!processes || total(processes) === null) return null;
  const label = (listener: string): MetricLabels => ({ listener });
  if (processes.listeners) return processes.listeners.map((one) => ({ labels: label(one.name), value: read(one) }));
  const names = new Set(processes.masters.flatMap((master) => master.listeners));
  return [{ labels: label([...names].join(',')), value: total(processes) }];
}

export function fullest(host: HostSample | null): number | null {
  const ratios = (host?.disks ?? []).flatMap(({ usedRatio }) => (usedRatio === null ? [] : [usedRatio]));
  return ratios.length === 0 ? null : Math.max(...ratios) * 100;
}
