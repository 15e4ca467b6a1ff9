/** Steady traffic that stops: nobody asks any more, though up to now somebody always did. */
import type { Lull } from './service-view.ts';

/** Looked back on for how steady it was. */
const MEMORY_SECONDS = 300;
/** Less than this says nothing about how steady traffic is. */
const ENOUGH_SECONDS = 20;
/** Shorter pauses are nothing to speak of. */
const LEAST_SECONDS = 5;
/** Where fewer requests were to be expected meanwhile, chance alone makes such a pause now and then. */
const LEAST_REQUESTS = 15;
/** A pause so many times as long as the longest one before has a cause of its own. */
const FACTOR = 3;
/** A smaller factor does where so many requests were to be expected meanwhile. */
const FACTOR_AT_HIGH_RATE = 1.5;
const MANY_REQUESTS = 50;

interface Second {
  readonly atMs: number;
  readonly requests: number;
}

/**
 * Watches requests come in, as `gtop` reads them: what it read back at its start is not among them. A burst that ends is
 * no lull: there must have been requests all along, with no pause like this one.
 */
export class LullWatch {
  #seconds: Second[] = [];
  #total: number | null = null;

  /** Once a second. `total`: requests read since the start; the first call is where counting begins. */
  tick(nowMs: number, total: number): void {
    const before = this.#total;
    this.#total = total;
    if (before === null) return;
    if (nowMs < (this.#seconds.at(-1)?.atMs ?? 0)) this.#seconds = [];
    this.#seconds.push({ atMs: nowMs, requests: total - before });
    if (this.#seconds.length > MEMORY_SECONDS) this.#seconds.splice(0, this.#seconds.length - MEMORY_SECONDS);
  }

  at(nowMs: number): Lull | null {
    const last = this.#seconds.findLastIndex((second) => second.requests > 0);
    const lastMs = this.#seconds[last]?.atMs;
    if (lastMs === undefined) return null;
    const seconds = (nowMs - lastMs) / 1000;
    if (seconds < LEAST_SECONDS) return null;
    const busy = this.#seconds.slice(0, last + 1).filter(({ requests }) => requests > 0);
    const spanSeconds = (lastMs - (busy[0]?.atMs ?? lastMs)) / 1000;
    if (spanSeconds < ENOUGH_SECONDS) return null;
    let pauseMs = 0;
    for (const [i, { atMs }] of busy.entries()) pauseMs = Math.max(pauseMs, atMs - (busy[i - 1]?.atMs ?? atMs));
    const requestsPerSecond = busy.reduce((sum, second) => sum + second.requests, 0) / spanSeconds;
    if (requestsPerSecond * seconds < LEAST_REQUESTS) return null;
    const factor = requestsPerSecond * seconds >= MANY_REQUESTS ? FACTOR_AT_HIGH_RATE : FACTOR;
    return seconds < (factor * pauseMs) / 1000 ? null : { seconds, requestsPerSecond };
  }
}
