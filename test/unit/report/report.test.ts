import { describe, expect, it } from 'vitest';
import { record, reportOf, START_MS } from './records.ts';

describe('the figures of a log', () => {
  it('counts requests and bytes, and divides by the time from the first stamp to the last, its second included', () => {
    const { traffic, window } = reportOf([record(), record({ atMs: START_MS + 9000, bytes: 300 })]);
    expect(traffic).toMatchObject({ requests: 2, bytes: 400, requestsPerSecond: 0.2, bytesPerSecond: 40 });
    expect(window).toEqual({ seconds: null, from: '2026-11-21T12:00:00.000Z', to: '2026-11-21T12:00:09.000Z' });
  });

  it('of one second has the rates of one second', () => {
    const { traffic, window } = reportOf([record(), record(), record({ atMs: START_MS + 300 })]);
    expect(window).toMatchObject({ from: '2026-11-21T12:00:00.000Z', to: '2026-11-21T12:00:00.300Z' });
    expect(traffic).toMatchObject({ requests: 3, requestsPerSecond: 3 });
  });

  it('of nothing makes nothing up', () => {
    const report = reportOf([]);
    expect(report.latency).toBeNull();
    expect(report.peak).toBeNull();
    expect(report.window.from).toBeNull();
    expect(report.traffic).toMatchObject({ requests: 0, requestsPerSecond: null });
    expect(report.status).toMatchObject({ serverErrorRatio: null, codes: {} });
    expect(report.paths).toEqual([]);
  });

  it('of lines without a time stamp counts, but knows no rate', () => {
    const { traffic, series } = reportOf([record({ atMs: Number.NaN })]);
    expect(traffic).toMatchObject({ requests: 1, requestsPerSecond: null });
    expect(series).toMatchObject({ from: null, requestsPerSecond: [] });
  });

  it('leaves durations that Gunicorn made up out of the percentiles', () => {
    const { latency } = reportOf([record({ seconds: 2 }), record({ status: 500, seconds: 0.001, excluded: true })]);
    expect(latency).toMatchObject({ count: 1, excluded: 1, minSeconds: 2, p50Seconds: null });
  });

  it('gives percentiles that are at most 1 % off an exact sort', () => {
    const seconds = Array.from({ length: 5000 }, (_, i) => 0.001 * 1.002 ** ((i * 2657) % 5000));
    const sorted = [...seconds].sort((a, b) => a - b);
    const { latency } = reportOf(seconds.map((one) => record({ seconds: one })));
    for (const [q, found] of [
      [0.5, latency?.p50Seconds],
      [0.9, latency?.p90Seconds],
      [0.99, latency?.p99Seconds],
      [0.999, latency?.p999Seconds],
    ] as const) {
      const exact = sorted[Math.ceil(q * sorted.length) - 1];
      expect(Math.abs((found ?? 0) / exact - 1)).toBeLessThan(0.01);
    }
    expect(latency?.meanSeconds).toBeCloseTo(seconds.reduce((a, b) => a + b, 0) / 5000, 6);
    expect(latency?.histogram.reduce((sum, bin) => sum + bin.count, 0)).toBe(5000);
  });

  it('keeps to the span asked for, but counts everything in the totals', () => {
    const records = [0, 1, 2, 3].map((second) => record({ atMs: START_MS + second * 1000 }));
    const { traffic } = reportOf(records, { sinceMs: START_MS + 1000, untilMs: START_MS + 3000 });
    expect(traffic).toMatchObject({ requestsTotal: 4, requests: 2, bytesTotal: 400, bytes: 200 });
  });

  it('is made of the lines that pass a filter; totals and the time that rates are per are of all', () => {
    const records = [0, 1, 2, 3].map((second) =>
      record({ atMs: START_MS + second * 1000, status: second === 1 ? 503 : 200, path: `/users/${second}` }),
    );
    const { filter, traffic, status, window, paths } = reportOf(records, {
      filter: 'status=5xx and route=/users/{id}',
    });
    expect(filter).toBe('status=5xx and route=/users/{id}');
    expect(traffic).toMatchObject({ requestsTotal: 4, errorsTotal: 1, requests: 1, requestsPerSecond: 0.25 });
    expect(status.codes).toEqual({ '503': 1 });
    expect(paths.map(({ path, count }) => [path, count])).toEqual([['/users/{id}', 1]]);
    expect(window).toMatchObject({ from: '2026-11-21T12:00:00.000Z', to: '2026-11-21T12:00:03.000Z' });
  });

  it('has lines of 1970 and 2099 in one series of bounded length', () => {
    const { series, window } = reportOf([record({ atMs: 0 }), record({ atMs: Date.UTC(2099, 0) })]);
    expect(window).toMatchObject({ from: '1970-01-01T00:00:00.000Z', to: '2099-01-01T00:00:00.000Z' });
    expect(series.requestsPerSecond.length).toBeLessThanOrEqual(240);
    const requests = series.requestsPerSecond.reduce<number>((sum, one) => sum + (one ?? 0) * series.stepSeconds, 0);
    expect(requests).toBeCloseTo(2, 9);
  });
});

describe('routes', () => {
  const records = [
    ...Array.from({ length: 30 }, (_, i) => record({ path: `/users/${i}`, seconds: 0.001, bytes: 10 })),
    ...Array.from({ length: 20 }, () => record({ path: '/reports', seconds: 3, bytes: 1 })),
    record({ path: '/big', bytes: 1e6, status: 502 }),
    record({ path: '/gone', status: 404, bytes: 0 }),
  ];

  it('are ranked by worker time, requests, p95, errors and bytes', () => {
    const { paths, pathsBy } = reportOf(records);
    expect(paths[0]).toMatchObject({ path: '/reports', count: 20, sumSeconds: 60 });
    expect(pathsBy.count[0]).toMatchObject({ path: '/users/{id}', count: 30 });
    expect(pathsBy.p95.map((row) => row.path)).toEqual(['/reports', '/users/{id}']);
    expect(pathsBy.errors.map((row) => row.path)).toEqual(['/big', '/gone']);
    expect(pathsBy.bytes[0].path).toBe('/big');
    expect(paths.reduce((sum, row) => sum + (row.timeRatio ?? 0), 0)).toBeCloseTo(1, 9);
  });

  it('stay as they are with noRoutes', () => {
    expect(reportOf(records, { noRoutes: true }).clients.distinct.paths).toBe(33);
  });

  it('that were not found are listed as they were sent', () => {
    expect(reportOf(records).notFound).toEqual({ count: 1, paths: [{ value: '/gone', count: 1, bytes: 0 }] });
  });
});

describe('slow requests', () => {
  it('count all over the threshold and list the slowest', () => {
    const { slow, slowRequests } = reportOf(
      [1, 5, 0.9, 3].map((seconds) => record({ seconds, worker: 7 })),
      { top: 2 },
    );
    expect(slowRequests).toEqual({ thresholdSeconds: 1, count: 3 });
    expect(slow.map((row) => row.seconds)).toEqual([5, 3]);
    expect(slow[0]).toMatchObject({ at: '2026-11-21T12:00:00.000Z', worker: 7, address: '10.0.0.1' });
  });
});

describe('time', () => {
  it('says how many requests were in service: an hour is divided by the part that is covered', () => {
    const halfPast = START_MS + 1_800_000;
    const { hours, hoursOfDay } = reportOf([
      record({ atMs: halfPast, seconds: 900 }),
      record({ atMs: START_MS + 3_600_000, seconds: 1 }),
      record({ atMs: START_MS + 7_199_000, seconds: 3599 }),
    ]);
    expect(hours.map((row) => row.erlangs)).toEqual([0.5, 1]);
    expect(hoursOfDay.map((row) => row.requests).slice(12, 14)).toEqual([1, 2]);
    expect(hoursOfDay).toHaveLength(24);
  });

  it('is that of the zone, also where its clock strikes half an hour off', () => {
    const { TZ } = process.env;
    try {
      process.env.TZ = 'Asia/Kolkata';
      const minutes = [0, 29, 30, 59, 89, 90];
      const records = minutes.map((minute) => record({ atMs: START_MS + minute * 60_000 }));
      const { hours, hoursOfDay } = reportOf(records, { zone: 'local' });
      expect(hours.map(({ at, requests }) => [at, requests])).toEqual([
        ['2026-11-21T11:30:00.000Z', 2],
        ['2026-11-21T12:30:00.000Z', 3],
        ['2026-11-21T13:30:00.000Z', 1],
      ]);
      expect(hoursOfDay.map(({ requests }) => requests).slice(17, 20)).toEqual([2, 3, 1]);
    } finally {
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
    }
  });

  it('finds the busiest step', () => {
    const { peak } = reportOf([0, 5000, 5000, 9000].map((ms) => record({ atMs: START_MS + ms })));
    expect(peak).toEqual({ at: '2026-11-21T12:00:05.000Z', stepSeconds: 1, requests: 2, requestsPerSecond: 2 });
  });

  it('shares the work out among the workers', () => {
    const records = [1, 1, 1, 2].map((worker) => record({ worker, seconds: 0.25 }));
    expect(reportOf(records).workerShares).toMatchObject([
      { pid: 1, count: 3, countRatio: 0.75, erlangs: 0.75 },
      { pid: 2, count: 1, countRatio: 0.25, erlangs: 0.25 },
    ]);
  });
});

it('finds the busy ones among more others than it has room for', () => {
  function* flood() {
    for (let i = 0; i < 120_000; i++) {
      yield record({ address: `a${i}`, path: `/x${i}y`, userAgent: `agent ${i}` });
      if (i % 50 === 0) yield record({ address: '10.9.9.9', path: '/busy', userAgent: 'Googlebot/2.1' });
    }
  }
  const { clients, pathsBy } = reportOf(flood());
  expect(clients.addresses[0]).toMatchObject({ value: '10.9.9.9', count: 2400 });
  expect(pathsBy.count[0]).toMatchObject({ path: '/busy', count: 2400 });
  expect(clients.exact).toBe(false);
  expect(Math.abs(clients.distinct.addresses / 120_001 - 1)).toBeLessThan(0.1);
  // Families are complete even so.
  expect(clients.bots[0]).toMatchObject({ value: 'Googlebot', count: 2400 });
  expect(clients.browsers[0]).toMatchObject({ value: 'other', count: 120_000 });
});
