/** Real Prometheus scrapes a real gtop on a real Gunicorn; and the examples, as far as these programs can judge them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { METRIC_CATALOGUE } from '../../src/model/metrics/index.ts';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { OPEN_METRICS, parseOpenMetrics, promtool, RunningServe } from '../support/exporter.ts';
import { type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { request } from '../support/http.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { plannedTraffic, sendTraffic } from '../support/traffic.ts';
import { until } from '../support/wait.ts';

afterEach(cleanUp);

const example = (path: string): string => fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));
const read = (path: string): string => readFileSync(example(path), 'utf8');

const watch = ({ pidFile, accessLog, errorLog }: RunningGunicorn) => [
  ...['--no-config', '--pid', pidFile, '--log', accessLog, '--error-log', errorLog],
];

/** What does not change while nobody asks Gunicorn for anything. */
const isStill = (name: string): boolean =>
  /^gunicorn_(requests|errors|request_duration|response_size|worker_exits|worker_timeouts|requests_lost|log_)/.test(
    name,
  ) || /^(gunicorn_up|gunicorn_worker_processes|gtop_.*)$/.test(name);

const identity = (name: string, labels: Readonly<Record<string, string>>): string =>
  JSON.stringify([name, Object.entries(labels).sort()]);

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

/** Every expression of the dashboard, with Grafana's variables filled in. */
function dashboardExpressions(): string[] {
  const dashboard = JSON.parse(read('grafana/gunicorn.json'));
  const panels: readonly Panel[] = dashboard.panels;
  return [...panels.flatMap(({ targets }) => targets), ...dashboard.annotations.list].map(({ expr }) =>
    expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*'),
  );
}

describe('a real Prometheus', () => {
  it('stores what gtop exposes, without a word of complaint, and answers the dashboard from it', async () => {
    const gunicorn = await startGunicorn({ workers: 2 });
    const gtop = await new RunningServe(watch(gunicorn)).listening();
    const prometheus = await startPrometheus(gtop.target);
    await until('its first scrape', async () => (await prometheus.query('up == 1')).length === 1, 20_000);
    await sendTraffic(gunicorn.endpoint, plannedTraffic(300));
    await request(gunicorn.endpoint, '/"quoted"\\path');

    const stored = await until(
      'the last requests are stored',
      async () => {
        const all = await prometheus.query('{job="gtop"}');
        const requests = all.filter(({ name }) => name === 'gunicorn_requests_total');
        return requests.reduce((sum, { value }) => sum + value, 0) === 301 && all;
      },
      20_000,
    );
    const storedValues = stored
      .filter(({ name }) => isStill(name))
      .map(({ name, labels: { job: _job, instance: _instance, ...labels }, value }) => [identity(name, labels), value]);
    const exposed = (await parseOpenMetrics(await gtop.metrics(OPEN_METRICS)))
      .filter(([name]) => isStill(name))
      .map(([name, labels, value]) => [identity(name, labels), value]);
    expect(storedValues.length).toBeGreaterThan(50);
    expect(Object.fromEntries(storedValues)).toEqual(Object.fromEntries(exposed));

    for (const expr of dashboardExpressions()) await prometheus.query(expr);
    await sendTraffic(gunicorn.endpoint, plannedTraffic(100));
    await until(
      'a rate of the second load',
      async () => ((await prometheus.query('sum(increase(gunicorn_requests_total[1m]))'))[0]?.value ?? 0) >= 100,
      20_000,
    );
    expect(prometheus.complaints()).toEqual([]);
  });
});

describe('the dashboard for Grafana', () => {
  it('asks for families that gtop has, and for no others', () => {
    const known = new Set(
      METRIC_CATALOGUE.flatMap(({ name }) => ['', '_bucket', '_sum', '_count'].map((s) => name + s)),
    );
    for (const expr of dashboardExpressions()) {
      const names = expr.match(/\b(gunicorn|system|gtop)_\w+/g) ?? [];
      expect(names.length, expr).toBeGreaterThan(0);
      expect(names.filter((name) => !known.has(name))).toEqual([]);
    }
  });

  it('has panels that do not cover each other', () => {
    const cells = new Set<string>();
    for (const { title, gridPos } of JSON.parse(read('grafana/gunicorn.json')).panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(cells.has(`${x},${y}`), title).toBe(false);
          expect(x).toBeLessThan(24);
          cells.add(`${x},${y}`);
        }
      }
    }
  });
});

describe('the set-up of Prometheus and Alertmanager', () => {
  it('passes their own checks', async () => {
    expect(await promtool(['config', example('prometheus/prometheus.yml')])).toBe('');
    const amtool = spawnSync('amtool', ['check-config', example('prometheus/alertmanager.yml')], { encoding: 'utf8' });
    expect([amtool.status, amtool.stderr]).toEqual([0, '']);
  });

  it('scrapes the port at which gtop listens unless told otherwise', async () => {
    const { DEFAULT_LISTEN, formatListenAddress } = await import('../../src/output/prometheus/index.ts');
    const { scrape_configs } = parse(read('prometheus/prometheus.yml'));
    expect(scrape_configs[0].static_configs[0].targets).toEqual([formatListenAddress(DEFAULT_LISTEN)]);
  });
});

describe('probes of gtop', () => {
  it('in Kubernetes ask where it listens, a page that answers', async () => {
    const { spec } = parse(read('kubernetes/sidecar.yaml')).spec.template;
    const gtop = spec.containers.find(({ name }: { name: string }) => name === 'gtop');
    const { containerPort } = gtop.ports[0];
    expect(gtop.args).toContain(`--listen=0.0.0.0:${containerPort}`);
    const log = join(temporaryFolder(), 'access.log');
    writeFileSync(log, '');
    const running = await new RunningServe(['--no-config', '--log', log]).listening();
    for (const { httpGet } of [gtop.livenessProbe, gtop.readinessProbe]) {
      expect(httpGet.port).toBe(gtop.ports[0].name);
      expect((await running.get(httpGet.path)).status).toBe(200);
    }
  });

  it('in Docker tell a gtop that works from none', async () => {
    const { services } = parse(read('docker/compose.yaml'));
    const [, node, flag, script]: string[] = services.gtop.healthcheck.test;
    expect([node, flag]).toEqual(['node', '-e']);
    // The image has the same one.
    expect(read('docker/Dockerfile')).toContain(
      `HEALTHCHECK --interval=10s --timeout=3s --retries=3 CMD ["node", "-e", "${script}"]`,
    );
    const log = join(temporaryFolder(), 'access.log');
    writeFileSync(log, '');
    const running = await new RunningServe(['--no-config', '--log', log]).listening();
    const here = String(script).replace('127.0.0.1:10913', running.target);
    const check = () => spawnSync(process.execPath, ['-e', here]).status;
    expect(check()).toBe(0);
    await running.end();
    expect(check()).toBe(1);
  });
});

describe('the settings for logrotate', () => {
  it('rotate under a running gtop, which counts on', async () => {
    const gunicorn = await startGunicorn({ workers: 1 });
    const gtop = await new RunningServe(watch(gunicorn)).listening();
    const folder = temporaryFolder();
    const config = join(folder, 'gunicorn');
    writeFileSync(
      config,
      read('logrotate/gunicorn')
        .replaceAll('/var/log/gunicorn/*.log', join(gunicorn.dir, '*.log'))
        .replaceAll('/run/gunicorn.pid', gunicorn.pidFile)
        .replace('create 0640 www-data adm', 'create 0640'),
    );
    chmodSync(config, 0o644);
    chmodSync(gunicorn.dir, 0o755);
    for (let rotation = 1; rotation <= 2; rotation++) {
      await sendTraffic(gunicorn.endpoint, plannedTraffic(50));
      execFileSync('logrotate', ['--force', '--state', join(folder, 'state'), config], {
        env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
      });
      await gtop.waitFor('gunicorn_request_duration_seconds_count', (value) => value === 50 * rotation);
    }
    await sendTraffic(gunicorn.endpoint, plannedTraffic(50));
    const series = await gtop.waitFor('gunicorn_request_duration_seconds_count', (value) => value === 150);
    const rotated = readdirSync(gunicorn.dir).filter((name) => /\.log\.\d/.test(name));
    expect(rotated.filter((name) => name.startsWith('access.log'))).toEqual(['access.log.1', 'access.log.2.gz']);
    await gtop.waitFor('gunicorn_log_rotations_total', (value) => value === rotated.length);
    expect(series.get('gunicorn_log_lines_rejected_total')).toBe(0);
  });
});
