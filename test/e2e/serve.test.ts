import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, onCleanup, temporaryFolder } from '../support/cleanup.ts';
import { runGtop } from '../support/cli.ts';
import {
  OPEN_METRICS,
  type ParsedSample,
  parseOpenMetrics,
  parseSeries,
  promtool,
  RunningServe,
} from '../support/exporter.ts';
import { freePort, type RunningGunicorn, startGunicorn } from '../support/gunicorn.ts';
import { request, sendRaw } from '../support/http.ts';
import { openGtop } from '../support/pty.ts';
import { countBy, plannedTraffic, sendTraffic } from '../support/traffic.ts';
import { until } from '../support/wait.ts';

afterEach(cleanUp);

const watch = ({ pidFile, accessLog, errorLog }: RunningGunicorn) => [
  ...['--no-config', '--pid', pidFile, '--log', accessLog, '--error-log', errorLog],
];

const serve = (...args: string[]): Promise<RunningServe> => new RunningServe(args).listening();

const requestsOf = (series: ReadonlyMap<string, number>): number =>
  [...series].reduce((sum, [name, value]) => sum + (name.startsWith('gunicorn_requests_total{') ? value : 0), 0);

/** Every counter, histogram and summary. */
const isCumulative = (name: string): boolean => /^[a-z_]+(_total|_bucket|_count|_sum)(\{|$)/.test(name);

describe('a Gunicorn under load', () => {
  it('has in /metrics what was sent, to the request', async () => {
    const gunicorn = await startGunicorn({ workers: 2 });
    const gtop = await serve(...watch(gunicorn));
    const sent = await sendTraffic(gunicorn.endpoint, plannedTraffic(400));
    const series = await until('all requests are counted', async () => {
      const now = await gtop.series();
      return requestsOf(now) === sent.length && now;
    });

    const byStatus = countBy(sent, ({ method, status }) => `${method} ${status}`);
    const counted: Record<string, number> = {};
    for (const [name, value] of series) {
      const [, method, status] = /^gunicorn_requests_total\{method="(.*?)",.*status="(\d+)"\}$/.exec(name) ?? [];
      if (method !== undefined) counted[`${method} ${status}`] = (counted[`${method} ${status}`] ?? 0) + value;
    }
    expect(counted).toEqual(byStatus);
    const errors = [...series].filter(([name]) => name.startsWith('gunicorn_errors_total{'));
    expect(errors.reduce((sum, [, value]) => sum + value, 0)).toBe(sent.filter(({ status }) => status >= 500).length);
    expect(series.get('gunicorn_request_duration_seconds_count')).toBe(sent.length);
    expect(series.get('gunicorn_request_duration_seconds_bucket{le="60.0"}')).toBe(sent.length);
    expect(series.get('gunicorn_response_size_bytes_sum')).toBe(sent.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(series.get('gunicorn_up')).toBe(1);
    expect(series.get('gunicorn_worker_processes')).toBe(2);
    for (const pid of gunicorn.workers()) {
      expect(series.get(`gunicorn_worker_resident_memory_bytes{pid="${pid}"}`)).toBeGreaterThan(1e6);
    }
    expect(await gtop.end('SIGTERM')).toBe(143);
  });

  it('passes promtool and the strict OpenMetrics parser meanwhile, with hostile paths among the others', async () => {
    const gunicorn = await startGunicorn({ workers: 2 });
    const gtop = await serve(...watch(gunicorn), '--metrics-alias', 'http');
    let isLoading = true;
    const load = sendTraffic(gunicorn.endpoint, plannedTraffic(600)).finally(() => {
      isLoading = false;
    });
    // It is awaited below: until then a failure is nobody's.
    load.catch(() => {});
    const paths = [
      '/\x1b]0;owned\x07',
      '/"quoted"',
      '/back\\slash\\n',
      '/\x9b31m',
      '/\xff\xfe',
      '/{}',
      '/a\x7fb',
      '/%0a%22',
    ];
    for (const path of paths) {
      const bytes = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 'latin1');
      await sendRaw(gunicorn.endpoint, bytes).catch(() => {});
    }
    let scrapes = 0;
    do {
      expect(await promtool(['metrics'], await gtop.metrics())).toBe('');
      expect((await parseOpenMetrics(await gtop.metrics(OPEN_METRICS))).length).toBeGreaterThan(0);
      scrapes++;
    } while (isLoading);
    await load;
    expect(scrapes).toBeGreaterThan(0);

    const total = (samples: readonly ParsedSample[]): number =>
      samples.reduce((sum, [name, , value]) => sum + (name === 'gunicorn_requests_total' ? value : 0), 0);
    const samples = await until('all is counted, and both forms say the same', async () => {
      const [text, open] = await Promise.all([gtop.metrics(), gtop.metrics(OPEN_METRICS)]);
      const parsed = await parseOpenMetrics(open);
      return total(parsed) > 600 && total(parsed) === requestsOf(parseSeries(text)) && parsed;
    });
    expect(samples.length).toBeGreaterThan(50);
    const open = await gtop.metrics(OPEN_METRICS);
    const requests = (name: string) => samples.filter((sample) => sample[0] === name);
    expect(requests('http_requests_total')).toHaveLength(requests('gunicorn_requests_total').length);
    const endpoints = new Set(samples.map(([, { endpoint = '' }]) => endpoint));
    expect(endpoints).toContain('/"quoted"');
    expect(endpoints).toContain('/back\\slash\\n');
    expect(endpoints).toContain('/\\x1b]0;owned\\x07');
    expect(open).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  it('that kills a worker by timeout counts the request as lost', async () => {
    const gunicorn = await startGunicorn({ workers: 1, timeout: 1 });
    const gtop = await serve(...watch(gunicorn));
    await request(gunicorn.endpoint, '/hang').catch(() => {});
    const series = await gtop.waitFor('gunicorn_requests_lost_total', (value) => value === 1);
    expect(series.get('gunicorn_worker_timeouts_total')).toBe(1);
    expect(series.get('gunicorn_worker_exits_total{reason="timeout"}')).toBe(1);
    expect(series.get('gunicorn_request_duration_seconds_bucket{le="0.5"}')).toBe(0);
    expect(series.get('gunicorn_request_duration_seconds_count')).toBe(1);
  });
});

describe('a Gunicorn with two listeners', () => {
  it('has the connections of each', async () => {
    const [port, socketPath] = [await freePort(), join(temporaryFolder(), 'g.sock')];
    const gunicorn = await startGunicorn({ workers: 2, port, extraArgs: ['--bind', `unix:${socketPath}`] });
    const gtop = await serve(...watch(gunicorn));
    const name = (listener: string) => `gunicorn_active_connections{listener="${listener}"}`;
    const [overTcp, overUnix] = [name(`127.0.0.1:${port}`), name(`unix:${socketPath}`)];
    await gtop.waitFor(overUnix, (value) => value === 0);
    const slow = request({ socketPath }, '/sleep/3');
    const series = await gtop.waitFor(overUnix, (value) => value === 1);
    expect(series.get(overTcp)).toBe(0);
    expect(series.get(`gunicorn_listen_backlog{listener="unix:${socketPath}"}`)).toBe(0);
    await slow;
    await gtop.waitFor(overUnix, (value) => value === 0);
  });
});

describe('counters', () => {
  it('never go down through ten rotations, five by a new file and five by truncation', async () => {
    const folder = temporaryFolder();
    const log = join(folder, 'access.log');
    writeFileSync(log, '');
    const gtop = await serve('--no-config', '--log', log);
    let written = 0;
    const write = (count: number): void => {
      let text = '';
      for (let index = 0; index < count; index++) {
        const status = written % 7 === 0 ? 500 : 200;
        text += `127.0.0.1 - - [21/Nov/2026:02:04:13 +0000] "GET /r${written % 9} HTTP/1.1" ${status} 12 "-" "curl/8.5" 1500 77\n`;
        written++;
      }
      appendFileSync(log, text);
    };
    let before: ReadonlyMap<string, number> = new Map();
    const look = async (): Promise<ReadonlyMap<string, number>> => {
      const now = await gtop.series();
      for (const [name, value] of before) {
        if (isCumulative(name)) expect(now.get(name), name).toBeGreaterThanOrEqual(value);
      }
      before = now;
      return now;
    };
    for (let rotation = 0; rotation < 10; rotation++) {
      write(30);
      await until('they are counted', async () => requestsOf(await look()) === written);
      if (rotation % 2 === 0) {
        renameSync(log, `${log}.${rotation}`);
        writeFileSync(log, '');
      } else {
        // As `logrotate` does for copytruncate: a copy, then the same file anew.
        writeFileSync(`${log}.${rotation}`, readFileSync(log));
        writeFileSync(log, '');
      }
      await until(
        'the rotation is seen',
        async () => (await look()).get('gunicorn_log_rotations_total') === rotation + 1,
      );
    }
    write(5);
    const last = await until('the last lines', async () => {
      const now = await look();
      return requestsOf(now) === written && now;
    });
    expect(last.get('gunicorn_log_lines_total')).toBe(305);
    expect(last.get('gunicorn_log_lines_rejected_total')).toBe(0);
  });
});

describe('the server', () => {
  it('says how gtop is, and gives snapshots of any window', async () => {
    const gunicorn = await startGunicorn({ workers: 1 });
    const gtop = await serve(...watch(gunicorn));
    const health = await gtop.get('/healthz');
    expect([health.status, JSON.parse(health.body)]).toMatchObject([200, { status: 'ok' }]);
    const { body } = await gtop.get('/snapshot?window=5m');
    expect(JSON.parse(body)).toMatchObject({
      schemaVersion: 1,
      window: { seconds: 300 },
      master: { pid: gunicorn.pid },
    });
  });

  it('reads logs from their end; a file that is missing costs one line, and is read when it comes', async () => {
    const folder = temporaryFolder();
    const [log, missing] = [join(folder, 'access.log'), join(folder, 'later.log')];
    const line = '127.0.0.1 - - [21/Nov/2026:02:04:13 +0000] "GET / HTTP/1.1" 200 12 "-" "curl/8.5" 1500\n';
    writeFileSync(log, line.repeat(50));
    const gtop = await serve('--no-config', '--log', log, '--log', missing);
    await until('the missing file is named', () => gtop.stderr.includes(`${missing}: not found`));
    expect(requestsOf(await gtop.series())).toBe(0);
    appendFileSync(log, line);
    writeFileSync(missing, line.repeat(2));
    await until('three requests', async () => requestsOf(await gtop.series()) === 3);
    expect(gtop.stderr.match(/not found/g)).toHaveLength(1);
    expect(await gtop.end('SIGINT')).toBe(130);
  });

  it('reloads its config on SIGHUP, keeps the old one when the new one is wrong, and forgets nothing', async () => {
    const folder = temporaryFolder();
    const [log, config] = [join(folder, 'access.log'), join(folder, 'config.yaml')];
    writeFileSync(log, '');
    writeFileSync(config, 'metrics:\n  buckets: [0.001, 1]\n');
    const gtop = await serve('--config', config, '--log', log);
    appendFileSync(log, '127.0.0.1 - - [21/Nov/2026:02:04:13 +0000] "GET / HTTP/1.1" 200 12 "-" "curl/8.5" 1500\n');
    await gtop.waitFor('gunicorn_request_duration_seconds_bucket{le="1.0"}', (value) => value === 1);

    writeFileSync(config, 'metrics-alias: http\nroutes: ["/a/{b}"]\nmetrics:\n  buckets: [0.001, 1]\n');
    gtop.signal('SIGHUP');
    await until('it says so', () =>
      gtop.stderr.includes('reloaded; in force now: metrics-alias; only after a restart: routes'),
    );
    const series = await gtop.series();
    expect(series.get('http_requests_total{method="GET",endpoint="/",status="200"}')).toBe(1);

    writeFileSync(config, 'metrics-alais: http\n');
    gtop.signal('SIGHUP');
    await until('it says so', () => gtop.stderr.includes("unknown key 'metrics-alais', did you mean 'metrics-alias'?"));
    expect((await gtop.series()).has('http_requests_total{method="GET",endpoint="/",status="200"}')).toBe(true);
  });

  it('warns when others can reach it', async () => {
    const log = join(temporaryFolder(), 'access.log');
    writeFileSync(log, '');
    const gtop = await serve('--no-config', '--log', log, '--listen', '0.0.0.0:0');
    await until('it warns', () => /--listen 0\.0\.0\.0:0: whoever can reach this port/.test(gtop.stderr));
  });

  it('ends with one line when the port is in use', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    onCleanup(() => {
      other.close();
    });
    const log = join(temporaryFolder(), 'access.log');
    writeFileSync(log, '');
    const { code, stdout, stderr } = await runGtop(['serve', '--no-config', '--log', log, '--listen', String(port)]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(`gtop: --listen 127.0.0.1:${port}: the port is in use: choose another one\n`);
  });

  it.each(['host', ':80', '127.0.0.1:99999', '[::1'])('refuses to listen on %j', async (listen) => {
    const { code, stderr } = await runGtop(['serve', '--no-config', '--log', '/dev/null', '--listen', listen]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^gtop: --listen '.*' is not HOST:PORT: .*\(try gtop --help\)\n$/);
  });
});

describe('the dashboard with --listen', () => {
  it('serves as well, history included', async () => {
    const gunicorn = await startGunicorn({ workers: 1 });
    await sendTraffic(gunicorn.endpoint, plannedTraffic(20));
    const port = await freePort();
    const pty = openGtop([...watch(gunicorn), '--listen', String(port)], { cols: 120, rows: 40 });
    await pty.waitFor('Paths');
    const endpoint = { host: '127.0.0.1', port };
    const { body } = await until('it answers', () => request(endpoint, '/metrics').catch(() => null));
    // And the one of the start.
    expect(requestsOf(parseSeries(body))).toBe(21);
  });

  it('goes on without it when the port is in use, and says so on the screen', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    onCleanup(() => {
      other.close();
    });
    const log = join(temporaryFolder(), 'access.log');
    writeFileSync(log, '');
    const pty = openGtop(['--no-config', '--log', log, '--listen', String(port)], { cols: 120, rows: 40 });
    await pty.waitFor(`--listen 127.0.0.1:${port}: the port is in use`);
    expect(existsSync(log)).toBe(true);
    pty.press('q');
    expect((await pty.exit()).code).toBe(0);
  });
});
