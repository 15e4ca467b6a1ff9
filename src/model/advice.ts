/** How many workers would be enough, and what stands against it. Pure: figures in, a sentence out. */
import type { HostSample, ProcessSample } from './facts.ts';
import { cpusFor, freeBytes } from './resources.ts';
import type { Saturation } from './snapshot.ts';
import type { Measures } from './traffic.ts';

export interface AdviceInput {
  readonly workers: number;
  /** Requests that one worker serves at once: 1, or its threads. */
  readonly slotsPerWorker: number;
  /** Mean number of requests in service over the window. */
  readonly erlangs: number;
  /** Requests that the mean is made of. */
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly backlog: number | null;
  /** CPU that the workers take, in cores; null unknown. */
  readonly cpuCores: number | null;
  /** CPUs of the host, or of the cgroup's quota; null unknown. */
  readonly cpus: number | null;
  /** Mean PSS of a worker; null unknown. */
  readonly workerBytes: number | null;
  /** Memory that is left to the host, or under the cgroup's limit; null unknown. */
  readonly freeBytes: number | null;
}

type Advice = Pick<Saturation, 'recommendedWorkers' | 'recommendationText'>;

const NONE: Advice = { recommendedWorkers: null, recommendationText: null };

/** Fewer requests say little about the next ones. */
const ENOUGH_REQUESTS = 100;
/** Above this share of busy capacity the wait for a free worker grows steeply (M/M/c). */
const GOOD_UTILIZATION = 0.7;
/** A queue should be worked off in this time. */
const DRAIN_SECONDS = 10;
/** Left to everything else. */
const MOST_CPU = 0.9;
const MOST_MEMORY = 0.9;

/** What the machine and the processes come to now. */
interface Machine {
  readonly processes: ProcessSample | null;
  readonly host: HostSample | null;
  /** CPU of all workers in percent of a core; null unknown. */
  readonly cpuPercent: number | null;
}

/** The advice on what was measured of a window; nothing is advised where too little of it is known. */
export function adviceOn(
  { capacity, offeredErlangs: erlangs, backlog }: Saturation,
  { requests, coveredSeconds }: Pick<Measures, 'requests' | 'coveredSeconds'>,
  { processes, host, cpuPercent }: Machine,
): Advice {
  const workers = processes?.workers ?? [];
  if (!capacity || erlangs === null || workers.length === 0 || coveredSeconds <= 0) return NONE;
  const sizes = workers.map(({ pssBytes }) => pssBytes).filter((bytes) => bytes !== null);
  return advise({
    workers: workers.length,
    slotsPerWorker: capacity / workers.length,
    erlangs,
    requests,
    requestsPerSecond: requests / coveredSeconds,
    backlog,
    cpuCores: cpuPercent === null ? null : cpuPercent / 100,
    cpus: cpusFor(processes, host),
    workerBytes: sizes.length === workers.length ? sizes.reduce((a, b) => a + b, 0) / sizes.length : null,
    freeBytes: freeBytes(processes, host),
  });
}

/**
 * Workers for at most 70 % of their capacity in use, with a queue worked off within 10 s; never more than the CPU that
 * a request takes, or the memory that a worker takes, allow.
 */
export function advise(input: AdviceInput): Advice {
  const { workers, slotsPerWorker, erlangs, requests, requestsPerSecond, backlog } = input;
  if (workers === 0 || requests < ENOUGH_REQUESTS || !(requestsPerSecond > 0)) return NONE;
  const secondsPerRequest = erlangs / requestsPerSecond;
  const slots = erlangs / GOOD_UTILIZATION + ((backlog ?? 0) * secondsPerRequest) / DRAIN_SECONDS;
  const wanted = Math.max(1, Math.ceil(slots / slotsPerWorker));
  const limits = [
    { name: 'CPU', workers: cpuLimit(input) },
    { name: 'memory', workers: memoryLimit(input) },
  ].flatMap(({ name, workers: most }) => (most === null ? [] : [{ name, most }]));
  const most = Math.min(Number.POSITIVE_INFINITY, ...limits.map((limit) => limit.most));
  const recommended = Math.max(1, Math.min(wanted, most));
  const reasons = sayLimits(limits);
  const used = `${Math.round((100 * erlangs) / (workers * slotsPerWorker))} % in use`;
  if (wanted <= workers) {
    // A limit below the workers that are there would contradict them: so few requests say little of what each takes.
    const room = sayLimits(limits.filter((limit) => limit.most >= workers));
    return { recommendedWorkers: workers, recommendationText: `${say(workers)} enough: ${used}${room}` };
  }
  const threads = moreThreads(input, slots);
  if (recommended <= workers) {
    const limit = limits.find((each) => each.most === most)?.name ?? 'the machine';
    const remedy = limit === 'memory' && threads !== null ? `${threads} instead` : REMEDIES[limit];
    const text = `${wanted} workers would be wanted, but ${limit} allows ${most}: ${remedy ?? 'more machines'}`;
    return { recommendedWorkers: workers, recommendationText: text };
  }
  const or = threads === null ? '' : `, or ${threads}`;
  return { recommendedWorkers: recommended, recommendationText: `${workers} → ${recommended} workers${or}${reasons}` };
}

/**
 * `4 → 6 threads each`, where workers have threads and these wait more than they compute: all threads of a worker share
 * one CPU (the interpreter's lock).
 */
function moreThreads({ workers, slotsPerWorker, cpuCores, erlangs }: AdviceInput, slots: number): string | null {
  const wanted = Math.ceil(slots / workers);
  if (slotsPerWorker < 2 || cpuCores === null || wanted <= slotsPerWorker) return null;
  const coresPerWorker = (cpuCores / erlangs) * wanted * GOOD_UTILIZATION;
  return coresPerWorker > MOST_CPU ? null : `${slotsPerWorker} → ${wanted} threads each`;
}

/** `; CPU allows 12, memory allows 14`. */
function sayLimits(limits: readonly { readonly name: string; readonly most: number }[]): string {
  const allowed = limits.map(({ name, most }) => `${name} allows ${most}`).join(', ');
  return allowed === '' ? '' : `; ${allowed}`;
}

const say = (workers: number): string => (workers === 1 ? '1 worker is' : `${workers} workers are`);

const REMEDIES: Readonly<Record<string, string>> = {
  CPU: 'cheaper requests, or more CPUs',
  memory: 'threads instead of workers, or more memory',
};

/**
 * Workers that keep the CPUs at most 90 % busy at today's CPU time per request in service. A worker that computes all the
 * time takes one core, for its threads share the interpreter's lock; with few requests it is its starts and heartbeats
 * that seem to take more.
 */
function cpuLimit({ cpuCores, cpus, erlangs, slotsPerWorker }: AdviceInput): number | null {
  if (cpuCores === null || cpus === null || !(cpuCores > 0) || !(erlangs > 0)) return null;
  const coresPerWorker = Math.min(1, (cpuCores / erlangs) * slotsPerWorker) * GOOD_UTILIZATION;
  return Math.max(1, Math.floor((MOST_CPU * cpus) / coresPerWorker));
}

function memoryLimit({ workers, workerBytes, freeBytes }: AdviceInput): number | null {
  if (workerBytes === null || freeBytes === null || !(workerBytes > 0)) return null;
  return workers + Math.max(0, Math.floor((MOST_MEMORY * freeBytes) / workerBytes));
}
