/** The web workers as the process samples show them: who is busy, since when and for whom. */
import { hasComeUp, isLettingGo } from './boot-watch.ts';
import { isLoopBlocked, isUvicorn } from './event-loop.ts';
import type { MasterFact, ProcessSample, WorkerFact } from './facts.ts';
import type { WorkerInfo } from './snapshot.ts';
import { type WorkerKind, workerKind } from './worker-kind.ts';

/** A worker without its request counts, which the access log knows, and its memory's past. */
export type WorkerRow = Omit<WorkerInfo, 'requestsTotal' | 'requestsPerSecond' | 'memorySlopeBytesPerHour'>;

/** What was last seen of one worker; kept for a while after its end, so that the end can be explained. */
export interface WorkerSighting {
  readonly pid: number;
  readonly masterPid: number;
  readonly kind: WorkerKind | null;
  /** Epoch milliseconds of the sample. */
  readonly atMs: number;
  readonly startedAtMs: number | null;
  /** Null when it was not busy, or that is not known. */
  readonly busySeconds: number | null;
  readonly busyThreads: number | null;
  /** Peer it was busy for; null when it was not busy. */
  readonly clientAddress: string | null;
  readonly heartbeatAgeSeconds: number | null;
  /** Its master's `--timeout`; 0 is "never". */
  readonly timeoutSeconds: number | null;
  /** Whether an access line carried its pid. */
  readonly served: boolean;
  /** Whether it has reached its loop; null unknown. */
  readonly begun: boolean | null;
  readonly rssBytes: number | null;
}

/** A worker that the newest sample no longer shows. */
export interface Departure {
  readonly sighting: WorkerSighting;
  /** Its master is gone as well. */
  readonly masterGone: boolean;
}

/** Younger than this a worker is still importing the application, unless it serves already. */
const BOOT_SECONDS = 1;
/** Above this an idle-looking worker whose heartbeat was never touched is importing the application. */
const BOOT_CPU_PERCENT = 20;
/** From here on the one event loop of an async worker counts as busy; below, its connections may be kept-alive ones. */
const LOOP_BUSY_CPU_PERCENT = 50;
/** A gthread worker that serves one request after the other burns CPU; one that hangs does not. */
const HANGING_CPU_PERCENT = 10;
/** How long what was last seen of an ended worker is kept: a reap line follows within a second or two. */
const MEMORY_MS = 15_000;

/** More do not start between two looks; history read back has as many as it likes. */
const MOST_STRANGERS = 256;
/** Times of access lines are whole seconds, and starts of processes are known to about one (proc(5), btime). */
const LINE_SLACK_MS = 2000;

/** Of a spell of work: from which moment on, and with how much CPU time used by then, it was seen. */
interface Spell {
  readonly atMs: number;
  readonly cpuSeconds: number | null;
  /** Looks since, and those that found it running, or waiting for nothing but a CPU. */
  readonly looks: number;
  readonly running: number;
}

interface WorkerRecord {
  fact: WorkerFact;
  master: MasterFact | null;
  kind: WorkerKind | null;
  atMs: number;
  busy: boolean | null;
  busySinceMs: number;
  lastIdleMs: number;
  lastAccessMs: number;
  /** Where its present spell of work, as far as samples saw it, begins; null when it is not busy. */
  spell: Spell | null;
  /** Since when no look has found its own queue empty; null: it is, or it has none of its own. */
  queuedSinceMs: number | null;
  /** It was seen in its loop, or it was not; null not known. */
  begun: boolean | null;
  /** It has finished booting: it was busy, or rested. */
  settled: boolean;
  /** What was seen of it before it began to end: an ending process shows nothing of what it was doing. */
  beforeEnd: WorkerSighting | null;
}

/**
 * Folds process samples into workers. A worker is a pid with its start time, so a reused pid is a new worker.
 *
 * Busy means, per class: sync, it holds a connection (it closes each after one request); gthread, a pool thread is in
 * service; async, its loop burns CPU or is blocked, else it is not known, for open connections may be idle.
 */
export class WorkerTable {
  readonly #records = new Map<number, WorkerRecord>();
  readonly #departed = new Map<number, WorkerSighting>();
  /** Pids in access lines that no look has shown yet, with the time of the newest line. */
  readonly #strangers = new Map<number, number>();
  #seesPids = false;

  /** Takes one look at the processes; answers with the workers that are gone since the look before. */
  update(sample: ProcessSample): readonly Departure[] {
    const masters = new Map(sample.masters.map((master) => [master.pid, master]));
    const present = new Map(sample.workers.map((worker) => [worker.pid, worker]));
    const departures: Departure[] = [];
    for (const [pid, record] of this.#records) {
      const now = present.get(pid);
      if (now && isSameProcess(now, record.fact)) continue;
      const sighting = sightingOf(record);
      departures.push({ sighting, masterGone: !masters.has(record.fact.masterPid) });
      this.#records.delete(pid);
      this.#departed.set(pid, sighting);
    }
    // Pids come round again: lines of long ago are another worker's.
    for (const [pid, atMs] of this.#strangers) if (atMs < sample.atMs - MEMORY_MS) this.#strangers.delete(pid);
    for (const fact of present.values()) this.#see(fact, masters.get(fact.masterPid) ?? null, sample.atMs);
    for (const [pid, sighting] of this.#departed) {
      if (sighting.atMs < sample.atMs - MEMORY_MS) this.#departed.delete(pid);
    }
    return departures;
  }

  /** An access line carried this worker's pid. Cheap: called for every line. */
  noteAccess(pid: number, atMs: number): void {
    this.#seesPids = true;
    const record = this.#records.get(pid);
    if (record === undefined) {
      if (this.#strangers.size < MOST_STRANGERS) this.#strangers.set(pid, atMs);
    } else if (atMs > record.lastAccessMs) record.lastAccessMs = atMs;
  }

  /** What was last seen of a worker, alive or ended in the last seconds. */
  sighting(pid: number): WorkerSighting | null {
    const record = this.#records.get(pid);
    return record ? sightingOf(record) : (this.#departed.get(pid) ?? null);
  }

  has(pid: number): boolean {
    return this.#records.has(pid);
  }

  /**
   * The workers by pid, as of the newest sample. `isLeaving` tells what only the error log knows: this worker is on its
   * way out.
   */
  rows(isLeaving: (pid: number) => boolean = () => false): WorkerRow[] {
    return [...this.#records.values()]
      .sort((a, b) => a.fact.pid - b.fact.pid)
      .map((record) => this.#row(record, isLeaving(record.fact.pid)));
  }

  #see(fact: WorkerFact, master: MasterFact | null, atMs: number): void {
    const before = this.#records.get(fact.pid);
    const kind = master ? workerKind(master.workerClass, master.threadsPerWorker) : (before?.kind ?? null);
    const owner = master ?? before?.master ?? null;
    const busy = isBusy(fact, kind, isLoopBlocked(fact, owner));
    const record: WorkerRecord = {
      fact,
      master: owner,
      kind,
      atMs,
      busy,
      busySinceMs: atMs,
      lastIdleMs: busy === true ? (before?.lastIdleMs ?? Number.NEGATIVE_INFINITY) : atMs,
      lastAccessMs: before?.lastAccessMs ?? this.#firstAccessMs(fact),
      spell: null,
      queuedSinceMs: fact.backlog ? (before?.queuedSinceMs ?? atMs) : null,
      begun: before?.begun || (hasComeUp(fact, owner) ?? before?.begun ?? null),
      settled: before?.settled ?? false,
      beforeEnd: before && isEnding(fact) ? (before.beforeEnd ?? sightingOf(before)) : null,
    };
    if (busy === true) {
      record.busySinceMs = busySince(record, before ?? null);
      record.spell = spellOf(record, before ?? null);
    }
    record.settled ||= !isBooting(record);
    this.#records.set(fact.pid, record);
  }

  /** The newest line of a worker that served before a look showed it; their times are whole seconds. */
  #firstAccessMs({ pid, startedAtMs }: WorkerFact): number {
    const atMs = this.#strangers.get(pid);
    this.#strangers.delete(pid);
    const isIts = atMs !== undefined && startedAtMs !== null && atMs >= startedAtMs - LINE_SLACK_MS;
    return isIts ? atMs : Number.NEGATIVE_INFINITY;
  }

  #row(record: WorkerRecord, leaving: boolean): WorkerRow {
    const { fact } = record;
    return {
      pid: fact.pid,
      masterPid: fact.masterPid,
      startedAt: fact.startedAtMs === null ? null : new Date(fact.startedAtMs).toISOString(),
      ageSeconds: ageSeconds(record),
      state: leaving || record.beforeEnd !== null || isEnding(fact) ? 'exiting' : this.#state(record),
      busySeconds: busySeconds(record),
      busyThreads: fact.busyThreads,
      stuckThreads: stuckThreads(record),
      clientAddress: fact.clientAddress,
      connections: fact.connections,
      cpuPercent: fact.cpuPercent,
      rssBytes: fact.rssBytes,
      pssBytes: fact.pssBytes,
      ussBytes: fact.ussBytes,
      vmsBytes: fact.vmsBytes,
      osState: fact.osState,
      threads: fact.threads,
      fds: fact.fds,
      fdLimit: fact.fdLimit ?? null,
      heartbeatAgeSeconds: fact.heartbeatAgeSeconds,
      secondsToKill: secondsToKill(record),
      backlog: fact.backlog ?? null,
      backlogSeconds: record.queuedSinceMs === null ? null : (record.atMs - record.queuedSinceMs) / 1000,
      activity: activityOf(record),
    };
  }

  #state(record: WorkerRecord): WorkerRow['state'] {
    if (this.#isStuck(record)) return 'stuck';
    if (record.busy === true) return 'busy';
    if (!record.settled) return 'booting';
    return record.busy === false ? 'idle' : 'unknown';
  }

  /**
   * Silent for longer than the timeout, or (where the heartbeat goes on while a request hangs: gthread) with a thread
   * that has waited for longer than it, or busy for longer than it without a sign of progress: an access line with its
   * pid, or, without pids in the log, CPU time.
   */
  #isStuck(record: WorkerRecord): boolean {
    // Stopped by a signal (SIGSTOP): it does nothing until somebody lets it run again.
    if (record.fact.osState === 'T') return true;
    const timeout = record.master?.timeoutSeconds ?? null;
    if (timeout === null || timeout <= 0) return false;
    if ((record.fact.heartbeatAgeSeconds ?? 0) > timeout) return true;
    if (stuckThreads(record) > 0) return true;
    if (record.kind === 'sync' || (busySeconds(record) ?? 0) <= timeout) return false;
    if (this.#seesPids) return record.lastAccessMs < record.atMs - timeout * 1000;
    return record.fact.cpuPercent !== null && record.fact.cpuPercent < HANGING_CPU_PERCENT;
  }
}

const isSameProcess = (a: WorkerFact, b: WorkerFact): boolean =>
  a.startTicks === null || b.startTicks === null || a.startTicks === b.startTicks;

/** Its descriptors are closed first; then it is a zombie. */
const isEnding = (fact: WorkerFact): boolean => fact.osState === 'Z' || fact.osState === 'X' || isLettingGo(fact);

const ageSeconds = (record: WorkerRecord): number | null =>
  record.fact.startedAtMs === null ? null : Math.max(0, (record.atMs - record.fact.startedAtMs) / 1000);

/** Of a gthread worker at least as long as one of its threads has waited for the same thing. */
const busySeconds = (record: WorkerRecord): number | null =>
  record.busy === true
    ? Math.max(0, (record.atMs - record.busySinceMs) / 1000, record.fact.stillSeconds?.[0] ?? 0)
    : null;

function stuckThreads({ fact, master }: WorkerRecord): number {
  const timeout = master?.timeoutSeconds ?? null;
  if (timeout === null || timeout <= 0) return 0;
  return (fact.stillSeconds ?? []).filter((seconds) => seconds > timeout).length;
}

function isBusy(fact: WorkerFact, kind: WorkerKind | null, isBlocked: boolean): boolean | null {
  const { connections, busyThreads } = fact;
  if (kind === 'async') {
    if (connections === 0) return false;
    if (isBlocked) return true;
    return (fact.cpuPercent ?? 0) >= LOOP_BUSY_CPU_PERCENT && connections !== null ? true : null;
  }
  if (busyThreads !== null && busyThreads > 0) return true;
  if (kind === 'sync' && connections !== null) return connections > 0;
  if (busyThreads === 0 || connections === 0) return false;
  return null;
}

/**
 * When the present spell of work began. A sync worker touches its heartbeat before each request and not during it
 * (`gunicorn/workers/sync.py`), so the heartbeat's age is the age of the request even where no sample saw it begin; an
 * event loop that is held has been so since its last beat, but for a second (uvicorn's: half the timeout); all else goes
 * by the first sample that saw it busy with this client.
 */
function busySince(record: WorkerRecord, before: WorkerRecord | null): number {
  const goesOn = before?.busy === true && before.fact.clientAddress === record.fact.clientAddress;
  const beat = record.fact.heartbeatAgeSeconds;
  const beatMs = beat === null ? null : record.atMs - beat * 1000;
  if (record.kind !== 'sync') {
    const sinceMs = goesOn ? before.busySinceMs : record.atMs;
    const isSilent = beatMs !== null && isLoopBlocked(record.fact, record.master);
    return isSilent && !isUvicorn(record.master?.workerClass ?? null) ? Math.min(sinceMs, beatMs) : sinceMs;
  }
  const firstSeen = beatMs === null ? record.atMs : record.lastIdleMs;
  return Math.max(goesOn ? before.busySinceMs : firstSeen, beatMs ?? Number.NEGATIVE_INFINITY, record.lastAccessMs);
}

/**
 * The spell that this look belongs to. A new one begins where the look before left off, if that saw work as well: of two
 * requests in a row it shows what both did, until the second has been seen twice.
 */
function spellOf({ fact, atMs, busySinceMs }: WorkerRecord, before: WorkerRecord | null): Spell {
  const running = fact.osState === 'R' ? 1 : 0;
  if (!before?.spell) return { atMs, cpuSeconds: fact.cpuSeconds, looks: 0, running: 0 };
  const goesOn = busySinceMs <= before.busySinceMs;
  if (!goesOn) return { atMs: before.atMs, cpuSeconds: before.fact.cpuSeconds, looks: 1, running };
  return { ...before.spell, looks: before.spell.looks + 1, running: before.spell.running + running };
}

/** Of all time in a spell; from here on it is said to compute. */
const COMPUTING_RATIO = 0.5;

/**
 * CPU time ÷ time of the present spell of work. On a crowded machine one that computes gets little of a CPU: then it is
 * mostly found running, or waiting for nothing but that.
 */
function activityOf({ fact, atMs, spell }: WorkerRecord): WorkerInfo['activity'] {
  if (spell === null || spell.looks === 0 || spell.cpuSeconds === null || fact.cpuSeconds === null) return null;
  const cpuRatio = (fact.cpuSeconds - spell.cpuSeconds) / ((atMs - spell.atMs) / 1000);
  const runningRatio = spell.looks > 1 ? spell.running / spell.looks : 0;
  return Math.max(cpuRatio, runningRatio) >= COMPUTING_RATIO ? 'computing' : 'waiting';
}

/** gunicorn/arbiter.py, murder_workers: a worker dies when its heartbeat is older than the timeout; 0 is "never". */
function secondsToKill({ fact, master }: WorkerRecord): number | null {
  const timeout = master?.timeoutSeconds ?? null;
  if (timeout === null || timeout <= 0 || fact.heartbeatAgeSeconds === null) return null;
  return Math.max(0, timeout - fact.heartbeatAgeSeconds);
}

/**
 * Before its first loop a worker imports the application: its heartbeat file, made before the fork, was not touched
 * yet, and it burns CPU.
 */
function isBooting(record: WorkerRecord): boolean {
  if (record.busy === true || record.lastAccessMs > Number.NEGATIVE_INFINITY || record.fact.hasBegun) return false;
  if (record.begun === false) return true;
  const age = ageSeconds(record);
  if (age === null) return false;
  if (age < BOOT_SECONDS) return true;
  const beat = record.fact.heartbeatAgeSeconds;
  return beat !== null && beat >= age - BOOT_SECONDS && (record.fact.cpuPercent ?? 0) >= BOOT_CPU_PERCENT;
}

const sightingOf = (record: WorkerRecord): WorkerSighting => record.beforeEnd ?? lastSighting(record);

const lastSighting = (record: WorkerRecord): WorkerSighting => ({
  pid: record.fact.pid,
  masterPid: record.fact.masterPid,
  kind: record.kind,
  atMs: record.atMs,
  startedAtMs: record.fact.startedAtMs,
  busySeconds: busySeconds(record),
  busyThreads: record.fact.busyThreads,
  clientAddress: record.busy === true ? record.fact.clientAddress : null,
  heartbeatAgeSeconds: record.fact.heartbeatAgeSeconds,
  timeoutSeconds: record.master?.timeoutSeconds ?? null,
  served: record.lastAccessMs > Number.NEGATIVE_INFINITY,
  begun: record.begun,
  rssBytes: record.fact.rssBytes,
});
