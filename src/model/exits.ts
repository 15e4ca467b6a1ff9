/** Every worker's end, once, from the error log and from the process samples, with its reason. */
import { isNewborn, wasOverTimeout } from './departures.ts';
import type { Drains } from './drains.ts';
import { EndCounts, type WorkerEnd } from './end-counts.ts';
import { exceptionIn } from './errors/index.ts';
import {
  BOOT_CODES,
  type Drain,
  type ExitEvidence,
  explainExit,
  isStillborn,
  NO_EVIDENCE,
  ORDERLY_SIGNALS,
  signalName,
  type Telling,
  timeoutEvidence,
} from './exit-rules.ts';
import { type KilledRequest, KilledRequests } from './killed-requests.ts';
import type { OomProofs } from './oom-proofs.ts';
import type { WorkerExits } from './snapshot.ts';
import { type Life, type OpenEnd, WorkerLives } from './worker-lives.ts';
import type { Departure, WorkerSighting } from './workers.ts';

export interface ExitLedgerOptions {
  readonly drains: Drains;
  /** What the process samples last showed of a worker. */
  readonly sighting: (pid: number) => WorkerSighting | null;
  /** `--timeout` of a master, or of the selected one where that master is not known; null unknown. */
  readonly timeoutSeconds: (masterPid: number | null) => number | null;
  /** What the process samples make of an end that no line explains. */
  readonly infer: (pid: number, masterPid: number | null) => Pick<ExitEvidence, 'masterGone' | 'inferred'>;
  /** Whether workers of this master are replaced after so many requests without saying so: uvicorn's. */
  readonly recyclesSilently: (masterPid: number | null) => boolean;
  /**
   * The master that was there before this one and serves on, as after an upgrade that failed; null: none. Of a master
   * that is not known (null): one that still serves, which it would not if that one had been its worker's.
   */
  readonly olderMaster: (masterPid: number | null, atMs: number) => number | null;
  /** Whether the newest look at the processes, if they are looked at, shows what came of a failed boot of that moment. */
  readonly hasLookedSince: (atMs: number) => boolean;
  /** Of which ends of this master's workers its error log, as it is read here, tells. */
  readonly telling: (masterPid: number | null) => Telling;
  /** Whether an error log is read at all, so that a line may still come for a worker that is gone. */
  readonly readsErrorLog: boolean;
  /** The kernel's out-of-memory kills. */
  readonly oom: OomProofs;
  readonly onEnd: (end: WorkerEnd) => void;
  /** Called once for each request that a timeout killed; `end` names the request by then. */
  readonly onKilled: (request: KilledRequest, end: WorkerEnd | null) => void;
}

/** Lines about one end follow each other within a second or two, in whole seconds: it is closed this long after. */
const SETTLE_MS = 3000;
/** A sample misses a worker before its line is read; a log on a slow disk may lag a little. */
const MISSED_MS = 5000;
/** Without a master there is nobody to reap it: only what it wrote itself may still be read. */
const LAST_WORDS_MS = 1000;
/** Of one that went right after its start there is no more to learn. */
const NEWBORN_MS = 1000;
/** The frame in which a worker loads the application (`gunicorn/workers/base.py`). */
const LOADING = /, in load_wsgi$/m;
/** A look that is later does not come. */
const LATE_LOOK_MS = 5000;
/** How often lives that ended long ago are looked for. */
const SWEEP_MS = 60_000;

/**
 * The ledger of ends. Counts everything that gtop has seen in the log and in /proc since it began to read, history
 * read back included, as the traffic totals do.
 *
 * Each end is counted once: all evidence about a pid belongs to one end until that pid is seen to start again. A
 * timeout is final at its first line; other ends stay open for 3 s, until the master's reap line names the signal or
 * exit code. Times are the log's; `settle` closes what is due. Counts never go down.
 */
export class ExitLedger {
  readonly #options: ExitLedgerOptions;
  readonly #lives = new WorkerLives();
  readonly #open = new Set<Life>();
  readonly #killed: KilledRequests;
  readonly #ends = new EndCounts();
  #sweptMs = 0;

  constructor(options: ExitLedgerOptions) {
    this.#options = options;
    this.#killed = new KilledRequests((request) => this.#deliver(request));
  }

  counts(): WorkerExits {
    return this.#ends.totals();
  }

  /** Whether a worker's end waits for its explanation. */
  get isSettling(): boolean {
    return this.#open.size > 0;
  }

  /** Ends later than now − seconds, in the order they were settled; at most the last few thousand. */
  recent(nowMs: number, seconds: number): readonly WorkerEnd[] {
    return this.#ends.recent(nowMs, seconds);
  }

  /** Pids of a master's workers that were alive at that moment as far as log and samples tell. */
  alive(masterPid: number | null, atMs: number): readonly number[] {
    return this.#lives.alive(masterPid, atMs);
  }

  /** Whether a worker is on its way out by what the log says. */
  isLeaving(pid: number): boolean {
    const life = this.#lives.get(pid);
    if (!life) return false;
    if (life.open !== null || life.recycling || life.endedMs !== null) return true;
    return this.#options.drains.isStopping(life.masterPid, life.bornMs) || this.#options.drains.isOld(life);
  }

  /** `Booting worker with pid: N`. `serial`: the line's position among all lines. */
  booted(pid: number, atMs: number, serial: number, masterPid: number | null): void {
    const before = this.#lives.at(pid, atMs);
    if (before.open) this.#close(before, before.open);
    const isKnown = before.endedMs === null && before.bornSerial === null;
    const life = isKnown ? before : this.#lives.next(before);
    this.#options.drains.booted(pid);
    life.bornMs = atMs;
    life.bornSerial = serial;
    life.masterPid ??= masterPid;
  }

  /** A sample shows this worker. `isReused`: the sample before showed another process under this pid. */
  seen(pid: number, masterPid: number, startedAtMs: number | null, isReused = false): void {
    const before = this.#lives.of(pid);
    if (isReused && before.open) this.#close(before, before.open);
    const isLater = before.endedMs !== null && startedAtMs !== null && startedAtMs > before.endedMs + 1000;
    const life = isReused || isLater ? this.#lives.begin(pid) : before;
    life.masterPid = masterPid;
    life.bornMs ??= startedAtMs;
    life.shownSinceMs = startedAtMs;
  }

  /** An access line carried this pid. Cheap: called for every line. */
  served(pid: number): void {
    const life = this.#lives.get(pid);
    if (life) life.served = true;
  }

  /** `Autorestarting worker after current request.`, written by the worker. */
  recycling(pid: number, atMs: number): void {
    const life = this.#lives.at(pid, atMs);
    life.recycling = true;
    // A look may have missed it before its lines were read.
    if (life.open) life.open.drain ??= 'recycled';
  }

  /**
   * `Exception in worker process`, written by the worker: it ends, and before 21.0 that may be all that is written. One
   * that fails to load the application takes all others with it (`gunicorn/arbiter.py`, reap_workers).
   */
  exception(pid: number, traceback: string | null, atMs: number): void {
    const life = this.#lives.at(pid, atMs);
    life.exception = { text: exceptionIn(traceback), details: traceback, atMs };
    const isLoading = !life.served && LOADING.test(traceback ?? '');
    if (isLoading) life.bornMs ??= atMs;
    this.#gatherLine(pid, atMs, null, () => {});
    if (isLoading && life.masterPid !== null) this.#options.drains.stop(life.masterPid, atMs, false);
  }

  /** `WORKER TIMEOUT (pid:N)`, written by `masterPid`. */
  timedOut(pid: number, atMs: number, masterPid: number | null): void {
    const life = this.#lives.at(pid, atMs);
    if (WorkerLives.isOver(life, atMs)) return;
    life.masterPid ??= masterPid;
    this.#timeOut(life, atMs);
  }

  /** `Error handling request METHOD TARGET`, written by the worker: names the request if it follows a timeout. */
  requestError(pid: number, method: string | null, target: string | null, traceback: string | null): void {
    this.#killed.named(pid, method, target, traceback);
  }

  /** `Worker exiting (pid: N)` or `Parent changed, shutting down`: it leaves its loop. */
  exiting(pid: number, atMs: number, drain: Drain | null = null): void {
    this.#gatherLine(pid, atMs, drain, (open) => {
      open.orderly = true;
    });
  }

  /** A reap line names the signal, in any of Gunicorn's spellings. */
  signalled(pid: number, atMs: number, signal: string): void {
    this.#gatherLine(pid, atMs, null, (open, life) => {
      open.signal = signalName(signal);
      if (ORDERLY_SIGNALS.has(open.signal)) {
        // Told to leave while it left by itself: the reason is still to come. Where the log leaves out who left why, it
        // is the samples to come that tell.
        if (!open.orderly && open.drain === null) open.dueMs = atMs + MISSED_MS;
        return;
      }
      // The kernel's count of out-of-memory kills comes with the next sample: a SIGKILL waits for it.
      if (open.signal !== 'KILL' || !this.#options.oom.isCounting) this.#close(life, open);
    });
  }

  /** A reap line, written by `masterPid`, names the exit code. */
  exitCode(pid: number, atMs: number, code: number, masterPid: number | null): void {
    this.#gatherLine(pid, atMs, null, (open, life) => {
      life.masterPid ??= masterPid;
      open.code = code;
      // Whether the older one serves on, the samples to come tell: it may be the one that this one was to replace.
      const mayBeUpgrade = BOOT_CODES.has(code) && this.#failedUpgrade(life.masterPid, atMs) !== null;
      if (!mayBeUpgrade) return this.#close(life, open);
      // The first that fails ends the master, and of the others no reap line may tell.
      for (const other of this.#open) if (other.exception !== null) other.masterPid ??= life.masterPid;
    });
  }

  /** `Reason: Worker failed to boot.` or `App failed to load.`: explains workers that left right after their start. */
  bootFailed(reason: string, atMs: number): void {
    for (const life of this.#open) {
      const isYoung = life.bornMs !== null && atMs - life.bornMs <= MISSED_MS;
      if (isYoung && !life.served && life.open?.drain === null)
        life.exception ??= { text: reason.replace(/\.$/, ''), details: null, atMs };
    }
  }

  /**
   * `Shutting down: Master`: its workers are gone. Those that were killed at the end of the graceful time leave no line.
   */
  masterStopped(masterPid: number, atMs: number): void {
    for (const pid of this.#lives.alive(masterPid, atMs)) {
      if (this.#lives.at(pid, atMs).masterPid === masterPid) this.#gatherLine(pid, atMs, 'shutdown', () => {});
    }
  }

  /** The newest sample no longer shows this worker. */
  departed(departure: Departure, atMs: number): void {
    const { sighting, masterGone } = departure;
    const life = this.#lives.of(sighting.pid);
    life.bornMs ??= sighting.startedAtMs;
    life.masterPid = sighting.masterPid;
    life.served ||= sighting.served;
    if (!this.#options.readsErrorLog && !WorkerLives.isOver(life, atMs) && wasOverTimeout(sighting)) {
      this.#timeOut(life, atMs);
    }
    // Without a log it is the samples to come that tell: whether another one takes its place.
    const { readsErrorLog } = this.#options;
    if (!readsErrorLog) this.#killed.finish(sighting.pid);
    const loggedMs = masterGone ? LAST_WORDS_MS : MISSED_MS;
    const waitMs = readsErrorLog ? loggedMs : masterGone ? 0 : isNewborn(sighting) ? NEWBORN_MS : MISSED_MS;
    this.#gather(sighting.pid, atMs, waitMs, null, (open) => {
      open.masterGone = masterGone;
    });
  }

  /** After a sample: forgets workers that only the log knows and that are not there, so that no end is made of them. */
  dropMissing(present: ReadonlySet<number>, atMs: number): void {
    this.#lives.dropMissing(present, atMs);
  }

  /** Closes the ends that are due. Call it once a second, after the logs were read. */
  settle(nowMs: number): void {
    const { oom } = this.#options;
    for (const life of this.#largestFirst()) {
      const { open } = life;
      const isProven = open !== null && this.#mayBeOom(open) && oom.has(open.atMs);
      if (open && (isProven || (nowMs >= open.dueMs && this.#isRipe(life, open, nowMs)))) this.#close(life, open);
    }
    oom.forget(nowMs);
    this.#killed.settle(nowMs);
    if (Math.abs(nowMs - this.#sweptMs) < SWEEP_MS) return;
    this.#sweptMs = nowMs;
    this.#lives.dropEnded(nowMs);
  }

  /** Whose worker failed to boot the next look tells, where no line has: the one that serves on, or another. */
  #isRipe({ masterPid, exception }: Life, { atMs, dueMs }: OpenEnd, nowMs: number): boolean {
    if (masterPid !== null || exception === null || nowMs >= dueMs + LATE_LOOK_MS) return true;
    return this.#options.hasLookedSince(atMs);
  }

  /** Of several that went at once the kernel chose the largest. */
  #largestFirst(): readonly Life[] {
    const bytes = ({ pid }: Life): number => this.#options.sighting(pid)?.rssBytes ?? 0;
    return this.#open.size < 2 ? [...this.#open] : [...this.#open].sort((a, b) => bytes(b) - bytes(a));
  }

  /** Whether a kill that the kernel counted is all that is missing: where a line may still tell, it is waited for. */
  #mayBeOom({ signal, drain }: OpenEnd): boolean {
    return signal === 'KILL' || (drain === null && !this.#options.readsErrorLog);
  }

  /** Evidence of a line: whatever was to be logged about the request in this worker has been logged before it. */
  #gatherLine(pid: number, atMs: number, drain: Drain | null, add: (open: OpenEnd, life: Life) => void): void {
    this.#killed.finish(pid);
    this.#gather(pid, atMs, SETTLE_MS, drain, (open, life) => {
      open.logged = true;
      add(open, life);
    });
  }

  /** Adds to the end that evidence about this pid belongs to, unless it is counted already. */
  #gather(
    pid: number,
    atMs: number,
    waitMs: number,
    drain: Drain | null,
    add: (open: OpenEnd, life: Life) => void,
  ): void {
    const life = this.#lives.at(pid, atMs);
    if (WorkerLives.isOver(life, atMs)) return;
    if (life.open === null) {
      const why = drain ?? (life.recycling ? 'recycled' : this.#options.drains.explain(life, atMs));
      life.open = {
        atMs,
        dueMs: atMs + waitMs,
        drain: why,
        orderly: false,
        signal: null,
        code: null,
        masterGone: false,
        logged: false,
      };
      this.#open.add(life);
      this.#options.drains.left(life, atMs);
    } else life.open.drain ??= drain;
    add(life.open, life);
  }

  #timeOut(life: Life, atMs: number): void {
    if (life.open === null) this.#options.drains.left(life, atMs);
    const sighting = this.#sighting(life);
    const limit = sighting?.timeoutSeconds ?? this.#options.timeoutSeconds(life.masterPid);
    const seconds = limit !== null && limit > 0 ? limit : (sighting?.busySeconds ?? null);
    this.#count(life, timeoutEvidence(life.pid, seconds, null, null), atMs);
    this.#killed.add({ pid: life.pid, atMs, seconds, sighting });
  }

  #isNewest(life: Life): boolean {
    return this.#lives.get(life.pid) === life;
  }

  /** What samples showed of it, not of the one that has its pid now. */
  #sighting(life: Life): WorkerSighting | null {
    return this.#isNewest(life) ? this.#options.sighting(life.pid) : null;
  }

  #deliver(request: KilledRequest): void {
    const { worker, seconds, method, path, place, awaitedClient, atMs } = request;
    const end = this.#ends.find(worker, atMs);
    const evidence = { ...timeoutEvidence(worker, seconds, method, path, place), awaitedClient };
    if (end && (awaitedClient || [method, path, place].some((known) => known !== null)))
      end.text = explainExit(evidence).text(evidence);
    this.#options.onKilled(request, end);
  }

  #close(life: Life, open: OpenEnd): void {
    const sighting = this.#sighting(life);
    const begun = sighting?.begun ?? null;
    const served = life.served || (sighting?.served ?? false);
    const mayBeOom = open.signal === 'KILL' || (open.signal === null && open.code === null && !open.orderly);
    const isMute = !open.orderly && open.code === null && (open.signal === null || ORDERLY_SIGNALS.has(open.signal));
    const seen = isMute && this.#isNewest(life) ? this.#options.infer(life.pid, life.masterPid) : null;
    const isUnasked = seen?.inferred === 'unasked';
    // A log whose lines are not Gunicorn's own (`logconfig`) may be read without being understood.
    if (isUnasked && !open.logged && sighting !== null && wasOverTimeout(sighting)) {
      this.#timeOut(life, open.atMs);
      return;
    }
    const evidence: ExitEvidence = {
      ...NO_EVIDENCE,
      ...open,
      unlogged: !open.logged,
      telling: this.#options.telling(life.masterPid),
      inferred: seen?.inferred ?? (this.#isSilentRecycle(life, open) ? 'recycled' : null),
      masterGone: open.masterGone || (seen?.masterGone ?? false),
      pid: life.pid,
      exception: life.exception?.text ?? null,
      served,
      begun,
      busySeconds: isUnasked ? (sighting?.busySeconds ?? null) : null,
      ageSeconds: life.bornMs === null ? null : (open.atMs - life.bornMs) / 1000,
      oomProven: mayBeOom && this.#options.oom.take(open.atMs),
      oomCounted: this.#options.oom.isCounting,
    };
    this.#count(life, evidence, open.atMs);
  }

  #count(life: Life, evidence: ExitEvidence, atMs: number): void {
    const rule = explainExit(evidence);
    const { reason, abnormal } = rule;
    const failedUpgrade = reason === 'boot' ? this.#failedUpgrade(life.masterPid, atMs) : null;
    const level = failedUpgrade === null ? rule.level : 'warning';
    const details = life.exception?.details ?? null;
    life.open = null;
    life.endedMs = atMs;
    this.#open.delete(life);
    const stillborn = abnormal && (reason === 'boot' || isStillborn(evidence));
    const text = rule.text(evidence);
    const end = { pid: life.pid, atMs, reason, abnormal, level, stillborn, failedUpgrade, text, details };
    this.#ends.add(end);
    this.#options.onEnd(end);
  }

  /** It left by itself, and nobody was heard to ask for it. */
  #isSilentRecycle({ masterPid }: Life, { orderly, signal, code, masterGone }: OpenEnd): boolean {
    return orderly && signal === null && code === null && !masterGone && this.#options.recyclesSilently(masterPid);
  }

  #failedUpgrade(masterPid: number | null, atMs: number): WorkerEnd['failedUpgrade'] {
    const servingPid = this.#options.olderMaster(masterPid, atMs);
    return servingPid === null ? null : { masterPid, servingPid };
  }
}
