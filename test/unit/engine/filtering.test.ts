import { describe, expect, it } from 'vitest';
import { Filtering } from '../../../src/engine/filtering.ts';
import { LineWatching } from '../../../src/engine/line-watching.ts';
import { FilterError } from '../../../src/filter/index.ts';
import type { AccessRecord, ErrorEntry } from '../../../src/model/facts.ts';
import { Model } from '../../../src/model/model.ts';
import type { LogSource } from '../../../src/sources/logs.ts';
import type { Reread, RereadSink } from '../../../src/sources/reread.ts';
import { request } from '../filter/subjects.ts';

const T0 = Date.UTC(2026, 10, 21, 12);

const record = (second: number, rest: Partial<AccessRecord> = {}): AccessRecord => ({
  ...request({ atMs: T0 + second * 1000, method: 'GET', path: '/', status: 200, bytes: 10, seconds: 0.01 }),
  excluded: false,
  ...rest,
});

/** A log of which nothing but its second reading matters. */
class Log {
  hasReadHistory = true;
  settled = 0;
  sink: RereadSink | null = null;
  closed = 0;
  readonly past: readonly AccessRecord[];
  readonly canBeReadAgain: boolean;

  constructor(past: readonly AccessRecord[] = [], canBeReadAgain = true) {
    this.past = past;
    this.canBeReadAgain = canBeReadAgain;
  }

  settle(): void {
    this.settled += 1;
  }

  reread(sink: RereadSink): Reread | null {
    this.sink = sink;
    if (!this.canBeReadAgain) return null;
    let coveredFromMs = Number.POSITIVE_INFINITY;
    const reread: Pick<Reread, 'coveredFromMs' | 'owes' | 'step' | 'close'> = {
      get coveredFromMs() {
        return coveredFromMs;
      },
      owes: (sinceMs) => sinceMs < coveredFromMs,
      step: async (sinceMs) => {
        for (const each of this.past) if (each.atMs >= sinceMs && each.atMs < coveredFromMs) sink.access(each);
        coveredFromMs = sinceMs;
        return false;
      },
      close: () => {
        this.closed += 1;
      },
    };
    return reread as Reread;
  }
}

function setUp(logs: readonly Log[]) {
  const model = new Model({
    startedAtMs: T0,
    watches: { processes: false, accessLog: true, errorLog: false },
  });
  const options = { model, logs: () => logs as unknown as readonly LogSource[], zone: 'utc' as const };
  const filtering = new Filtering(options);
  const lines = new LineWatching(options);
  const snapshot = (filter: string, second: number, windowSeconds: number | null = 60) => {
    const nowMs = T0 + second * 1000;
    return model.snapshot({ windowSeconds, atMs: nowMs, view: filtering.ask(filter, windowSeconds, nowMs, nowMs) });
  };
  return { model, filtering, lines, snapshot };
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('a filter', () => {
  it('shows what comes while it is asked for, per the time since then, and the past as it is read again', async () => {
    const past = [0, 100, 200].map((second) => record(second, { status: 500 }));
    const { model, snapshot } = setUp([new Log(past)]);
    for (const each of past) model.addAccess(each, Number.NaN, T0 + 230_000);
    const first = snapshot('status=500', 230);
    expect(first.traffic).toMatchObject({ requests: 0, requestsPerSecond: null });
    expect(first.filterCoverage).toEqual({ from: new Date(T0 + 230_000).toISOString(), reading: true });
    await turns();
    const second = snapshot('status=500', 230);
    expect(second.traffic).toMatchObject({ requests: 1, requestsPerSecond: 1 / 60, requestsTotal: 2 });
    expect(second.filterCoverage).toEqual({ from: new Date(T0 + 100_000).toISOString(), reading: false });

    model.addAccess(record(231, { status: 500 }), T0 + 231_000, T0 + 231_000);
    model.addAccess(record(231), T0 + 231_000, T0 + 231_000);
    expect(snapshot('status=500', 232).traffic.requests).toBe(2);
    expect(model.snapshot({ windowSeconds: 60, atMs: T0 + 232_000 }).traffic.requests).toBe(3);

    snapshot('status=500', 232, null);
    await turns();
    const all = snapshot('status=500', 232, null);
    expect(all.traffic).toMatchObject({ requests: 4, requestsTotal: 4 });
    expect(all.filterCoverage).toEqual({ from: new Date(T0).toISOString(), reading: false });
    expect(all.traffic.requestsPerSecond).toBeCloseTo(4 / 231);
  });

  it('waits for the first reading of the logs to be over', async () => {
    const log = new Log([record(1)]);
    log.hasReadHistory = false;
    const { model, snapshot } = setUp([log]);
    expect(snapshot('/', 2).filterCoverage).toEqual({ from: null, reading: true });
    model.addAccess(record(1), Number.NaN, T0 + 2000);
    log.hasReadHistory = true;
    expect(log.settled).toBe(0);
    snapshot('/', 3);
    expect(log.settled).toBe(1);
    await turns();
    expect(snapshot('/', 3).traffic.requests).toBe(1);
  });

  it('holds from now on where a log cannot be read again', async () => {
    const { model, snapshot } = setUp([new Log([record(1)]), new Log([], false)]);
    model.addAccess(record(1), Number.NaN, T0 + 50_000);
    snapshot('/', 50);
    await turns();
    model.addAccess(record(59), T0 + 59_000, T0 + 59_000);
    expect(snapshot('/', 60).filterCoverage).toEqual({ from: new Date(T0 + 50_000).toISOString(), reading: false });
    expect(snapshot('/', 60, 10).traffic).toMatchObject({ requests: 1, requestsPerSecond: 0.1 });
    expect(snapshot('/', 60, 60).traffic.requestsPerSecond).toBeCloseTo(2 / 10);
  });

  it('sees everything when it was there first', () => {
    const { model, filtering, snapshot } = setUp([new Log([], false)]);
    filtering.begin('status=500');
    model.addAccess(record(-500, { status: 500 }), Number.NaN, T0);
    model.addAccess(record(5), T0 + 5000, T0 + 5000);
    filtering.tick(T0 + 3_600_000);
    const { traffic, filterCoverage } = snapshot('status=500', 10, null);
    expect(traffic.requestsTotal).toBe(1);
    expect(filterCoverage).toEqual({ from: new Date(T0 - 500_000).toISOString(), reading: false });
  });

  it('is let go when nobody asks for 10 s, and when another one is asked for', async () => {
    const log = new Log();
    const { model, filtering, snapshot } = setUp([log]);
    snapshot('/a', 10);
    await turns();
    const first = model.filteredView;
    filtering.tick(T0 + 20_000);
    expect(model.filteredView).toBe(first);
    snapshot('/b', 20);
    expect(model.filteredView?.filter.text).toBe('/b');
    expect(log.closed).toBe(1);
    await turns();
    filtering.tick(T0 + 30_001);
    expect(model.filteredView).toBeNull();
    expect(log.closed).toBe(2);
  });

  it('that is none is refused and changes nothing', () => {
    const { model, snapshot } = setUp([new Log()]);
    snapshot('/a', 10);
    expect(() => snapshot('stauts=1', 11)).toThrow(FilterError);
    expect(model.filteredView?.filter.text).toBe('/a');
  });

  it('passes requests that died with their worker, those from before it among them', () => {
    const { model, snapshot } = setUp([new Log()]);
    const killed = (second: number, pid: number, path: string): void => {
      const at = { atMs: T0 + second * 1000, pid: 1, level: 'critical', traceback: null };
      model.addError(
        { ...at, message: `WORKER TIMEOUT (pid:${pid})`, event: { kind: 'worker-timeout', pid } },
        at.atMs,
        at.atMs,
      );
      const named = { kind: 'request-error', method: 'GET', target: path } as const;
      model.addError({ ...at, pid, message: `Error handling request ${path}`, event: named }, at.atMs, at.atMs);
    };
    killed(10, 7, '/reports/1');
    killed(11, 8, '/users/2');
    snapshot('path~^/reports/', 12);
    killed(13, 9, '/reports/3');
    killed(14, 6, '/users/4');
    expect(snapshot('path~^/reports/', 20).status.timeouts).toBe(2);
    expect(model.snapshot({ windowSeconds: 60, atMs: T0 + 20_000 }).status.timeouts).toBe(4);
    const events = snapshot('path~^/reports/', 20).events.map(({ path }) => path);
    expect(events).toContain('/reports/1');
    expect(events).not.toContain('/users/2');
  });
});

describe('a traceback', () => {
  /** As `gunicorn/workers/base.py` logs what nobody handles; without the method before 25.2. */
  const thrown = (request: string, at: number): ErrorEntry => ({
    atMs: T0 + at * 1000,
    pid: 1,
    level: 'error',
    message: `Error handling request ${request}`,
    event: null,
    traceback: 'Traceback (most recent call last):\n  File "app.py", line 1, in app\n    x()\nValueError: boom',
  });

  it.each([
    ['route="/users/{id}"', 1],
    ['method="GET" and route="/users/{id}"', 1],
    ['method="POST" and route="/users/{id}"', 0],
    ['path="/users/7"', 1],
    ['route="/sleep"', 0],
    ['status>=500', 2],
  ])('with %s is that of a request which passes', (filter, count) => {
    const { model, snapshot } = setUp([new Log()]);
    snapshot(filter, 1);
    for (const request of ['GET /users/7', '/raise']) model.addError(thrown(request, 2), T0 + 2000, T0 + 2000);
    expect(snapshot(filter, 3).errorTotals.count).toBe(count);
  });
});

describe('the newest lines', () => {
  it('are kept from the first question to 10 s after the last', async () => {
    const past = [record(1, { raw: 'one' }), record(2, { raw: 'two', status: 500 })];
    const { model, lines } = setUp([new Log(past)]);
    expect(lines.isWatching).toBe(false);
    lines.ask({ filter: null, limit: 10 }, T0 + 3000);
    expect(lines.isWatching).toBe(true);
    await turns();
    model.addAccess(record(3, { raw: 'three' }), T0 + 3000, T0 + 3000);
    const answer = lines.ask({ filter: null, limit: 2 }, T0 + 4000);
    expect(answer).toMatchObject({ filter: null, reading: false });
    expect(answer.lines.map(({ text }) => text)).toEqual(['two', 'three']);
    expect(lines.ask({ filter: null, limit: 1000 }, T0 + 4000).lines[0]).toEqual({
      kind: 'access',
      at: new Date(T0 + 1000).toISOString(),
      level: null,
      status: 200,
      text: 'one',
    });
    lines.ask({ filter: 'status=500', limit: 10 }, T0 + 4000);
    await turns();
    expect(lines.ask({ filter: 'status=500', limit: 10 }, T0 + 5000).lines.map(({ text }) => text)).toEqual(['two']);
    lines.tick(T0 + 15_000);
    expect(lines.isWatching).toBe(true);
    lines.tick(T0 + 15_001);
    expect(lines.isWatching).toBe(false);
    expect(model.recentLines).toBeNull();
  });
});
