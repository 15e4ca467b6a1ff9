/** The life of masters and workers: folds error-log entries and process samples into workers, ends and events. */
import { DeployLog } from './deploy-log.ts';
import type { Deploy } from './deploys.ts';
import { Drains, type Teller } from './drains.ts';
import type { WorkerEnd } from './end-counts.ts';
import { isUvicorn } from './event-loop.ts';
import type { EventDraft } from './events.ts';
import { BOOT_CODES, type Telling } from './exit-rules.ts';
import { ExitLedger } from './exits.ts';
import type { ErrorEntry, LifecycleEvent, MasterFact, ProcessSample, SourceFact } from './facts.ts';
import type { KilledRequest } from './killed-requests.ts';
import { GRACEFUL_STOP } from './lifecycle-events.ts';
import { type MasterEnd, MasterEnds } from './master-ends.ts';
import { Narrator } from './narrator.ts';
import { OomProofs } from './oom-proofs.ts';
import { PidFiles } from './pid-files.ts';
import type { EventRow, WorkerExits } from './snapshot.ts';
import { Turnover } from './turnover.ts';
import { type WorkerRow, WorkerTable } from './workers.ts';

export interface IncidentsOptions {
  /** Whether an error log is read. Without one, starts and ends of workers come from the processes alone. */
  readonly readsErrorLog: boolean;
  /** Called once for each request that died in a worker timeout, history read back included. */
  readonly onKilled: (request: KilledRequest) => void;
}

/** Within this time a master that halts is rid of its idle workers; a line's time is a whole second. */
const HALT_MS = 2000;

type Fold<K extends LifecycleEvent['kind']> = (
  event: Extract<LifecycleEvent, { kind: K }>,
  atMs: number,
  entry: ErrorEntry,
) => unknown;

/**
 * Facts go in by `addEntry`, `addSample`, `addSources` and `noteAccess`; `settle` is called once a second, after what
 * there was to read was read. Give it the first process sample before the logs' history, for a timeout's length is the
 * master's to tell.
 */
export class Incidents {
  readonly #options: IncidentsOptions;
  readonly #table = new WorkerTable();
  readonly #drains = new Drains();
  readonly #narrator = new Narrator();
  readonly #turnover = new Turnover();
  readonly #ledger: ExitLedger;
  readonly #oom = new OomProofs();
  readonly #masterEnds = new MasterEnds(this.#oom, (pid) => this.#drains.isToldToStop(pid));
  readonly #pidFiles = new PidFiles();
  readonly #deploys = new DeployLog();
  #masters: readonly MasterFact[] = [];
  /** The master that started last or was last told to start workers: new workers are its. */
  #bootMaster: number | null = null;
  /** Position of the entry among all entries. */
  #serial = 0;
  #lastMs = Number.NaN;
  #sampledMs = Number.NaN;
  /** Lines tell of them, also without an error log of its own: in the access log (`2>&1`). */
  #hearsOfBoots = false;
  #masterSeen = false;

  /** What each line does besides being told. What a worker says of itself has its pid as the writer's. */
  readonly #folds: { readonly [K in LifecycleEvent['kind']]?: Fold<K> } = {
    'master-start': (_, atMs, entry) => {
      this.#deploys.startLogged(atMs);
      this.#drains.start();
      this.#bootMaster = entry.pid;
    },
    promoted: () => this.#drains.start(),
    signal: (event, atMs, entry) => this.#signal(event.name.toLowerCase(), entry.pid, atMs),
    reload: (_, atMs, entry) => this.#reload(entry.pid, atMs, 'log'),
    'worker-boot': (event, atMs) => {
      this.#hearsOfBoots = true;
      this.#ledger.booted(event.pid, atMs, this.#serial, this.#bootMaster);
      this.#narrator.boot(event.pid, this.#bootMaster, atMs, this.#drains.isReloading(atMs));
    },
    'worker-exit': (event, atMs) => this.#ledger.exiting(event.pid, atMs),
    'worker-orphaned': (_, atMs, { pid }) => pid !== null && this.#ledger.exiting(pid, atMs, 'shutdown'),
    'worker-recycle': (_, atMs, { pid }) => pid !== null && this.#ledger.recycling(pid, atMs),
    'worker-reload': (_, atMs, { pid }) => pid !== null && this.#ledger.exiting(pid, atMs, 'reload'),
    'worker-timeout': (event, atMs, entry) => this.#ledger.timedOut(event.pid, atMs, entry.pid),
    'worker-signal': (event, atMs) => this.#ledger.signalled(event.pid, atMs, event.signal),
    'worker-exit-code': (event, atMs, { pid }) => {
      this.#ledger.exitCode(event.pid, atMs, event.code, pid);
      if (pid !== null && BOOT_CODES.has(event.code)) this.#drains.stop(pid, atMs, false);
    },
    'worker-exception': (_, atMs, { pid, traceback }) => pid !== null && this.#ledger.exception(pid, traceback, atMs),
    'request-error': (event, _, { pid, traceback }) =>
      pid !== null && this.#ledger.requestError(pid, event.method, event.target, traceback),
    'master-shutdown': (_, atMs, { pid }) => pid !== null && this.#ledger.masterStopped(pid, atMs),
    'shutdown-reason': (event, atMs) => this.#ledger.bootFailed(event.reason, atMs),
  };

  constructor(options: IncidentsOptions) {
    this.#options = options;
    this.#ledger = new ExitLedger({
      drains: this.#drains,
      sighting: (pid) => this.#table.sighting(pid),
      timeoutSeconds: (pid) => (this.#master(pid) ?? this.#masters[0])?.timeoutSeconds ?? null,
      infer: (pid, masterPid) => {
        const master = this.#master(masterPid);
        const masterGone = master === undefined && masterPid !== null && this.#masterSeen;
        return { masterGone, inferred: master ? this.#turnover.explain(master, pid) : null };
      },
      recyclesSilently: (pid) => {
        const { workerClass = null, maxRequests } = this.#master(pid) ?? {};
        return isUvicorn(workerClass) && (maxRequests ?? 0) > 0;
      },
      olderMaster: (masterPid, atMs) => this.#olderMaster(masterPid, atMs),
      hasLookedSince: (atMs) => Number.isNaN(this.#sampledMs) || this.#hasLookedSince(atMs),
      telling: (pid) => this.#telling(this.#master(pid)),
      readsErrorLog: options.readsErrorLog,
      oom: this.#oom,
      onEnd: (end) => this.#narrator.end(end),
      onKilled: (request, end) => {
        this.#narrator.killed(request, end);
        options.onKilled(request);
      },
    });
  }

  /** An access line carried the pid of its worker. Called for every line: costs two look-ups. */
  noteAccess(pid: number, atMs: number): void {
    this.#table.noteAccess(pid, atMs);
    this.#ledger.served(pid);
  }

  /**
   * One entry of an error log. `arrivalMs` stands in for a time that the entry lacks, the entry before it where that is
   * NaN as well: history without dates. Before the first known time such entries are left out.
   */
  addEntry(entry: ErrorEntry, arrivalMs: number): void {
    const atMs = [entry.atMs, arrivalMs, this.#lastMs].find((time) => !Number.isNaN(time));
    if (atMs === undefined) return;
    this.#lastMs = atMs;
    this.#serial += 1;
    this.#settle(atMs);
    this.#narrator.entry(entry, atMs);
    if (entry.message === GRACEFUL_STOP) {
      this.#drains.scaleDown(entry.pid, atMs, this.#ledger.alive(entry.pid, atMs).length);
    }
    if (entry.event === null) return;
    // The key of the row is the kind of the event, which the type of a look-up cannot say.
    const fold = this.#folds[entry.event.kind] as Fold<LifecycleEvent['kind']> | undefined;
    fold?.(entry.event, atMs, entry);
  }

  /** One look at the processes. */
  addSample(sample: ProcessSample): void {
    const { atMs, workers } = sample;
    if (sample.oomKills != null) this.#oom.update(sample.oomKills, atMs);
    this.#masterEnds.add(sample);
    this.#narrator.masters(sample);
    const started = sample.masters.find(({ pid }) => !this.#masters.some((before) => before.pid === pid));
    // Where a line tells of its start, it has the moment; with `--log-level warning` there is none.
    if (this.#masterSeen && started) {
      this.#deploys.startSeen(atMs, started.role === 'new' ? 'upgrade' : 'restart');
    }
    this.#masters = sample.masters;
    this.#turnover.add(sample);
    for (const { masterPid, atMs: writtenMs } of this.#pidFiles.rewritten(sample.masters)) {
      this.#reload(masterPid, writtenMs, 'pid file');
    }
    const booted = workers.filter((worker) => !this.#table.has(worker.pid));
    const departures = this.#table.update(sample);
    for (const departure of departures) this.#ledger.departed(departure, atMs);
    const gone = new Set(departures.map((departure) => departure.sighting.pid));
    for (const { pid, masterPid, startedAtMs } of workers)
      this.#ledger.seen(pid, masterPid, startedAtMs, gone.has(pid));
    if (sample.masters.length > 0) this.#ledger.dropMissing(new Set(workers.map((worker) => worker.pid)), atMs);
    if (!Number.isNaN(this.#sampledMs) && !this.#options.readsErrorLog && !this.#hearsOfBoots) {
      for (const worker of booted) this.#narrator.boot(worker.pid, worker.masterPid, atMs, false);
    }
    this.#sampledMs = atMs;
    this.#masterSeen ||= sample.masters.length > 0;
  }

  /** How reading the logs goes: rotations and losses become events. Once a second. */
  addSources(sources: readonly SourceFact[], atMs: number): void {
    this.#narrator.sources(sources, atMs);
  }

  /** Adds an event that another part knows of, for example an alert's. */
  addEvent(draft: EventDraft): void {
    this.#narrator.log.add(draft);
  }

  /** Closes what is due: an end waits 3 s for the line that explains it. Once a second. */
  settle(nowMs: number): void {
    for (const end of this.#masterEnds.settle()) this.#narrator.masterEnds(end);
    this.#settle(nowMs);
  }

  #settle(nowMs: number): void {
    this.#ledger.settle(nowMs);
    for (const reload of this.#drains.finished(nowMs)) this.#narrator.reloadEnds(reload);
  }

  /** By pid, as of the newest sample. */
  workers(): WorkerRow[] {
    return this.#table.rows((pid) => this.#ledger.isLeaving(pid));
  }

  /** Ends that gtop has seen in log and /proc since it began to read, history included. */
  exits(): WorkerExits {
    return this.#ledger.counts();
  }

  /** Whether a worker has ended and it is not yet said why: some seconds more tell. */
  get isSettling(): boolean {
    return this.#ledger.isSettling;
  }

  /** Ends of the last seconds. */
  recentEnds(nowMs: number, seconds: number): readonly WorkerEnd[] {
    return this.#ledger.recent(nowMs, seconds);
  }

  /** Newest first, at most 1,000; the same array until something happens. */
  events(): readonly EventRow[] {
    return this.#narrator.log.rows();
  }

  /** Whether a sample has shown a master. */
  get masterSeen(): boolean {
    return this.#masterSeen;
  }

  /** The newest master that the kernel killed for want of memory; null: none. */
  get masterOom(): MasterEnd | null {
    return this.#masterEnds.lastOom;
  }

  /** The newest end of a master; null: none was seen. */
  get masterEnd(): MasterEnd | null {
    return this.#masterEnds.last;
  }

  /** The newest reload or start of a master; null: none that gtop knows of. */
  get lastDeploy(): Deploy | null {
    return this.#deploys.rows.at(-1) ?? null;
  }

  /** The newest ten, the oldest of them first. */
  get deploys(): readonly Deploy[] {
    return this.#deploys.rows;
  }

  /** Says behind the event of a deploy what has changed since. */
  tellChange(atMs: number, text: string): void {
    this.#narrator.log.annotate(atMs, ['reload', 'master-start'], text);
  }

  #master(pid: number | null): MasterFact | undefined {
    return this.#masters.find((master) => master.pid === pid);
  }

  #hasLookedSince(atMs: number): boolean {
    return this.#sampledMs >= atMs + HALT_MS;
  }

  /** Uvicorn's workers do not say that they leave; and a log of another make (`logconfig`) has never told of a boot. */
  #telling(master: MasterFact | undefined): Telling {
    if (!this.#options.readsErrorLog) return null;
    const level = master?.logLevel?.toLowerCase();
    if (level === 'warning') return 'failures';
    if (!this.#hearsOfBoots || (level !== 'info' && level !== 'debug')) return null;
    return isUvicorn(master?.workerClass ?? null) ? 'failures' : 'all';
  }

  /** A master that was there at that moment, beside this one, and does not stop. */
  #olderMaster(masterPid: number | null, atMs: number): number | null {
    const older = this.#masters.find(
      ({ pid, startedAtMs }) =>
        pid !== masterPid &&
        startedAtMs !== null &&
        startedAtMs < atMs &&
        !this.#drains.isStopping(pid, startedAtMs) &&
        (masterPid !== null || this.#servesOn(pid, atMs)),
    );
    return older?.pid ?? null;
  }

  /**
   * Whether a master has a worker of that moment that rests some time after. It has none when a worker of its own has
   * failed to boot: then it ends them all at once, and only those in the midst of a request stay (`gunicorn/arbiter.py`, halt).
   */
  #servesOn(masterPid: number, atMs: number): boolean {
    if (!this.#hasLookedSince(atMs)) return false;
    return this.workers().some(
      ({ masterPid: its, state, startedAt }) =>
        its === masterPid && state === 'idle' && startedAt !== null && Date.parse(startedAt) < atMs,
    );
  }

  #signal(name: string, masterPid: number | null, atMs: number): void {
    if (name === 'term' || name === 'int' || name === 'quit') this.#drains.stop(masterPid, atMs);
    if (name === 'usr2') this.#deploys.upgradeBegins(atMs);
    if (name === 'ttin') this.#bootMaster = masterPid;
    // With one worker left TTOU does nothing (`gunicorn/arbiter.py`, handle_ttou).
    if (name === 'ttou' && this.#ledger.alive(masterPid, atMs).length !== 1) this.#drains.scaleDown(masterPid, atMs);
  }

  #reload(masterPid: number | null, atMs: number, by: Teller): void {
    if (this.#drains.isTold(masterPid, atMs, by)) return;
    this.#deploys.reloaded(atMs);
    const complete =
      masterPid !== null && (this.#narrator.knowsMaster(masterPid) || this.#master(masterPid) !== undefined);
    const alive = this.#ledger.alive(masterPid, atMs);
    this.#bootMaster = masterPid;
    this.#narrator.reloadBegins(this.#drains.reload({ masterPid, atMs, serial: this.#serial, alive, complete, by }));
  }
}
