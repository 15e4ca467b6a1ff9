import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HostSample, SourceFact } from '../../../../src/model/facts.ts';
import {
  DEFAULT_METRICS,
  HTTP_ALIASES,
  METRIC_CATALOGUE,
  type MetricFamily,
  NetworkTotals,
  withAliases,
} from '../../../../src/model/metrics/index.ts';
import { Model, type ModelOptions } from '../../../../src/model/model.ts';
import { master, sample, T0, worker } from '../samples.ts';
import { accessLog } from '../views.ts';

const EVERYTHING = { processes: true, accessLog: true, errorLog: true };

const modelOf = (options: Partial<ModelOptions> = {}): Model =>
  new Model({ startedAtMs: T0, watches: EVERYTHING, metrics: DEFAULT_METRICS, ...options });

const family = (model: Model, name: string): MetricFamily | undefined =>
  model.metrics(T0 + 1000).find((one) => one.name === name);

/** The family's one value. */
const value = (model: Model, name: string): number | undefined => family(model, name)?.samples[0]?.value;

const host = (fields: Partial<HostSample>): HostSample => ({
  atMs: T0,
  cpuPercent: null,
  cpuCount: 2,
  loadAverage: null,
  memoryUsedBytes: null,
  memoryAvailableBytes: null,
  memoryTotalBytes: null,
  swapUsedBytes: null,
  disks: [],
  networkReceivedBytesPerSecond: null,
  networkSentBytesPerSecond: null,
  ...fields,
});

const source = (fields: Partial<SourceFact>): SourceFact => accessLog({ linesRead: 0, linesParsed: 0, ...fields });

describe('the families', () => {
  it('are named by the rules of Prometheus: counters end in _total, units stand at the end', () => {
    for (const { name, type, unit, help } of METRIC_CATALOGUE) {
      expect(name).toMatch(/^(gunicorn|system|gtop)_[a-z_]+$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      if (unit !== undefined) expect(name.replace(/_total$/, '').endsWith(`_${unit}`), name).toBe(true);
      expect(help).not.toMatch(/\.$|\n/);
    }
    expect(new Set(METRIC_CATALOGUE.map(({ name }) => name)).size).toBe(METRIC_CATALOGUE.length);
  });

  it('are all described in docs/metrics.md', () => {
    const page = readFileSync(resolve('docs/metrics.md'), 'utf8');
    expect(METRIC_CATALOGUE.map(({ name }) => name).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('without a source are not there', () => {
    const model = modelOf({ watches: { processes: false, accessLog: true, errorLog: false } });
    expect(model.metrics(T0).map(({ name }) => name)).toEqual([
      'gunicorn_requests_total',
      'gunicorn_errors_total',
      'gunicorn_response_size_bytes',
      'gtop_build_info',
      'gtop_start_time_seconds',
      'gtop_dropped_label_values_total',
    ]);
  });

  it('are none at all when nobody asked for metrics', () => {
    expect(modelOf({ metrics: null }).metrics(T0)).toEqual([]);
  });

  it('of which nothing is known show nothing rather than 0', () => {
    const model = modelOf();
    model.addProcesses(sample(0, { workers: [worker(1, { rssBytes: null, heartbeatAgeSeconds: null })] }));
    expect(family(model, 'gunicorn_worker_resident_memory_bytes')).toBeUndefined();
    expect(family(model, 'gunicorn_worker_heartbeat_age_seconds')).toBeUndefined();
    expect(family(model, 'gunicorn_active_connections')).toBeUndefined();
    expect(value(model, 'gunicorn_worker_processes')).toBe(1);
  });
});

describe('processes', () => {
  it('tell of the master, of each worker by pid, and of each listener', () => {
    const model = modelOf();
    model.addProcesses(
      sample(0, {
        workers: [worker(11, { cpuSeconds: 1.5, rssBytes: 1e6 }), worker(12, { cpuSeconds: 2.5, rssBytes: 2e6 })],
        activeConnections: 5,
        backlog: 2,
        listeners: [
          { name: '127.0.0.1:8000', connections: 5, backlog: 0 },
          { name: 'unix:/run/g.sock', connections: 0, backlog: 2 },
        ],
      }),
    );
    expect(value(model, 'gunicorn_up')).toBe(1);
    expect(family(model, 'gunicorn_worker_cpu_seconds_total')?.samples).toEqual([
      { labels: { pid: '11' }, value: 1.5 },
      { labels: { pid: '12' }, value: 2.5 },
    ]);
    expect(family(model, 'gunicorn_listen_backlog')?.samples).toEqual([
      { labels: { listener: '127.0.0.1:8000' }, value: 0 },
      { labels: { listener: 'unix:/run/g.sock' }, value: 2 },
    ]);
  });

  it('say so when the master is gone', () => {
    const model = modelOf();
    model.addProcesses(sample(0));
    model.addProcesses(sample(1, { masters: [] }));
    expect(value(model, 'gunicorn_up')).toBe(0);
  });

  it('that cannot be told apart by listener stand under the names of all of them', () => {
    const model = modelOf();
    const masters = [master({ listeners: ['a:1', 'b:2'] })];
    model.addProcesses(sample(0, { masters, activeConnections: 3 }));
    expect(family(model, 'gunicorn_active_connections')?.samples).toEqual([
      { labels: { listener: 'a:1,b:2' }, value: 3 },
    ]);
  });
});

describe('ends of workers', () => {
  it('count by reason, from 0 on', () => {
    const model = modelOf();
    const exits = family(model, 'gunicorn_worker_exits_total')?.samples ?? [];
    expect(exits).toContainEqual({ labels: { reason: 'timeout' }, value: 0 });
    expect(exits.length).toBe(10);
  });

  it('by timeout take a request with them', () => {
    const model = modelOf();
    const timeout = { pid: 1, level: 'CRITICAL', traceback: null, atMs: T0 };
    model.addProcesses(sample(0, { workers: [worker(7)] }));
    model.addError(
      { ...timeout, message: 'WORKER TIMEOUT (pid:7)', event: { kind: 'worker-timeout', pid: 7 } },
      T0,
      T0,
    );
    model.tick(T0 + 10_000);
    expect(value(model, 'gunicorn_worker_timeouts_total')).toBe(1);
    expect(value(model, 'gunicorn_requests_lost_total')).toBe(1);
    expect(family(model, 'gunicorn_request_duration_seconds')?.samples.at(-1)).toMatchObject({ value: 1 });
  });
});

describe('logs', () => {
  it('are counted all together, copies that truncate as rotations too', () => {
    const model = modelOf();
    model.setSources([
      source({ linesRead: 10, linesRejected: 1, rotations: 2 }),
      source({ kind: 'error', linesRead: 5, truncations: 1 }),
    ]);
    expect(value(model, 'gunicorn_log_lines_total')).toBe(15);
    expect(value(model, 'gunicorn_log_lines_rejected_total')).toBe(1);
    expect(value(model, 'gunicorn_log_rotations_total')).toBe(3);
  });

  it('with durations have the histogram before the first request', () => {
    const model = modelOf();
    expect(family(model, 'gunicorn_request_duration_seconds')).toBeUndefined();
    model.setSources([source({ durationUnit: 'microseconds' })]);
    expect(family(model, 'gunicorn_request_duration_seconds')?.samples.length).toBe(14 + 1 + 2);
  });
});

describe('the network', () => {
  it('begins with what the kernel has counted and never goes down', () => {
    const totals = new NetworkTotals();
    expect(totals.totals).toBeNull();
    totals.add(host({ networkReceivedBytes: 1000, networkSentBytes: 500 }));
    totals.add(host({ networkReceivedBytes: 1600, networkSentBytes: 500 }));
    // An interface was taken away.
    totals.add(host({ networkReceivedBytes: 200, networkSentBytes: 100 }));
    totals.add(host({ networkReceivedBytes: 250, networkSentBytes: 110 }));
    expect(totals.totals).toEqual({ received: 1650, sent: 510 });
    totals.add(host({}));
    expect(totals.totals).toEqual({ received: 1650, sent: 510 });
  });
});

describe('aliases', () => {
  it('repeat families under the names of other exporters, and only those that are there', () => {
    const model = modelOf({ watches: { processes: false, accessLog: true, errorLog: false } });
    const families = withAliases(model.metrics(T0), HTTP_ALIASES);
    expect(families.map(({ name }) => name).filter((name) => !/^(gunicorn|gtop)_/.test(name))).toEqual([
      'http_requests_total',
      'http_response_size_bytes',
    ]);
  });
});
