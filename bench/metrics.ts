/**
 * What metrics add to each access line, with paths that repeat and with paths that never do (the goal is 150 ns), and
 * what one `/metrics` of 200 endpoints costs by HTTP, every second with another answer (the goal is 20 ms). Some 10 s.
 */
import { get } from 'node:http';
import type { AccessRecord } from '../src/model/facts.ts';
import { DEFAULT_METRICS, type MetricsOptions } from '../src/model/metrics/index.ts';
import { Model } from '../src/model/model.ts';
import { startServer } from '../src/output/prometheus/index.ts';

const START = Date.UTC(2026, 10, 21, 12, 0, 0);
const LINES = 400_000;
const ROUNDS = 5;
const SCRAPES = 100;
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
const STATUSES = [200, 201, 302, 404, 500];

const record: AccessRecord = {
  atMs: START,
  method: 'GET',
  target: null,
  path: null,
  protocol: 'HTTP/1.1',
  status: 200,
  bytes: 512,
  seconds: 0.02,
  address: '10.0.0.1',
  user: null,
  referrer: '-',
  userAgent: 'curl/8',
  worker: 7,
  excluded: false,
};

const modelWith = (metrics: MetricsOptions | null): Model =>
  new Model({ startedAtMs: START, watches: { processes: false, accessLog: true, errorLog: false }, metrics });

/** Milliseconds for all lines. */
function fold(model: Model, paths: readonly string[]): number {
  const begin = performance.now();
  for (let line = 0; line < LINES; line++) {
    record.path = paths[line % paths.length] ?? null;
    record.method = METHODS[line % METHODS.length] ?? null;
    record.status = STATUSES[line % STATUSES.length] ?? 0;
    record.seconds = (line % 1000) / 1000;
    model.addAccess(record, Number.NaN, START + line / 50);
  }
  return performance.now() - begin;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Nanoseconds a line that metrics cost, without and with turning about, so that neither profits from the order. */
function perLine(paths: readonly string[], metrics: MetricsOptions): { plain: number; added: number } {
  const times = { plain: [] as number[], counted: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.plain.push(fold(modelWith(null), paths));
    times.counted.push(fold(modelWith(metrics), paths));
  }
  const [plain, counted] = [median(times.plain), median(times.counted)].map((ms) => (ms / LINES) * 1e6);
  return { plain: plain ?? Number.NaN, added: (counted ?? Number.NaN) - (plain ?? Number.NaN) };
}

const same = Array.from({ length: 150 }, (_, index) => `/api/route${index}`);
const distinct = Array.from({ length: LINES }, (_, index) => `/once/x${index}`);
const perEndpoint = { ...DEFAULT_METRICS, perEndpoint: true };
for (const [what, paths, metrics] of [
  ['150 paths', same, DEFAULT_METRICS],
  ['150 paths, durations per endpoint', same, perEndpoint],
  ['a new path in every line', distinct, DEFAULT_METRICS],
] as const) {
  const { plain, added } = perLine(paths, metrics);
  console.log(`${what}: ${plain.toFixed(0)} ns a line without metrics, ${added.toFixed(0)} ns more with them`);
}

for (const [what, metrics] of [
  ['200 endpoints', DEFAULT_METRICS],
  ['200 endpoints, durations per endpoint', perEndpoint],
] as const) {
  const model = modelWith(metrics);
  const endpoints = Array.from({ length: 200 }, (_, index) => `/api/route${index}`);
  for (let line = 0; line < 200 * METHODS.length * STATUSES.length; line++) {
    Object.assign(record, {
      path: endpoints[line % 200],
      method: METHODS[Math.floor(line / 200) % METHODS.length],
      status: STATUSES[Math.floor(line / 800)],
    });
    model.addAccess(record, Number.NaN, START);
  }
  const server = await startServer({
    listen: { host: '127.0.0.1', port: 0 },
    served: {
      version: '0',
      startedAtMs: START,
      tickedAtMs: START,
      metrics: () => model.metrics(START),
      snapshot: () => {
        throw new Error('not asked for');
      },
    },
    httpAliases: () => false,
  });
  const gzipped = { accept: 'application/openmetrics-text', 'accept-encoding': 'gzip' };
  for (const headers of [null, gzipped]) {
    const times: number[] = [];
    let bytes = 0;
    for (let scrape = 0; scrape < SCRAPES; scrape++) {
      record.path = endpoints[scrape % 200] ?? null;
      model.addAccess(record, Number.NaN, START);
      const begin = performance.now();
      bytes = await scrapeOnce(server.address.port, headers ?? {});
      times.push(performance.now() - begin);
    }
    const form = headers ? 'OpenMetrics, gzip' : 'text';
    const most = Math.max(...times.slice(10));
    console.log(
      `/metrics, ${what}, ${form}: ${median(times).toFixed(1)} ms, at most ${most.toFixed(1)} ms, ${(bytes / 1000).toFixed(0)} kB`,
    );
  }
  await server.close();
}

function scrapeOnce(port: number, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/metrics', headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve(bytes));
    }).on('error', reject);
  });
}
