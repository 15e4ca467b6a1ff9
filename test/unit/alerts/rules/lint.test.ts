import { describe, expect, it } from 'vitest';
import { parseExpr } from '../../../../src/alerts/promql/parse/index.ts';
import { Catalogue } from '../../../../src/alerts/rules/lint/catalogue.ts';
import { type LintContext, lintRule, lintRules } from '../../../../src/alerts/rules/lint/index.ts';
import { METRIC_CATALOGUE } from '../../../../src/model/metrics/index.ts';
import { createFolder } from '../../../../src/model/routes.ts';
import { anAlertingSpec, CONTEXT, ruleFile } from './samples.ts';

const lint = (text: string, context: Partial<LintContext> = {}) =>
  lintRule(anAlertingSpec(text), { ...CONTEXT, routeOf: createFolder(), ...context });

describe('rules of guides for Gunicorn that work', () => {
  it.each([
    'histogram_quantile(0.95, rate(gunicorn_request_duration_seconds_bucket[5m])) > 0.5',
    'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 1',
    'gunicorn_memory_usage_bytes / (1024 * 1024 * 1024) > 1',
    'sum(rate(gunicorn_requests_total{status=~"5.."}[5m])) / sum(rate(gunicorn_requests_total[5m])) > 0.05',
    'sum(rate(http_requests_total{status="500"}[5m])) by (endpoint) / sum(rate(http_requests_total[5m])) by (endpoint) * 100 > 5',
    'rate(gunicorn_request_duration_seconds_sum[5m]) / rate(gunicorn_request_duration_seconds_count[5m]) > 1',
    'sum(rate(gunicorn_request_duration_seconds_bucket{le="0.5"}[5m])) / sum(rate(gunicorn_request_duration_seconds_count[5m])) < 0.95',
    '1 - sum(rate(gunicorn_errors_total[5m])) / sum(rate(gunicorn_requests_total[5m])) < 0.99',
    'increase(gunicorn_worker_timeouts_total[5m]) > 0',
    'changes(gunicorn_worker_processes[10m]) > 4',
    'delta(gunicorn_worker_processes[5m]) < 0',
    'gunicorn_worker_processes < 2',
    'gunicorn_up == 0',
    'absent(gunicorn_up)',
    'cpu_usage_percent > 80',
    'sum(rate(gunicorn_requests_total[5m])) == 0',
    'sum by (reason) (increase(gunicorn_worker_exits_total{reason=~"oom|crash|killed"}[10m])) > 0',
    'predict_linear(system_disk_usage_percent[1h], 4 * 3600) > 100',
    '(1 - gunicorn_utilization_ratio) < 0.1',
    'gunicorn_listen_backlog > 0 and on () gunicorn_workers_busy >= 4',
    'ALERTS{alertname="Other", alertstate="firing"} == 1',
    'count(gunicorn_up == 0) > 0',
    'sum(gunicorn_workers_busy) / sum(gunicorn_worker_processes) > 0.9',
    'rate(gunicorn_requests_total{status=~"5.."}[5m]) / ignoring (status) group_left () sum without (status) (rate(gunicorn_requests_total[5m])) > 0.1',
    'rate(gunicorn_requests_total{status="500"}[5m]) / ignoring (status) rate(gunicorn_requests_total{status="200"}[5m]) > 0.1',
    'time() - gtop_start_time_seconds < 300',
    'topk(3, rate(gunicorn_requests_total[5m])) > 10',
    '{__name__=~"gunicorn_.*"} > 5',
  ])('%s', (text) => {
    expect(lint(text)).toEqual([]);
  });
});

describe('rules that do not do what they are meant to', () => {
  it.each([
    [
      '(gunicorn_errors_total / gunicorn_requests_total) * 100 > 5',
      'never',
      'the labels of the two sides never match: status only on the right',
      'sum(rate(gunicorn_errors_total[5m])) / sum(rate(gunicorn_requests_total[5m])) * 100 > 5',
    ],
    [
      'increase(gunicorn_worker_processes[5m]) < 0',
      'never',
      'gunicorn_worker_processes is a gauge, and increase() takes every fall for the restart of a counter: it is never negative',
      'delta(gunicorn_worker_processes[5m]) < 0',
    ],
    [
      'rate(gunicorn_requests_total{status=~"5.."}[5m]) > 0.1',
      'unlike',
      '0.1 reads as 10 % but is 0.1 per second',
      'sum(rate(gunicorn_requests_total{status=~"5.."}[5m])) / sum(rate(gunicorn_requests_total[5m])) > 0.1',
    ],
    [
      'rate(http_requests_total[5m]) < 1',
      'unlike',
      'each series (method, endpoint, status) is compared by itself',
      'sum(rate(http_requests_total[5m])) < 1',
    ],
    ['up{job="flask-app"} == 0', 'never', 'no probe is configured', 'gunicorn_up == 0'],
    [
      'rate(gunicorn_requests_total{status=~"5.."}[5m]) / rate(gunicorn_requests_total[5m]) > 0.05',
      'always',
      'the result is 1, whatever the share',
      'sum(rate(gunicorn_requests_total{status=~"5.."}[5m])) / sum(rate(gunicorn_requests_total[5m])) > 0.05',
    ],
    [
      'histogram_quantile(0.95, gunicorn_request_duration_seconds_bucket) > 1',
      'unlike',
      'without rate() the quantile is of all requests since gtop began to count',
      'histogram_quantile(0.95, rate(gunicorn_request_duration_seconds_bucket[5m])) > 1',
    ],
    [
      'histogram_quantile(0.95, sum(rate(http_request_duration_seconds_bucket[5m])) by (job)) > 1',
      'never',
      'needs the label le',
      'histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket[5m]))) > 1',
    ],
    [
      'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 500',
      'never',
      'in seconds and at most 60',
      'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 0.5',
    ],
    [
      'gunicorn_request_duration_seconds{quantile="0.99"} > 0.5',
      'never',
      'is a histogram: it has no series of that name',
      'histogram_quantile(0.99, sum by (le) (rate(gunicorn_request_duration_seconds_bucket[5m]))) > 0.5',
    ],
    [
      'rate(gunicorn_requests_total{status=~"5.."}[5m]) / rate(gunicorn_requests_total{status=~"5.."}[5m]) > 0.05',
      'always',
      'both sides are the same: the result is 1',
      'sum(rate(gunicorn_requests_total{status=~"5.."}[5m])) / sum(rate(gunicorn_requests_total[5m])) > 0.05',
    ],
    [
      'sum(rate(gunicorn_errors_total[5m])) / sum(rate(gunicorn_errors_total[5m])) > 2',
      'never',
      'both sides are the same: the result is 1',
      null,
    ],
    ['gunicorn_workers < 2', 'never', 'did you mean gunicorn_worker_processes?', 'gunicorn_worker_processes < 2'],
    [
      'rate(gunicorn_requests_total{code=~"5..",job="web"}[5m]) > 1',
      'never',
      'has the labels method, endpoint, status (status?), but no code',
      'rate(gunicorn_requests_total{status=~"5.."}[5m]) > 1',
    ],
    [
      'rate(gunicorn_requests_total{status="5xx"}[5m]) > 1',
      'never',
      'three digits',
      'rate(gunicorn_requests_total{status=~"5.."}[5m]) > 1',
    ],
    [
      'rate(gunicorn_requests_total{method="get"}[5m]) > 9',
      'never',
      'capitals',
      'rate(gunicorn_requests_total{method="GET"}[5m]) > 9',
    ],
    [
      'rate(gunicorn_requests_total{job="gunicorn"}[5m]) > 100',
      'never',
      'job is only added by a Prometheus that scrapes gtop',
      'rate(gunicorn_requests_total[5m]) > 100',
    ],
    [
      'gunicorn_requests_total > 1000',
      'unlike',
      'a counter only grows',
      'increase(gunicorn_requests_total[5m]) > 1000',
    ],
    [
      'gunicorn_requests_total offset 1h > 9',
      'unlike',
      'a counter only grows',
      'increase(gunicorn_requests_total[5m] offset 1h) > 9',
    ],
    ['gunicorn_utilization_ratio > 80', 'never', '80 reads as percent', 'gunicorn_utilization_ratio > 0.8'],
    ['cpu_usage_percent > 0.8', 'unlike', 'less than one percent', 'cpu_usage_percent > 80'],
    ['cpu_usage_percent > 100', 'never', 'goes from 0 to 100', null],
    ['gunicorn_cpu_usage_percent / 100 > 80', 'never', 'from 0 to 1', 'gunicorn_cpu_usage_percent / 100 > 0.8'],
    ['gunicorn_up', 'always', 'there is no condition', null],
    ['gunicorn_up == bool 0', 'always', 'there is no condition', null],
    ['vector(1)', 'always', 'there is no condition', null],
    ['absent(gunicorn_foo)', 'always', 'there is no metric gunicorn_foo', null],
    ['count(gunicorn_worker_processes) == 0', 'never', 'no element at all', 'absent(gunicorn_worker_processes)'],
    ['rate(gunicorn_requests_total[10s]) > 5', 'never', 'needs two samples', 'rate(gunicorn_requests_total[1m]) > 5'],
    [
      'histogram_quantile(95, rate(gunicorn_request_duration_seconds_bucket[5m])) > 0.5',
      'always',
      'goes from 0 to 1',
      'histogram_quantile(0.95, rate(gunicorn_request_duration_seconds_bucket[5m])) > 0.5',
    ],
    ['memory_usage_bytes > 90', 'unlike', 'in bytes', null],
    ['rate(gunicorn_worker_processes[5m]) > 0', 'unlike', 'is a gauge', 'deriv(gunicorn_worker_processes[5m]) > 0'],
    [
      'sum(rate(gunicorn_errors_total[5m])) > 0.05',
      'unlike',
      '0.05 reads as 5 %',
      'sum(rate(gunicorn_errors_total[5m])) / sum(rate(gunicorn_requests_total[5m])) > 0.05',
    ],
    [
      'gunicorn_listen_backlog > 0 and gunicorn_workers_busy >= 4',
      'never',
      'listener only on the left',
      'gunicorn_listen_backlog > 0 and on () gunicorn_workers_busy >= 4',
    ],
    ['gunicorn_requests_total[5m]', 'never', 'no result of a rule', null],
    ['gunicorn_worker_exits_total{reason="oomkilled"} > 0', 'never', 'none of its values', null],
    ['gunicorn_up offset 2d == 0', 'never', 'one day', null],
    ['avg_over_time(gunicorn_memory_usage_bytes[7d]) > 1e9', 'unlike', 'one day', null],
    [
      'rate(gunicorn_request_duration_seconds_bucket{le="1"}[5m]) > 9',
      'never',
      'bounds are written 1.0',
      'rate(gunicorn_request_duration_seconds_bucket{le="1.0"}[5m]) > 9',
    ],
    ['gunicorn_up == 0 or gunicorn_nope > 1', 'unlike', 'a part of it can never be true', null],
    ['sum(gunicorn_up == 0 or gunicorn_nope > 1) > 0', 'unlike', 'a part of it can never be true', null],
    ['gunicorn_up == 0 and gunicorn_workers_busy >= 0', 'unlike', 'a part of it is always true', null],
    ['up == 0', 'never', 'no probe is configured', 'gunicorn_up == 0'],
    [
      'increase(gunicorn_worker_exits_total{reason=~"OOM|CRASH"}[5m]) > 0',
      'never',
      'in small letters',
      'increase(gunicorn_worker_exits_total{reason=~"oom|crash"}[5m]) > 0',
    ],
    [
      'rate(gunicorn_request_duration_seconds[5m]) > 1',
      'never',
      'is a histogram',
      'histogram_quantile(0.95, sum by (le) (rate(gunicorn_request_duration_seconds_bucket[5m]))) > 1',
    ],
    [
      'increase(http_request_duration_seconds[10m] offset 1h) > 100',
      'never',
      'is a histogram',
      'increase(http_request_duration_seconds_count[10m] offset 1h) > 100',
    ],
    [
      'histogram_quantile(0.99, rate(http_request_duration_seconds[5m])) > 1',
      'never',
      'is a histogram',
      'histogram_quantile(0.99, rate(http_request_duration_seconds_bucket[5m])) > 1',
    ],
    [
      'avg_over_time(gunicorn_response_size_bytes[10m]) > 1e6',
      'never',
      'is a summary',
      'sum(rate(gunicorn_response_size_bytes_sum[10m])) / sum(rate(gunicorn_response_size_bytes_count[10m])) > 1000000',
    ],
    [
      'histogram_quantile(0.9, rate(gunicorn_response_size_bytes_bucket[5m])) > 1e6',
      'never',
      'it has no buckets',
      null,
    ],
    [
      'sum(rate(http_request_duration_seconds_count{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.1',
      'never',
      'hence no status: http_requests_total has it',
      'sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.1',
    ],
    [
      'rate(gunicorn_requests_total{endpoint="/users/123?a=1"}[5m] offset 1h) > 5',
      'never',
      '"/users/123?a=1" is counted as /users/{id}',
      'rate(gunicorn_requests_total{endpoint="/users/{id}"}[5m] offset 1h) > 5',
    ],
    [
      'rate(gunicorn_errors_total[5m]) / ignoring(status) rate(gunicorn_requests_total[5m]) > 0.1',
      'unlike',
      'the right side has several series (by status) for one of the other',
      'rate(gunicorn_errors_total[5m]) / ignoring (status) sum by (method, endpoint) (rate(gunicorn_requests_total[5m])) > 0.1',
    ],
    [
      'sum(rate(gunicorn_requests_total[5m])) > 9 unless sum by (pid) (gunicorn_worker_heartbeat_age_seconds) > 5',
      'unlike',
      'unless leaves out nothing',
      null,
    ],
    [
      'gunicorn_request_duration{quantile="0.99"} > 2',
      'never',
      'did you mean gunicorn_request_duration_seconds?',
      'histogram_quantile(0.99, sum by (le) (rate(gunicorn_request_duration_seconds_bucket[5m]))) > 2',
    ],
    [
      'increase(gunicorn_request_status_503[5m] offset 1m) > 10',
      'never',
      'did you mean gunicorn_requests_total{status="503"}?',
      'increase(gunicorn_requests_total{status="503"}[5m] offset 1m) > 10',
    ],
    [
      'sum(rate(django_http_responses_total_by_status_total{status=~"5.*"}[5m])) / sum(rate(django_http_responses_total_by_status_total[5m])) > 0.1',
      'never',
      'did you mean gunicorn_requests_total?',
      'sum(rate(gunicorn_requests_total{status=~"5.*"}[5m])) / sum(rate(gunicorn_requests_total[5m])) > 0.1',
    ],
    [
      'histogram_quantile(0.9, sum by (le) (rate(django_http_requests_latency_seconds_by_view_method_bucket{view="home"}[5m]))) > 1',
      'never',
      'did you mean gunicorn_request_duration_seconds_bucket?',
      'histogram_quantile(0.9, sum by (le) (rate(gunicorn_request_duration_seconds_bucket[5m]))) > 1',
    ],
    [
      'rate(process_cpu_seconds_total[5m]) * 100 > 80',
      'never',
      'did you mean gunicorn_worker_cpu_seconds_total?',
      'rate(gunicorn_worker_cpu_seconds_total[5m]) * 100 > 80',
    ],
    ['100 - avg(rate(node_cpu_seconds_total[5m])) * 100 > 80', 'never', 'there is no metric', null],
    ['(1 - node_memory_free / node_memory_total) > 0.9', 'never', 'there is no metric', null],
    ['sum(gunicorn_workers_busy) > 2 * sum(gunicorn_workers_busy offset 1d)', 'never', 'one day', null],
    ['0.9 < gunicorn_nope', 'never', 'there is no metric', null],
    [
      'rate(gunicorn_cpu_usage_percent[5m]) > 80',
      'unlike',
      'is a gauge',
      'avg_over_time(gunicorn_cpu_usage_percent[5m]) > 80',
    ],
    [
      'gunicorn_memory_usage_bytes > 512',
      'unlike',
      'reads as megabytes',
      'gunicorn_memory_usage_bytes > 512 * 1024 * 1024',
    ],
    [
      'rate(system_network_io_bytes_total{direction="receive"}[5m]) > 1e6',
      'never',
      'there are received, sent',
      'rate(system_network_io_bytes_total{direction="received"}[5m]) > 1000000',
    ],
    [
      'rate(gunicorn_request_duration_seconds_bucket{le="0.3"}[5m]) > 9',
      'never',
      'none of its values',
      'rate(gunicorn_request_duration_seconds_bucket{le="0.25"}[5m]) > 9',
    ],
    [
      'rate(gunicorn_requests_total{status=~"^5"}[5m]) > 1',
      'never',
      'three digits',
      'rate(gunicorn_requests_total{status=~"5.."}[5m]) > 1',
    ],
    [
      'quantile(0.95, gunicorn_request_duration_seconds_bucket) > 1',
      'unlike',
      'of the counts of the buckets',
      'histogram_quantile(0.95, sum by (le) (rate(gunicorn_request_duration_seconds_bucket[5m]))) > 1',
    ],
    [
      'gunicorn_cpu_usage_percent{instance="a"} > 80',
      'never',
      'has no labels, hence no instance, and instance is only added by a Prometheus',
      'gunicorn_cpu_usage_percent > 80',
    ],
    [
      'gunicorn_workers_busy / gunicorn_worker_processes > 90',
      'never',
      'a share goes from 0 to 1',
      'gunicorn_workers_busy / gunicorn_worker_processes > 0.9',
    ],
  ])('%s', (text, kind, reason, rewrite) => {
    const [finding] = lint(text);
    expect(finding).toMatchObject({ kind, rewrite });
    expect(finding?.reason).toContain(reason);
    // What is proposed must not be wrong again.
    if (rewrite !== null) expect(lintRule(anAlertingSpec(rewrite), CONTEXT)).toEqual([]);
  });
});

describe('what a rule may ask for', () => {
  it('depends on the probes', () => {
    expect(lint('up{job="flask-app"} == 0', { probes: ['flask-app'] })).toEqual([]);
    expect(lint('up == 0', { probes: ['flask-app'] })).toEqual([]);
    expect(lint('up{job="db"} == 0', { probes: ['flask-app'] })[0]?.reason).toContain('the probes are flask-app');
    expect(lint('absent(up{job="db"})')[0]).toMatchObject({ kind: 'always' });
    expect(lint('gunicorn_probe_success{name="db"} == 0', { probes: ['web'] })).toHaveLength(1);
  });

  it('depends on whether applications publish metrics of their own, which may have these names', () => {
    const own = ['flask_requests_total > 5', 'sum(rate(http_requests_total{code="500"}[5m])) > 1'];
    for (const text of own) {
      expect(lint(text)[0]?.kind).toBe('never');
      expect(lint(text, { readsEndpoints: true })).toEqual([]);
    }
    const gtops = 'rate(gunicorn_requests_total{code="500"}[5m]) > 1';
    expect(lint(gtops, { readsEndpoints: true })[0]?.kind).toBe('never');
    expect(lint('up{job="db"} == 0', { readsEndpoints: true })).toMatchObject([
      { kind: 'unlike', reason: expect.stringContaining('unless an application publishes an up of its own') },
    ]);
    expect(lint('up{job="db"} == 0', { readsEndpoints: true, probes: ['db'] })).toEqual([]);
  });

  it('depends on the buckets and labels of the histogram', () => {
    const quantile = 'histogram_quantile(0.9, rate(gunicorn_request_duration_seconds_bucket[5m])) > 8';
    expect(lint(quantile, { buckets: [1, 5] })[0]).toMatchObject({ kind: 'never' });
    const endpoint = 'rate(gunicorn_request_duration_seconds_count{endpoint="/"}[5m]) > 9';
    expect(lint(endpoint)[0]?.reason).toContain('has no labels');
    expect(lint(endpoint, { perEndpoint: true })).toEqual([]);
  });

  it('is anything at all where metrics of an application are read', () => {
    expect(lint('queue_length > 5')).toHaveLength(1);
    expect(lint('queue_length > 5', { readsEndpoints: true })).toEqual([]);
  });

  it('includes what recording rules write, with their labels', async () => {
    const file = await ruleFile(`
groups:
- name: web
  rules:
  - record: endpoint:errors:rate5m
    expr: sum by (endpoint) (rate(gunicorn_errors_total[5m]))
  - alert: Works
    expr: endpoint:errors:rate5m{endpoint="/"} > 3
  - record: job:memory_megabytes
    expr: gunicorn_memory_usage_bytes / 1024 / 1024
  - alert: Megabytes
    expr: job:memory_megabytes > 512
  - alert: LabelsDiffer
    expr: endpoint:errors:rate5m / sum(rate(gunicorn_requests_total[5m])) > 0.1
  - record: circle
    expr: circle + 1
`);
    expect(lintRules([file], CONTEXT)).toMatchObject([
      { file: 'rules.yml', line: 13, group: 'web', rule: 'LabelsDiffer', kind: 'never' },
    ]);
  });

  it('is nothing where the recording rule has nothing', async () => {
    const file = await ruleFile(`
groups:
- name: web
  rules:
  - record: job:errors:ratio
    expr: rate(gunicorn_errors_total[5m]) / rate(gunicorn_requests_total[5m])
  - alert: Errors
    expr: job:errors:ratio > 0.05
  - alert: Gone
    expr: absent(job:errors:ratio)
`);
    expect(lintRules([file], CONTEXT)).toMatchObject([
      { rule: 'job:errors:ratio', kind: 'never' },
      { rule: 'Errors', kind: 'never', reason: 'the rule that records job:errors:ratio never has a result' },
      { rule: 'Gone', kind: 'always' },
    ]);
  });

  it('is in the catalogue: every family with the series that it has', () => {
    const { series } = new Catalogue(CONTEXT);
    const known = new Set([...series.values()].map(({ family }) => family));
    expect(METRIC_CATALOGUE.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  });
});

it('says nothing of an expression that it cannot judge', () => {
  for (const text of ['label_replace(gunicorn_up, "a", "b", "", "") == 0', 'foo > bar', '-gunicorn_up < 0']) {
    expect([text, lint(text, { readsEndpoints: true })]).toEqual([text, []]);
    expect(() => parseExpr(text)).not.toThrow();
  }
});

describe('a group that asks for more than an evaluation a second', () => {
  it('is told so once', async () => {
    const rules = 'rules: [{alert: A, expr: gunicorn_up == 0}, {alert: B, expr: gunicorn_up == 0}]';
    const file = await ruleFile(
      `groups:\n- {name: fast, interval: 100ms, ${rules}}\n- {name: slow, interval: 1s, ${rules}}`,
    );
    expect(lintRules([file], { ...CONTEXT, routeOf: createFolder() })).toMatchObject([
      {
        group: 'fast',
        rule: 'A',
        kind: 'unlike',
        reason: 'its group asks for an interval of 100ms: gtop looks once a second, and evaluates it as often',
        rewrite: 'interval: 1s',
      },
    ]);
  });
});
