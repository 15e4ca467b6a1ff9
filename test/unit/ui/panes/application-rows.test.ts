import { describe, expect, it } from 'vitest';
import type { HealthRow, Snapshot } from '../../../../src/model/snapshot.ts';
import { busy, iso } from '../../../support/snapshots.ts';
import { drawPane, lineWith } from './draw.ts';

const health = (rest: Partial<HealthRow> = {}): HealthRow => ({
  name: 'web',
  target: 'http://127.0.0.1:8000/health',
  up: true,
  status: 'ok',
  statusCode: 200,
  seconds: 0.0123,
  checkedAt: iso(3),
  error: null,
  checks: [],
  ...rest,
});

/** The System pane zoomed at 80 columns, with nothing about the application but what a test names. */
const zoomed = (rest: Partial<Snapshot>, width = 78, height = 20): string[] =>
  drawPane('system', busy({ health: [], custom: [], endpoints: [], ...rest }), width, height);

describe('what the System pane shows of the application', () => {
  it('puts probes that are down first, with the reason', () => {
    const down = health({
      name: 'db',
      up: false,
      status: 'error',
      statusCode: null,
      seconds: null,
      error: 'connection refused',
    });
    const lines = zoomed({ health: [health(), down] });
    expect(lineWith(lines, 'db ')).toMatch(/db +✖ down · connection refused · http/);
    expect(lines.findIndex((line) => line.includes(' db '))).toBeLessThan(
      lines.findIndex((line) => line.includes(' web ')),
    );
  });

  it('says of a probe without a result that it was not asked yet', () => {
    const fresh = health({ up: null, status: 'unknown', statusCode: null, seconds: null, checkedAt: null });
    expect(lineWith(zoomed({ health: [fresh] }), ' web ')).toMatch(/web +– not asked yet · http/);
  });

  it('names endpoints that cannot be read, and what was left out', () => {
    const [endpoint] = busy().endpoints;
    if (endpoint === undefined) throw new Error('no endpoint in the fixture');
    const custom = [{ source: 'shop', name: 'lat_bucket', labels: { le: '0.5' }, value: 1 }];
    const lines = zoomed({
      custom,
      endpoints: [
        { ...endpoint, dropped: 37 },
        { ...endpoint, name: 'jobs', series: 0, seconds: null, error: 'answers 500' },
      ],
    });
    expect(lineWith(lines, 'shop')).toMatch(/shop +● 1 number · 37 left out · prometheus · 4\.10ms/);
    expect(lineWith(lines, 'jobs')).toMatch(/jobs +✖ answers 500/);
    expect(lines.join()).not.toContain('lat_bucket');
  });

  it('shows what came by StatsD, and why nothing comes', () => {
    const statsd = {
      address: '127.0.0.1:8125',
      error: null,
      packets: 3000,
      foreign: 0,
      rejected: 2,
      requestsTotal: 1000,
      requestsPerSecond: 12.34,
      codes: { 200: 1000 },
      p50Seconds: 0.01,
      p95Seconds: 0.182,
      logs: { critical: 0, error: 0, exception: 0, warning: 0 },
      workers: 3,
      backlog: null,
      lastAt: iso(1),
    };
    expect(lineWith(zoomed({ statsd }), 'statsd')).toMatch(
      /statsd +● 12\.3\/s · 1\.00k requests · p95 182ms · 3 workers$/,
    );
    expect(lineWith(zoomed({ statsd }, 240), 'statsd')).toContain('3 workers · 2 broken lines · 127.0.0.1:8125');
    const none = { ...statsd, packets: 0, requestsPerSecond: null, p95Seconds: null, workers: null, rejected: 0 };
    expect(lineWith(zoomed({ statsd: none }), 'statsd')).toContain('– nothing received yet · 127.0.0.1:8125');
    const taken = { ...none, error: 'address already in use' };
    expect(lineWith(zoomed({ statsd: taken }), 'statsd')).toContain('✖ address already in use');
  });

  it('shows what the control socket says, or why it says nothing', () => {
    const control = {
      path: '/run/gunicorn.ctl',
      error: null,
      at: iso(1),
      workersTarget: 4,
      workersSpawned: 12,
      workersKilled: 2,
      reloads: 1,
      dirtyArbiterPid: null,
      dirtyApps: [],
      workers: [],
    };
    expect(lineWith(zoomed({ control }, 99), 'control')).toMatch(
      /control +● 4 workers wanted · 12 started · 1 reload · told to end 2×/,
    );
    const refused = { ...control, error: 'permission denied', workersTarget: null };
    expect(lineWith(zoomed({ control: refused }), 'control')).toMatch(/▲ permission denied · \/run\/gunicorn\.ctl/);
    expect(zoomed({ control: { ...control, path: null } }).join()).not.toContain('control');
  });

  it('says what could be told, where there is room for that and nothing asks the application', () => {
    const nothing = { health: [], endpoints: [] };
    expect(lineWith(zoomed(nothing), 'health')).toContain('– not asked: set probes: in the configuration');
    expect(lineWith(zoomed(nothing), 'numbers')).toContain('set metrics-endpoints:');
    expect(zoomed(nothing, 78, 9).join()).not.toContain('not asked');
    expect(zoomed({ ...nothing, replay: { speed: 1, ended: false } }).join()).not.toContain('not asked');
    expect(zoomed({ health: [health({})] }).join()).not.toContain('not asked');
  });

  it('fits every width and height, and says how much it leaves out', () => {
    const many = Array.from({ length: 40 }, (_, index) => health({ name: `probe-${index}` }));
    for (const width of [20, 40, 78, 99, 100, 158]) {
      for (const height of [1, 5, 20]) {
        for (const line of zoomed({ health: many }, width, height)) expect(line.length).toBeLessThanOrEqual(width);
      }
    }
    // 8 lines of the host and 11 probes above the last line.
    expect(zoomed({ health: many }).at(-1)).toContain('… 29 more');
  });
});
