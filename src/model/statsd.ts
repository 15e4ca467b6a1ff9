/** Folds the numbers that Gunicorn sends by StatsD. They come live and carry no time: they count when they arrive. */
import type { StatsdFact, StatsdLogLevel, StatsdMetric } from './facts.ts';
import { Histogram } from './histogram.ts';
import type { StatsdInfo } from './snapshot.ts';

const RATE_SECONDS = 10;
/** Sent about once a second, and up to 26.0 not at all while it is 0 (gunicorn/instrument/statsd.py). */
const BACKLOG_VALID_MS = 5000;

export class StatsdTotals {
  #requests = 0;
  readonly #codes = new Map<number, number>();
  readonly #durations = new Histogram();
  readonly #logs: Record<StatsdLogLevel, number> = { critical: 0, error: 0, exception: 0, warning: 0 };
  /** Requests by second, one place more than are looked at: the running one. */
  readonly #perSecond = new Map<number, number>();
  #workers: number | null = null;
  #backlog: { readonly value: number; readonly atMs: number } | null = null;
  #firstMs: number | null = null;
  #lastMs: number | null = null;

  add(metric: StatsdMetric, nowMs: number): void {
    this.#firstMs ??= nowMs;
    this.#lastMs = nowMs;
    switch (metric.kind) {
      case 'requests':
        this.#requests += metric.count;
        this.#countSecond(Math.floor(nowMs / 1000), metric.count);
        break;
      case 'status':
        this.#codes.set(metric.code, (this.#codes.get(metric.code) ?? 0) + metric.count);
        break;
      case 'duration':
        this.#durations.add(metric.seconds);
        break;
      case 'log':
        this.#logs[metric.level] += metric.count;
        break;
      case 'workers':
        this.#workers = metric.value;
        break;
      case 'backlog':
        this.#backlog = { value: metric.value, atMs: nowMs };
    }
  }

  info(fact: StatsdFact, nowMs: number): StatsdInfo {
    const backlog = this.#backlog;
    return {
      ...fact,
      requestsTotal: this.#requests,
      requestsPerSecond: this.#rate(nowMs),
      codes: Object.fromEntries([...this.#codes].map(([code, count]) => [String(code), count])),
      p50Seconds: this.#durations.quantile(0.5),
      p95Seconds: this.#durations.quantile(0.95),
      logs: { ...this.#logs },
      workers: this.#workers,
      backlog: backlog !== null && nowMs - backlog.atMs <= BACKLOG_VALID_MS ? backlog.value : null,
      lastAt: this.#lastMs === null ? null : new Date(this.#lastMs).toISOString(),
    };
  }

  /** Over the last complete seconds; over those since the first number while they are fewer. */
  #rate(nowMs: number): number | null {
    if (this.#firstMs === null) return null;
    const running = Math.floor(nowMs / 1000);
    const seconds = Math.min(RATE_SECONDS, running - Math.floor(this.#firstMs / 1000));
    if (seconds < 1) return null;
    let sum = 0;
    for (let second = running - seconds; second < running; second++) sum += this.#perSecond.get(second) ?? 0;
    return sum / seconds;
  }

  #countSecond(second: number, count: number): void {
    this.#perSecond.set(second, (this.#perSecond.get(second) ?? 0) + count);
    if (this.#perSecond.size <= RATE_SECONDS + 1) return;
    for (const old of this.#perSecond.keys()) {
      if (old < second - RATE_SECONDS || old > second) this.#perSecond.delete(old);
    }
  }
}
