/** What sources that nobody needs have to add: probes, metrics endpoints, StatsD, the control socket. */
import type {
  ControlAnswer,
  ControlFact,
  EndpointFact,
  MasterFact,
  ProbeFact,
  ProcessSample,
  StatsdFact,
  StatsdMetric,
  WorkerFact,
} from './facts.ts';
import type { ControlInfo, CustomMetric, EndpointRow, HealthRow, Snapshot } from './snapshot.ts';
import { StatsdTotals } from './statsd.ts';

/** The master is asked every 5 s; older than this its answer says nothing about now. */
const CONTROL_VALID_MS = 7000;

export class Enrichment {
  #probes: readonly ProbeFact[] = [];
  #endpoints: readonly EndpointFact[] = [];
  #statsd: StatsdFact | null = null;
  readonly #statsdTotals = new StatsdTotals();
  #control: ControlFact | null = null;

  setProbes(probes: readonly ProbeFact[]): void {
    this.#probes = probes;
  }

  setEndpoints(endpoints: readonly EndpointFact[]): void {
    this.#endpoints = endpoints;
  }

  addStatsd(metric: StatsdMetric, nowMs: number): void {
    this.#statsdTotals.add(metric, nowMs);
  }

  setStatsd(fact: StatsdFact): void {
    this.#statsd = fact;
  }

  setControl(fact: ControlFact): void {
    this.#control = fact;
  }

  get probes(): readonly ProbeFact[] {
    return this.#probes;
  }

  /** The numbers of all metrics endpoints, at most 500 of each. */
  get custom(): readonly CustomMetric[] {
    return this.#endpoints.flatMap(({ series }) => series);
  }

  /** Requests a second by StatsD; null without it. */
  statsdRate(nowMs: number): number | null {
    return this.#statsd === null ? null : this.#statsdTotals.info(this.#statsd, nowMs).requestsPerSecond;
  }

  /** The sample with what its master says of itself and of its workers. */
  complete(sample: ProcessSample): ProcessSample {
    const answer = this.#answerFor(sample);
    if (answer === null) return sample;
    return {
      ...sample,
      masters: sample.masters.map((master) => completeMaster(master, answer)),
      workers: sample.workers.map((worker) => completeWorker(worker, answer)),
    };
  }

  /** The rows of probes that have a result: what rules and metrics may rely on. */
  results(): readonly HealthRow[] {
    return this.#probes.filter(({ last }) => last !== null).map(healthRow);
  }

  rows(nowMs: number): Pick<Snapshot, 'health' | 'custom' | 'endpoints' | 'statsd' | 'control'> {
    return {
      health: this.#probes.map(healthRow),
      custom: this.custom,
      endpoints: this.#endpoints.map(endpointRow),
      statsd: this.#statsd && this.#statsdTotals.info(this.#statsd, nowMs),
      control: this.#control && controlInfo(this.#control),
    };
  }

  #answerFor({ masters, atMs }: ProcessSample): ControlAnswer | null {
    const answer = this.#control?.answer ?? null;
    if (this.#control === null || atMs - this.#control.atMs > CONTROL_VALID_MS) return null;
    return masters.some(({ pid }) => pid === answer?.masterPid) ? answer : null;
  }
}

/** A command line is out of date as soon as TTIN or TTOU has changed the number of workers. */
const completeMaster = (master: MasterFact, { masterPid, workersTarget }: ControlAnswer): MasterFact =>
  master.pid === masterPid ? { ...master, workersTarget: workersTarget ?? master.workersTarget } : master;

/** Where the heartbeat file may not or cannot be looked at, the master's word for it. */
function completeWorker(worker: WorkerFact, { masterPid, workers }: ControlAnswer): WorkerFact {
  if (worker.masterPid !== masterPid || worker.heartbeatAgeSeconds !== null) return worker;
  const said = workers.find(({ pid }) => pid === worker.pid);
  return said === undefined ? worker : { ...worker, heartbeatAgeSeconds: said.heartbeatAgeSeconds };
}

const iso = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());

const healthRow = ({ name, target, up, last, checkedAtMs }: ProbeFact): HealthRow => ({
  name,
  target,
  up,
  status: last?.status ?? 'unknown',
  statusCode: last?.statusCode ?? null,
  seconds: last?.seconds ?? null,
  checkedAt: iso(checkedAtMs),
  error: last?.error ?? null,
  checks: last?.checks ?? [],
});

const endpointRow = ({ checkedAtMs, series, ...fact }: EndpointFact): EndpointRow => ({
  ...fact,
  series: series.length,
  checkedAt: iso(checkedAtMs),
});

const controlInfo = ({ path, error, atMs, answer }: ControlFact): ControlInfo => ({
  path,
  error,
  at: new Date(atMs).toISOString(),
  workersTarget: answer?.workersTarget ?? null,
  workersSpawned: answer?.workersSpawned ?? null,
  workersKilled: answer?.workersKilled ?? null,
  reloads: answer?.reloads ?? null,
  dirtyArbiterPid: answer?.dirtyArbiterPid ?? null,
  dirtyApps: answer?.dirtyApps ?? [],
  workers: answer?.workers ?? [],
});
