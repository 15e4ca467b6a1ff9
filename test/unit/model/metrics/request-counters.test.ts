import { describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../../../src/model/facts.ts';
import { DEFAULT_METRICS, type MetricSample } from '../../../../src/model/metrics/index.ts';
import {
  MOST_ENDPOINTS,
  MOST_REFUSED_ENDPOINTS,
  OTHER_ENDPOINT,
  RequestCounters,
} from '../../../../src/model/metrics/request-counters.ts';
import { accessRecord } from '../../../support/access-record.ts';
import { heldBytes } from '../../../support/memory.ts';

const record = (fields: Partial<AccessRecord> = {}): AccessRecord => accessRecord({ worker: 7, ...fields });

/** `GET /users 200` → count. */
const table = (samples: readonly MetricSample[]): Record<string, number> =>
  Object.fromEntries(samples.map(({ labels, value }) => [Object.values(labels).join(' '), value]));

const sum = (samples: readonly MetricSample[]): number => samples.reduce((total, { value }) => total + value, 0);
const endpoints = (samples: readonly MetricSample[]): Set<string | undefined> =>
  new Set(samples.map(({ labels }) => labels.endpoint));

describe('requests', () => {
  it('count by method, endpoint and status; errors are those with 5xx, 0 before the first', () => {
    const counters = new RequestCounters(DEFAULT_METRICS);
    counters.add(record(), '/a');
    counters.add(record(), '/a');
    counters.add(record({ status: 503 }), '/a');
    counters.add(record({ method: 'POST', status: 404 }), '/b');
    expect(table(counters.requests())).toEqual({ 'GET /a 200': 2, 'GET /a 503': 1, 'POST /b 404': 1 });
    expect(table(counters.errors())).toEqual({ 'GET /a': 1, 'POST /b': 0 });
  });

  it('with a method that is none, a status that is none or no request line are OTHER', () => {
    const counters = new RequestCounters(DEFAULT_METRICS);
    for (const method of ['FOO', 'get', '\x1b]0;x', null]) counters.add(record({ method }), '/a');
    for (const status of [0, 99, 600, 200.5, Number.NaN]) counters.add(record({ status }), '/a');
    counters.add(record({ method: null }), null);
    expect(sum(counters.requests())).toBe(10);
    expect(table(counters.requests())).toMatchObject({ 'OTHER /a 200': 4, [`OTHER ${OTHER_ENDPOINT} 200`]: 1 });
    expect(new Set(counters.requests().map(({ labels }) => labels.method))).toEqual(new Set(['GET', 'OTHER']));
    // What is not there was not replaced: three methods were.
    expect(counters.dropped).toBe(3);
  });

  it('sum up bytes of bodies that are known', () => {
    const counters = new RequestCounters(DEFAULT_METRICS);
    for (const bytes of [100, 0, Number.NaN, 50]) counters.add(record({ bytes }), '/a');
    expect(counters.responseSizes().map(({ suffix, value }) => [suffix, value])).toEqual([
      ['_sum', 150],
      ['_count', 3],
    ]);
  });
});

describe('a million different paths', () => {
  it('become 200 endpoints and __other__; no request is lost and memory stays where it was', () => {
    const counters = new RequestCounters({ ...DEFAULT_METRICS, perEndpoint: true });
    counters.add(record(), '/first');
    const before = heldBytes();
    for (let index = 0; index < 1_000_000; index++) counters.add(record(), `/once/${index}`);
    counters.add(record(), '/first');
    expect(endpoints(counters.requests()).size).toBe(MOST_ENDPOINTS + 1);
    expect(table(counters.requests())['GET /first 200']).toBe(2);
    expect(sum(counters.requests())).toBe(1_000_002);
    expect(counters.dropped).toBe(1_000_000 - (MOST_ENDPOINTS - 1));
    // A million strings would be some 60 MB.
    expect(heldBytes() - before).toBeLessThan(2e6);
  });

  it('that are not there take half of the places: a scanner does not hide the application', () => {
    const counters = new RequestCounters(DEFAULT_METRICS);
    for (let index = 0; index < 10_000; index++) counters.add(record({ status: 404 }), `/wp-admin/${index}`);
    expect(endpoints(counters.requests()).size).toBe(MOST_REFUSED_ENDPOINTS + 1);
    counters.add(record(), '/checkout');
    expect(table(counters.requests())['GET /checkout 200']).toBe(1);
  });

  it('are told apart for ever once they are: nothing is taken back', () => {
    const counters = new RequestCounters(DEFAULT_METRICS);
    let before: Record<string, number> = {};
    for (let round = 0; round < 50; round++) {
      for (let index = 0; index < 40; index++) {
        const status = [200, 404, 500, 301][(round + index) % 4];
        counters.add(record({ status, method: ['GET', 'POST', 'FOO'][index % 3] }), `/r${round * 20 + index}`);
      }
      const now = table(counters.requests());
      for (const [series, value] of Object.entries(before)) expect(now[series]).toBeGreaterThanOrEqual(value);
      before = now;
    }
  });
});

describe('hostile endpoints', () => {
  it('are made visible, and two that look alike then are one series', () => {
    const counters = new RequestCounters(DEFAULT_METRICS);
    counters.add(record(), '/a\x1b');
    counters.add(record(), '/a\\x1b');
    expect(table(counters.requests())).toEqual({ 'GET /a\\x1b 200': 2 });
  });

  it('called __other__, or very long, are one of the others', () => {
    const counters = new RequestCounters(DEFAULT_METRICS);
    counters.add(record(), OTHER_ENDPOINT);
    counters.add(record(), `/${'x'.repeat(4_000_000)}`);
    expect(table(counters.requests())).toEqual({ [`GET ${OTHER_ENDPOINT} 200`]: 2 });
  });
});

describe('the duration histogram', () => {
  const buckets = { buckets: [0.1, 1, 2.5], perEndpoint: false };
  const series = (samples: readonly MetricSample[]) =>
    samples.map(({ suffix, labels, value }) => [`${suffix} ${labels.le ?? ''}`.trim(), value]);

  it('has bounds that hold their own value, sums up from below and ends with +Inf', () => {
    const counters = new RequestCounters(buckets);
    for (const seconds of [0, 0.1, 0.11, 1, 2.5, 9]) counters.add(record({ seconds }), '/');
    expect(series(counters.durations())).toEqual([
      ['_bucket 0.1', 2],
      ['_bucket 1.0', 4],
      ['_bucket 2.5', 5],
      ['_bucket +Inf', 6],
      ['_sum', expect.closeTo(12.71, 9)],
      ['_count', 6],
    ]);
  });

  it('leaves out what Gunicorn made up and what is not known, and takes in what a timeout killed', () => {
    const counters = new RequestCounters(buckets);
    counters.add(record({ seconds: 0.002, excluded: true }), '/');
    counters.add(record({ seconds: Number.NaN }), '/');
    expect(counters.isTimed).toBe(false);
    counters.addLost(null, null, 30);
    counters.addLost('GET', '/', Number.NaN);
    expect(counters.isTimed).toBe(true);
    expect(counters.lost).toBe(2);
    expect(series(counters.durations())).toContainEqual(['_count', 1]);
    expect(sum(counters.requests())).toBe(2);
  });

  it('tells method and endpoint on request', () => {
    const counters = new RequestCounters({ ...buckets, perEndpoint: true });
    counters.add(record({ seconds: 0.5 }), '/a');
    counters.add(record({ seconds: 2 }), '/b');
    counters.addLost('GET', '/b', 30);
    const counts = counters.durations().filter(({ suffix }) => suffix === '_count');
    expect(table(counts)).toEqual({ 'GET /a': 1, 'GET /b': 2 });
  });
});
