/** Reads the metrics that an application publishes itself, each endpoint at its own pace. */
import { setMaxListeners } from 'node:events';
import type { EndpointFact } from '../../model/facts.ts';
import { get } from '../client/get.ts';
import { Recurring } from '../client/recurring.ts';
import { shownUrl } from '../client/shown-url.ts';
import { MOST_BYTES, readAnswer } from './reading.ts';
import type { EndpointSpec } from './spec.ts';

export type { EndpointSpec } from './spec.ts';

export interface Endpoints {
  /** Begins what is due. The time is an argument. */
  poll(nowMs: number): void;
  /** Reads those that were not read yet, at once, and waits for the answers: no longer than their timeouts. */
  settle(nowMs: number): Promise<void>;
  facts(): readonly EndpointFact[];
  /** Breaks off what is under way. */
  close(): void;
}

export function createEndpoints(specs: readonly EndpointSpec[], startedAtMs: number): Endpoints {
  const stop = new AbortController();
  // As many listen as there are endpoints: Node takes more than ten for a leak, and says so on the terminal.
  setMaxListeners(0, stop.signal);
  const endpoints = specs.map((spec) => new Endpoint(spec, startedAtMs, stop.signal));
  return {
    poll(nowMs) {
      for (const endpoint of endpoints) endpoint.work.poll(nowMs);
    },
    async settle(nowMs) {
      const missing = endpoints.filter((endpoint) => endpoint.fact.checkedAtMs === null);
      await Promise.all(missing.map((endpoint) => endpoint.work.now(nowMs)));
    },
    facts: () => endpoints.map((endpoint) => endpoint.fact),
    close: () => stop.abort(),
  };
}

class Endpoint {
  readonly work: Recurring;
  fact: EndpointFact;

  constructor(spec: EndpointSpec, startedAtMs: number, signal: AbortSignal) {
    this.fact = {
      name: spec.name,
      target: shownUrl(spec),
      form: null,
      checkedAtMs: null,
      seconds: null,
      series: [],
      dropped: 0,
      rejected: 0,
      error: null,
    };
    this.work = new Recurring(spec.intervalSeconds * 1000, startedAtMs, async (nowMs) => {
      const beganAt = performance.now();
      const outcome = await get({
        url: spec.url,
        socket: spec.socket,
        host: spec.host,
        accept: 'text/plain;version=0.0.4, application/json;q=0.9, */*;q=0.1',
        timeoutMs: spec.timeoutSeconds * 1000,
        mostBytes: MOST_BYTES,
        signal,
      });
      const seconds = (performance.now() - beganAt) / 1000;
      const reading = readAnswer(spec.name, outcome);
      this.fact = {
        ...this.fact,
        ...reading,
        form: reading.form ?? this.fact.form,
        checkedAtMs: nowMs,
        seconds: outcome.ok ? seconds : null,
      };
    });
  }
}
