import { describe, expect, it } from 'vitest';
import { isClassic, readClassicFile } from '../../../../src/alerts/classic/index.ts';
import { CLASSIC_METRICS } from '../../../../src/alerts/classic/metrics.ts';
import { formatMessage, type PythonValue } from '../../../../src/alerts/classic/python-format.ts';
import { AlertEngine } from '../../../../src/alerts/index.ts';
import type { ServiceView } from '../../../../src/model/service-view.ts';
import { T0 } from '../../model/samples.ts';
import { ends, lostLog, measures, row, saturationOf, view } from '../../model/views.ts';

const read = (rules: unknown) => {
  const loaded = readClassicFile('rules.json', JSON.stringify({ rules }));
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  return loaded.file;
};
const problems = (text: string): readonly string[] => {
  const loaded = readClassicFile('rules.json', text);
  return loaded.ok ? [] : loaded.problems;
};

const ERRORS = {
  name: 'High error rate',
  metric: 'error_rate',
  operator: 'gt',
  threshold: 0.05,
  message: 'Error rate is {error_rate:.2%} at {requests_per_second:.1f} requests/s',
};

describe('a classical file', () => {
  it('loads as it is in guides, with every field', () => {
    const { rules, channels } = read([
      {
        ...ERRORS,
        cooldown: 600,
        notifications: {
          email: {
            smtp_server: 'smtp.example.org',
            smtp_port: 587,
            use_tls: true,
            username: 'u',
            password: 'p',
            from: 'a@example.org',
            to: ['b@example.org'],
          },
          slack: { webhook_url: 'https://example.org/x', channel: '#ops', username: 'gtop', icon_emoji: ':fire:' },
          webhook: { url: 'http://127.0.0.1:1/hook', method: 'POST', headers: { 'X-Token': 't' } },
        },
        some_field: 'that nobody knows',
      },
      { name: 'Few workers', metric: 'worker_count', operator: 'lt', threshold: 2 },
    ]);
    expect(rules).toMatchObject([
      {
        name: 'High error rate',
        threshold: 0.05,
        origin: {
          expression: 'error_rate > 0.05',
          cooldownSeconds: 600,
          channels: ['High error rate/email', 'High error rate/slack', 'High error rate/webhook'],
        },
      },
      { name: 'Few workers', origin: { cooldownSeconds: 300, channels: [] } },
    ]);
    expect(Object.keys(channels)).toHaveLength(3);
  });

  it('is told from a rule file of Prometheus, which may be JSON, too', () => {
    expect(isClassic('a.json', '{"rules": []}')).toBe(true);
    expect(isClassic('a.json', '{"groups": []}')).toBe(false);
    expect(isClassic('a.yml', 'groups: []')).toBe(false);
    expect(isClassic('a.json', '{"rules": [,]}')).toBe(true);
    expect(isClassic('a.json', '\ufeff{"rules": []}')).toBe(true);
    expect(readClassicFile('a.json', '\ufeff{"rules": []}')).toMatchObject({ ok: true });
  });

  it.each([
    ['{', 'is not JSON'],
    ['[]', 'must hold a list called rules'],
    ['{"rules": 5}', 'must hold a list called rules'],
    ['{"rules": [5]}', 'rule 1: must be a rule with name, metric, operator and threshold'],
    [JSON.stringify({ rules: [{ ...ERRORS, name: undefined }] }), 'rule 1: name is missing'],
    [
      JSON.stringify({ rules: [{ ...ERRORS, notifications: { slack: {} } }] }),
      'notifications.slack.webhook_url is missing',
    ],
    [
      JSON.stringify({ rules: [{ ...ERRORS, notifications: { slack: { webhook_url: '' } } }] }),
      'notifications.slack.webhook_url must not be empty',
    ],
    [JSON.stringify({ rules: [{ ...ERRORS, metric: 'eror_rate' }] }), 'metric "eror_rate" is none'],
    [JSON.stringify({ rules: [{ ...ERRORS, operator: 'above' }] }), 'operator "above" is none: there are gt, lt, eq'],
    [JSON.stringify({ rules: [{ ...ERRORS, threshold: '5' }] }), 'threshold must be a number'],
    [JSON.stringify({ rules: [{ ...ERRORS, notifications: { slack: {} } }] }), 'notifications.slack'],
  ])('%s is refused', (text, problem) => {
    expect(problems(text).join('\n')).toContain(problem);
  });

  it('is quoted nowhere: it may hold passwords', () => {
    const secret = 'c4nary-s3cret';
    const bad = { ...ERRORS, notifications: { email: { smtp_server: 5, password: secret } } };
    for (const text of [`{"password": "${secret}",`, JSON.stringify({ rules: [bad] })]) {
      expect(problems(text)).not.toEqual([]);
      expect(problems(text).join('\n')).not.toContain(secret);
    }
  });

  it('names thresholds of another unit, and fields that a message does not have', () => {
    const { findings } = read([
      { ...ERRORS, threshold: 5 },
      { ...ERRORS, name: 'b', metric: 'cpu_percent', threshold: 0.8 },
      { ...ERRORS, name: 'c', metric: 'p95_response_time', threshold: 500 },
      { ...ERRORS, name: 'd', message: '{error_rat}' },
      { ...ERRORS, name: 'e', threshold: 1 },
      { ...ERRORS, name: 'f', metric: 'worker_count', operator: 'lt', threshold: 0 },
      { ...ERRORS, name: 'g', metric: 'utilization', threshold: 1 },
      ERRORS,
    ]);
    expect(findings).toMatchObject([
      { rule: 'High error rate', kind: 'never', rewrite: '"threshold": 0.05' },
      { rule: 'b', kind: 'unlike', rewrite: '"threshold": 80' },
      { rule: 'c', kind: 'unlike', rewrite: '"threshold": 0.5' },
      { rule: 'd', kind: 'unlike', reason: 'the message asks for {error_rat}, which is no field' },
      { rule: 'e', kind: 'never', rewrite: '"threshold": 0.01' },
      { rule: 'f', kind: 'never', reason: 'worker_count is never below 0' },
    ]);
  });

  it('names channels that there are not: nobody would hear of the alert', () => {
    const { findings, channels } = read([{ ...ERRORS, notifications: { slak: { webhook_url: 'x' }, email: null } }]);
    expect(channels).toEqual({});
    expect(findings).toMatchObject([
      { kind: 'unlike', reason: expect.stringMatching(/^notifications\.slak is no channel, nothing is sent there/) },
    ]);
  });

  it('may have two rules of one name', () => {
    expect(read([ERRORS, ERRORS]).rules.map(({ name }) => name)).toEqual(['High error rate', 'High error rate (2)']);
  });
});

describe('a classical rule', () => {
  const evaluate = (rule: object, ...views: readonly Partial<ServiceView>[]) => {
    const engine = new AlertEngine(read([{ ...ERRORS, ...rule }]).rules);
    for (const [second, rest] of views.entries()) engine.evaluate(view(rest), T0 + second * 1000);
    return engine.reports()[0];
  };
  const failing = { oneMinute: measures({ requests: 100, requestsPerSecond: 1.67, serverErrors: 12 }) };

  it('fires with its message, and tells its own channels alone, with all metrics', () => {
    const report = evaluate({ notifications: { webhook: { url: 'http://127.0.0.1:1' } } }, failing);
    expect(report?.row).toMatchObject({
      state: 'firing',
      value: 0.12,
      threshold: 0.05,
      summary: 'Error rate is 12.00% at 1.7 requests/s',
      source: 'classical',
      expression: 'error_rate > 0.05',
    });
    expect(report?.notice).toMatchObject({
      channels: ['High error rate/webhook'],
      cooldownSeconds: 300,
      classical: { message: 'Error rate is 12.00% at 1.7 requests/s', metrics: { error_rate: 0.12, worker_count: 4 } },
    });
  });

  it('leaves fields alone that only objects of JavaScript have', () => {
    const { rules } = read([{ ...ERRORS, message: '{constructor} {toString:.2f} {__proto__} {error_rate:.0%}' }]);
    const engine = new AlertEngine(rules);
    engine.evaluate(view({ oneMinute: measures({ requests: 100, serverErrors: 10 }) }), T0);
    expect(engine.rows()[0]?.summary).toBe('{constructor} {toString:.2f} {__proto__} 10%');
  });

  it('resolves, and repeats what was wrong instead of telling the calm figures in alarming words', () => {
    expect(evaluate({}, failing, {})?.notice).toMatchObject({
      state: 'resolved',
      annotations: { summary: 'Error rate is 12.00% at 1.7 requests/s' },
      classical: { message: 'RESOLVED: Error rate is 12.00% at 1.7 requests/s', metrics: { error_rate: 0 } },
    });
  });

  it.each([
    ['gt', 4, undefined],
    ['gt', 3, 'firing'],
    ['lt', 4, undefined],
    ['lt', 5, 'firing'],
    ['eq', 4, 'firing'],
    ['eq', 5, undefined],
  ])('compares 4 workers %s %d', (operator, threshold, state) => {
    expect(evaluate({ metric: 'worker_count', operator, threshold }, {})?.row.state).toBe(state);
  });

  it('is nodata when its source is lost, and has no row about what is not watched', () => {
    const lost = { sources: lostLog({ state: 'waiting' }), oneMinute: measures({ requests: 0 }) };
    expect(evaluate({}, lost)?.row.state).toBe('nodata');
    expect(evaluate({ metric: 'requests_per_second', operator: 'lt', threshold: 99 }, lost)?.row.state).toBe('nodata');
    expect(evaluate({ metric: 'memory_bytes' }, { masters: [], memoryBytes: null })?.row.state).toBe('nodata');
    const unwatched = { watches: { accessLog: false, errorLog: false, processes: true }, sources: [] };
    expect(evaluate({ operator: 'lt', threshold: 1 }, unwatched)).toBeUndefined();
  });

  it('is disabled where it says so', () => {
    expect(evaluate({ enabled: false }, failing)).toBeUndefined();
  });
});

describe('the metrics', () => {
  const now = view({
    oneMinute: measures({
      requests: 200,
      requestsPerSecond: 3.5,
      serverErrors: 10,
      clientErrors: 20,
      timeouts: 50,
      meanSeconds: 0.1,
      p95Seconds: 0.2,
      p99Seconds: 0.3,
      maxSeconds: 0.4,
    }),
    ends: ends({ abnormal: 2, lastAbnormalPid: 4711 }),
    saturation: saturationOf({ backlog: 7 }),
    workers: [row(1), row(2)],
    activeConnections: 9,
    memoryBytes: 5e8,
    busyRatio: 0.75,
  });

  it.each([
    ['requests_per_second', 3.5],
    ['requests_per_minute', 210],
    ['error_rate', 0.05],
    ['client_error_rate', 0.1],
    ['timeout_rate', 0.2],
    ['avg_response_time', 0.1],
    ['p95_response_time', 0.2],
    ['p99_response_time', 0.3],
    ['max_response_time', 0.4],
    ['cpu_percent', 20],
    ['memory_percent', 25],
    ['memory_used', 4e9],
    ['memory_available', 12e9],
    ['disk_percent', 50],
    ['network_bytes_sent', 3e9],
    ['network_bytes_recv', 1e9],
    ['memory_bytes', 5e8],
    ['active_connections', 9],
    ['worker_count', 2],
    ['worker_crash', 2],
    ['worker_pid', 4711],
    ['backlog', 7],
    ['utilization', 0.75],
  ])('%s', (name, value) => {
    expect(CLASSIC_METRICS[name]?.read(now)).toBeCloseTo(value, 12);
  });

  it('are all of them', () => {
    expect(Object.keys(CLASSIC_METRICS)).toHaveLength(23);
  });
});

describe('a message', () => {
  const fields: Readonly<Record<string, PythonValue>> = {
    x: 1234.5678,
    small: 0.00001234,
    share: 0.0734,
    count: { whole: 1234567 },
    text: 'é<b>',
    none: null,
    even: 4,
  };
  const format = (text: string) =>
    formatMessage(text, (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined));

  // What Python 3.11 makes of the same.
  it.each([
    ['{x}', '1234.5678'],
    ['{even}', '4.0'],
    ['{count}', '1234567'],
    ['{share:.2%}', '7.34%'],
    ['{share:%}', '7.340000%'],
    ['{x:.1f}', '1234.6'],
    ['{x:,.2f}', '1,234.57'],
    ['{count:,}', '1,234,567'],
    ['{count:_d}', '1_234_567'],
    ['{count:.1f}', '1234567.0'],
    ['{x:10.1f}|', '    1234.6|'],
    ['{x:<10.1f}|', '1234.6    |'],
    ['{x:*^10.1f}|', '**1234.6**|'],
    ['{x:+.0f}', '+1235'],
    ['{x:010.1f}', '00001234.6'],
    ['{x:e}', '1.234568e+03'],
    ['{x:.3g}', '1.23e+03'],
    ['{x:.3}', '1.23e+03'],
    ['{x:.4} {even:.1} {even:.2} {share:.2}', '1.235e+03 4e+00 4.0 0.073'],
    ['{count:n}', '1234567'],
    ['{x:g}', '1234.57'],
    ['{small}', '1.234e-05'],
    ['{count:x}', '12d687'],
    ['{text}', 'é<b>'],
    ['{text:>6}', '  é<b>'],
    ['{text!r}', "'é<b>'"],
    ['{{x}}', '{x}'],
    ['{none:.2f}', 'n/a'],
    ['{nope:.2f} and {x:!!}', '{nope:.2f} and {x:!!}'],
    ['{x:d}', '{x:d}'],
    ['100 %', '100 %'],
  ])('%s is %s', (text, result) => {
    expect(format(text)).toBe(result);
  });
});
