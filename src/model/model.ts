/**
 * The model: folds facts into bounded state and answers with Snapshots. It does no input or output and takes its time
 * as an argument. Traffic and incidents are its two halves; here they are put together.
 */

import type { Filter } from '../filter/index.ts';
import { adviceOn } from './advice.ts';
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
import { pastSnapshot, tellRecorded } from './past.ts';
import { RecentEntries } from './recent-entries.ts';
import { RecentGauges } from './recent-gauges.ts';
import type { RecentLines } from './recent-lines.ts';
import { type RecordedState, type RecordedSubject, Recorder } from './recorder.ts';
import { cpusFor, memoryBytes } from './resources.ts';
import { createRouter, type RouteOptions } from './routes.ts';
import { saturationOf } from './saturation.ts';
import { TrafficHistory } from './series.ts';
import { measureEnds, type ServiceView, type Watches } from './service-view.ts';
import { SettledWorkers } from './settled-workers.ts';
import type { AlertRow, EventRow, GtopSelf, Saturation, Snapshot, Verdict, WorkerInfo } from './snapshot.ts';
import {
  ingestOf,
  isUnread,
  masterInfo,
  perCpu,
  perHour,
  systemInfo,
  unknownRateSeries,
  unknownRates,
  windowMeasures,
  windowSpan,
} from './snapshot-parts.ts';
import { type Detail, type KilledRequest, type Measures, TrafficModel } from './traffic.ts';
import {
  clientsOf,
  latencyOf,
  outstandingRoutes,
  pathRows,
  servedByRows,
  slowRows,
  statusOf,
  trafficOf,
} from './traffic-rows.ts';
import { diagnose } from './verdict/index.ts';
import { type LinePattern, LineWatch } from './watched-lines.ts';
import type { WorkerRow } from './workers.ts';

/** Rows of a Snapshot: more than a screen shows, fewer than would weigh. */
const PATH_ROWS = 200;
const CLIENT_ROWS = 50;
const SLOW_ROWS = 50;
const SERVED_BY_ROWS = 100;
const EVENT_ROWS = 200;
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

/** What the alerts have to say. */
type Alerting = Pick<Snapshot, 'alerts' | 'alertHistory' | 'rules'>;

export interface SnapshotRequest {
  /** Null is `all`. */
  readonly windowSeconds: number | null;
  readonly atMs: number;
  /** What passes a filter, in place of everything; null or absent: no filter. */
  readonly view?: FilteredView | null;
  /** Absent: without the heat map, which nobody else has to pay for. */
  readonly heatMap?: boolean;
  /** Of whom to tell what was recorded; null or absent: of nobody. */
  readonly recorded?: RecordedSubject | null;
}

export class Model {
  readonly #watches: Watches;
  readonly #traffic: TrafficModel;
  readonly #history: TrafficHistory;
  readonly #incidents: Incidents;
  readonly #errors: Errors;
  readonly #lines: LineWatch;
  /** The newest entries of the logs, to be searched; 1,000 of each kind. */
  readonly recentEntries = { error: new RecentEntries<ErrorEntry>(), app: new RecentEntries<AppEntry>() };
  /** Probes, metrics endpoints, StatsD, the control socket. */
  readonly enrichment = new Enrichment();
  readonly #identities = new MasterIdentities();
  readonly #settled = new SettledWorkers();
  readonly #gauges = new RecentGauges();
  readonly #recorder: Recorder | null;
  readonly #lull = new LullWatch();
  readonly #deploys = new DeployWatch();
  readonly #deployHistory = new DeployHistory();
  readonly #startedAtMs: number;
  readonly #routes: RouteOptions;
  /** Gets what is added from now on; null: nobody filters. */
  filteredView: FilteredView | null = null;
  /** Gets the lines of what is added from now on; null: nobody looks at them. */
  recentLines: RecentLines | null = null;
  readonly #killed: KilledRequest[] = [];
  /** Null: nobody asks for metrics. */
  readonly #counters: RequestCounters | null;
  readonly #network = new NetworkTotals();
  #processes: ProcessSample | null = null;
  #host: HostSample | null = null;
  #hostFacts: HostFacts = { cpuModel: null, operatingSystem: null, hostname: null };
  #sources: readonly SourceFact[] = [];
  #alerting: Alerting = { alerts: [], alertHistory: [], rules: null };
  #verdict: Verdict = { level: 'unknown', text: 'nothing is known yet', causes: [] };
  #self: GtopSelf = { version: '', pid: 0, cpuPercent: null, rssBytes: null };
  #nowMs: number;

  constructor(options: ModelOptions) {
    this.#watches = options.watches;
    this.#startedAtMs = options.startedAtMs;
    this.#routes = options;
    this.#nowMs = options.startedAtMs;
    this.#traffic = new TrafficModel(options);
    this.#counters = options.metrics ? new RequestCounters(options.metrics) : null;
    this.#lines = new LineWatch(options.linePatterns ?? []);
    this.#recorder = options.records ? new Recorder() : null;
    this.#errors = new Errors({ route: createRouter(options), onEvent: (draft) => this.addEvent(draft) });
    this.#history = new TrafficHistory(this.#traffic);
    this.#incidents = new Incidents({
      readsErrorLog: options.watches.errorLog,
      onKilled: (request) => {
        const seconds = request.seconds ?? Number.NaN;
        this.#addKilled({ ...request, seconds }, Math.max(this.#nowMs, request.atMs));
        this.#counters?.addLost(request.method, this.#routeOf(request.path), seconds);
      },
    });
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
    this.#nowMs = nowMs;
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

  #addKilled(request: KilledRequest, nowMs: number): void {
    this.#traffic.killed(request, nowMs);
    this.filteredView?.killed(request, nowMs);
    if (this.#killed.push(request) > KILLED_KEPT) this.#killed.shift();
  }

  /** An empty view for a filter; make it `filteredView` to have it fed. */
  createView(filter: Filter): FilteredView {
    return new FilteredView(filter, this.#traffic, { ...this.#routes, startedAtMs: this.#startedAtMs });
  }

  /** Tells a view of the requests that died before it came: no access log has them. */
  tellKilled(view: FilteredView): void {
    for (const request of this.#killed) view.killed(request, Math.max(this.#nowMs, request.atMs));
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
    return this.#processes;
  }

  /** Whether a worker has ended and it is not yet said why. */
  get isSettling(): boolean {
    return this.#incidents.isSettling;
  }

  /** The selected master; null while none runs, or that is not known. */
  get masterPid(): number | null {
    return this.#processes?.masters[0]?.pid ?? null;
  }

  addProcesses(sample: ProcessSample): void {
    const masters = sample.masters.map((master) => this.#identities.complete(master));
    // What a master says of itself goes before what its deeds tell.
    this.#processes = this.enrichment.complete(this.#settled.complete({ ...sample, masters }));
    this.#incidents.addSample(this.#processes);
  }

  setHost(sample: HostSample): void {
    this.#host = sample;
    this.#network.add(sample);
  }

  setHostFacts(facts: HostFacts): void {
    this.#hostFacts = facts;
  }

  /** How reading the logs goes, now. */
  setSources(sources: readonly SourceFact[]): void {
    this.#sources = sources;
  }

  setSelf(self: GtopSelf): void {
    this.#self = self;
  }

  /** What is wrong at this moment: the alerts' rows, and the verdict on the same view that they were evaluated on. */
  judge(view: ServiceView, alerts: readonly AlertRow[], rest: Partial<Alerting> = {}): void {
    this.#alerting = { alertHistory: [], rules: null, ...rest, alerts };
    this.#verdict = diagnose(view, alerts);
    this.#recorder?.add(this.#stateNow(view.atMs));
  }

  #stateNow(atMs: number): RecordedState {
    return {
      atMs,
      processes: this.#processes,
      workers: this.#incidents.workers(),
      exits: this.#incidents.exits(),
      host: this.#host,
      alerts: this.#alerting.alerts,
      verdict: this.#verdict,
    };
  }

  /** Closes what is due, once a second, after everything there was to read was read. */
  tick(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#incidents.addSources(this.#sources, nowMs);
    this.#incidents.settle(nowMs);
    this.#lull.tick(nowMs, this.#traffic.totals.requests);
    this.#compareDeploys(nowMs);
    if (this.#processes) {
      const { busyWorkers, backlog } = this.#saturation(this.#traffic.measure(10, nowMs));
      this.#gauges.add(nowMs, { busyWorkers, backlog });
    }
  }

  #compareDeploys(nowMs: number): void {
    this.#deployHistory.addMemory(nowMs, memoryBytes(this.#processes));
    const changed = this.#deployHistory.look(this.#incidents.deploys, nowMs, {
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
    const tenSeconds = this.#traffic.measure(10, nowMs);
    const oneMinute = this.#traffic.measure(60, nowMs);
    const routes = outstandingRoutes(this.#traffic.detail(60, nowMs));
    const traffic = this.#traffic;
    return {
      atMs: nowMs,
      watches: this.#watches,
      tenSeconds: windowMeasures(tenSeconds),
      oneMinute: windowMeasures(oneMinute),
      // For a rule that few switch on: added up when it is asked for.
      get fiveMinutes() {
        return windowMeasures(traffic.measure(300, nowMs));
      },
      slowestRoute: routes.slowest,
      failingRoute: routes.failing,
      saturation: this.#saturation(tenSeconds),
      busyRatio: this.#incidents.busyRatio(nowMs),
      busyWork: this.#incidents.busyWork(nowMs),
      waitingInWorkers: this.#processes?.waitingInWorkers ?? null,
      waitingSinceMs: this.#incidents.waitingSinceMs,
      unsharedQueues: this.#processes?.listeners?.flatMap(({ queues }) => queues ?? []) ?? [],
      memoryGrowth: this.#incidents.memoryGrowth(),
      lull: this.#lull.at(nowMs),
      workers: this.#incidents.workers(),
      masters: this.#processes?.masters ?? null,
      masterSeen: this.#incidents.masterSeen,
      masterOom: this.#incidents.masterOom,
      masterEnd: this.#incidents.masterEnd,
      ends: measureEnds(this.#incidents.recentEnds(nowMs, 60)),
      deployEffect: this.#deploys.look(this.#incidents.lastDeploy, nowMs, (from, to) =>
        this.#traffic.routesBetween(from, to),
      ),
      noWorkerSinceMs: this.#incidents.noWorkerSinceMs,
      sources: this.#sources,
      activeConnections: this.#processes?.activeConnections ?? null,
      connectedSinceMs: this.#incidents.connectedSinceMs,
      cpuPercent: perCpu(this.#incidents.cpuPercent(nowMs), cpusFor(this.#processes, this.#host)),
      memoryBytes: memoryBytes(this.#processes),
      memoryLimitBytes: this.#processes?.limits?.memoryBytes ?? null,
      hostMemoryUsedBytes: this.#host?.memoryUsedBytes ?? null,
      hostMemoryTotalBytes: this.#host?.memoryTotalBytes ?? null,
      hostMemoryAvailableBytes: this.#host?.memoryAvailableBytes ?? null,
      hostNetworkSentBytes: this.#host?.networkSentBytes ?? null,
      hostNetworkReceivedBytes: this.#host?.networkReceivedBytes ?? null,
      hostCpuPercent: this.#host?.cpuPercent ?? null,
      disks: this.#host?.disks ?? null,
      notes: this.#processes?.notes ?? [],
      probes: this.enrichment.probes,
      statsdRate: this.enrichment.statsdRate(nowMs),
    };
  }

  /**
   * Every metric family that has a source, as of the newest look; windowed gauges are of the same windows as the
   * built-in alerts. Counters never go down. Empty unless the model was made with `metrics`.
   */
  metrics(atMs: number): readonly MetricFamily[] {
    if (this.#counters === null) return [];
    return readFamilies({
      version: this.#self.version,
      startedAtMs: this.#startedAtMs,
      watches: this.#watches,
      requests: this.#counters,
      exits: this.#incidents.exits(),
      processes: this.#processes,
      saturation: this.#saturation(this.#traffic.measure(10, atMs)),
      cpuPercent: perCpu(this.#incidents.cpuPercent(atMs), cpusFor(this.#processes, this.#host)),
      memoryBytes: memoryBytes(this.#processes),
      host: this.#host,
      network: this.#network.totals,
      sources: this.#sources,
      probes: this.enrichment.results(),
      exceptions: this.#sources.some(({ kind }) => kind !== 'access') ? this.#errors.count : null,
      watched: this.#lines.rows(atMs),
    });
  }

  snapshot(request: SnapshotRequest): Snapshot {
    const { windowSeconds, atMs, recorded = null } = request;
    const measures = this.#traffic.measure(windowSeconds, atMs);
    const detail = this.#traffic.detail(windowSeconds, atMs);
    const now = this.#snapshotNow(request, measures, detail);
    const recorder = this.#recorder;
    if (recorder === null) return now;
    // What was sampled at the newest look is what is known now.
    const shown = atMs < this.#nowMs ? this.#asOf(now, atMs, measures, detail, recorder) : now;
    return recorded === null ? shown : { ...shown, ...tellRecorded(recorder, recorded, atMs) };
  }

  /** With what was sampled as it was recorded at that moment, in place of the newest. */
  #asOf(now: Snapshot, atMs: number, measures: Measures, detail: Detail, recorder: Recorder): Snapshot {
    const state = recorder.at(atMs);
    return pastSnapshot(now, {
      atMs,
      state,
      recordedFromMs: recorder.fromMs,
      masters: (state?.processes?.masters ?? []).map(masterInfo),
      workers: this.#workerRows(detail, measures.coveredSeconds, state?.workers ?? []),
      saturation: this.#saturation(measures, state),
      system: systemInfo(state?.host ?? null, this.#hostFacts),
    });
  }

  #snapshotNow(request: SnapshotRequest, measures: Measures, detail: Detail): Snapshot {
    const { windowSeconds, atMs, view = null, heatMap = false } = request;
    // Workers and saturation are never filtered.
    const shown = view?.measure(windowSeconds, atMs) ?? measures;
    const shownDetail = view?.detail(windowSeconds, atMs) ?? detail;
    const events = this.#eventsUpTo(atMs);
    const masters = (this.#processes?.masters ?? []).map(masterInfo);
    const traffic = {
      ...trafficOf((view ?? this.#traffic).totals, shown),
      activeConnections: this.#processes?.activeConnections ?? null,
    };
    const series = this.#series(view ?? this.#history, windowSeconds, atMs);
    const unread = this.#traffic.totals.requests === 0 && isUnread(this.#sources);
    return {
      schemaVersion: 1,
      gtop: this.#self,
      generatedAt: new Date(atMs).toISOString(),
      window: windowSpan(windowSeconds, measures),
      filter: view?.filter.text ?? null,
      filterCoverage: view && this.#coverageOf(view),
      verdict: this.#verdict,
      master: masters[0] ?? null,
      masters,
      workers: this.#workerRows(detail, measures.coveredSeconds),
      workerExits: this.#incidents.exits(),
      saturation: this.#withAdvice(this.#saturation(measures), measures),
      traffic: unread ? unknownRates(traffic) : traffic,
      latency: latencyOf(shown),
      status: statusOf(shown),
      paths: pathRows(shownDetail, shown.coveredSeconds, PATH_ROWS),
      clients: clientsOf(shownDetail, CLIENT_ROWS),
      slow: slowRows(shownDetail, SLOW_ROWS),
      servedBy: servedByRows(shownDetail, SERVED_BY_ROWS),
      errors: view?.errorRows() ?? this.#errors.rows(),
      errorTotals: view?.errorTotals() ?? this.#errors.totals(),
      watched: this.#lines.rows(atMs),
      events: (view?.eventsOf(events) ?? events).slice(0, EVENT_ROWS),
      deploys: this.#deployHistory.rows(),
      ...this.#alerting,
      ...this.enrichment.rows(atMs),
      system: systemInfo(this.#host, this.#hostFacts),
      ingest: ingestOf(this.#sources),
      series: unread ? unknownRateSeries(series) : series,
      heatMap: heatMap ? (view ?? this.#history).heatMap(windowSeconds, atMs, shown.durations) : null,
    };
  }

  #eventsUpTo(atMs: number): readonly EventRow[] {
    const events = this.#incidents.events();
    return atMs < this.#nowMs ? events.filter(({ at }) => Date.parse(at) <= atMs) : events;
  }

  #coverageOf({ coverage, coveredFromSecond }: FilteredView): Snapshot['filterCoverage'] {
    const isNone = coverage.fromMs === Number.POSITIVE_INFINITY;
    return { from: isNone ? null : new Date(coveredFromSecond * 1000).toISOString(), reading: coverage.isReading };
  }

  #series(of: FilteredView | TrafficHistory, windowSeconds: number | null, atMs: number): Snapshot['series'] {
    const traffic = of.series(windowSeconds, atMs);
    return { ...traffic, ...this.#gauges.series(traffic) };
  }

  #routeOf(path: string | null): string | null {
    return path === null ? null : this.#traffic.routeOf(path);
  }

  /** @param state what was sampled, where that is not now; null: nothing was. */
  #saturation(measures: Measures, state?: RecordedState | null): Saturation {
    const processes = state === undefined ? this.#processes : (state?.processes ?? null);
    return saturationOf(measures, processes, state?.workers ?? this.#incidents.workers(), this.#sources);
  }

  #withAdvice(saturation: Saturation, measures: Measures): Saturation {
    const cpuPercent = this.#incidents.cpuPercent(this.#nowMs);
    const now = { processes: this.#processes, host: this.#host, cpuPercent };
    return { ...saturation, ...adviceOn(saturation, measures, now) };
  }

  #workerRows(
    detail: Detail,
    coveredSeconds: number,
    rows: readonly WorkerRow[] = this.#incidents.workers(),
  ): WorkerInfo[] {
    const totals = this.#traffic.workerTotals;
    // Only a log that names a pid somewhere can say that a worker served nothing.
    const logNamesWorkers = totals.size > 0;
    return rows.map((row) => ({
      ...row,
      memorySlopeBytesPerHour: perHour(this.#incidents.memorySlope(row.pid)),
      requestsTotal: logNamesWorkers ? (totals.get(row.pid)?.count ?? 0) : null,
      requestsPerSecond:
        logNamesWorkers && coveredSeconds > 0 ? (detail.workers.get(row.pid)?.count ?? 0) / coveredSeconds : null,
    }));
  }
}
