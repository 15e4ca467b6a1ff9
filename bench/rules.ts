/**
 * One evaluation of 100 rules, of the kinds that people write for Gunicorn, over 2,000 series with an hour of samples
 * every 15 s. The goal is 50 ms. `npm run bench:rules`, a few seconds.
 */
import { evaluate, labelsOf, MemorySeries, parseExpr, SeriesIndex } from '../src/alerts/promql/index.ts';

const STEP_MS = 15_000;
const SAMPLES = 240;
const ROUNDS = 40;
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
const STATUSES = ['200', '302', '404', '500', '503'];
const BOUNDS = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2', '2.5', '5', '10', '30', '60', '+Inf'];

const index = new SeriesIndex();
let count = 0;

function addSeries(name: string, labels: Readonly<Record<string, string>>, valueAt: (sample: number) => number): void {
  const series = new MemorySeries(labelsOf(Object.entries({ __name__: name, ...labels })));
  for (let sample = 0; sample < SAMPLES; sample++) series.add(sample * STEP_MS, valueAt(sample));
  index.add(series);
  count++;
}

for (let endpoint = 0; endpoint < 60; endpoint++) {
  for (const method of METHODS) {
    for (const status of STATUSES) {
      addSeries('gunicorn_requests_total', { method, endpoint: `/e${endpoint}`, status }, (n) => n * (endpoint + 1));
    }
    addSeries('gunicorn_errors_total', { method, endpoint: `/e${endpoint}` }, (n) => Math.floor(n / 7));
  }
}
for (let endpoint = 0; endpoint < 30; endpoint++) {
  for (const [rank, le] of BOUNDS.entries()) {
    addSeries('gunicorn_request_duration_seconds_bucket', { endpoint: `/e${endpoint}`, le }, (n) => n * (rank + 1));
  }
}
for (let pid = 0; count < 2000; pid++) {
  addSeries('gunicorn_worker_resident_memory_bytes', { pid: String(pid) }, (n) => 5e7 + n * 1000);
}

/** Each with a number that makes every rule an expression of its own. */
const KINDS: readonly ((n: number) => string)[] = [
  (n) => `rate(gunicorn_requests_total{status=~"5..",endpoint="/e${n}"}[5m]) > 0.1`,
  (n) => `sum(rate(gunicorn_errors_total[5m])) / sum(rate(gunicorn_requests_total[5m])) > 0.0${n + 1}`,
  (n) =>
    `histogram_quantile(0.95, sum by (le) (rate(gunicorn_request_duration_seconds_bucket{endpoint="/e${n}"}[5m]))) > 0.5`,
  (n) => `sum by (endpoint) (increase(gunicorn_errors_total[10m])) > ${n}`,
  (n) => `gunicorn_worker_resident_memory_bytes / (1024 * 1024) > ${200 + n}`,
  (n) => `predict_linear(gunicorn_worker_resident_memory_bytes{pid="${n}"}[30m], 3600) > 1e9`,
  (n) => `avg_over_time(gunicorn_worker_resident_memory_bytes{pid=~"${n}.*"}[10m]) > 1e8`,
  (n) => `absent(gunicorn_up{instance="${n}"})`,
  (n) => `topk(5, sum by (endpoint) (rate(gunicorn_requests_total{method="GET"}[5m]))) > ${n}`,
  (n) => `max_over_time(sum(rate(gunicorn_errors_total{endpoint="/e${n}"}[5m]))[10m:1m]) > 1`,
];
const rules = Array.from({ length: 100 }, (_, rule) => {
  const kind = KINDS[rule % KINDS.length];
  if (kind === undefined) throw new Error('no such kind of rule');
  return parseExpr(kind(Math.floor(rule / KINDS.length)));
});

const nowMs = (SAMPLES - 1) * STEP_MS;
const times: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const before = performance.now();
  for (const rule of rules) evaluate(rule, index, nowMs);
  times.push(performance.now() - before);
}
const first = times[0] ?? Number.NaN;
const sorted = times.slice(ROUNDS / 4).sort((a, b) => a - b);
const at = (quantile: number): string => (sorted[Math.floor(quantile * (sorted.length - 1))] ?? Number.NaN).toFixed(1);
console.log(`${rules.length} rules over ${count} series of ${SAMPLES} samples, one evaluation of all:`);
console.log(
  `  least ${at(0)} ms, median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, the first ever ${first.toFixed(1)} ms (goal 50 ms)`,
);

for (const [kind, text] of KINDS.entries()) {
  const own = rules.filter((_, rule) => rule % KINDS.length === kind);
  const before = performance.now();
  for (let round = 0; round < ROUNDS; round++) for (const rule of own) evaluate(rule, index, nowMs);
  console.log(`  ${((performance.now() - before) / ROUNDS / own.length).toFixed(3).padStart(7)} ms each: ${text(0)}`);
}
