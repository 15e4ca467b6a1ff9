import { describe, expect, it } from 'vitest';
import { matcherOf } from '../../../../src/alerts/promql/matcher.ts';
import type { Series } from '../../../../src/alerts/promql/types.ts';
import { RingSeries } from '../../../../src/alerts/series/ring-series.ts';
import { SeriesStore } from '../../../../src/alerts/series/store.ts';
import type { MetricFamily, MetricSample } from '../../../../src/model/metrics/index.ts';
import { T0 } from '../../model/samples.ts';
import { labels } from '../rules/samples.ts';

const HOUR_MS = 3_600_000;
const family = (name: string, samples: readonly MetricSample[]): MetricFamily => ({
  name,
  type: 'gauge',
  help: '',
  samples,
});
const gauge = (value: number, of: Readonly<Record<string, string>> = {}): MetricSample => ({ labels: of, value });
const aStore = (intervalMs = 15_000, retentionMs = HOUR_MS) => new SeriesStore({ intervalMs, retentionMs });
const named = (name: string) => [matcherOf('__name__', '=', name)];
const valuesOf = (series: Series | undefined): (number | 'stale')[] =>
  Array.from({ length: series?.length ?? 0 }, (_, index) =>
    series?.isStaleAt(index) ? 'stale' : (series?.valueAt(index) ?? Number.NaN),
  );

describe('a ring', () => {
  const add = (ring: RingSeries, ...samples: readonly (readonly [number, number | null])[]): void => {
    for (const [at, value] of samples) ring.add(at, value, 20);
  };

  it('forgets its oldest samples when it is full, stale markers with them', () => {
    const ring = new RingSeries(labels({ __name__: 'x' }));
    add(ring, [1, null], ...Array.from({ length: 20 }, (_, index) => [index + 2, index] as const));
    expect(ring.length).toBe(20);
    expect(ring.capacity).toBe(20);
    expect([ring.timeMsAt(0), ring.valueAt(0), ring.isStaleAt(0)]).toEqual([2000, 0, false]);
    expect([ring.newestMs, ring.valueAt(19)]).toEqual([21_000, 19]);
  });

  it('tells a stale marker from a number that is none', () => {
    const ring = new RingSeries(labels({ __name__: 'x' }));
    add(ring, [1, Number.NaN], [2, null]);
    expect([ring.isStaleAt(0), ring.isStaleAt(1), ring.hasEnded]).toEqual([false, true, true]);
    add(ring, [2, 5]);
    expect([ring.length, ring.valueAt(1), ring.hasEnded]).toEqual([2, 5, false]);
  });

  it('leaves out what is older than the newest', () => {
    const ring = new RingSeries(labels({ __name__: 'x' }));
    add(ring, [5, 1], [4, 9], [6, 2]);
    expect(valuesOf(ring)).toEqual([1, 2]);
  });
});

describe('the store', () => {
  it('finds series by name and labels', () => {
    const store = aStore();
    store.sample([family('a', [gauge(1, { m: 'GET' }), gauge(2, { m: 'POST' })]), family('b', [gauge(3)])], T0);
    expect(store.select(named('a'))).toHaveLength(2);
    expect(store.select([...named('a'), matcherOf('m', '=', 'POST')]).map(valuesOf)).toEqual([[2]]);
    expect(store.select([matcherOf('__name__', '=~', '.*')])).toHaveLength(3);
    expect(store.select([...named('a'), matcherOf('m', '!=', 'GET')])).toHaveLength(1);
    expect(store.select(named('nope'))).toEqual([]);
  });

  it('marks the end of a series that is no longer there, once, and goes on when it is back', () => {
    const store = aStore();
    const look = (step: number, samples: readonly MetricSample[]) =>
      store.sample([family('a', samples)], T0 + step * 15_000);
    look(0, [gauge(1)]);
    look(1, []);
    look(2, []);
    look(3, [gauge(4)]);
    expect(valuesOf(store.select(named('a'))[0])).toEqual([1, 'stale', 4]);
  });

  it('keeps an hour at the interval, and more when rules look back further', () => {
    const [short, long] = [aStore(), aStore(15_000, 2 * HOUR_MS)];
    for (let step = 0; step < 1000; step++) {
      for (const store of [short, long]) store.sample([family('a', [gauge(step)])], T0 + step * 15_000);
    }
    expect(short.select(named('a'))[0]?.length).toBe(241);
    expect(long.select(named('a'))[0]?.length).toBe(481);
  });

  it('forgets series that ended longer ago than it keeps', () => {
    const store = aStore();
    store.sample([family('a', [gauge(1, { pid: '1' })])], T0);
    store.sample([family('a', [gauge(1, { pid: '2' })])], T0 + 15_000);
    expect(store.size).toBe(2);
    store.sample([family('a', [gauge(1, { pid: '2' })])], T0 + 2 * HOUR_MS);
    expect(store.size).toBe(1);
  });

  it('is bounded: in series, and in bytes', () => {
    const store = aStore();
    const many = Array.from({ length: 30_000 }, (_, index) => gauge(index, { l: String(index) }));
    for (let step = 0; step < 300; step += 3) store.sample([family('a', many)], T0 + step * 15_000);
    expect(store.size).toBe(20_000);
    expect(store.refused).toBeGreaterThan(0);
    expect(store.bytes).toBeLessThan(60e6);
  });

  it('resolves the names of other exporters, histograms and probes among them', () => {
    const store = aStore();
    const bucket: MetricSample = { suffix: '_bucket', labels: { le: '1.0' }, value: 7 };
    store.sample(
      [
        family('gunicorn_request_duration_seconds', [bucket]),
        family('system_cpu_usage_percent', [gauge(12)]),
        family('gunicorn_probe_success', [gauge(1, { name: 'web' }), gauge(0, { name: 'db' })]),
      ],
      T0,
    );
    const [renamed] = store.select(named('http_request_duration_seconds_bucket'));
    expect(Object.fromEntries(renamed?.labels ?? [])).toEqual({
      __name__: 'http_request_duration_seconds_bucket',
      le: '1.0',
    });
    expect(valuesOf(store.select(named('cpu_usage_percent'))[0])).toEqual([12]);
    expect(store.select([...named('up'), matcherOf('job', '=', 'db')]).map(valuesOf)).toEqual([[0]]);
    // Derived labels are cached by identity: the same series must be the same object.
    expect(store.select(named('cpu_usage_percent'))[0]).toBe(store.select(named('cpu_usage_percent'))[0]);
  });

  it('prefers a series that really has the name', () => {
    const store = aStore();
    store.sample([family('gunicorn_requests_total', [gauge(1)]), family('http_requests_total', [gauge(9)])], T0);
    expect(store.select(named('http_requests_total')).map(valuesOf)).toEqual([[9]]);
  });

  it('takes the up of an application beside those of the probes, and a probe before it', () => {
    const store = aStore();
    const probes = family('gunicorn_probe_success', [gauge(0, { name: 'db' }), gauge(1, { name: 'web' })]);
    store.sample([probes, family('up', [gauge(1, { job: 'app' }), gauge(1, { job: 'db' })])], T0);
    const found = store.select(named('up')).map((series) => [series.labels.get('job'), ...valuesOf(series)]);
    expect(found).toEqual([
      ['db', 0],
      ['web', 1],
      ['app', 1],
    ]);
  });

  it('holds what rules write beside what is sampled', () => {
    const store = aStore();
    const recorded = labels({ __name__: 'job:x', a: 'b' });
    store.write(recorded, T0, 1);
    store.sample([family('a', [gauge(1)])], T0 + 15_000);
    store.write(recorded, T0 + 15_000, null);
    expect(valuesOf(store.select(named('job:x'))[0])).toEqual([1, 'stale']);
    store.write(labels({ __name__: 'never:was' }), T0, null);
    expect(store.size).toBe(2);
  });
});
