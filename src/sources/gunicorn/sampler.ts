/** Looks at Gunicorn's processes through `/proc`. */

import type { ProcessSample, WorkerFact } from '../../model/facts.ts';
import { AcceptQueues, waitingFor, waitingIn } from './accept-queues.ts';
import { waitsForClient } from './client-wait.ts';
import type { GunicornSettings } from './command-line.ts';
import { type ClientConnections, type ConnectionsSeen, ConnectionWatch } from './connections.ts';
import { readBeat } from './descriptors.ts';
import { FamilyWatch, type WorkerLook } from './family.ts';
import { hasFullPool, waitingForThreads } from './full-pool.ts';
import { GroupLimitsWatch } from './group-limits.ts';
import { type Household, masterFact } from './household.ts';
import { findListeners, isTcp, type Listener, readUnixTable } from './listeners.ts';
import { MasterTracker, type WatchedMaster } from './masters.ts';
import { OomKillCounter } from './oom-kills.ts';
import { holdsFile } from './open-files.ts';
import type { MasterTarget } from './pid-file.ts';
import { PidNamespace } from './pid-namespace.ts';
import { isRunning, type KernelUnits, readKernelUnits } from './proc.ts';
import { ProcessTable } from './process-table.ts';
import { procView } from './process-view.ts';
import { NONE_RESTS, type Resting, restingSockets } from './resting-sockets.ts';
import { serviceKind } from './service-kind.ts';
import { type Clients, ServiceThreads } from './service-threads.ts';
import { inferClass } from './worker-class.ts';

/** One way of looking at a Gunicorn, repeated at will. */
export interface GunicornSampler {
  /** One look. Never rejects: what is gone or may not be read is null, with a sentence in `notes`. */
  sample(nowMs: number): Promise<ProcessSample>;
  /** Whether a process of the last sample has this file open; false also where that may not be looked at. */
  holdsFile(dev: bigint, ino: bigint): boolean;
  /** Settings that other sources know (a configuration file, a line of the error log): they win over the command line. */
  learn(settings: Partial<GunicornSettings>): void;
  /** The process that a pid in Gunicorn's own logs means: in a container they number otherwise. */
  pidOf(pidInLog: number): number;
}

export interface ProcSamplerOptions {
  readonly target: MasterTarget;
  readonly units?: KernelUnits;
  /** False leaves out `pssBytes` and `ussBytes`, by far the dearest figures. */
  readonly withPss?: boolean;
}

export class ProcSampler implements GunicornSampler {
  readonly #table: ProcessTable;
  readonly #tracker: MasterTracker;
  readonly #families = new Map<number, FamilyWatch>();
  readonly #classes = new Map<number, string | null>();
  readonly #queues = new AcceptQueues();
  readonly #limits = new GroupLimitsWatch();
  readonly #oomKills = new OomKillCounter();
  readonly #connections = new ConnectionWatch();
  readonly #threads = new ServiceThreads();
  readonly #namespace = new PidNamespace();
  #listeners: readonly Listener[] = [];
  /** What the listeners were found for; they are looked for again when it changes. */
  #listenersOf = '';
  #pids: readonly number[] = [];
  /** A worker had all its threads busy in the sample before: what it accepts now waits inside of it. */
  #hasFullPool = false;

  constructor({ target, units = readKernelUnits(), withPss = true }: ProcSamplerOptions) {
    this.#table = new ProcessTable(units, withPss);
    this.#tracker = new MasterTracker(target, procView, (ticks) => this.#table.startedAtMs(ticks));
  }

  learn(settings: Partial<GunicornSettings>): void {
    this.#tracker.learn(settings);
  }

  holdsFile(dev: bigint, ino: bigint): boolean {
    return holdsFile(this.#pids, dev, ino) === true;
  }

  pidOf(pidInLog: number): number {
    // What masters said at their start is read before the first look.
    if (!this.#namespace.isReady) this.#namespace.update(this.#tracker.look(Date.now()).masters, []);
    return this.#namespace.outside(pidInLog);
  }

  async sample(nowMs: number): Promise<ProcessSample> {
    this.#table.begin();
    const { masters, notes, gone } = this.#tracker.look(nowMs);
    const households = this.#visit(masters, nowMs);
    const orphans = this.#orphans(masters, nowMs);
    const lead = households[0];
    const sample =
      lead === undefined
        ? { ...this.#withoutMaster(orphans, notes, nowMs), ...(gone ? { gone } : {}) }
        : this.#withMaster(lead, households, orphans, notes, nowMs);
    this.#namespace.update(sample.masters, sample.workers);
    this.#pids = [...sample.masters, ...sample.workers].map(({ pid }) => pid);
    this.#table.sweep(nowMs);
    return sample;
  }

  #visit(masters: readonly WatchedMaster[], nowMs: number): Household[] {
    const masterPids = new Set(masters.map(({ pid }) => pid));
    const households: Household[] = [];
    for (const master of masters) {
      const watch = this.#families.get(master.pid) ?? new FamilyWatch(master.pid, this.#table);
      this.#families.set(master.pid, watch);
      const look = this.#table.look(master.pid, nowMs);
      if (look === null) continue;
      const family = watch.look(nowMs, masterPids);
      const workerClass = inferClass(master.settings, family.workers);
      this.#classes.set(master.pid, workerClass);
      households.push({ master, fact: look.fact, family, workerClass });
    }
    return households;
  }

  /** Workers of masters that are gone. */
  #orphans(masters: readonly WatchedMaster[], nowMs: number): readonly WorkerLookOf[] {
    const orphans: WorkerLookOf[] = [];
    for (const [pid, watch] of this.#families) {
      if (masters.some((master) => master.pid === pid)) continue;
      const workers = watch.orphans(nowMs);
      const workerClass = this.#classes.get(pid) ?? null;
      orphans.push(...workers.map((look) => ({ look, masterPid: pid, workerClass, threads: null })));
      if (workers.length > 0) continue;
      this.#families.delete(pid);
      this.#classes.delete(pid);
    }
    return orphans;
  }

  #withoutMaster(orphans: readonly WorkerLookOf[], notes: readonly string[], nowMs: number): ProcessSample {
    // They go on serving what they have accepted, and accept more, until they notice.
    const pid = orphans[0]?.look.fact.pid;
    const sockets = new Map(orphans.map(({ look }) => [look.fact.pid, socketsOf(look)]));
    const unixRows = pid === undefined ? [] : this.#readUnixRows(pid);
    const seen =
      pid === undefined ? null : this.#connections.look(pid, this.#listeners, sockets, unixRows, nowMs, NONE_RESTS);
    const workers = orphans.map((worker) => this.#workerFact(worker, seen, NONE_RESTS, nowMs));
    const still = workers.length === 1 ? '1 worker still runs' : `${workers.length} workers still run`;
    return {
      atMs: nowMs,
      masters: [],
      workers,
      activeConnections: seen?.active ?? null,
      backlog: null,
      // It may be the master that was killed.
      oomKills: this.#oomKills.look(null),
      notes: workers.length > 0 ? [...notes, `${still} without a master`] : notes,
    };
  }

  #withMaster(
    lead: Household,
    households: readonly Household[],
    orphans: readonly WorkerLookOf[],
    notes: readonly string[],
    nowMs: number,
  ): ProcessSample {
    const looks: WorkerLookOf[] = [...orphans];
    for (const { master, family, workerClass } of households) {
      const { threads } = master.settings;
      looks.push(...family.workers.map((look) => ({ look, masterPid: master.pid, workerClass, threads })));
    }
    const pid = lead.master.pid;
    this.#findListeners(lead, households);
    let unixRows = this.#readUnixRows(pid);
    let queues = this.#queues.count(pid, this.#listeners, unixRows);
    if (queues === null) {
      this.#listenersOf = '';
      this.#findListeners(lead, households);
      unixRows = this.#readUnixRows(pid);
      queues = this.#queues.count(pid, this.#listeners, unixRows);
    }
    const sockets = new Map(looks.map(({ look }) => [look.fact.pid, socketsOf(look)]));
    const resting = restingSockets(looks);
    const seen = this.#connections.look(pid, this.#listeners, sockets, unixRows, nowMs, resting, this.#hasFullPool);
    const isBlind = [...sockets.values()].includes(null);
    const labels = this.#listeners.map(({ label }) => label);
    this.#threads.keep(new Set(sockets.keys()));
    const workers = looks.map((worker) => {
      const fact = this.#workerFact(worker, seen, resting, nowMs);
      const backlog = waitingFor(sockets.get(fact.pid) ?? null, queues);
      return backlog === null ? fact : { ...fact, backlog };
    });
    const unread = this.#listeners.every(isTcp)
      ? seen.unread
      : waitingForThreads(workers, households, seen.byWorker, resting);
    this.#hasFullPool = hasFullPool(workers, households, seen.byWorker);
    return {
      atMs: nowMs,
      masters: households.map((household) => masterFact(household, labels)),
      workers,
      activeConnections: seen.active,
      backlog: this.#listeners.length > 0 && queues !== null ? waitingIn([...queues.values()].flat()) : null,
      listeners: labels.map((name) => {
        const own = queues?.get(name);
        return {
          name,
          connections: seen.activeByListener?.get(name) ?? null,
          backlog: own === undefined ? null : waitingIn(own),
          ...(own === undefined || own.length < 2 ? {} : { queues: own.map(({ waiting }) => waiting) }),
        };
      }),
      waitingInWorkers: unread ?? (this.#listeners.length > 0 && !this.#hasFullPool ? 0 : null),
      oomKills: this.#oomKills.look(pid),
      limits: this.#limits.look(pid, nowMs),
      notes: isBlind ? [...notes, blindness(lead.master)] : notes,
    };
  }

  /**
   * The listeners change only with a reload, which changes the workers as well; with `--reuse-port` each worker opens its
   * own when it has booted, and the oldest socket that it holds is that one.
   */
  #findListeners(lead: Household, households: readonly Household[]): void {
    const workers = households.flatMap(({ family }) => family.workers);
    const key = [
      lead.master.pid,
      ...(lead.family.holdings?.sockets ?? []),
      '/',
      ...workers.map(({ fact, holdings }) => `${fact.pid}:${oldestOf(holdings?.sockets ?? [])}`),
    ].join();
    if (key === this.#listenersOf) return;
    this.#listenersOf = key;
    const readable = workers.flatMap(({ holdings }) => (holdings === null ? [] : [new Set(holdings.sockets)]));
    const master = lead.family.holdings === null ? null : new Set(lead.family.holdings.sockets);
    this.#listeners = findListeners(lead.master.pid, { master, workers: readable }, lead.master.settings);
  }

  #readUnixRows(pid: number): ReturnType<typeof readUnixTable> {
    return this.#listeners.every(isTcp) ? [] : readUnixTable(pid);
  }

  #workerFact(worker: WorkerLookOf, seen: ConnectionsSeen | null, resting: Resting, nowMs: number): WorkerFact {
    const { look, masterPid } = worker;
    const { fact, holdings } = look;
    const clients = seen?.byWorker.get(fact.pid);
    const connections = clients?.count ?? null;
    const heartbeat = holdings?.heartbeats[0];
    const beat = heartbeat === undefined ? null : readBeat(fact.pid, heartbeat);
    return {
      ...fact,
      masterPid,
      connections,
      clientAddress: clients?.clientAddress ?? null,
      ...(clients === undefined
        ? UNKNOWN_SERVICE
        : this.#service(worker, { ...clients, isExact: resting.has(fact.pid) }, nowMs)),
      heartbeatAgeSeconds: beat === null ? null : Math.max(0, (nowMs - beat.atMs) / 1000),
      hasBegun: beat?.hasBegun ?? null,
    };
  }

  #service(
    { look: { fact }, workerClass, threads }: WorkerLookOf,
    { count, most, unsettled, inService, isExact, unread }: ClientConnections & Pick<Clients, 'isExact'>,
    nowMs: number,
  ): Pick<WorkerFact, 'busyThreads' | 'stillSeconds' | 'lockedThreads' | 'waitsForClient'> {
    if (most === null) return UNKNOWN_SERVICE;
    const kind = serviceKind(workerClass);
    // It closes each connection behind its one request (gunicorn/workers/sync.py), and whatever else it opens anew, it
    // opens for the sake of a request.
    if (kind === 'sync') return { busyThreads: Math.min(most, 1), waitsForClient: waitsForClient(fact.pid, inService) };
    // No more than the connections it may hold: a thread that does not rest while there is none is not in service.
    if (kind === 'gthread') {
      const clients = { inService, unsettled, isExact };
      const service = this.#threads.look(fact.pid, fact.startTicks ?? 0, clients, threads, nowMs);
      // Requests wait for a thread, so all have one: those that compute wait for the interpreter's lock, and look idle.
      const taken = unread > 0 ? (threads ?? 0) : 0;
      const busyThreads = service === null ? null : Math.max(service.busy, Math.min(taken, most));
      return { busyThreads, stillSeconds: service?.stillSeconds ?? [], lockedThreads: service?.locked ?? null };
    }
    return { busyThreads: count === 0 ? 0 : null };
  }
}

const UNKNOWN_SERVICE = { busyThreads: null } as const;

interface WorkerLookOf {
  readonly look: WorkerLook;
  readonly masterPid: number;
  readonly workerClass: string | null;
  readonly threads: number | null;
}

/** Inodes of sockets count up. */
const oldestOf = (sockets: readonly number[]): number =>
  sockets.reduce((least, inode) => Math.min(least, inode), Number.POSITIVE_INFINITY);

/** What root would see. Without its folder its configuration file is out of reach. */
const blindness = ({ workingDirectory, settings }: WatchedMaster): string =>
  workingDirectory === null && settings.workers === null
    ? 'settings of the master, heartbeat, connections and PSS of the workers need root'
    : 'heartbeat, connections and PSS of the workers need root';

/** What ended holds nothing; of what runs it is null where that may not be looked at. */
function socketsOf({ fact, holdings }: WorkerLook): readonly number[] | null {
  return isRunning(fact.osState ?? '') ? (holdings?.sockets ?? null) : [];
}
