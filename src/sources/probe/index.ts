/** Health checks: asks what the configuration names, each at its own pace. */
import { setMaxListeners } from 'node:events';
import type { ProbeFact, ProbeResult } from '../../model/facts.ts';
import { Recurring } from '../client/recurring.ts';
import { shownUrl } from '../client/shown-url.ts';
import { probeHttp } from './http.ts';
import type { ProbeSpec } from './spec.ts';
import { probeTcp } from './tcp.ts';

export type { ProbeSpec } from './spec.ts';

/** Asks once; must not reject. */
export type Ask = (spec: ProbeSpec, signal: AbortSignal) => Promise<ProbeResult>;

const askForReal: Ask = (spec, signal) => (spec.kind === 'tcp' ? probeTcp(spec, signal) : probeHttp(spec, signal));

export interface Probes {
  /** Begins what is due. The time is an argument: nothing here looks at the clock. */
  poll(nowMs: number): void;
  /** Asks those that have no result yet, at once, and waits for the answers: no longer than their timeouts. */
  settle(nowMs: number): Promise<void>;
  facts(): readonly ProbeFact[];
  /** Breaks off what is under way. */
  close(): void;
}

/** @param startedAtMs from when the initial delays count. */
export function createProbes(specs: readonly ProbeSpec[], startedAtMs: number, ask: Ask = askForReal): Probes {
  const stop = new AbortController();
  // Every probe that is under way listens: Node takes more than ten for a leak, and says so on the terminal.
  setMaxListeners(0, stop.signal);
  const probes = specs.map((spec) => new Probe(spec, startedAtMs, (each) => ask(each, stop.signal)));
  return {
    poll(nowMs) {
      for (const probe of probes) probe.work.poll(nowMs);
    },
    async settle(nowMs) {
      const missing = probes.filter((probe) => probe.fact.last === null);
      await Promise.all(missing.map((probe) => probe.work.now(nowMs)));
    },
    facts: () => probes.map((probe) => probe.fact),
    close: () => stop.abort(),
  };
}

class Probe {
  readonly work: Recurring;
  fact: ProbeFact;
  #successes = 0;

  constructor(spec: ProbeSpec, startedAtMs: number, ask: (spec: ProbeSpec) => Promise<ProbeResult>) {
    this.fact = {
      name: spec.name,
      target: spec.kind === 'tcp' ? spec.address : shownUrl(spec),
      kind: spec.kind,
      up: null,
      isFailing: false,
      failures: 0,
      last: null,
      checkedAtMs: null,
    };
    const firstMs = startedAtMs + spec.initialDelaySeconds * 1000;
    this.work = new Recurring(spec.intervalSeconds * 1000, firstMs, async (nowMs) => {
      this.#take(spec, await ask(spec), nowMs);
    });
  }

  #take(spec: ProbeSpec, last: ProbeResult, nowMs: number): void {
    const { up } = this.fact;
    this.#successes = last.ok ? this.#successes + 1 : 0;
    const failures = last.ok ? 0 : this.fact.failures + 1;
    const isSure = last.ok ? this.#successes >= spec.successes : failures >= spec.failures;
    this.fact = {
      ...this.fact,
      last,
      failures,
      checkedAtMs: nowMs,
      up: up === null || isSure ? last.ok : up,
      isFailing: last.ok ? this.fact.isFailing && !isSure : this.fact.isFailing || isSure,
    };
  }
}
