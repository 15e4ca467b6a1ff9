/**
 * The metrics that applications publish, by the endpoint they were read from (their label `job`). An endpoint that gives
 * nothing at all any more has failed: what rules watch there is lost. One that answers without a series says by that
 * that the series has ended, as it does to Prometheus.
 */
import type { MetricFamily } from '../../model/metrics/family.ts';
import type { VectorSelector } from '../promql/ast.ts';
import { METRIC_NAME } from '../promql/labels.ts';
import { MOST_RETENTION_MS } from '../series/store.ts';
import type { Loss } from './loss.ts';

interface Endpoint {
  readonly metrics: Set<string>;
  /** Null: it has answered. */
  silentSinceMs: number | null;
}

/** A page may name jobs of its own, new ones every time. */
const MOST_JOBS = 1_000;
const MOST_METRICS = 2_000;

export class Endpoints {
  readonly #byJob = new Map<string, Endpoint>();

  /** What one sampling has found. gtop's own families have no label `job`, all samples of an application's have one. */
  note(families: readonly MetricFamily[], atMs: number): void {
    const answered = new Set<string>();
    for (const { name, samples } of families) {
      if (samples[0] === undefined || !Object.hasOwn(samples[0].labels, 'job')) continue;
      for (const { labels } of samples) {
        const job = labels.job ?? '';
        answered.add(job);
        this.#add(job, name);
      }
    }
    for (const [job, endpoint] of this.#byJob) {
      endpoint.silentSinceMs = answered.has(job) ? null : (endpoint.silentSinceMs ?? atMs);
      // Nobody waits for longer: it will have been taken out of the configuration.
      if (endpoint.silentSinceMs !== null && atMs - endpoint.silentSinceMs > MOST_RETENTION_MS) this.#byJob.delete(job);
    }
  }

  /** An endpoint that was there in the run before: silent until it answers. */
  restore(job: string, metrics: readonly string[], atMs: number): void {
    const isNew = !this.#byJob.has(job);
    for (const metric of metrics) this.#add(job, metric);
    const endpoint = this.#byJob.get(job);
    if (isNew && endpoint !== undefined) endpoint.silentSinceMs = atMs;
  }

  /** Those that the selectors look at, with what these find there. */
  watchedBy(selectors: readonly VectorSelector[]): ReadonlyMap<string, readonly string[]> {
    const watched = new Map<string, readonly string[]>();
    for (const [job, { metrics }] of this.#byJob) {
      const found = [...metrics].filter((metric) => selectors.some((selector) => looksAt(selector, job, metric)));
      if (found.length > 0) watched.set(job, found);
    }
    return watched;
  }

  /** Null: all that the selectors look at has answered. */
  lossOf(selectors: readonly VectorSelector[]): Loss | null {
    if (![...this.#byJob.values()].some(({ silentSinceMs }) => silentSinceMs !== null)) return null;
    const watched = [...this.watchedBy(selectors).keys()];
    const silent = watched.filter((job) => this.#byJob.get(job)?.silentSinceMs !== null);
    if (silent.length === 0) return null;
    const answering = new Set(watched.filter((job) => !silent.includes(job)));
    return {
      why: `the metrics endpoint ${silent.join(', ')} gives nothing any more`,
      concerns: (labels) => !answering.has(labels.get('job') ?? ''),
    };
  }

  #add(job: string, metric: string): void {
    const known = this.#byJob.get(job);
    if (known === undefined) {
      if (this.#byJob.size < MOST_JOBS) this.#byJob.set(job, { metrics: new Set([metric]), silentSinceMs: null });
    } else if (known.metrics.size < MOST_METRICS) known.metrics.add(metric);
  }
}

const looksAt = ({ matchers }: VectorSelector, job: string, metric: string): boolean =>
  matchers.every((matcher) =>
    matcher.name === METRIC_NAME ? matcher.matches(metric) : matcher.name !== 'job' || matcher.matches(job),
  );
