import { describe, expect, it } from 'vitest';
import { noExits } from '../../../../src/model/exit-rules.ts';
import type { ServiceView } from '../../../../src/model/service-view.ts';
import type { AlertRow } from '../../../../src/model/snapshot.ts';
import { DIAGNOSES, diagnose } from '../../../../src/model/verdict/index.ts';
import { T0 } from '../samples.ts';
import { accessLog, ends, lostLog, measures, row, saturationOf, view } from '../views.ts';

const firing = (name: string, rest: Partial<AlertRow> = {}): AlertRow => ({
  name,
  severity: 'critical',
  state: 'firing',
  value: null,
  threshold: null,
  since: null,
  summary: 'so it is',
  labels: {},
  ...rest,
});

const verdict = (rest: Partial<ServiceView> = {}, alerts: readonly AlertRow[] = []) => diagnose(view(rest), alerts);
const kinds = (rest: Partial<ServiceView>, alerts: readonly AlertRow[] = []) =>
  verdict(rest, alerts).causes.map((cause) => `${cause.level} ${cause.kind}`);

const hung = [1, 2, 3, 4].map((pid) => row(pid, { state: 'busy', busySeconds: 36 + 2 * pid, connections: 1 }));

describe('a healthy service', () => {
  it('is told in one line, without causes', () => {
    expect(verdict()).toEqual({ level: 'ok', text: '12.3 requests/s · p95 84 ms · no errors', causes: [] });
  });

  it('may have a few errors', () => {
    const oneMinute = measures({ serverErrors: 3 });
    expect(verdict({ oneMinute })).toMatchObject({
      level: 'ok',
      text: '12.3 requests/s · p95 84 ms · 0.41 % errors',
    });
  });

  it('stays calm about too few requests to say anything', () => {
    const oneMinute = measures({ requests: 4, serverErrors: 3, latencyCount: 4, p95Seconds: null });
    expect(verdict({ oneMinute }).level).toBe('ok');
  });

  it('may be idle, and may be busy for a moment', () => {
    const quiet = {
      oneMinute: measures({ requests: 0, requestsPerSecond: 0, p95Seconds: null }),
      activeConnections: 0,
    };
    expect(verdict({ ...quiet, sources: [accessLog({ lastLineAtMs: T0 - 250_000 })] }).text).toBe(
      'no requests for 4 m 10 s',
    );
    expect(verdict({ ...quiet, sources: [accessLog({ lastLineAtMs: null })] }).text).toBe('no requests yet');
    expect(verdict({ workers: hung, saturation: saturationOf({ busyWorkers: 4 }) }).level).toBe('ok');
  });

  it('is described by its workers where no access log is read', () => {
    const watches = { processes: true, accessLog: false, errorLog: false };
    expect(verdict({ watches, sources: [] }).text).toBe('4 workers · 0 busy');
    expect(kinds({ watches, sources: [] })).toEqual(['ok no-access-log']);
  });
});

describe('what is wrong', () => {
  it('saturated: how long, how many wait, and which route takes the workers', () => {
    const saturated: Partial<ServiceView> = {
      workers: hung,
      busyRatio: 1,
      saturation: saturationOf({ busyWorkers: 4, backlog: 20, estimatedQueueSeconds: null }),
      slowestRoute: { method: 'GET', path: '/reports/{id}', requests: 9, serverErrors: 0, timeRatio: 0.714 },
    };
    expect(verdict(saturated)).toMatchObject({
      level: 'critical',
      text: '4/4 workers busy for 38 s · 20 waiting to be accepted · 71 % of worker time in GET /reports/{id}',
    });
  });

  it('nearly saturated is a warning until it lasts', () => {
    const full = { saturation: saturationOf({ busyWorkers: 3, utilizationRatio: 0.95 }) };
    expect(kinds(full)).toEqual(['warning saturated']);
    expect(verdict(full).text).toBe('95 % of 4 slots in use');
    expect(kinds(full, [firing('Saturated')])).toEqual(['critical saturated']);
  });

  it('errors, with the route that fails most', () => {
    const failing = {
      oneMinute: measures({ requests: 1000, serverErrors: 61 }),
      failingRoute: { method: 'POST', path: '/orders', requests: 80, serverErrors: 58, timeRatio: null },
    };
    expect(verdict(failing)).toMatchObject({
      level: 'critical',
      text: '6.1 % of requests fail with 5xx (1.02/s) · most in POST /orders (58 of 61)',
    });
    expect(kinds({ oneMinute: measures({ requests: 1000, serverErrors: 20 }) })).toEqual(['warning error-rate']);
  });

  it('latency', () => {
    expect(verdict({ oneMinute: measures({ p95Seconds: 1.2 }) })).toMatchObject({
      level: 'warning',
      text: 'p95 1.2 s over the last minute',
    });
  });

  it('a timeout, with its request', () => {
    const lastTimeout = 'worker 26190 killed: timeout after 30 s in GET /reports/9912';
    const timedOut = { ends: ends({ byReason: { ...noExits(), timeout: 1 }, abnormal: 1, lastTimeout }) };
    expect(verdict(timedOut)).toMatchObject({ level: 'critical', text: lastTimeout });
  });

  it('a crash, and a loop of them', () => {
    const lastCrash = 'worker 9 crashed: SIGSEGV';
    expect(verdict({ ends: ends({ abnormal: 1, lastCrash }) }).text).toBe(lastCrash);
    expect(kinds({ ends: ends({ abnormal: 7, lastCrash }) })).toEqual([
      'critical restart-loop',
      'critical worker-crash',
    ]);
  });

  it('a stuck worker', () => {
    const stuck = row(2, { state: 'stuck', busySeconds: 65, clientAddress: '10.0.0.5' });
    expect(verdict({ workers: [row(1), stuck] })).toMatchObject({
      level: 'warning',
      text: '1 worker of 2 stuck: 2 · busy for 65 s · client 10.0.0.5',
    });
  });

  it('no master: gone, or never found, with what the sampler says', () => {
    const down = { masters: [], workers: [], notes: ['/run/g.pid: stale'] };
    expect(verdict(down)).toMatchObject({ level: 'critical', text: 'the master is gone (/run/g.pid: stale)' });
    expect(verdict({ ...down, masterSeen: false }).text).toBe('no master found (/run/g.pid: stale)');
  });

  it('a log that is missing or may not be read', () => {
    const missing = { sources: lostLog({ state: 'waiting', message: 'not found: waiting' }) };
    expect(verdict(missing)).toMatchObject({ level: 'warning', text: '/var/log/access.log: not found: waiting' });
    const denied = { sources: lostLog({ state: 'denied', message: 'permission denied' }) };
    expect(verdict(denied).text).toContain('permission denied');
  });

  it('unknown, where nothing can be known', () => {
    const onlyLog = { watches: { processes: false, accessLog: true, errorLog: false }, masters: null, workers: [] };
    expect(verdict({ ...onlyLog, sources: lostLog({ state: 'waiting' }) }).level).toBe('unknown');
    const first = { watches: { processes: true, accessLog: false, errorLog: false }, masters: null, sources: [] };
    expect(verdict(first)).toMatchObject({ level: 'unknown', text: 'nothing is known yet' });
  });

  it('a log that went quiet while clients stay connected; one that a sample just caught proves nothing', () => {
    const sources = [accessLog({ lastLineAtMs: T0 - 72_000 })];
    const stale = { sources, activeConnections: 3, connectedSinceMs: T0 - 90_000 };
    expect(verdict(stale).text).toBe('no access line for 72 s, yet 3 connections open');
    expect(verdict({ ...stale, connectedSinceMs: T0 - 1000 }).level).toBe('ok');
  });

  it('a format that does not fit', () => {
    const sources = [accessLog({ linesRead: 100, linesParsed: 10, linesRejected: 90 })];
    expect(verdict({ sources }).text).toBe(
      '90 % of the lines of /var/log/access.log cannot be read: give --log-format',
    );
  });

  it('an alert that no diagnosis tells of', () => {
    const memory = firing('HighMemoryUsage', { severity: 'warning', summary: 'memory of the host 93 % > 90 %' });
    expect(verdict({}, [memory])).toMatchObject({
      level: 'warning',
      text: 'HighMemoryUsage: memory of the host 93 % > 90 %',
    });
    expect(verdict({}, [firing('HighErrorRate'), { ...memory, state: 'pending' }]).level).toBe('ok');
  });
});

describe('what is worth knowing but nothing wrong', () => {
  it('the default format, and what may not be read', () => {
    const limited = { sources: [accessLog({ durationUnit: null })], notes: ['heartbeat needs root'] };
    expect(verdict(limited).level).toBe('ok');
    expect(kinds(limited)).toEqual(['ok no-durations', 'ok limited-view']);
  });
});

describe('several things at once', () => {
  it('are all named, the worst first, and the first in the table makes the headline of equals', () => {
    const bad = {
      oneMinute: measures({ serverErrors: 600, p95Seconds: 3 }),
      masters: [],
      sources: [accessLog({ durationUnit: null })],
    };
    expect(kinds(bad)).toEqual(['critical master-down', 'critical error-rate', 'warning latency', 'ok no-durations']);
    expect(verdict(bad).text).toBe('the master is gone');
  });
});

describe('the table', () => {
  it('has a name of its own and a summary for every diagnosis', () => {
    expect(new Set(DIAGNOSES.map((one) => one.kind)).size).toBe(DIAGNOSES.length);
    expect(DIAGNOSES.filter((one) => !/^[a-z-]+$/.test(one.kind) || one.summary.length < 20)).toEqual([]);
  });
});
