/** Sources that gtop is whole without. Each is loaded when there is something for it to do. */
import type { Model } from '../model/model.ts';
import type { Endpoints } from '../sources/app-metrics/index.ts';
import type { ControlWatch } from '../sources/gunicorn/control-watch.ts';
import type { GunicornSampler, GunicornSettings } from '../sources/gunicorn/index.ts';
import type { Probes } from '../sources/probe/index.ts';
import type { StatsdSource } from '../sources/statsd/index.ts';
import type { EngineConfig } from './config.ts';

/** The control socket is asked when the first frame is long drawn. */
const CONTROL_DELAY_MS = 2000;

export class OptionalSources {
  readonly #config: EngineConfig;
  readonly #model: Model;
  readonly #startedAtMs: number;
  #processes: GunicornSampler | null = null;
  #probes: Probes | null = null;
  #endpoints: Endpoints | null = null;
  #statsd: StatsdSource | null = null;
  #control: ControlWatch | null = null;
  #isClosed = false;

  constructor(config: EngineConfig, model: Model, startedAtMs: number) {
    this.#config = config;
    this.#model = model;
    this.#startedAtMs = startedAtMs;
  }

  /** Loads and opens what the configuration names. @param processes is told what the control socket says. */
  async open(processes: GunicornSampler | null): Promise<void> {
    const { probes = [], metricsEndpoints = [], statsd = null } = this.#config;
    this.#processes = processes;
    if (probes.length > 0) {
      const { createProbes } = await import('../sources/probe/index.ts');
      this.#probes = createProbes(probes, this.#startedAtMs);
    }
    if (metricsEndpoints.length > 0) {
      const { createEndpoints } = await import('../sources/app-metrics/index.ts');
      this.#endpoints = createEndpoints(metricsEndpoints, this.#startedAtMs);
    }
    if (statsd !== null) {
      const { openStatsd } = await import('../sources/statsd/index.ts');
      this.#statsd = await openStatsd(statsd, (metric) => this.#model.enrichment.addStatsd(metric, Date.now()));
    }
    this.#report();
  }

  /** Begins what is due, and tells the model what is known by now. Once a second. */
  poll(nowMs: number): void {
    this.#probes?.poll(nowMs);
    this.#endpoints?.poll(nowMs);
    if (this.#control !== null) this.#control.poll(nowMs, this.#model.masterPid);
    else if (nowMs >= this.#startedAtMs + CONTROL_DELAY_MS) void this.#openControl();
    this.#report();
  }

  /** Waits until everything was asked once: for a command that looks once. Bounded by the timeouts. */
  async settle(nowMs: number): Promise<void> {
    await this.#openControl();
    await Promise.all([
      this.#probes?.settle(nowMs),
      this.#endpoints?.settle(nowMs),
      this.#control?.settle(nowMs, this.#model.masterPid),
    ]);
    this.#report();
  }

  /** What is amiss now, a sentence each. Rules over numbers that are gone are quiet: somebody has to say so. */
  troubles(): readonly string[] {
    const endpoints = (this.#endpoints?.facts() ?? []).flatMap(({ name, target, error, dropped }) => {
      if (error !== null) return [`metrics endpoint ${name} (${target}): ${error}`];
      return dropped > 0 ? [`metrics endpoint ${name} (${target}): has more series than are read`] : [];
    });
    const statsd = this.#statsd?.fact();
    return statsd?.error ? [...endpoints, `statsd ${statsd.address}: ${statsd.error}`] : endpoints;
  }

  close(): void {
    this.#isClosed = true;
    for (const source of [this.#probes, this.#endpoints, this.#statsd, this.#control]) source?.close();
  }

  #report(): void {
    const { enrichment } = this.#model;
    if (this.#probes) enrichment.setProbes(this.#probes.facts());
    if (this.#endpoints) enrichment.setEndpoints(this.#endpoints.facts());
    if (this.#statsd) enrichment.setStatsd(this.#statsd.fact());
  }

  async #openControl(): Promise<void> {
    if (this.#config.pid === null || this.#config.sampler !== 'proc') return;
    const { ControlWatch } = await import('../sources/gunicorn/control-watch.ts');
    if (this.#isClosed || this.#control !== null) return;
    this.#control = new ControlWatch({
      onFact: (fact) => this.#model.enrichment.setControl(fact),
      onSettings: (settings) => this.#processes?.learn(known(settings)),
      pidOf: (pid) => this.#processes?.pidOf(pid) ?? pid,
    });
  }
}

/** Without what is not known: that must not take the place of what another source has said. */
const known = (settings: Partial<GunicornSettings>): Partial<GunicornSettings> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null));
