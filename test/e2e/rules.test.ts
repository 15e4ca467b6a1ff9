import { appendFileSync, chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { cleanUp, temporaryFolder } from '../support/cleanup.ts';
import { runGtop } from '../support/cli.ts';
import { RunningServe } from '../support/exporter.ts';
import { type Receiver, startReceiver } from '../support/receivers.ts';
import { until } from '../support/wait.ts';

afterEach(cleanUp);

const EXAMPLE = fileURLToPath(new URL('../../examples/rules/gunicorn.yml', import.meta.url));

const GUIDE = `
groups:
- name: gunicorn
  rules:
  - alert: Share
    expr: (gunicorn_errors_total / gunicorn_requests_total) * 100 > 5
  - alert: Slow
    expr: histogram_quantile(0.95, rate(gunicorn_request_duration_seconds_bucket[5m])) > 0.5
  - alert: Down
    expr: up{job="flask-app"} == 0
`;

const BROKEN = 'groups:\n- name: web\n  rules:\n  - alert: Bad\n    expr: foo(1)\n';

/** An alert that fires at the second sample after an error. */
const ERRORS = `
groups:
- name: web
  rules:
  - alert: Errors
    expr: sum(increase(gunicorn_errors_total[1m])) > 2
    labels: {severity: critical}
    annotations: {summary: 'errors: {{ $value | printf "%.0f" }}'}
`;

function file(name: string, text: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

const stamp = (atMs: number): string => {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(atMs).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
};

const line = (atMs: number, status: number, path = '/'): string =>
  `10.0.0.1 - - [${stamp(atMs)}] "GET ${path} HTTP/1.1" ${status} 10 "-" "curl" 25000 4711\n`;

const snapshotOf = async (gtop: RunningServe): Promise<Snapshot> => JSON.parse((await gtop.get('/snapshot')).body);
const alertOf = async (gtop: RunningServe, name: string) =>
  (await snapshotOf(gtop)).alerts.find((alert) => alert.name === name);

/** A log into which somebody writes a failed request now and then. */
function failingLog(): { readonly log: string; fail(): void } {
  const log = file('access.log', line(Date.now(), 200));
  return { log, fail: () => appendFileSync(log, line(Date.now(), 500)) };
}

/** Fails until the alert fires. */
async function untilFiring(gtop: RunningServe, fail: () => void, name: string): Promise<void> {
  await until(`${name} fires`, async () => {
    fail();
    await sleep(100);
    return (await alertOf(gtop, name))?.state === 'firing';
  });
}

describe('gtop rules check', () => {
  it('finds nothing wrong with the example', async () => {
    const { code, stdout, stderr } = await runGtop(['rules', 'check', EXAMPLE]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/gunicorn\.yml: \d+ rules in 3 groups: all in order\n$/);
  });

  it('names what cannot fire with the reason and a rewrite, and ends with 1', async () => {
    const { code, stdout } = await runGtop(['rules', 'check', file('guide.yml', GUIDE)]);
    expect(code).toBe(1);
    expect(stdout).toContain('guide.yml:5: Share (group gunicorn) can never fire');
    expect(stdout).toContain('the labels of the two sides never match: status only on the right');
    expect(stdout).toContain(
      'write: sum(rate(gunicorn_errors_total[5m])) / sum(rate(gunicorn_requests_total[5m])) * 100 > 5',
    );
    expect(stdout).not.toContain('Slow');
  });

  it('knows the probes of the config', async () => {
    const config = file('config.yaml', stringify({ probes: [{ name: 'flask-app', url: 'http://127.0.0.1:1/' }] }));
    const { stdout } = await runGtop(['rules', 'check', '--config', config, file('guide.yml', GUIDE)]);
    expect(stdout).toContain('Share');
    expect(stdout).not.toContain('Down');
  });

  it('goes on behind a broken file, names every problem in a line, and ends with 2', async () => {
    const { code, stdout, stderr } = await runGtop(['rules', 'check', file('bad.yml', BROKEN), EXAMPLE]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^gtop: \S+bad\.yml:5: group "web", rule "Bad": expr: unknown function with name "foo" \(character 1\)\n$/,
    );
    expect(stdout).toContain('all in order');
  });

  it('names a rule that Prometheus would take and gtop cannot evaluate, and judges the others of its file', async () => {
    const odd = '- alert: Odd\n    expr: histogram_avg(rate(seconds[5m])) > 1\n  ';
    const { code, stdout, stderr } = await runGtop([
      ...['rules', 'check', file('odd.yml', GUIDE.replace('- alert: Share', `${odd}- alert: Share`))],
    ]);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain('3 rules in 1 group: 3 rules to look at');
    expect(stdout).toMatch(
      /odd\.yml:5: Odd \(group gunicorn\) can never fire\n {4}function "histogram_avg" is not supported/,
    );
    expect(stdout).toContain('Share (group gunicorn) can never fire');
  });

  it('takes an interval below a second for one, and says so once', async () => {
    const { stdout } = await runGtop([
      ...['rules', 'check', file('fast.yml', ERRORS.replace('- name: web', '- name: web\n  interval: 100ms'))],
    ]);
    expect(stdout.match(/100ms/g)).toHaveLength(1);
    expect(stdout).toContain('write: interval: 1s');
  });

  it('ends with 1 for a file that is not there, with 2 for what is no task', async () => {
    expect(await runGtop(['rules', 'check', '/no/such.yml'])).toMatchObject({
      code: 1,
      stderr: 'gtop: /no/such.yml: no such file\n',
    });
    const wrong = await runGtop(['rules', 'chek', EXAMPLE]);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      "gtop: unknown command 'rules chek', did you mean 'rules check'? (try gtop --help)\n",
    ]);
  });

  it('answers in JSON, too', async () => {
    const { stdout } = await runGtop(['rules', 'check', '--json', file('guide.yml', GUIDE)]);
    expect(JSON.parse(stdout).files[0]).toMatchObject({
      rules: 3,
      findings: [{ rule: 'Share', kind: 'never', line: 5 }, { rule: 'Down' }],
    });
  });
});

describe('gtop rules backtest', () => {
  const BEGIN_MS = Date.UTC(2026, 10, 20, 12);

  /** Ten minutes at four requests a second; from the fourth to the sixth one in two fails. */
  function pastLog(): string {
    const lines = Array.from({ length: 2400 }, (_, index) => {
      const second = Math.floor(index / 4);
      return line(BEGIN_MS + second * 1000, second >= 240 && second < 360 && index % 2 === 0 ? 500 : 200);
    });
    return file('access.log', lines.join(''));
  }

  const SHARE = `
groups:
- name: web
  rules:
  - alert: Share
    expr: sum(rate(gunicorn_errors_total[1m])) / sum(rate(gunicorn_requests_total[1m])) > 0.25
    for: 30s
  - alert: Never
    expr: gunicorn_memory_usage_bytes > 1e9
  - alert: Waits
    expr: sum(rate(gunicorn_errors_total[1m])) > 1
    for: 10m
`;

  it('says when rules would have fired, how long, and why not', async () => {
    const { code, stdout, stderr } = await runGtop([
      ...['rules', 'backtest', file('r.yml', SHARE), pastLog(), '--tz', 'utc', '--no-config'],
    ]);
    expect([code, stderr]).toEqual([0, '']);
    const firing = /Share \(group web\): fired once, (\d)m [\d]+s in all\n {2}2026-11-20 (12:0\d:\d\d)Z/.exec(stdout);
    // A minute's rate passes a quarter half a minute after the fourth, and holds for half a minute more.
    expect(firing?.[2]).toMatch(/^12:05:(00|15|30)$/);
    expect(stdout).toContain('Never (group web): never fired\n  nothing here gives gunicorn_memory_usage_bytes');
    expect(stdout).toMatch(/Waits \(group web\): never fired; its condition held for [12]m.* of 10m at most/);
  });

  it('takes classical rules and answers in JSON', async () => {
    const rules = { rules: [{ name: 'Classic', metric: 'error_rate', operator: 'gt', threshold: 0.4, message: 'x' }] };
    const { stdout } = await runGtop(['rules', 'backtest', file('r.json', JSON.stringify(rules)), pastLog(), '--json']);
    const [rule] = JSON.parse(stdout).rules;
    expect(rule).toMatchObject({ name: 'Classic', firings: [{ from: expect.stringMatching(/^2026-11-20T12:0[45]/) }] });
    expect(rule.firings[0].seconds).toBeGreaterThan(30);
    expect(rule.firings[0].seconds).toBeLessThan(150);
  });

  it('reads a log that is named twice once', async () => {
    const log = pastLog();
    symlinkSync(log, `${log}.link`);
    const { stdout } = await runGtop(['rules', 'backtest', file('r.yml', SHARE), log, `${log}.link`, '--json']);
    expect(JSON.parse(stdout).lines).toBe(2400);
  });

  it('judges by the configuration, and says what is in no log', async () => {
    const config = file('config.yaml', stringify({ probes: { db: 'tcp://127.0.0.1:5432' } }));
    const rules = file(
      'r.yml',
      stringify({ groups: [{ name: 'web', rules: [{ alert: 'Down', expr: 'up{job="db"} == 0' }] }] }),
    );
    const { stdout } = await runGtop(['rules', 'backtest', rules, pastLog(), '--config', config]);
    expect(stdout).toContain('Down (group web): never fired\n  nothing here gives gunicorn_probe_success');
    const classic = { rules: [{ name: 'Few', metric: 'worker_count', operator: 'lt', threshold: 3, message: '' }] };
    const other = await runGtop([
      'rules',
      'backtest',
      file('r.json', JSON.stringify(classic)),
      pastLog(),
      '--no-config',
    ]);
    expect(other.stdout).toContain('Few: never fired\n  nothing here gives worker_count');
  });

  it.each([
    [['rules', 'backtest', EXAMPLE], 2, 'takes a rule file and the logs to test it over'],
    [['rules', 'backtest', EXAMPLE, '/no/such.log'], 1, '/no/such.log: no such file'],
    [['rules', 'backtest', EXAMPLE, '-'], 2, 'reads files'],
    [['rules', 'backtest', EXAMPLE, EXAMPLE], 1, 'no line with a time stamp'],
  ])('%j fails', async (args, code, message) => {
    const ran = await runGtop(args);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toContain(message);
    expect(ran.stderr.split('\n')).toHaveLength(2);
  });
});

describe('gtop with a rule file', () => {
  const config = (rest: object) => file('config.yaml', stringify({ alerts: { interval: '1s' }, ...rest }));

  it('does not start when none can be used', async () => {
    const { log } = failingLog();
    const broken = await runGtop(['--once', '--json', '--log', log, '--rules', file('bad.yml', BROKEN)]);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain('rule "Bad": expr: unknown function with name "foo"');
    expect(await runGtop(['--once', '--log', log, '--rules', '/no/such.yml'])).toMatchObject({ code: 1 });
  });

  it('starts with those that can, names the others and what cannot fire', async () => {
    const { log } = failingLog();
    const files = ['--rules', file('bad.yml', BROKEN), '--rules', file('guide.yml', GUIDE)];
    const gtop = await new RunningServe(['--no-config', '--log', log, ...files]).listening();
    await until('it says so', () => gtop.stderr.includes('rule "Bad"') && gtop.stderr.includes('rule "Share"'));
    expect(gtop.stderr).toMatch(/guide\.yml:5: rule "Share" can never fire: .*; write: sum/);
    const { rules } = await snapshotOf(gtop);
    expect(rules?.files).toMatchObject([
      { rules: 0, loadedAt: null, error: expect.stringContaining('foo') },
      { rules: 3, loadedAt: expect.any(String), error: null },
    ]);
    expect(rules?.findings.map(({ rule }) => rule)).toContain('Share');
  });

  it('names with --once, too, what cannot fire', async () => {
    const { log } = failingLog();
    const { code, stdout, stderr } = await runGtop(['--once', '--json', '--log', log, '--rules', file('g.yml', GUIDE)]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^gtop: \S+g\.yml:5: rule "Share" can never fire: .*; write: sum/m);
    expect(JSON.parse(stdout).rules.findings).toHaveLength(stderr.trimEnd().split('\n').length);
  });

  it('reads it anew when it changes and on SIGHUP; a bad one changes nothing', async () => {
    const { log, fail } = failingLog();
    const rules = file('r.yml', ERRORS);
    const gtop = await new RunningServe(['--config', config({ rules: [rules] }), '--log', log]).listening();
    await untilFiring(gtop, fail, 'Errors');
    const since = (await alertOf(gtop, 'Errors'))?.since;

    writeFileSync(rules, BROKEN);
    await until('it complains', () => gtop.stderr.includes('the rules read before stay in force'));
    expect(await alertOf(gtop, 'Errors')).toMatchObject({ state: 'firing', since });
    expect((await snapshotOf(gtop)).rules?.files[0]).toMatchObject({ rules: 1, error: expect.stringContaining('foo') });
    const said = gtop.stderr.split('\n').filter((text) => text.includes('unknown function'));
    for (const text of said) expect(text).toContain('the rules read before stay in force');

    writeFileSync(rules, ERRORS.replace('errors: ', 'failures: '));
    gtop.signal('SIGHUP');
    const row = await until('the new words', async () => {
      const alert = await alertOf(gtop, 'Errors');
      return alert?.summary.startsWith('failures: ') && alert;
    });
    expect(row).toMatchObject({ state: 'firing', since });
    expect((await snapshotOf(gtop)).rules?.files[0]?.error).toBeNull();
  });

  it('remembers over a restart what fires, and tells of it once', async () => {
    const { log, fail } = failingLog();
    const sink = await startReceiver();
    const args = ['--log', log, '--rules', file('r.yml', ERRORS)];
    const path = config({ notify: { hook: { type: 'webhook', url: sink.url } } });
    const state = { XDG_STATE_HOME: temporaryFolder() };
    const first = await new RunningServe(['--config', path, ...args], state).listening();
    await untilFiring(first, fail, 'Errors');
    await until('the webhook hears of it', () => sink.received.length === 1);
    const before = await until('gtop knows that', async () => {
      const alert = await alertOf(first, 'Errors');
      return alert?.notices[0]?.delivered === 'firing' && alert;
    });
    await first.end();

    const second = await new RunningServe(['--config', path, ...args], state).listening();
    const after = await until('it is there again', () => alertOf(second, 'Errors'));
    expect(after).toMatchObject({ state: 'firing', since: before.since, fingerprint: before.fingerprint });
    await sleep(2500);
    expect((await alertOf(second, 'Errors'))?.state).toBe('firing');
    expect(sink.received).toHaveLength(1);
    expect((await snapshotOf(second)).alertHistory[0]).toMatchObject({ name: 'Errors', to: null });
  });

  it('leaves the notices to one of two that watch the same', async () => {
    const { log } = failingLog();
    const args = ['--no-config', '--log', log, '--rules', file('r.yml', ERRORS)];
    const state = { XDG_STATE_HOME: temporaryFolder() };
    const first = await new RunningServe(args, state).listening();
    const second = await new RunningServe(args, state).listening();
    await until('the second says so', () => second.stderr.includes(`another gtop (pid ${first.child.pid})`));
    await first.end('SIGKILL');
    await until('the second takes over', () => second.stderr.includes('the other gtop has ended'));
    const third = await new RunningServe(args, state).listening();
    await until('the third says so', () => third.stderr.includes(`another gtop (pid ${second.child.pid})`));
  });

  it('does not leave them to one that has no channels', async () => {
    const { log, fail } = failingLog();
    const args = ['--log', log, '--rules', file('r.yml', ERRORS)];
    const state = { XDG_STATE_HOME: temporaryFolder() };
    await new RunningServe(['--no-config', ...args], state).listening();
    const sink = await startReceiver();
    const notify = { hook: { type: 'webhook', url: sink.url } };
    const gtop = await new RunningServe(['--config', config({ notify }), ...args], state).listening();
    await untilFiring(gtop, fail, 'Errors');
    await until('the webhook hears of it', () => sink.received.length === 1);
    expect(gtop.stderr).not.toContain('another gtop');
  });
});

describe('gtop with a classical JSON file', () => {
  const CANARY = 'c4nary-t0ken-1234567890';

  function classical(sink: Receiver): string {
    const path = file(
      'rules.json',
      JSON.stringify({
        rules: [
          {
            name: 'High error rate',
            metric: 'error_rate',
            operator: 'gt',
            threshold: 0.05,
            message: 'Error rate is {error_rate:.1%}',
            cooldown: 300,
            notifications: { webhook: { url: sink.url, method: 'POST', headers: { Authorization: CANARY } } },
          },
        ],
      }),
    );
    chmodSync(path, 0o644);
    return path;
  }

  it('tells the channels of its rules, and warns of secrets that others can read', async () => {
    const { log, fail } = failingLog();
    const sink = await startReceiver();
    const gtop = await new RunningServe(['--no-config', '--log', log, '--rules', classical(sink)]).listening();
    await untilFiring(gtop, fail, 'High error rate');
    const [got] = await until('the webhook hears of it', () => sink.received.length > 0 && sink.received);
    expect(got?.headers.authorization).toBe(CANARY);
    expect(got?.json).toMatchObject({
      rule_name: 'High error rate',
      message: expect.stringMatching(/^Error rate is [\d.]+%$/),
      metrics: { error_rate: expect.any(Number), requests_per_second: expect.any(Number) },
      timestamp: expect.any(String),
    });
    expect(gtop.stderr).toMatch(/rules\.json: .*High error rate.* every user who can read the file sees: chmod 600/);
    const snapshot = await snapshotOf(gtop);
    expect(snapshot.alerts.find(({ name }) => name === 'High error rate')).toMatchObject({
      source: 'classical',
      expression: 'error_rate > 0.05',
      notices: [{ channel: 'High error rate/webhook' }],
    });
    expect(gtop.stderr + JSON.stringify(snapshot)).not.toContain(CANARY);
  });
});

describe('the section alerts of the config', () => {
  const printed = async (alerts: object) =>
    runGtop(['--config', file('config.yaml', stringify({ alerts })), '--print-config']);

  it('changes the built-in alerts and switches them off', async () => {
    const { code, stdout } = await printed({
      interval: '30s',
      HighErrorRate: { threshold: '10%', for: '1m', severity: 'warning' },
      HighCpuUsage: 'off',
      LowRequestRate: { threshold: 0.5 },
    });
    expect(code).toBe(0);
    expect(stdout).toContain(
      [
        'alerts:',
        '  interval: 30s',
        '  HighErrorRate:',
        '    enabled: true',
        '    threshold: 0.1',
        '    severity: warning',
        '    for: 60s',
        '  HighCpuUsage:',
        '    enabled: false',
        '  LowRequestRate:',
        '    enabled: true',
        '    threshold: 0.5',
      ].join('\n'),
    );
  });

  it.each([
    [{ HighErorRate: 'off' }, 'no built-in alert is called HighErorRate, did you mean HighErrorRate?'],
    [{ HighErrorRate: { treshold: 1 } }, 'alerts.HighErrorRate'],
    [{ HighErrorRate: { threshold: 'a lot' } }, 'must be a share from 0 to 1: 0.05 or 5%'],
    [{ HighLatency: { for: 'long' } }, 'alerts.HighLatency.for: must be a duration'],
    [{ MasterDown: { threshold: 1 } }, 'cannot be set'],
    [{ interval: '1h' }, 'alerts.interval: must be a duration from 1s to 300s'],
  ])('%j is refused', async (alerts, message) => {
    const { code, stderr } = await printed(alerts);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it('is in force', async () => {
    const log = file('access.log', Array.from({ length: 60 }, () => line(Date.now() - 20_000, 500)).join(''));
    const once = async (alerts: object) => {
      const path = file('config.yaml', stringify({ alerts }));
      const { stdout } = await runGtop(['--once', '--json', '--log', log, '--config', path]);
      return JSON.parse(stdout).alerts.find(({ name }: { name: string }) => name === 'HighErrorRate');
    };
    expect(await once({ HighErrorRate: { for: 0, severity: 'info' } })).toMatchObject({
      state: 'firing',
      severity: 'info',
    });
    expect(await once({ HighErrorRate: { threshold: '100%' } })).toBeUndefined();
    expect(await once({ HighErrorRate: false })).toBeUndefined();
  });
});
