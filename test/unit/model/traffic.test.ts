import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../../src/model/facts.ts';
import { TrafficHistory } from '../../../src/model/series.ts';
import { TrafficModel } from '../../../src/model/traffic.ts';
import { clientsOf, latencyOf, pathRows, slowRows, statusOf, trafficOf } from '../../../src/model/traffic-rows.ts';
import { accessRecord, NOON_MS } from '../../support/access-record.ts';

const START = NOON_MS;
const at = (seconds: number): number => START + seconds * 1000;

const record = (fields: Partial<AccessRecord>): AccessRecord =>
  accessRecord({ referrer: '-', userAgent: 'curl/8', worker: 7, ...fields });

/** A model that began to watch at START and got these records as they were written. */
function model(records: readonly Partial<AccessRecord>[]): TrafficModel {
  const traffic = new TrafficModel({ startedAtMs: START });
  for (const fields of records) {
    const full = record(fields);
    traffic.add(full, full.atMs, full.atMs);
  }
  return traffic;
}

describe('a window', () => {
  it('is the last complete seconds: the running one is not in it, the one W seconds ago is', () => {
    const traffic = model([0, 1, 2, 3, 4].map((second) => ({ atMs: at(second) })));
    expect(traffic.measure(3, at(4.9))).toMatchObject({ requests: 3, fromMs: at(1), toMs: at(4), coveredSeconds: 3 });
    expect(traffic.measure(3, at(5))).toMatchObject({ requests: 3, fromMs: at(2), toMs: at(5) });
  });

  it('divides rates by the time covered while that is shorter than the window', () => {
    const traffic = model([{ atMs: at(1) }, { atMs: at(2) }, { atMs: at(3) }]);
    const measures = traffic.measure(60, at(4));
    expect(trafficOf(traffic.totals, measures).requestsPerSecond).toBe(3 / 4);
  });

  it('knows no rate before anything was covered', () => {
    const traffic = new TrafficModel({ startedAtMs: at(0.3) });
    expect(trafficOf(traffic.totals, traffic.measure(60, at(0.9))).requestsPerSecond).toBeNull();
  });

  it('of all lines holds the running second too, from the first to the last time stamp', () => {
    const traffic = model([{ atMs: at(0) }, { atMs: at(2) }, { atMs: at(4) }]);
    expect(traffic.measure(null, at(4.2))).toMatchObject({
      requests: 3,
      fromMs: at(0),
      toMs: at(4),
      coveredSeconds: 4,
    });
    expect(new TrafficModel({ startedAtMs: START }).measure(null, START).requests).toBe(0);
  });

  it('takes lines read back into the past they belong to, never into the present', () => {
    const traffic = new TrafficModel({ startedAtMs: at(600) });
    for (let second = 0; second < 600; second++) {
      traffic.add(record({ atMs: at(second) }), Number.NaN, at(600));
    }
    expect(traffic.measure(10, at(601)).requests).toBe(9);
    expect(traffic.measure(900, at(601)).requests).toBe(600);
    expect(traffic.measure(60, at(700)).requests).toBe(0);
  });

  it('takes the arrival for a line without a time stamp; read back it counts in the totals only', () => {
    const traffic = new TrafficModel({ startedAtMs: START });
    traffic.add(record({ atMs: Number.NaN }), at(5), at(5));
    traffic.add(record({ atMs: Number.NaN }), Number.NaN, at(5));
    expect(traffic.measure(60, at(6)).requests).toBe(1);
    expect(traffic.measure(null, at(6)).requests).toBe(2);
  });

  it('survives a line from the year 2099 and one from 1970', () => {
    const traffic = model([{ atMs: at(1) }]);
    traffic.add(record({ atMs: Date.UTC(2099, 0, 1) }), at(2), at(2));
    traffic.add(record({ atMs: 0 }), at(2), at(2));
    expect(traffic.measure(60, at(3)).requests).toBe(1);
    expect(traffic.totals.requests).toBe(3);
  });

  it('keeps its counts while days go by and slots are merged into coarser ones', () => {
    const traffic = new TrafficModel({ startedAtMs: START });
    const hours = 30;
    for (let second = 0; second < hours * 3600; second += 30) {
      traffic.add(record({ atMs: at(second), path: `/users/${second}` }), at(second), at(second));
    }
    const end = at(hours * 3600);
    expect(traffic.measure(900, end).requests).toBe(30);
    expect(traffic.measure(3600, end).requests).toBe(120);
    expect(traffic.measure(86_400, end).requests).toBe(2880);
    expect(pathRows(traffic.detail(86_400, end), 1, 10)).toMatchObject([{ path: '/users/{id}', count: 2880 }]);
  });

  it('agrees with a naive recount of the records, whatever they are', () => {
    const records = fc.array(
      fc.record({
        atMs: fc.integer({ min: 0, max: 400 }).map(at),
        path: fc.constantFrom('/', '/users/1', '/users/2', '/slow'),
        method: fc.constantFrom('GET', 'POST'),
        status: fc.constantFrom(200, 302, 404, 500, 503),
        bytes: fc.integer({ min: 0, max: 5000 }),
        address: fc.constantFrom('10.0.0.1', '10.0.0.2', '::1'),
        worker: fc.constantFrom(0, 7, 8),
      }),
      { maxLength: 150 },
    );
    fc.assert(
      fc.property(records, fc.constantFrom(10, 60, 300), (all, window) => {
        const traffic = model([...all].sort((a, b) => a.atMs - b.atMs));
        const now = at(400);
        const inside = all.filter(({ atMs }) => atMs >= now - window * 1000 && atMs < now);
        const measures = traffic.measure(window, now);
        const detail = traffic.detail(window, now);
        expect(measures.requests).toBe(inside.length);
        expect(measures.bytes).toBe(inside.reduce((sum, { bytes }) => sum + bytes, 0));
        const codes: Record<string, number> = {};
        for (const { status } of inside) codes[status] = (codes[status] ?? 0) + 1;
        expect(statusOf(measures).codes).toEqual(codes);
        const routes = new Map<string, number>();
        for (const { method, path } of inside) {
          const key = `${method} ${path.replace(/\d/, '{id}')}`;
          routes.set(key, (routes.get(key) ?? 0) + 1);
        }
        expect(new Map(pathRows(detail, 1, 99).map((row) => [`${row.method} ${row.path}`, row.count]))).toEqual(routes);
        expect(clientsOf(detail, 99).distinct.addresses).toBe(new Set(inside.map(({ address }) => address)).size);
        expect(detail.workers.get(7)?.count ?? 0).toBe(inside.filter(({ worker }) => worker === 7).length);
      }),
      { numRuns: 200 },
    );
  });

  it('asked twice gives the same answer: looking changes nothing', () => {
    const traffic = model([0, 1, 2, 3].map((second) => ({ atMs: at(second), path: `/p/${second % 2}x` })));
    const first = pathRows(traffic.detail(60, at(9)), 60, 10);
    expect(pathRows(traffic.detail(60, at(9)), 60, 10)).toEqual(first);
  });
});

describe('latency', () => {
  it('leaves out what Gunicorn made up, and says how much that was', () => {
    const traffic = model([{ seconds: 2 }, { seconds: 0.0004, excluded: true, status: 500 }, { seconds: Number.NaN }]);
    const measures = traffic.measure(null, at(1));
    expect(latencyOf(measures)).toMatchObject({
      count: 1,
      excluded: 1,
      minSeconds: 2,
      maxSeconds: 2,
      p50Seconds: null,
    });
    expect(measures.requests).toBe(3);
    expect(statusOf(measures).serverErrorRatio).toBe(1 / 3);
  });

  it('is null when no line tells of one', () => {
    expect(latencyOf(model([{ seconds: Number.NaN }]).measure(null, at(1)))).toBeNull();
  });

  it('counts a killed request as a timeout of at least its time, not as a line of the log', () => {
    const traffic = model([{ seconds: 0.1, path: '/slow' }]);
    const killed = { atMs: at(0), method: 'GET', path: '/slow', seconds: 30, worker: 7, address: null };
    traffic.killed(killed, at(0));
    traffic.killed({ ...killed, path: null, method: null }, at(0));
    traffic.killed({ ...killed, seconds: Number.NaN }, at(0));
    const measures = traffic.measure(10, at(1));
    expect(measures.requests).toBe(1);
    expect(statusOf(measures).timeouts).toBe(3);
    expect(latencyOf(measures)).toMatchObject({ count: 3, maxSeconds: 30 });
    const detail = traffic.detail(10, at(1));
    expect(slowRows(detail, 9).map(({ seconds, path, status }) => [seconds, path, status])).toEqual([
      [30, '/slow', null],
      [30, null, null],
      [0.1, '/slow', 200],
    ]);
    expect(pathRows(detail, 1, 9)[0]).toMatchObject({ path: '/slow', count: 1, maxSeconds: 30, timeRatio: 1 });
  });
});

describe('paths', () => {
  it('stand in the order of the time they take, with their share of it', () => {
    const traffic = model([
      ...Array.from({ length: 9 }, () => ({ path: '/fast', seconds: 0.1 })),
      { path: '/slow/1', seconds: 8.1, status: 500 },
    ]);
    expect(pathRows(traffic.detail(null, at(1)), 10, 10)).toMatchObject([
      {
        method: 'GET',
        path: '/slow/{id}',
        count: 1,
        errorRatio: 1,
        timeRatio: expect.closeTo(0.9, 9),
        requestsPerSecond: 0.1,
        p50Seconds: null,
      },
      { path: '/fast', count: 9, errorRatio: 0, bytes: 900, p95Seconds: null },
    ]);
  });

  it('stand in the order of their counts where the log has no durations', () => {
    const traffic = model(['/a', '/b', '/b'].map((path) => ({ path, seconds: Number.NaN })));
    expect(pathRows(traffic.detail(null, at(1)), 1, 10)).toMatchObject([
      { path: '/b', timeRatio: null, maxSeconds: null },
      { path: '/a', timeRatio: null },
    ]);
  });

  it('stay bounded under hundreds of thousands of different ones, and the busy ones stay in sight', () => {
    const traffic = new TrafficModel({ startedAtMs: START });
    const total = 200_000;
    for (let index = 0; index < total; index++) {
      const atMs = at(index / 2000);
      traffic.add(record({ atMs, path: index % 4 === 0 ? '/hot' : `/x${index}y` }), atMs, atMs);
    }
    const end = at(total / 2000);
    for (const window of [60, null]) {
      expect(pathRows(traffic.detail(window, end), 1, 1)[0]).toMatchObject({ path: '/hot' });
    }
    expect(pathRows(traffic.detail(60, end), 1, 1)[0].count).toBe(60 * 500);
    const { distinct } = traffic.detail(null, end);
    expect(Math.abs(distinct.paths - 150_001)).toBeLessThan(150_000 * 0.07);
  });
});

describe('a series', () => {
  it('shows gaps as gaps and quiet seconds as zero', () => {
    const traffic = new TrafficModel({ startedAtMs: at(100) });
    traffic.add(record({ atMs: at(101), seconds: 0.5 }), at(101), at(101));
    traffic.add(record({ atMs: at(101), seconds: 0.5 }), at(101), at(101));
    const series = new TrafficHistory(traffic).series(60, at(104.3));
    expect(series.stepSeconds).toBe(1);
    expect(series.requestsPerSecond).toHaveLength(120);
    expect(series.requestsPerSecond.slice(-5)).toEqual([null, 0, 2, 0, 0]);
    expect(series.p50Seconds.at(-3)).toBeCloseTo(0.5, 2);
    expect(series.p50Seconds.at(-1)).toBeNull();
    expect(series.from).toBe(new Date(at(104 - 120)).toISOString());
  });

  it.each([
    [10, 1],
    [60, 1],
    [300, 5],
    [900, 10],
    [3600, 30],
  ])('of a window of %d s has a point every %d s', (window, step) => {
    expect(new TrafficHistory(new TrafficModel({ startedAtMs: START })).series(window, at(10_000)).stepSeconds).toBe(
      step,
    );
  });

  it('adds up to the requests of its time', () => {
    const traffic = model(Array.from({ length: 1200 }, (_, second) => ({ atMs: at(second) })));
    const { requestsPerSecond, stepSeconds } = new TrafficHistory(traffic).series(900, at(1200));
    const sum = requestsPerSecond.reduce<number>((total, rate) => total + (rate ?? 0) * stepSeconds, 0);
    expect(sum).toBe(900);
  });

  it('takes in what comes late, in another window too', () => {
    const traffic = model(Array.from({ length: 300 }, (_, second) => ({ atMs: at(second) })));
    const history = new TrafficHistory(traffic);
    history.series(60, at(300));
    for (const second of [200, 250, 299]) {
      traffic.add(record({ atMs: at(second), status: 500, seconds: 3 }), at(300), at(300));
      for (const window of [60, 300, 60]) {
        expect(history.series(window, at(300))).toEqual(new TrafficHistory(traffic).series(window, at(300)));
      }
    }
    expect(history.series(60, at(301)).serverErrorRatio.at(-2)).toBe(0.5);
  });
});
