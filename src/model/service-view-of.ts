/** The service as verdict and alerts look at it, from what the model knows. */
import { memoryBytes } from './resources.ts';
import { measureEnds, type ServiceView } from './service-view.ts';
import { windowMeasures } from './snapshot-parts.ts';
import { cpuPercentAt, type ModelState, saturationNow } from './state.ts';
import { outstandingRoutes } from './traffic-rows.ts';

export function serviceViewOf(state: ModelState, nowMs: number): ServiceView {
  const { traffic, incidents, work, processes, host, enrichment } = state;
  const tenSeconds = traffic.measure(10, nowMs);
  const oneMinute = traffic.measure(60, nowMs);
  const routes = outstandingRoutes(traffic.detail(60, nowMs));
  return {
    atMs: nowMs,
    watches: state.watches,
    tenSeconds: windowMeasures(tenSeconds),
    oneMinute: windowMeasures(oneMinute),
    // For a rule that few switch on: added up when it is asked for.
    get fiveMinutes() {
      return windowMeasures(traffic.measure(300, nowMs));
    },
    slowestRoute: routes.slowest,
    failingRoute: routes.failing,
    saturation: saturationNow(state, tenSeconds),
    busyRatio: work.busyRatio(nowMs),
    busyWork: work.busyWork(nowMs),
    waitingInWorkers: processes?.waitingInWorkers ?? null,
    waitingSinceMs: work.waitingSinceMs,
    unsharedQueues: processes?.listeners?.flatMap(({ queues }) => queues ?? []) ?? [],
    memoryGrowth: work.memoryGrowth(),
    lull: state.lull.at(nowMs),
    workers: incidents.workers(),
    masters: processes?.masters ?? null,
    masterSeen: incidents.masterSeen,
    masterOom: incidents.masterOom,
    masterEnd: incidents.masterEnd,
    ends: measureEnds(incidents.recentEnds(nowMs, 60)),
    deployEffect: state.deploys.look(incidents.lastDeploy, nowMs, (from, to) => traffic.routesBetween(from, to)),
    noWorkerSinceMs: work.noWorkerSinceMs,
    sources: state.sources,
    activeConnections: processes?.activeConnections ?? null,
    connectedSinceMs: work.connectedSinceMs,
    cpuPercent: cpuPercentAt(state, nowMs),
    memoryBytes: memoryBytes(processes),
    memoryLimitBytes: processes?.limits?.memoryBytes ?? null,
    hostMemoryUsedBytes: host?.memoryUsedBytes ?? null,
    hostMemoryTotalBytes: host?.memoryTotalBytes ?? null,
    hostMemoryAvailableBytes: host?.memoryAvailableBytes ?? null,
    hostNetworkSentBytes: host?.networkSentBytes ?? null,
    hostNetworkReceivedBytes: host?.networkReceivedBytes ?? null,
    hostCpuPercent: host?.cpuPercent ?? null,
    disks: host?.disks ?? null,
    notes: processes?.notes ?? [],
    probes: enrichment.probes,
    statsdRate: enrichment.statsdRate(nowMs),
  };
}
