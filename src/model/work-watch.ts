/** What the workers do and what waits for them, as the looks at the processes of the last seconds show it. */
import type { ProcessSample } from './facts.ts';
import { MemoryTrends } from './memory-trends.ts';
import { RecentMean } from './recent.ts';
import { busyRatio, cpuPercent, workOf } from './saturation.ts';
import type { BusyWork, MemoryGrowth } from './service-view.ts';
import type { WorkerRow } from './workers.ts';

/** On a crowded machine looks are seconds apart, and a queue at two of them is as much chance as at two in a row. */
const LASTING_LOOKS = 3;

export class WorkWatch {
  readonly #busy = new RecentMean(10);
  readonly #cpu = new RecentMean(60);
  readonly #workCpu = new RecentMean(10);
  readonly #workRunning = new RecentMean(10);
  readonly #clients = new RecentMean(10);
  readonly #locks = new RecentMean(10);
  readonly #quotaUse = new RecentMean(10);
  #quotaCpus: number | null = null;
  readonly #memory = new MemoryTrends();
  #connectedSinceMs: number | null = null;
  /** Looks in a row, up to the newest, that have shown requests that wait. */
  #waiting = { looks: 0, sinceMs: Number.NaN };
  #noWorkerSinceMs: number | null = null;

  /** @param rows the workers of the sample. */
  add(sample: ProcessSample, rows: readonly WorkerRow[]): void {
    const { atMs, masters, activeConnections } = sample;
    if (activeConnections === 0) this.#connectedSinceMs = null;
    else if (activeConnections !== null) this.#connectedSinceMs ??= atMs;
    this.#seeWaiting((sample.backlog ?? 0) + (sample.waitingInWorkers ?? 0) > 0, atMs);
    this.#busy.add(atMs, busyRatio(sample));
    const cpu = cpuPercent(sample);
    this.#cpu.add(atMs, cpu);
    this.#quotaCpus = sample.limits?.cpus ?? null;
    this.#quotaUse.add(atMs, cpu === null || this.#quotaCpus === null ? null : cpu / 100 / this.#quotaCpus);
    const work = workOf(rows);
    this.#workCpu.add(atMs, work?.cpuRatio ?? null);
    this.#workRunning.add(atMs, work?.runningRatio ?? null);
    this.#clients.add(atMs, waitingForClients(sample));
    this.#locks.add(atMs, waitingForLocks(sample));
    this.#memory.add(atMs, rows);
    const hasWorker = rows.some(({ state }) => state !== 'booting' && state !== 'exiting');
    if (hasWorker || masters.length === 0) this.#noWorkerSinceMs = null;
    else this.#noWorkerSinceMs ??= atMs;
  }

  /** Since when no sample was without an accepted connection; null while there is none. */
  get connectedSinceMs(): number | null {
    return this.#connectedSinceMs;
  }

  /** Since when every sample, three of them at least, has shown requests that wait; null while they have not. */
  get waitingSinceMs(): number | null {
    return this.#waiting.looks < LASTING_LOOKS ? null : this.#waiting.sinceMs;
  }

  /** Since when a master has been there without a worker that could serve; null while one has. */
  get noWorkerSinceMs(): number | null {
    return this.#noWorkerSinceMs;
  }

  /** Mean share of the capacity in service over the last 10 s, sampled; null where it cannot be counted. */
  busyRatio(nowMs: number): number | null {
    return this.#busy.mean(nowMs);
  }

  /** What busy workers did over the last 10 s. */
  busyWork(nowMs: number): BusyWork | null {
    const [cpuRatio, runningRatio] = [this.#workCpu.mean(nowMs), this.#workRunning.mean(nowMs)];
    if (cpuRatio === null || runningRatio === null) return null;
    const [cpus, usedRatio] = [this.#quotaCpus, this.#quotaUse.mean(nowMs)];
    const [clientRatio, lockRatio] = [this.#clients.mean(nowMs), this.#locks.mean(nowMs)];
    return {
      cpuRatio,
      runningRatio,
      clientRatio,
      lockRatio,
      quota: cpus === null || usedRatio === null ? null : { cpus, usedRatio },
    };
  }

  /** Mean CPU time of masters and workers over the last minute, in percent of one core. */
  cpuPercent(nowMs: number): number | null {
    return this.#cpu.mean(nowMs);
  }

  /** Memory of workers that grows without an end in sight. */
  memoryGrowth(): MemoryGrowth | null {
    return this.#memory.growth();
  }

  /** Trend of a worker's memory in bytes per second; null before it was watched for a minute. */
  memorySlope(pid: number): number | null {
    return this.#memory.slope(pid);
  }

  #seeWaiting(isWaiting: boolean, atMs: number): void {
    const { looks, sinceMs } = this.#waiting;
    this.#waiting = { looks: isWaiting ? looks + 1 : 0, sinceMs: looks === 0 ? atMs : sinceMs };
  }
}

/** Share of the busy workers of one look; null while none is known to be busy. */
function waitingForClients({ workers }: ProcessSample): number | null {
  const known = workers.flatMap(({ waitsForClient }) => (waitsForClient == null ? [] : [waitsForClient]));
  return known.length === 0 ? null : known.filter((waits) => waits).length / known.length;
}

/** Share of the busy threads of one look; null while none is known to be busy. */
function waitingForLocks({ workers }: ProcessSample): number | null {
  let [locked, busy] = [0, 0];
  for (const { lockedThreads, busyThreads } of workers) {
    if (lockedThreads == null) continue;
    locked += lockedThreads;
    busy += busyThreads ?? 0;
  }
  return busy === 0 ? null : locked / busy;
}
