/** A healthy service as verdict and alerts see it; a test changes what it is about. */

import { noExits } from '../../../src/model/exit-rules.ts';
import type { SourceFact } from '../../../src/model/facts.ts';
import type { ServiceView, WindowMeasures } from '../../../src/model/service-view.ts';
import type { WorkerRow } from '../../../src/model/workers.ts';
import { master, T0 } from './samples.ts';

export const accessLog = (rest: Partial<SourceFact> = {}): SourceFact => ({
  path: '/var/log/access.log',
  kind: 'access',
  state: 'live',
  format: 'combined',
  durationUnit: 'microseconds',
  durationUnitAssumed: false,
  bytesRead: 0,
  lagBytes: 0,
  linesRead: 1000,
  linesParsed: 1000,
  linesRejected: 0,
  linesTruncated: 0,
  rotations: 0,
  truncations: 0,
  possiblyLostBytes: 0,
  message: null,
  lastLineAtMs: T0 - 500,
  ...rest,
});

export const measures = (rest: Partial<WindowMeasures> = {}): WindowMeasures => ({
  seconds: 60,
  requests: 740,
  requestsPerSecond: 12.34,
  serverErrors: 0,
  clientErrors: 0,
  timeouts: 0,
  latencyCount: 740,
  p95Seconds: 0.084,
  p99Seconds: 0.121,
  meanSeconds: 0.042,
  maxSeconds: 0.31,
  ...rest,
});

export const row = (pid: number, rest: Partial<WorkerRow> = {}): WorkerRow => ({
  pid,
  masterPid: 100,
  startedAt: null,
  ageSeconds: 3600,
  state: 'idle',
  busySeconds: null,
  clientAddress: null,
  busyThreads: 0,
  stuckThreads: 0,
  connections: 0,
  cpuPercent: 1,
  rssBytes: null,
  pssBytes: null,
  ussBytes: null,
  vmsBytes: null,
  osState: 'S',
  threads: 1,
  fds: null,
  heartbeatAgeSeconds: 0.4,
  secondsToKill: 29.6,
  activity: null,
  ...rest,
});

export const ends = (rest: Partial<ServiceView['ends']> = {}): ServiceView['ends'] => ({
  byReason: noExits(),
  abnormal: 0,
  lastTimeout: null,
  lastCrash: null,
  lastAbnormalPid: null,
  abnormalBy: {},
  stillborn: 0,
  ...rest,
});

export const saturationOf = (rest: Partial<ServiceView['saturation']> = {}): ServiceView['saturation'] => ({
  busyWorkers: 0,
  capacity: 4,
  utilizationRatio: 0.1,
  offeredErlangs: 0.4,
  backlog: 0,
  backlogLimit: null,
  estimatedQueueSeconds: 0,
  recommendedWorkers: null,
  recommendationText: null,
  ...rest,
});

export const view = (rest: Partial<ServiceView> = {}): ServiceView => ({
  atMs: T0,
  watches: { processes: true, accessLog: true, errorLog: true },
  tenSeconds: measures({ seconds: 10, requests: 123 }),
  oneMinute: measures(),
  fiveMinutes: measures({ seconds: 300, requests: 3700 }),
  slowestRoute: { method: 'GET', path: '/', requests: 700, serverErrors: 0, timeRatio: 0.2 },
  failingRoute: null,
  saturation: saturationOf(),
  busyRatio: 0.1,
  busyWork: null,
  waitingInWorkers: 0,
  waitingSinceMs: null,
  memoryGrowth: null,
  lull: null,
  workers: [row(1), row(2), row(3), row(4)],
  masters: [master()],
  masterSeen: true,
  masterOom: null,
  ends: ends(),
  noWorkerSinceMs: null,
  deployEffect: null,
  sources: [accessLog(), accessLog({ path: '/var/log/error.log', kind: 'error' })],
  activeConnections: 1,
  connectedSinceMs: T0 - 5000,
  cpuPercent: 12,
  memoryBytes: 500e6,
  memoryLimitBytes: null,
  hostMemoryUsedBytes: 4e9,
  hostMemoryTotalBytes: 16e9,
  hostMemoryAvailableBytes: 12e9,
  hostNetworkSentBytes: 3e9,
  hostNetworkReceivedBytes: 1e9,
  hostCpuPercent: 20,
  disks: [{ mount: '/', device: null, totalBytes: 100, usedBytes: 50, usedRatio: 0.5 }],
  notes: [],
  probes: [],
  statsdRate: null,
  ...rest,
});

/** All sources of the healthy view with the access log in another state. */
export const lostLog = (rest: Partial<SourceFact>): ServiceView['sources'] => [
  accessLog({ linesRead: 0, linesParsed: 0, lastLineAtMs: null, durationUnit: null, ...rest }),
  accessLog({ path: '/var/log/error.log', kind: 'error' }),
];
