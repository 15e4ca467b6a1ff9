import { describe, expect, it } from 'vitest';
import { AlertEngine, type AlertReading, BUILT_IN_RULES } from '../../../src/alerts/index.ts';
import { noExits } from '../../../src/model/exit-rules.ts';
import type { ServiceView } from '../../../src/model/service-view.ts';
import { master, T0 } from '../model/samples.ts';
import { accessLog, ends, lostLog, measures, saturationOf, view } from '../model/views.ts';

/** What a rule reads; undefined where it does not apply. */
function read(name: string, rest: Partial<ServiceView>): AlertReading | undefined {
  const rule = BUILT_IN_RULES.find((one) => one.name === name);
  if (!rule) throw new Error(`no rule ${name}`);
  const now = view(rest);
  return rule.applies(now) ? [rule.check(now, rule.threshold ?? 0)].flat()[0] : undefined;
}

const NOTHING_WATCHED = { processes: false, accessLog: false, errorLog: false };
const only = (what: keyof ServiceView['watches']) => ({ ...NOTHING_WATCHED, [what]: true });
const NO_LOG = {
  sources: lostLog({ state: 'waiting', message: 'not found: waiting' }),
  oneMinute: measures({ requests: 0, latencyCount: 0, p95Seconds: null }),
};

describe('the table', () => {
  it.each([
    ['HighErrorRate', 'critical', 30, 0.05],
    ['HighLatency', 'warning', 60, 1],
    ['HighCpuUsage', 'warning', 120, 80],
    ['HighMemoryUsage', 'warning', 120, 0.9],
    ['WorkerTimeout', 'critical', 0, 0],
    ['WorkerCrash', 'critical', 0, 0],
    ['RestartLoop', 'critical', 0, 3],
    ['Saturated', 'critical', 10, 0.9],
    ['MasterDown', 'critical', 5, null],
    ['DiskAlmostFull', 'warning', 60, 0.9],
    ['LogStale', 'warning', 0, 60],
  ])('%s is %s after %d s beyond %d', (name, severity, forSeconds, threshold) => {
    expect(BUILT_IN_RULES.find((rule) => rule.name === name)).toMatchObject({
      severity,
      forSeconds,
      threshold,
      enabled: true,
    });
  });

  it('leaves LowRequestRate off', () => {
    expect(BUILT_IN_RULES.find((rule) => rule.name === 'LowRequestRate')?.enabled).toBe(false);
  });

  it('is silent about a healthy service, for ever', () => {
    const engine = new AlertEngine();
    for (let second = 0; second < 600; second += 1) engine.evaluate(view(), T0 + second * 1000);
    expect(engine.rows()).toEqual([]);
    expect(engine.takeTransitions()).toEqual([]);
  });

  it('has no rows about what gtop was not asked to watch', () => {
    const engine = new AlertEngine();
    engine.evaluate(view({ watches: NOTHING_WATCHED, masters: null, sources: [], disks: null }), T0);
    expect(engine.rows()).toEqual([]);
  });

  it('with --log alone is calm about the processes, with --pid alone about the requests', () => {
    for (const what of ['accessLog', 'processes'] as const) {
      const engine = new AlertEngine();
      const rest = what === 'accessLog' ? { masters: null, workers: [] } : { sources: [] };
      engine.evaluate(view({ watches: only(what), ...rest }), T0);
      expect([what, engine.rows()]).toEqual([what, []]);
    }
  });

  it('shows nodata, not calm, when every log and the master are lost', () => {
    const engine = new AlertEngine();
    const sources = [...NO_LOG.sources.slice(0, 1), accessLog({ kind: 'error', state: 'denied' })];
    engine.evaluate(view({ ...NO_LOG, sources, masters: [], cpuPercent: null }), T0);
    expect(engine.rows().map((row) => `${row.state} ${row.name}`)).toEqual([
      'pending MasterDown',
      'nodata HighErrorRate',
      'nodata WorkerTimeout',
      'nodata WorkerCrash',
      'nodata RestartLoop',
      'nodata Saturated',
      'nodata HighLatency',
      'nodata HighCpuUsage',
      'nodata HighMemoryUsage',
      'nodata LogStale',
    ]);
  });
});

describe('HighErrorRate', () => {
  it('compares the share of 5xx of a minute, from 20 requests on', () => {
    expect(read('HighErrorRate', { oneMinute: measures({ requests: 1000, serverErrors: 61 }) })).toEqual({
      value: 0.061,
      active: true,
      summary: '5xx 6.1 % > 5 %',
    });
    expect(read('HighErrorRate', { oneMinute: measures({ requests: 100, serverErrors: 5 }) })?.active).toBe(false);
    expect(read('HighErrorRate', { oneMinute: measures({ requests: 19, serverErrors: 19 }) })?.active).toBe(false);
  });

  it('is nodata without its log, and goes on with what it still has of the minute', () => {
    expect(read('HighErrorRate', NO_LOG)).toEqual({
      value: null,
      active: null,
      summary: 'no data: /var/log/access.log: not found: waiting',
    });
    const fading = { ...NO_LOG, oneMinute: measures({ requests: 100, serverErrors: 50 }) };
    expect(read('HighErrorRate', fading)?.active).toBe(true);
  });

  it('takes a deleted log that still grows for alive, one that is quiet for lost', () => {
    const oneMinute = measures({ requests: 5 });
    const deleted = (age: number) => [accessLog({ state: 'deleted', lastLineAtMs: T0 - age * 1000 })];
    expect(read('HighErrorRate', { oneMinute, sources: deleted(2) })?.active).toBe(false);
    expect(read('HighErrorRate', { oneMinute, sources: deleted(11) })?.active).toBeNull();
  });
});

describe('HighLatency', () => {
  it('compares p95, and does not apply to a format without durations', () => {
    expect(read('HighLatency', { oneMinute: measures({ p95Seconds: 1.2 }) })).toEqual({
      value: 1.2,
      active: true,
      summary: 'p95 1.2 s > 1 s',
    });
    expect(read('HighLatency', { oneMinute: measures({ latencyCount: 19, p95Seconds: null }) })?.active).toBe(false);
    expect(read('HighLatency', { sources: [accessLog({ durationUnit: null })] })).toBeUndefined();
    expect(read('HighLatency', NO_LOG)?.active).toBeNull();
  });
});

describe('HighCpuUsage', () => {
  it('waits for two looks, and is nodata without a master', () => {
    expect(read('HighCpuUsage', { cpuPercent: 92 })).toEqual({ value: 92, active: true, summary: 'CPU 92 % > 80 %' });
    expect(read('HighCpuUsage', { cpuPercent: null })?.active).toBe(false);
    expect(read('HighCpuUsage', { masters: [], cpuPercent: null })?.active).toBeNull();
  });
});

describe('HighMemoryUsage', () => {
  it('takes the host or the cgroup, whichever is fuller', () => {
    expect(read('HighMemoryUsage', { hostMemoryUsedBytes: 15e9 })).toMatchObject({
      active: true,
      summary: 'memory of the host 94 % > 90 %',
    });
    expect(read('HighMemoryUsage', { memoryLimitBytes: 520e6 })).toMatchObject({
      active: true,
      summary: 'of the cgroup limit 96 % > 90 %',
    });
    expect(read('HighMemoryUsage', { hostMemoryTotalBytes: null })?.active).toBeNull();
  });
});

describe('WorkerTimeout, WorkerCrash, RestartLoop', () => {
  const lastTimeout = 'worker 9 killed: timeout after 30 s in GET /slow';
  const lastCrash = 'worker 8 crashed: SIGSEGV';
  const mixed = {
    ends: ends({ byReason: { ...noExits(), timeout: 2, crash: 1 }, abnormal: 3, lastTimeout, lastCrash }),
  };

  it('count ends of the last minute and tell the newest', () => {
    expect(read('WorkerTimeout', mixed)).toEqual({ value: 2, active: true, summary: lastTimeout });
    expect(read('WorkerCrash', mixed)).toEqual({ value: 1, active: true, summary: lastCrash });
    expect(read('RestartLoop', mixed)).toMatchObject({ value: 3, active: true });
    expect(read('RestartLoop', { ends: ends({ abnormal: 2, lastCrash }) })?.active).toBe(false);
  });

  it('ignore ends that somebody asked for', () => {
    const asked = { ends: ends({ byReason: { ...noExits(), reload: 8, recycled: 20, killed: 1 } }) };
    for (const name of ['WorkerTimeout', 'WorkerCrash', 'RestartLoop']) expect(read(name, asked)?.active).toBe(false);
  });

  it('are nodata without the error log, unless the end was seen all the same', () => {
    const sources = [accessLog(), accessLog({ kind: 'error', state: 'waiting' })];
    expect(read('WorkerCrash', { sources })?.active).toBeNull();
    expect(read('WorkerCrash', { ...mixed, sources })?.active).toBe(true);
  });
});

describe('Saturated', () => {
  it('looks at the queue first, then at the capacity in use, by the log or by the samples', () => {
    expect(read('Saturated', { saturation: saturationOf({ backlog: 20 }) })).toMatchObject({
      active: true,
      summary: '20 connections waiting to be accepted',
    });
    expect(read('Saturated', { saturation: saturationOf({ utilizationRatio: 0.95 }) })?.summary).toBe(
      'utilisation 95 % > 90 %',
    );
    expect(read('Saturated', { saturation: saturationOf({ utilizationRatio: 0 }), busyRatio: 1 })?.active).toBe(true);
  });

  it('knows event-loop workers by their queue alone', () => {
    const loop = { busyRatio: null, masters: [master({ workerClass: 'gevent' })] };
    expect(read('Saturated', { ...loop, saturation: saturationOf({ utilizationRatio: null }) })?.active).toBe(false);
    expect(
      read('Saturated', { ...loop, saturation: saturationOf({ utilizationRatio: null, backlog: null }) })?.active,
    ).toBeNull();
  });
});

describe('MasterDown', () => {
  it('is active while there is no master', () => {
    expect(read('MasterDown', {})?.active).toBe(false);
    expect(read('MasterDown', { masters: [], notes: ['pid file not found'] })).toMatchObject({
      active: true,
      summary: 'the master is gone · pid file not found',
    });
  });

  it('fires after five seconds', () => {
    const engine = new AlertEngine();
    const states = [0, 4, 5].map((second) => {
      engine.evaluate(view({ masters: [], sources: [] }), T0 + second * 1000);
      return engine.rows().find((row) => row.name === 'MasterDown')?.state;
    });
    expect(states).toEqual(['pending', 'pending', 'firing']);
  });
});

describe('DiskAlmostFull', () => {
  it('names the fullest disk', () => {
    const disk = { device: null, totalBytes: 1, usedBytes: 1 };
    const disks = [
      { ...disk, mount: '/', usedRatio: 0.5 },
      { ...disk, mount: '/var/log', usedRatio: 0.97 },
    ];
    expect(read('DiskAlmostFull', { disks })).toEqual({
      value: 0.97,
      active: true,
      summary: '/var/log 97 % > 90 %',
      labels: { mount: '/var/log' },
    });
    expect(read('DiskAlmostFull', { disks: [] })).toBeUndefined();
  });
});

describe('LogStale', () => {
  const sources = [accessLog({ lastLineAtMs: T0 - 72_000 })];

  it('needs clients that stay connected for the whole minute', () => {
    const stale = { sources, activeConnections: 3, connectedSinceMs: T0 - 80_000 };
    expect(read('LogStale', stale)).toEqual({
      value: 72,
      active: true,
      summary: 'no line for 72 s, yet 3 connections open',
    });
    expect(read('LogStale', { ...stale, connectedSinceMs: T0 - 2000 })?.active).toBe(false);
    expect(read('LogStale', { ...stale, activeConnections: 0, connectedSinceMs: null })?.active).toBe(false);
    expect(read('LogStale', { ...stale, activeConnections: null })).toBeUndefined();
  });
});

describe('LowRequestRate', () => {
  it('compares the rate of five minutes once it is switched on', () => {
    const quiet = { fiveMinutes: measures({ requestsPerSecond: 0.02 }) };
    const engine = new AlertEngine(undefined, { LowRequestRate: { enabled: true, threshold: 0.5, forSeconds: 0 } });
    engine.evaluate(view(quiet), T0);
    expect(engine.rows()).toEqual([expect.objectContaining({ state: 'firing', summary: '0.02 requests/s < 0.5' })]);
    expect(read('LowRequestRate', { ...quiet, sources: lostLog({ state: 'denied' }) })?.active).toBeNull();
  });
});
