/** Facts in the form that the Snapshot gives them. */
import type { HostFacts, HostSample, MasterFact, SourceFact } from './facts.ts';
import type { WindowMeasures } from './service-view.ts';
import type { Ingest, MasterInfo, Series, SourceState, SystemInfo, Traffic, WindowSpan } from './snapshot.ts';
import type { Measures } from './traffic.ts';
import { countCodes } from './volume.ts';

export const perHour = (perSecond: number | null): number | null => (perSecond === null ? null : perSecond * 3600);

export const perCpu = (corePercent: number | null, cpuCount: number | null): number | null =>
  corePercent === null || cpuCount === null ? null : corePercent / cpuCount;

/** What verdict and alerts look at of a window. */
export function windowMeasures(measures: Measures): WindowMeasures {
  const { coveredSeconds, requests, codes, timeouts, durations } = measures;
  return {
    seconds: coveredSeconds,
    requests,
    requestsPerSecond: coveredSeconds > 0 ? requests / coveredSeconds : null,
    serverErrors: countCodes(codes, 500, 600),
    timeouts,
    latencyCount: durations.count,
    p95Seconds: durations.quantile(0.95),
    // For rules that few write: worked out when they are asked for.
    get clientErrors() {
      return countCodes(codes, 400, 500);
    },
    get p99Seconds() {
      return durations.quantile(0.99);
    },
    get meanSeconds() {
      return durations.mean;
    },
    get maxSeconds() {
      return durations.count > 0 ? durations.max : null;
    },
  };
}

export function windowSpan(seconds: number | null, { fromMs, toMs }: Measures): WindowSpan {
  const iso = (atMs: number) => (Number.isNaN(atMs) ? null : new Date(atMs).toISOString());
  return { seconds, from: iso(fromMs), to: iso(toMs) };
}

export const masterInfo = (fact: MasterFact): MasterInfo => ({
  pid: fact.pid,
  role: fact.role,
  startedAt: fact.startedAtMs === null ? null : new Date(fact.startedAtMs).toISOString(),
  app: fact.app,
  version: fact.version,
  workerClass: fact.workerClass,
  workersTarget: fact.workersTarget,
  threads: fact.threadsPerWorker,
  timeoutSeconds: fact.timeoutSeconds,
  listeners: fact.listeners,
  pidFile: fact.pidFile,
  cpuPercent: fact.cpuPercent,
  rssBytes: fact.rssBytes,
  pssBytes: fact.pssBytes,
  vmsBytes: fact.vmsBytes,
  osState: fact.osState,
});

export function systemInfo(host: HostSample | null, facts: HostFacts): SystemInfo {
  const ratios = (host?.disks ?? []).map((disk) => disk.usedRatio).filter((ratio) => ratio !== null);
  return {
    cpuPercent: host?.cpuPercent ?? null,
    loadAverage: host?.loadAverage ?? null,
    memoryUsedBytes: host?.memoryUsedBytes ?? null,
    memoryAvailableBytes: host?.memoryAvailableBytes ?? null,
    memoryTotalBytes: host?.memoryTotalBytes ?? null,
    swapUsedBytes: host?.swapUsedBytes ?? null,
    diskUsedRatio: ratios.length > 0 ? Math.max(...ratios) : null,
    disks: host?.disks ?? [],
    networkReceivedBytesPerSecond: host?.networkReceivedBytesPerSecond ?? null,
    networkSentBytesPerSecond: host?.networkSentBytesPerSecond ?? null,
    cpuCount: host?.cpuCount ?? null,
    ...facts,
  };
}

const NEVER_READ: ReadonlySet<SourceState> = new Set(['waiting', 'denied', 'failed']);

/** No log of requests could be read so far: how many there are nobody knows. */
export const isUnread = (sources: readonly SourceFact[]): boolean =>
  sources
    .filter(({ kind }) => kind === 'access' || kind === 'unknown')
    .every(({ state, linesRead }) => linesRead === 0 && NEVER_READ.has(state));

export const unknownRates = (traffic: Traffic): Traffic => ({
  ...traffic,
  requestsPerSecond: null,
  requestsPerMinute: null,
  bytesPerSecond: null,
});

export function unknownRateSeries(series: Series): Series {
  const unknown = series.requestsPerSecond.map(() => null);
  return { ...series, requestsPerSecond: unknown, bytesPerSecond: unknown };
}

/** The account of the reading: each log, and all of them together. */
export function ingestOf(sources: readonly SourceFact[]): Ingest {
  const sum = (read: (source: SourceFact) => number) => sources.reduce((total, source) => total + read(source), 0);
  return {
    sources: sources.map(
      ({
        lastLineAtMs,
        strayed: _m,
        linesTruncated: _l,
        rotations: _r,
        truncations: _t,
        possiblyLostBytes: _p,
        ...source
      }) => ({
        ...source,
        lastLineAt: lastLineAtMs === null ? null : new Date(lastLineAtMs).toISOString(),
      }),
    ),
    linesRead: sum((source) => source.linesRead),
    linesParsed: sum((source) => source.linesParsed),
    linesRejected: sum((source) => source.linesRejected),
    linesTruncated: sum((source) => source.linesTruncated),
    rotations: sum((source) => source.rotations),
    truncations: sum((source) => source.truncations),
    possiblyLostBytes: sum((source) => source.possiblyLostBytes),
  };
}
