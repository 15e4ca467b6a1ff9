/**
 * What the verdict and the built-in alerts look at: the service as it is now, unfiltered, over fixed windows, so that
 * no key press on a screen can change or silence them. Plain data; null is not known.
 */
import type { DeployEffect } from './deploys.ts';
import type { FailedUpgrade, WorkerEnd } from './end-counts.ts';
import { noExits } from './exit-rules.ts';
import type { MasterFact, ProbeFact, SourceFact } from './facts.ts';
import type { MasterEnd } from './master-ends.ts';
import type { DiskInfo, ExitReason, Saturation } from './snapshot.ts';
import type { WorkerRow } from './workers.ts';

/** Requests of one window. */
export interface WindowMeasures {
  /** Length of the window, or the time covered while that is shorter. */
  readonly seconds: number;
  readonly requests: number;
  readonly requestsPerSecond: number | null;
  /** Requests with a 5xx status. */
  readonly serverErrors: number;
  /** Requests with a 4xx status. */
  readonly clientErrors: number;
  /** Requests that a worker timeout killed. */
  readonly timeouts: number;
  /** Samples behind the percentiles: killed requests count, made-up durations do not. */
  readonly latencyCount: number;
  /** Null below 20 samples. */
  readonly p95Seconds: number | null;
  /** Null below 100 samples. */
  readonly p99Seconds: number | null;
  /** Null without samples. */
  readonly meanSeconds: number | null;
  readonly maxSeconds: number | null;
}

/** A route's share of the last minute. */
export interface RouteMeasures {
  readonly method: string | null;
  readonly path: string | null;
  readonly requests: number;
  readonly serverErrors: number;
  /** Share of all request time; null when durations are unknown. */
  readonly timeRatio: number | null;
}

/** Ends of workers in the last minute. */
export interface EndMeasures {
  readonly byReason: Readonly<Record<ExitReason, number>>;
  /** Ends that nobody asked for: timeouts and crashes of any kind. */
  readonly abnormal: number;
  /** The newest timeout in a sentence: `worker 26190 killed: timeout after 30 s in GET /reports/9912`. */
  readonly lastTimeout: string | null;
  /** The newest other abnormal end. */
  readonly lastCrash: string | null;
  /** Pid of the worker that ended so last. */
  readonly lastAbnormalPid: number | null;
  /** Abnormal ends by reason: how many, and the newest in a sentence. */
  readonly abnormalBy: Readonly<Partial<Record<ExitReason, AbnormalEnds>>>;
  /** Abnormal ends of workers that had only just started. */
  readonly stillborn: number;
  /** The newest of a second master (USR2) that could not boot its workers, which are counted in `byReason` only. */
  readonly failedUpgrade?: (FailedUpgrade & { readonly text: string }) | null;
}

export interface AbnormalEnds {
  readonly count: number;
  readonly last: string;
}

/** What busy workers do, sampled over the last 10 s. */
export interface BusyWork {
  /** CPU time of a busy worker per second, 0–1 of a core. */
  readonly cpuRatio: number;
  /** Share of looks at which a busy worker was running, or waited for nothing but a CPU. */
  readonly runningRatio: number;
  /** Share of busy workers that waited for their client to send, or to take its answer; null or absent unknown. */
  readonly clientRatio?: number | null;
  /** Share of busy threads that waited for a lock; null or absent unknown. */
  readonly lockRatio?: number | null;
  /** The quota of their control group, in CPUs, and the share of it in use; null or absent without one. */
  readonly quota?: { readonly cpus: number; readonly usedRatio: number } | null;
}

/** Memory that grows without an end in sight. */
export interface MemoryGrowth {
  readonly bytesPerSecond: number;
  /** Over which time it was observed. */
  readonly seconds: number;
  /** The worker that grows most. */
  readonly worker: number;
  readonly workers: number;
}

/** Requests came steadily, and come no more. */
export interface Lull {
  readonly seconds: number;
  /** Rate before. */
  readonly requestsPerSecond: number;
}

/** What gtop was asked to watch: what is missing by choice is not a fault. */
export interface Watches {
  readonly processes: boolean;
  readonly accessLog: boolean;
  readonly errorLog: boolean;
}

export interface ServiceView {
  readonly atMs: number;
  readonly watches: Watches;
  readonly tenSeconds: WindowMeasures;
  readonly oneMinute: WindowMeasures;
  readonly fiveMinutes: WindowMeasures;
  /** The route of the last minute that took most worker time. */
  readonly slowestRoute: RouteMeasures | null;
  /** The route of the last minute with most 5xx; null without errors. */
  readonly failingRoute: RouteMeasures | null;
  /** Over 10 s. */
  readonly saturation: Saturation;
  /** Null while no worker is busy, or that is not known. */
  readonly busyWork: BusyWork | null;
  /** Requests that workers have accepted and not begun; null unknown. */
  readonly waitingInWorkers: number | null;
  /** Since when every sample has shown requests that wait, to be accepted or inside of a worker; null: none waits. */
  readonly waitingSinceMs: number | null;
  /** Connections in each accept queue where workers have queues of their own (`--reuse-port`); absent: they share one. */
  readonly unsharedQueues?: readonly number[];
  /** Null: no worker's memory grows steadily. */
  readonly memoryGrowth: MemoryGrowth | null;
  /** Null: requests come, or come as seldom as before. */
  readonly lull: Lull | null;
  /** Sampled mean of the share of capacity in service over 10 s: sees requests that have not ended yet. */
  readonly busyRatio: number | null;
  readonly workers: readonly WorkerRow[];
  /** Null before the first look at the processes. Empty: the master is gone, or was never there. */
  readonly masters: readonly MasterFact[] | null;
  /** A master was seen since gtop began. */
  readonly masterSeen: boolean;
  /** The newest master that the kernel killed for want of memory; null: none. */
  readonly masterOom: MasterEnd | null;
  /** The newest end of a master; null or absent: none was seen. */
  readonly masterEnd?: MasterEnd | null;
  readonly ends: EndMeasures;
  /** What the last deploy made slower or broke; null: nothing, or no deploy lately. */
  readonly deployEffect: DeployEffect | null;
  /** Since when a master has been there without a worker that could serve; null while one has. */
  readonly noWorkerSinceMs: number | null;
  readonly sources: readonly SourceFact[];
  /** Accepted connections of all workers. */
  readonly activeConnections: number | null;
  /** Since when there was no moment without one, as far as samples tell; null while there is none. */
  readonly connectedSinceMs: number | null;
  /** Mean of the last minute, 0–100 of all CPUs or of the quota of its control group; null before the second look. */
  readonly cpuPercent: number | null;
  /** Gunicorn's memory: Σ PSS where readable. */
  readonly memoryBytes: number | null;
  /** Limit of its cgroup; null without one. */
  readonly memoryLimitBytes: number | null;
  readonly hostMemoryUsedBytes: number | null;
  readonly hostMemoryTotalBytes: number | null;
  readonly hostMemoryAvailableBytes: number | null;
  /** Through all interfaces but loopback, since boot. */
  readonly hostNetworkSentBytes: number | null;
  readonly hostNetworkReceivedBytes: number | null;
  /** Percent of all CPUs of the machine. */
  readonly hostCpuPercent: number | null;
  /** Disks that hold a log or the application; null where the host is not looked at. */
  readonly disks: readonly DiskInfo[] | null;
  /** What looking at the processes lacks: `heartbeat needs root`. */
  readonly notes: readonly string[];
  /** Health checks of the configuration. */
  readonly probes: readonly ProbeFact[];
  /** Requests a second as Gunicorn sends them by StatsD, over 10 s; null without. */
  readonly statsdRate: number | null;
}

/** Sums up the ends of a window (`Incidents.recentEnds`). */
export function measureEnds(ends: readonly WorkerEnd[]): EndMeasures {
  const byReason = noExits();
  for (const end of ends) byReason[end.reason] += 1;
  const abnormal = ends.filter((end) => end.abnormal && end.failedUpgrade === null);
  const upgrade = ends.findLast((end) => end.failedUpgrade !== null);
  const say = (end: WorkerEnd | undefined): string | null => (end ? `worker ${end.pid} ${end.text}` : null);
  const abnormalBy: Partial<Record<ExitReason, AbnormalEnds>> = {};
  for (const end of abnormal) {
    const count = (abnormalBy[end.reason]?.count ?? 0) + 1;
    abnormalBy[end.reason] = { count, last: `worker ${end.pid} ${end.text}` };
  }
  return {
    byReason,
    abnormalBy,
    lastAbnormalPid: abnormal.at(-1)?.pid ?? null,
    stillborn: abnormal.filter((end) => end.stillborn).length,
    abnormal: abnormal.length,
    lastTimeout: say(abnormal.findLast((end) => end.reason === 'timeout')),
    lastCrash: say(abnormal.findLast((end) => end.reason !== 'timeout')),
    failedUpgrade: upgrade?.failedUpgrade ? { ...upgrade.failedUpgrade, text: say(upgrade) ?? '' } : null,
  };
}

/**
 * Share of the capacity that is in use: the larger of what the log accounts for and what the samples saw. The log
 * knows a request only when it has ended: four workers that hang for a minute leave no line.
 */
export function usedRatio(view: Pick<ServiceView, 'saturation' | 'busyRatio'>): number | null {
  const known = [view.saturation.utilizationRatio, view.busyRatio].filter((ratio) => ratio !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** 5xx ÷ requests; null without requests. */
export const errorRatio = (window: WindowMeasures): number | null =>
  window.requests > 0 ? window.serverErrors / window.requests : null;

/** The access logs. */
export const accessLogs = (view: Pick<ServiceView, 'sources'>): readonly SourceFact[] =>
  view.sources.filter((source) => source.kind === 'access');

/**
 * A deleted log that still grows is read from its open descriptor, and one that has just ended has told all there was:
 * one that is quiet this long is lost. A replay's clock stands still at the end.
 */
const GONE_QUIET_MS = 10_000;

/** A log from which nothing can be expected at the moment. */
export function isLost(source: SourceFact, nowMs: number): boolean {
  if (source.state === 'deleted' || source.state === 'ended') {
    return source.lastLineAtMs === null || nowMs - source.lastLineAtMs > GONE_QUIET_MS;
  }
  return source.state !== 'live' && source.state !== 'reading';
}

/** No access log is there to be read: requests may happen that gtop cannot see. */
export function isBlind(view: Pick<ServiceView, 'sources' | 'atMs'>): boolean {
  return accessLogs(view).every((source) => isLost(source, view.atMs));
}

/** Epoch milliseconds of the newest access line; null before the first. */
export function lastLineAtMs(view: Pick<ServiceView, 'sources'>): number | null {
  const times = accessLogs(view).flatMap((source) => (source.lastLineAtMs === null ? [] : [source.lastLineAtMs]));
  return times.length === 0 ? null : Math.max(...times);
}

/**
 * Seconds that clients have been connected without an access line; null where that cannot be known, 0 with nobody
 * connected. A connection that a single sample caught proves nothing: it counts from when connections were there.
 */
export function silentSeconds(view: ServiceView): number | null {
  if (!view.watches.accessLog || isBlind(view) || view.activeConnections === null) return null;
  if (view.activeConnections === 0 || view.connectedSinceMs === null) return 0;
  return Math.max(0, view.atMs - Math.max(view.connectedSinceMs, lastLineAtMs(view) ?? 0)) / 1000;
}

/** Every error log that gtop was told to read is lost: ends of workers may go unnoticed. */
export function hasLostErrorLog(view: Pick<ServiceView, 'watches' | 'sources' | 'atMs'>): boolean {
  const logs = view.sources.filter((source) => source.kind === 'error');
  return view.watches.errorLog && logs.every((source) => isLost(source, view.atMs));
}
