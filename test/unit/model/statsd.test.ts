import { describe, expect, it } from 'vitest';
import type { StatsdFact } from '../../../src/model/facts.ts';
import { StatsdTotals } from '../../../src/model/statsd.ts';

const T0 = Date.parse('2026-11-21T12:00:00Z');
const fact: StatsdFact = { address: '127.0.0.1:8125', packets: 0, foreign: 0, rejected: 0, error: null };

describe('what Gunicorn sends by StatsD', () => {
  it('is unknown before anything has come', () => {
    expect(new StatsdTotals().info(fact, T0)).toEqual({
      ...fact,
      requestsTotal: 0,
      requestsPerSecond: null,
      codes: {},
      p50Seconds: null,
      p95Seconds: null,
      logs: { critical: 0, error: 0, exception: 0, warning: 0 },
      workers: null,
      backlog: null,
      lastAt: null,
    });
  });

  it('is counted', () => {
    const totals = new StatsdTotals();
    for (let index = 1; index <= 20; index++) {
      totals.add({ kind: 'requests', count: 1 }, T0);
      totals.add({ kind: 'status', code: index === 1 ? 500 : 200, count: 1 }, T0);
      totals.add({ kind: 'duration', seconds: index / 100 }, T0);
    }
    totals.add({ kind: 'log', level: 'exception', count: 1 }, T0);
    totals.add({ kind: 'workers', value: 3 }, T0 + 500);
    const info = totals.info(fact, T0 + 600);
    expect(info).toMatchObject({ requestsTotal: 20, codes: { 200: 19, 500: 1 }, workers: 3 });
    expect(info.logs).toEqual({ critical: 0, error: 0, exception: 1, warning: 0 });
    expect(info.lastAt).toBe('2026-11-21T12:00:00.500Z');
    expect(info.p50Seconds).toBeCloseTo(0.1, 2);
    expect(info.p95Seconds).toBeCloseTo(0.19, 2);
  });

  it('has the rate of the last 10 complete seconds, of fewer while there are no more', () => {
    const totals = new StatsdTotals();
    const rateAt = (seconds: number) => totals.info(fact, T0 + seconds * 1000).requestsPerSecond;
    for (let second = 0; second < 30; second++)
      totals.add({ kind: 'requests', count: second < 15 ? 4 : 2 }, T0 + second * 1000 + 900);
    expect(rateAt(30)).toBe(2);
    expect(rateAt(45)).toBe(0);
    const young = new StatsdTotals();
    young.add({ kind: 'requests', count: 6 }, T0 + 100);
    expect(young.info(fact, T0 + 900).requestsPerSecond).toBeNull();
    expect(young.info(fact, T0 + 2900).requestsPerSecond).toBe(3);
  });

  it('forgets a queue that is not spoken of any more: up to 26.0 nobody says when it is empty', () => {
    const totals = new StatsdTotals();
    totals.add({ kind: 'backlog', value: 7 }, T0);
    expect(totals.info(fact, T0 + 5000).backlog).toBe(7);
    expect(totals.info(fact, T0 + 5001).backlog).toBeNull();
  });
});
