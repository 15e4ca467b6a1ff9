/** The life of masters and workers: folds error-log entries and process samples into workers, ends and events. */
import { Drains } from './drains.ts';
import type { EventDraft } from './events.ts';
import { ExitLedger, type WorkerEnd } from './exits.ts';
import type { ErrorEntry, LifecycleEvent, MasterFact, ProcessSample, SourceFact } from './facts.ts';
import type { KilledRequest } from './killed-requests.ts';
import { Narrator } from './narrator.ts';
import { RecentMean } from './recent.ts';
import { busyRatio, cpuPercent } from './saturation.ts';
import type { EventRow, WorkerExits } from './snapshot.ts';
import { type WorkerRow, WorkerTable } from './workers.ts';

export interface IncidentsOptions {
  /** Whether an error log is read. Without one, starts and ends of workers come from the processes alone. */
  readonly readsErrorLog: boolean;
  /** Called once for each request that died in a worker timeout, history read back included. */
  readonly onKilled: (request: KilledRequest) => void;
}

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
  readonly #ledger: ExitLedger;
  readonly #busy = new RecentMean(10);
  readonly #cpu = new RecentMean(60);
  #masters: readonly MasterFact[] = [];
  /** The master that started last or was last told to start workers: new workers are its. */
  #bootMaster: number | null = null;
  /** Position of the entry among all entries. */
  #serial = 0;
  #sampled = false;

  constructor(options: IncidentsOptions) {
    this.#options = options;
    this.#ledger = new ExitLedger({
      drains: this.#drains,
      sighting: (pid) => this.#table.sighting(pid),
      timeoutSeconds: (pid) => (this.#master(pid) ?? this.#masters[0])?.timeoutSeconds ?? null,
      readsErrorLog: options.readsErrorLog,
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

  /** One entry of an error log. `arrivalMs` stands in for a time that the entry lacks. */
  addEntry(entry: ErrorEntry, arrivalMs: number): void {
    const atMs = Number.isNaN(entry.atMs) ? arrivalMs : entry.atMs;
    this.#serial += 1;
    this.settle(atMs);
    this.#narrator.entry(entry, atMs);
    // The only sign that WINCH had an effect: without --daemon it has none (`gunicorn/arbiter.py`, handle_winch).
    if (entry.message === 'graceful stop of workers') {
      this.#drains.scaleDown(entry.pid, atMs, this.#ledger.alive(entry.pid).length);
    }
    if (entry.event) this.#fold(entry.event, entry, atMs);
  }

  /** One look at the processes. */
  addSample(sample: ProcessSample): void {
    const { atMs, workers } = sample;
    if (sample.oomKills != null) this.#ledger.oomKills(sample.oomKills, atMs);
    this.#narrator.masters(sample, (pid) => this.#drains.isStopping(pid));
    this.#masters = sample.masters;
    const booted = workers.filter((worker) => !this.#table.has(worker.pid));
    for (const departure of this.#table.update(sample)) this.#ledger.departed(departure, atMs);
    for (const worker of workers) this.#ledger.seen(worker.pid, worker.masterPid, worker.startedAtMs);
    if (sample.masters.length > 0) this.#ledger.dropMissing(new Set(workers.map((worker) => worker.pid)), atMs);
    if (this.#sampled && !this.#options.readsErrorLog) {
      for (const worker of booted) this.#narrator.boot(worker.pid, worker.masterPid, atMs, false);
    }
    this.#sampled = true;
    this.#busy.add(atMs, busyRatio(sample));
    this.#cpu.add(atMs, cpuPercent(sample));
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

  /** Ends of the last seconds. */
  recentEnds(nowMs: number, seconds: number): readonly WorkerEnd[] {
    return this.#ledger.recent(nowMs, seconds);
  }

  /** Newest first, at most 1,000; the same array until something happens. */
  events(): readonly EventRow[] {
    return this.#narrator.log.rows();
  }

  /** Mean share of the capacity in service over the last 10 s, sampled; null where it cannot be counted. */
  busyRatio(nowMs: number): number | null {
    return this.#busy.mean(nowMs);
  }

  /** Mean CPU time of masters and workers over the last minute, in percent of one core. */
  cpuPercent(nowMs: number): number | null {
    return this.#cpu.mean(nowMs);
  }

  #master(pid: number | null): MasterFact | undefined {
    return this.#masters.find((master) => master.pid === pid);
  }

  #fold(event: LifecycleEvent, entry: ErrorEntry, atMs: number): void {
    const ledger = this.#ledger;
    switch (event.kind) {
      case 'master-start':
        this.#drains.start();
        this.#bootMaster = entry.pid;
        return;
      case 'promoted':
        return this.#drains.start();
      case 'signal':
        return this.#signal(event.name.toLowerCase(), entry.pid, atMs);
      case 'reload':
        return this.#reload(entry.pid, atMs);
      case 'worker-boot':
        ledger.booted(event.pid, atMs, this.#serial, this.#bootMaster);
        return this.#narrator.boot(event.pid, this.#bootMaster, atMs, this.#drains.isReloading());
      case 'worker-exit':
        return ledger.exiting(event.pid, atMs);
      case 'worker-timeout':
        return ledger.timedOut(event.pid, atMs, entry.pid);
      case 'worker-signal':
        return ledger.signalled(event.pid, atMs, event.signal);
      case 'worker-exit-code':
        return ledger.exitCode(event.pid, atMs, event.code);
      case 'shutdown-reason':
        return ledger.bootFailed(event.reason, atMs);
      default:
        if (entry.pid !== null) this.#foldOwn(event, entry, entry.pid, atMs);
    }
  }

  /** What a worker writes about itself: its pid is the writer's. */
  #foldOwn(event: LifecycleEvent, entry: ErrorEntry, pid: number, atMs: number): void {
    const ledger = this.#ledger;
    if (event.kind === 'worker-recycle') ledger.recycling(pid);
    if (event.kind === 'worker-exception') ledger.exception(pid, entry.traceback);
    if (event.kind === 'worker-orphaned') ledger.exiting(pid, atMs, 'shutdown');
    if (event.kind === 'request-error') ledger.requestError(pid, event.method, event.target, entry.traceback);
  }

  #signal(name: string, masterPid: number | null, atMs: number): void {
    if (name === 'term' || name === 'int' || name === 'quit') this.#drains.stop(masterPid);
    if (name === 'ttin') this.#bootMaster = masterPid;
    // With one worker left TTOU does nothing (`gunicorn/arbiter.py`, handle_ttou).
    if (name === 'ttou' && this.#ledger.alive(masterPid).length !== 1) this.#drains.scaleDown(masterPid, atMs);
  }

  #reload(masterPid: number | null, atMs: number): void {
    const complete = masterPid !== null && (this.#narrator.knowsMaster(masterPid) || this.#master(masterPid) !== undefined);
    const alive = this.#ledger.alive(masterPid);
    this.#bootMaster = masterPid;
    this.#narrator.reloadBegins(this.#drains.reload({ masterPid, atMs, serial: this.#serial, alive, complete }));
  }
}
