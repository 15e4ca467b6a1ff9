/** Process samples as plain literals, with everything unknown that a test does not name. */
import type { MasterFact, ProcessFact, ProcessSample, WorkerFact } from '../../../src/model/facts.ts';

export const T0 = Date.parse('2026-11-21T12:00:00Z');

const process = (pid: number, parentPid: number): ProcessFact => ({
  pid,
  parentPid,
  startTicks: 1000 + pid,
  startedAtMs: T0 - 3_600_000,
  cpuSeconds: null,
  cpuPercent: 0,
  rssBytes: null,
  pssBytes: null,
  ussBytes: null,
  vmsBytes: null,
  osState: 'S',
  threads: null,
  fds: null,
});

export const master = (rest: Partial<MasterFact> = {}): MasterFact => ({
  ...process(rest.pid ?? 100, 1),
  role: 'current',
  app: 'app:app',
  version: '26.2.0',
  workerClass: 'sync',
  workersTarget: null,
  threadsPerWorker: 1,
  timeoutSeconds: 30,
  listeners: [],
  pidFile: null,
  ...rest,
});

export const worker = (pid: number, rest: Partial<WorkerFact> = {}): WorkerFact => ({
  ...process(pid, rest.masterPid ?? 100),
  masterPid: 100,
  connections: 0,
  clientAddress: null,
  busyThreads: null,
  heartbeatAgeSeconds: 0.5,
  ...rest,
});

/** A look `seconds` after T0. */
export const sample = (seconds: number, rest: Partial<ProcessSample> = {}): ProcessSample => ({
  atMs: T0 + seconds * 1000,
  masters: [master()],
  workers: [],
  activeConnections: null,
  backlog: null,
  notes: [],
  ...rest,
});
