/**
 * The engine: wires the sources to the model, ticks once a second, answers with Snapshots.
 * It runs in a worker thread for the dashboard and in the main thread for commands without a screen.
 */

import type { ActionRequest, ActionResult } from '../model/master-actions.ts';
import { DEFAULT_METRICS, type MetricFamily } from '../model/metrics/index.ts';
import { Model } from '../model/model.ts';
import type { RawLines } from '../model/recent-lines.ts';
import { createFolder } from '../model/routes.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { createGunicornSampler, type GunicornSampler } from '../sources/gunicorn/index.ts';
import { createHostSampler, type HostSampler, readHostFacts } from '../sources/host/index.ts';
import { Actions } from './actions.ts';
import { Alerting, BUILT_IN_ONLY, familiesForRules } from './alerting/index.ts';
import type { EngineConfig, SnapshotQuery } from './config.ts';
import { Filtering } from './filtering.ts';
import { type LinesQuery, LineWatching } from './line-watching.ts';
import { Logs } from './logs.ts';
import { OptionalSources } from './optional-sources.ts';
import { eventLoopTurn } from './pace.ts';
import { SelfMeter } from './self-meter.ts';

/**
 * Fewer looks with more lines each: at 200 lines a second the tick's alone takes a sixth less CPU than two a second, two
 * a fifth less than four, and four a third less than ten. A log with more to read than one look may take is looked at
 * in between, too.
 */
const BUSY_POLL_MS = 500;
/** The logs do not wait for a tick that is late, because of a sampler that takes its time. */
const LATE_TICK_MS = 1500;
/** Ticks fall this long after the full second: by then the polls have brought in the second's last lines. */
const TICK_PHASE_MS = 250;
/** Static facts of the host cost a child process or two: they wait until the first frame is long drawn. */
const HOST_FACTS_DELAY_MS = 1500;

export class Engine {
  readonly #config: EngineConfig;
  readonly #model: Model;
  /** Rules, states, notices. */
  readonly alerting: Alerting;
  readonly #self: SelfMeter;
  readonly #actions: Actions;
  readonly #optional: OptionalSources;
  readonly #filtering: Filtering;
  readonly #lineWatching: LineWatching;
  readonly #logs: Logs;
  #processes: GunicornSampler | null = null;
  #host: HostSampler | null = null;
  #timers = new Set<NodeJS.Timeout>();
  /** The next look at the logs; null while they are being read without a pause, or not yet. */
  #nextPoll: NodeJS.Timeout | null = null;
  #stopped = false;
  #tickedAtMs = Number.NaN;
  #historyRead: Promise<void> = Promise.resolve();
  #notes: readonly string[] = [];

  constructor(
    config: EngineConfig,
    readonly startedAtMs = Date.now(),
  ) {
    this.#config = config;
    this.#self = new SelfMeter(config.version);
    this.#model = new Model({
      startedAtMs,
      noRoutes: config.noRoutes,
      routes: config.routes,
      linePatterns: config.linePatterns,
      metrics: config.metrics,
      records: config.records,
      watches: {
        processes: config.pid !== null,
        accessLog: config.accessLogs.length > 0,
        errorLog: config.errorLogs.length > 0,
      },
    });
    this.alerting = new Alerting({
      config: config.alerting ?? BUILT_IN_ONLY,
      lint: {
        ...(config.metrics ?? DEFAULT_METRICS),
        probes: (config.probes ?? []).map(({ name }) => name),
        readsEndpoints: (config.metricsEndpoints ?? []).length > 0,
        routeOf: createFolder(config),
      },
      onEvent: (event) => this.#model.addEvent(event),
    });
    this.#actions = new Actions({
      isAllowed: config.allowActions ?? false,
      sample: () => this.#model.processes,
      tell: (event) => this.#model.addEvent(event),
    });
    this.#optional = new OptionalSources(config, this.#model, startedAtMs);
    this.#logs = new Logs({ config, model: this.#model, wantsRaw: () => this.#lineWatching.isWatching });
    const watched = { model: this.#model, logs: () => this.#logs.sources, zone: config.timeZone ?? 'local' };
    this.#filtering = new Filtering(watched);
    this.#lineWatching = new LineWatching(watched);
    if (config.filter != null) this.#filtering.begin(config.filter);
  }

  /** Opens the sources and begins to follow them. Resolves when the first look at everything is done. */
  async start(): Promise<void> {
    await this.open();
    await this.tick();
    // A log that one look does not take: the first picture is to have its newest lines, too.
    this.#poll();
    this.#scheduleTick();
    // After two turns: in the first the question is answered that came meanwhile. A slice of history may take 50 ms here.
    this.#historyRead = eventLoopTurn()
      .then(eventLoopTurn)
      .then(() => this.#logs.readHistory());
    this.#after(HOST_FACTS_DELAY_MS, async () => this.#model.setHostFacts(await readHostFacts()));
  }

  /** Opens the sources without following them: for commands that read once. */
  async open(): Promise<void> {
    const config = this.#config;
    const nowMs = Date.now();
    if (config.pid !== null) {
      this.#processes = await createGunicornSampler({ target: config.pid, mode: config.sampler });
      if (config.gunicornSettings) this.#processes.learn(config.gunicornSettings);
    }
    await this.alerting.open(nowMs);
    await this.#optional.open(this.#processes);
    this.#host = await createHostSampler({ mode: config.sampler, paths: this.#diskPaths() });
    await this.#logs.open(this.#processes);
  }

  /** Reads every log to its present end, in slices that leave the event loop free in between. */
  readToEnd(): Promise<void> {
    return this.#logs.readToEnd();
  }

  /** As `readToEnd`, and gives up unfinished last lines: nothing will be read after it. */
  async finish(): Promise<void> {
    await this.readToEnd();
    const nowMs = Date.now();
    this.#logs.finish(nowMs);
    await this.#optional.settle(nowMs);
  }

  /** One look at processes, host and logs; evaluates the alerts. */
  async tick(): Promise<void> {
    const nowMs = Date.now();
    // Before the logs: how long a timeout is, the master tells.
    const [processes, host] = await Promise.all([this.#processes?.sample(nowMs), this.#host?.sample(nowMs)]);
    if (this.#stopped) return;
    if (processes) this.#model.addProcesses(processes);
    this.#notes = processes?.notes ?? [];
    if (host) this.#model.setHost(host);
    const isBehind = this.#logs.poll(Date.now());
    if (this.#nextPoll !== null) this.#pollIn(isBehind ? 0 : LATE_TICK_MS);
    this.#logs.settle(nowMs);
    this.#optional.poll(nowMs);
    this.#filtering.tick(nowMs);
    this.#lineWatching.tick(nowMs);
    this.#model.setSources(this.#logs.facts());
    this.#model.tick(nowMs);
    this.#model.setSelf(this.#self.read(nowMs));
    const view = this.#model.serviceView(nowMs);
    await this.alerting.tick(view, nowMs, this.#logs.isCaughtUp ? () => familiesForRules(this.#model, nowMs) : null);
    this.#model.judge(view, this.alerting.rows, this.alerting.rest(nowMs));
    this.#tickedAtMs = nowMs;
  }

  get version(): string {
    return this.#config.version;
  }

  /** Whether a worker has ended and some seconds more will tell why. */
  get isSettling(): boolean {
    return this.#model.isSettling;
  }

  /** When the last tick was done; NaN before the first. */
  get tickedAtMs(): number {
    return this.#tickedAtMs;
  }

  /**
   * Resolves when what was in the logs before `start` is counted. A counter that was looked at before and grows by it
   * would seem to tell of a burst of requests now.
   */
  get historyRead(): Promise<void> {
    return this.#historyRead;
  }

  /** Every metric family that has a source; empty unless the configuration has `metrics`. */
  metrics(): readonly MetricFamily[] {
    this.#model.setSources(this.#logs.facts());
    return this.#model.metrics(Date.now());
  }

  /** What is amiss with the sources at this moment, a sentence each: `access.log: not found: waiting`. */
  troubles(): readonly string[] {
    const logs = this.#logs
      .facts()
      .flatMap(({ path, message }) => (message ? [`${path === '-' ? 'standard input' : path}: ${message}`] : []));
    return [...logs, ...this.#notes, ...this.#optional.troubles(), ...this.alerting.troubles()];
  }

  /** Something that happened to gtop itself. */
  tell(kind: string, text: string): void {
    this.#model.addEvent({ atMs: Date.now(), kind, level: 'warning', text });
  }

  /** @throws FilterError for a filter that is none. */
  snapshot(query: SnapshotQuery): Snapshot {
    // Lines are counted as they come, between ticks too: the account of the reading must be of the same moment.
    this.#model.setSources(this.#logs.facts());
    const nowMs = Date.now();
    const { windowSeconds, atMs, filter = null, heatMap = false, recorded = null } = query;
    const view = filter === null ? null : this.#filtering.ask(filter, windowSeconds, atMs ?? nowMs, nowMs);
    return this.#model.snapshot({ windowSeconds, atMs: atMs ?? nowMs, view, heatMap, recorded });
  }

  /** Sends a signal that a person asked for, if that is allowed and the process is the one that the person saw. */
  act(request: ActionRequest): ActionResult {
    return this.#actions.perform(request, Date.now());
  }

  /**
   * The newest lines of the logs. Kept while somebody asks at least every 10 s.
   * @throws FilterError for a filter that is none.
   */
  lines(query: LinesQuery): RawLines {
    return this.#lineWatching.ask(query, Date.now());
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#filtering.close();
    this.#lineWatching.close();
    this.alerting.stop(Date.now());
    this.#optional.close();
    this.#logs.close();
  }

  #diskPaths(): string[] {
    const { accessLogs, errorLogs, appLogs } = this.#config;
    const files = [...accessLogs, ...errorLogs, ...appLogs].filter((path) => path !== '-');
    return files.length > 0 ? files : [process.cwd()];
  }

  /** @param wasBehind the look before this one did not reach the end of the logs. */
  #poll(wasBehind = false): void {
    if (this.#logs.poll(Date.now())) setImmediate(() => !this.#stopped && this.#poll(true));
    else this.#pollIn(wasBehind ? BUSY_POLL_MS : LATE_TICK_MS);
  }

  #pollIn(delayMs: number): void {
    if (this.#nextPoll !== null) this.#cancel(this.#nextPoll);
    this.#nextPoll = this.#after(delayMs, () => {
      this.#nextPoll = null;
      this.#poll();
    });
  }

  #scheduleTick(): void {
    const now = Date.now();
    const next = Math.ceil((now - TICK_PHASE_MS + 1) / 1000) * 1000 + TICK_PHASE_MS;
    this.#after(next - now, async () => {
      await this.tick();
      this.#scheduleTick();
    });
  }

  #after(delayMs: number, run: () => void | Promise<void>): NodeJS.Timeout | null {
    if (this.#stopped) return null;
    const timer = setTimeout(async () => {
      this.#timers.delete(timer);
      await run();
    }, delayMs);
    this.#timers.add(timer);
    return timer;
  }

  #cancel(timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    this.#timers.delete(timer);
  }
}
