/**
 * The model: folds facts into bounded state and answers with Snapshots. It does no input or output and takes its time
 * as an argument. Traffic and incidents are its two halves; here they are put together.
 */

import type { Filter } from '../filter/index.ts';
import { DeployHistory, sayChange } from './deploy-history.ts';
import { DeployWatch } from './deploys.ts';
import { Enrichment } from './enrichment.ts';
import { Errors } from './errors/index.ts';
import type { EventDraft } from './events.ts';
import type { AccessRecord, AppEntry, ErrorEntry, HostFacts, HostSample, ProcessSample, SourceFact } from './facts.ts';
import { FilteredView } from './filtered-view.ts';
import { Incidents } from './incidents.ts';
import { LullWatch } from './lull.ts';
import { MasterIdentities } from './master-identity.ts';
import {
  type MetricFamily,
  type MetricsOptions,
  NetworkTotals,
  RequestCounters,
  readFamilies,
} from './metrics/index.ts';
import { RecentEntries } from './recent-entries.ts';
import { RecentGauges } from './recent-gauges.ts';
import type { RecentLines } from './recent-lines.ts';
import { type RecordedState, Recorder } from './recorder.ts';
import { memoryBytes } from './resources.ts';
import { createRouter, type RouteOptions } from './routes.ts';
import { TrafficHistory } from './series.ts';
import type { ServiceView, Watches } from './service-view.ts';
import { serviceViewOf } from './service-view-of.ts';
import { SettledWorkers } from './settled-workers.ts';
import type { AlertRow, GtopSelf, Snapshot } from './snapshot.ts';
import { type SnapshotRequest, snapshotOf } from './snapshot-of.ts';
import { type Alerting, cpuPercentAt, type ModelState, saturationNow } from './state.ts';
import { type KilledRecord, TrafficModel } from './traffic.ts';
import { diagnose } from './verdict/index.ts';
import { type LinePattern, LineWatch } from './watched-lines.ts';
import { WorkWatch } from './work-watch.ts';

/** Killed requests kept for a filter to come. */
const KILLED_KEPT = 1000;

export interface ModelOptions extends RouteOptions {
  readonly startedAtMs: number;
  readonly watches: Watches;
  /** Lines to count. */
  readonly linePatterns?: readonly LinePattern[];
  /** Counts what metrics need; null or absent: nobody asks for them. */
  readonly metrics?: MetricsOptions | null;
  /** Keeps what is sampled for a while: somebody may go back in time. Absent: past moments show the newest samples. */
  readonly records?: boolean;
  /** Nobody asks for rows by route, client and worker. */
  readonly withoutDetail?: boolean;
}

export class Model {
  readonly #traffic: TrafficModel;
  readonly #incidents: Incidents;
  readonly #errors: Errors;
  readonly #lines: LineWatch;
  /** The newest entries of the logs, to be searched; 1,000 of each kind. */
  readonly recentEntries = { error: new RecentEntries<ErrorEntry>(), app: new RecentEntries<AppEntry>() };
  /** Probes, metrics endpoints, StatsD, the control socket. */
  readonly enrichment = new Enrichment();
  readonly #identities = new MasterIdentities();
  readonly #settled = new SettledWorkers();
  readonly #routes: RouteOptions;
  /** Gets what is added from now on; null: nobody filters. */
  filteredView: FilteredView | null = null;
  /** Gets the lines of what is added from now on; null: nobody looks at them. */
  recentLines: RecentLines | null = null;
  readonly #killed: KilledRecord[] = [];
  /** Null: nobody asks for metrics. */
  readonly #counters: RequestCounters | null;
  readonly #state: ModelState;

  constructor(options: ModelOptions) {
    const { startedAtMs, watches } = options;
    this.#routes = options;
    this.#traffic = new TrafficModel(options);
    this.#counters = options.metrics ? new RequestCounters(options.metrics) : null;
    this.#lines = new LineWatch(options.linePatterns ?? []);
    this.#errors = new Errors({ route: createRouter(options), onEvent: (draft) => this.addEvent(draft) });
    this.#incidents = new Incidents({
      readsErrorLog: watches.errorLog,
      onKilled: (request) => {
        const seconds = request.seconds ?? Number.NaN;
        this.#addKilled({ ...request, seconds }, Math.max(this.#state.nowMs, request.atMs));
        this.#counters?.addLost(request.method, this.#routeOf(request.path), seconds);
      },
    });
    this.#state = {
      startedAtMs,
      watches,
      traffic: this.#traffic,
      history: new TrafficHistory(this.#traffic),
      incidents: this.#incidents,
      work: new WorkWatch(),
      errors: this.#errors,
      lines: this.#lines,
      enrichment: this.enrichment,
      gauges: new RecentGauges(),
      lull: new LullWatch(),
      deploys: new DeployWatch(),
      deployHistory: new DeployHistory(),
      network: new NetworkTotals(),
      recorder: options.records ? new Recorder() : null,
      nowMs: startedAtMs,
      processes: null,
      host: null,
      hostFacts: { cpuModel: null, operatingSystem: null, hostname: null },
      sources: [],
      alerting: { alerts: [], alertHistory: [], rules: null },
      verdict: { level: 'unknown', text: 'nothing is known yet', causes: [] },
      self: { version: '', pid: 0, cpuPercent: null, rssBytes: null },
    };
  }

  /** One line of an access log. `arrivalMs` is NaN for a line that was there before gtop. */
  addAccess(record: AccessRecord, arrivalMs: number, nowMs: number): void {
    this.#traffic.add(record, arrivalMs, nowMs);
    this.filteredView?.addAccess(record, arrivalMs, nowMs);
    this.recentLines?.addAccess(record, arrivalMs);
    this.#counters?.add(record, this.#routeOf(record.path));
    if (record.worker > 0)
      this.#incidents.noteAccess(record.worker, Number.isNaN(record.atMs) ? arrivalMs : record.atMs);
  }

  /** One entry of an error log. */
  addError(entry: ErrorEntry, arrivalMs: number, nowMs: number): void {
    this.#state.nowMs = nowMs;
    this.#incidents.addEntry(entry, arrivalMs);
    this.#errors.addError(entry, arrivalMs);
    this.filteredView?.addError(entry, arrivalMs);
    this.recentLines?.addEntry('error', entry, arrivalMs);
    this.recentEntries.error.add(entry);
    if (entry.raw) this.#lines.add('error', entry.raw, Number.isNaN(entry.atMs) ? arrivalMs : entry.atMs);
  }

  /** One entry of an application's own log. */
  addApp(entry: AppEntry, arrivalMs: number): void {
    this.#errors.addApp(entry, arrivalMs);
    this.filteredView?.addApp(entry, arrivalMs);
    this.recentLines?.addEntry('app', entry, arrivalMs);
    this.recentEntries.app.add(entry);
    if (entry.raw) this.#lines.add('app', entry.raw, Number.isNaN(entry.atMs) ? arrivalMs : entry.atMs);
  }

  #addKilled(request: KilledRecord, nowMs: number): void {
    this.#traffic.killed(request, nowMs);
    this.filteredView?.killed(request, nowMs);
    if (this.#killed.push(request) > KILLED_KEPT) this.#killed.shift();
  }

  /** An empty view for a filter; make it `filteredView` to have it fed. */
  createView(filter: Filter): FilteredView {
    return new FilteredView(filter, this.#traffic, { ...this.#routes, startedAtMs: this.#state.startedAtMs });
  }

  /** Tells a view of the requests that died before it came: no access log has them. */
  tellKilled(view: FilteredView): void {
    for (const request of this.#killed) view.killed(request, Math.max(this.#state.nowMs, request.atMs));
  }

  /** The route of a path. */
  routeOf(path: string): string {
    return this.#traffic.routeOf(path);
  }

  /** Epoch milliseconds; everything gtop knows is younger. */
  get coveredFromMs(): number {
    return this.#traffic.coveredFromSecond * 1000;
  }

  /** Whether entries are to come with their lines as they stand: only then can lines be counted. */
  get wantsLines(): boolean {
    return this.#lines.isActive;
  }

  /** An entry of whatever age, for what it says of a master that may still live. @returns false: a newer one has said it. */
  addIdentity(entry: ErrorEntry): boolean {
    return this.#identities.learn(entry);
  }

  /** Something that another part knows of, for example an alert that fires. */
  addEvent(event: EventDraft): void {
    this.#incidents.addEvent(event);
  }

  /** The newest look at the processes; null before the first. */
  get processes(): ProcessSample | null {
    return this.#state.processes;
  }

  /** Whether a worker has ended and it is not yet said why. */
  get isSettling(): boolean {
    return this.#incidents.isSettling;
  }

  /** The selected master; null while none runs, or that is not known. */
  get masterPid(): number | null {
    return this.processes?.masters[0]?.pid ?? null;
  }

  addProcesses(sample: ProcessSample): void {
    const masters = sample.masters.map((master) => this.#identities.complete(master));
    // What a master says of itself goes before what its deeds tell.
    const processes = this.enrichment.complete(this.#settled.complete({ ...sample, masters }));
    this.#state.processes = processes;
    this.#incidents.addSample(processes);
    this.#state.work.add(processes, this.#incidents.workers());
  }

  setHost(sample: HostSample): void {
    this.#state.host = sample;
    this.#state.network.add(sample);
  }

  setHostFacts(facts: HostFacts): void {
    this.#state.hostFacts = facts;
  }

  /** How reading the logs goes, now. */
  setSources(sources: readonly SourceFact[]): void {
    this.#state.sources = sources;
  }

  setSelf(self: GtopSelf): void {
    this.#state.self = self;
  }

  /** What is wrong at this moment: the alerts' rows, and the verdict on the same view that they were evaluated on. */
  judge(view: ServiceView, alerts: readonly AlertRow[], rest: Partial<Alerting> = {}): void {
    this.#state.alerting = { alertHistory: [], rules: null, ...rest, alerts };
    this.#state.verdict = diagnose(view, alerts);
    this.#state.recorder?.add(this.#recordOf(view.atMs));
  }

  #recordOf(atMs: number): RecordedState {
    const { processes, host, alerting, verdict } = this.#state;
    const [workers, exits] = [this.#incidents.workers(), this.#incidents.exits()];
    return { atMs, processes, workers, exits, host, alerts: alerting.alerts, verdict };
  }

  /** Closes what is due, once a second, after everything there was to read was read. */
  tick(nowMs: number): void {
    this.#state.nowMs = nowMs;
    const { sources, processes, lull, gauges } = this.#state;
    this.#incidents.addSources(sources, nowMs);
    this.#incidents.settle(nowMs);
    lull.tick(nowMs, this.#traffic.totals.requests);
    this.#compareDeploys(nowMs);
    if (processes) {
      const { busyWorkers, backlog } = saturationNow(this.#state, this.#traffic.measure(10, nowMs));
      gauges.add(nowMs, { busyWorkers, backlog });
    }
  }

  #compareDeploys(nowMs: number): void {
    const { deployHistory, processes } = this.#state;
    deployHistory.addMemory(nowMs, memoryBytes(processes));
    const changed = deployHistory.look(this.#incidents.deploys, nowMs, {
      volume: (from, to) => this.#traffic.volumeBetween(from, to),
      routes: (from, to) => this.#traffic.routesBetween(from, to),
    });
    for (const deploy of changed) {
      const text = sayChange(deploy);
      if (text !== null) this.#incidents.tellChange(Date.parse(deploy.at), text);
    }
  }

  /** What alerts and the verdict look at: fixed windows, whatever a screen shows. */
  serviceView(nowMs: number): ServiceView {
    return serviceViewOf(this.#state, nowMs);
  }

  /**
   * Every metric family that has a source, as of the newest look; windowed gauges are of the same windows as the
   * built-in alerts. Counters never go down. Empty unless the model was made with `metrics`.
   */
  metrics(atMs: number): readonly MetricFamily[] {
    if (this.#counters === null) return [];
    const { startedAtMs, watches, self, processes, host, network, sources } = this.#state;
    return readFamilies({
      version: self.version,
      startedAtMs,
      watches,
      requests: this.#counters,
      exits: this.#incidents.exits(),
      processes,
      saturation: saturationNow(this.#state, this.#traffic.measure(10, atMs)),
      cpuPercent: cpuPercentAt(this.#state, atMs),
      memoryBytes: memoryBytes(processes),
      host,
      network: network.totals,
      sources,
      probes: this.enrichment.results(),
      exceptions: sources.some(({ kind }) => kind !== 'access') ? this.#errors.count : null,
      watched: this.#lines.rows(atMs),
    });
  }

  snapshot(request: SnapshotRequest): Snapshot {
    return snapshotOf(this.#state, request);
  }

  #routeOf(path: string | null): string | null {
    return path === null ? null : this.#traffic.routeOf(path);
  }
}
