import { afterEach, describe, expect, it, vi } from 'vitest';
import { RuleSet } from '../../../../src/alerts/rules/index.ts';
import type { MetricFamily } from '../../../../src/model/metrics/index.ts';
import type { ServiceView } from '../../../../src/model/service-view.ts';
import { T0 } from '../../model/samples.ts';
import { lostLog, view } from '../../model/views.ts';
import { CONTEXT, ruleFile } from './samples.ts';

const STEP_MS = 15_000;
const noPause = async (): Promise<void> => {};

const gauge = (name: string, value: number | null, labels: Readonly<Record<string, string>> = {}): MetricFamily[] =>
  value === null ? [] : [{ name, type: 'gauge', help: '', samples: [{ labels, value }] }];

/** Rules over a metric `gunicorn_worker_processes` whose value the test says, step by step. */
async function rules(text: string) {
  const set = new RuleSet({ intervalMs: STEP_MS });
  set.load([await ruleFile(text)], CONTEXT, T0);
  const at = async (
    step: number,
    value: number | null,
    rest: Partial<ServiceView> = {},
    families: readonly MetricFamily[] = [],
  ): Promise<string[]> => {
    const nowMs = T0 + step * STEP_MS + 250;
    await set.evaluate(() => [...gauge('gunicorn_worker_processes', value), ...families], view(rest), nowMs, noPause);
    return set.reports().map(({ row }) => `${row.state} ${row.name}`);
  };
  const told = (): string[] => set.takeTransitions().map(({ from, to, alert }) => `${alert.name}: ${from} → ${to}`);
  return { set, at, told };
}

const FEW = `
groups:
- name: web
  rules:
  - alert: Few
    expr: gunicorn_worker_processes < 2
    for: 30s
    labels: {severity: page, team: web}
    annotations: {summary: "only {{ $value }} left"}
`;

const CHAIN = `
groups:
- name: web
  rules:
  - {record: a, expr: gunicorn_worker_processes}
  - {record: b, expr: a}
  - {alert: Last, expr: b < 2}
`;

const RECORDED = `
groups:
- name: alerts
  rules:
  - {alert: Few, expr: workers < 2}
  - {alert: Alerting, expr: 'ALERTS{alertname="Few"} == 1'}
- name: records
  rules: [{record: workers, expr: gunicorn_worker_processes}]
`;

describe('rules', () => {
  it('become rows, notices and transitions', async () => {
    const { set, at, told } = await rules(FEW);
    expect(await at(0, 4)).toEqual([]);
    expect(await at(1, 1)).toEqual(['pending Few']);
    expect(set.reports()[0]?.notice).toBeNull();
    await at(2, 1);
    expect(await at(3, 1)).toEqual(['firing Few']);
    const [report] = set.reports();
    expect(report?.row).toMatchObject({
      name: 'Few',
      severity: 'critical',
      value: 1,
      threshold: 2,
      since: new Date(T0 + 3 * STEP_MS).toISOString(),
      summary: 'only 1 left',
      labels: { severity: 'page', team: 'web' },
      source: 'rules',
      expression: 'gunicorn_worker_processes < 2',
    });
    expect(report?.notice).toMatchObject({
      state: 'firing',
      severity: 'page',
      startsAtMs: T0 + 3 * STEP_MS,
      endsAtMs: null,
      fingerprint: report?.row.fingerprint,
    });
    expect(await at(4, 4)).toEqual(['resolved Few']);
    expect(set.reports()[0]?.notice).toMatchObject({ state: 'resolved', endsAtMs: T0 + 4 * STEP_MS });
    expect(told()).toEqual(['Few: pending → firing', 'Few: firing → resolved']);
  });

  it('may have names that every object of JavaScript has', async () => {
    const text = `
groups:
- name: constructor
  rules:
  - {record: __proto__, expr: constructor, labels: {valueOf: w}}
  - alert: toString
    expr: __proto__{__proto__="p"} > 1
    labels: {hasOwnProperty: "{{ $labels.constructor }}", __proto__: "{{ $labels.__proto__ }}"}
    annotations: {__proto__: "a {{ $labels.valueOf }}", summary: s}
`;
    const values: Readonly<Record<string, string>> = JSON.parse('{"__proto__":"p","constructor":"c"}');
    const families = gauge('constructor', 2, values);
    const { set, at } = await rules(text);
    expect(await at(0, 4, {}, families)).toEqual(['firing toString']);
    const [report] = set.reports();
    const labels = '{"__proto__":"p","constructor":"c","hasOwnProperty":"c","valueOf":"w"}';
    expect(JSON.stringify(report?.row.labels)).toBe(labels);
    expect(JSON.stringify(report?.notice?.labels)).toBe(labels);
    expect(JSON.stringify(report?.notice?.annotations)).toBe('{"__proto__":"a w","summary":"s"}');
    const after = await rules(text);
    after.set.restore(JSON.parse(JSON.stringify(set.saved())), T0, T0 + STEP_MS);
    expect(JSON.stringify(after.set.reports()[0]?.notice?.labels)).toBe(labels);
    expect(JSON.stringify(after.set.reports()[0]?.notice?.annotations)).toBe('{"__proto__":"a w","summary":"s"}');
  });

  describe('of which one takes long', () => {
    /** A clock on which every look finds that much time has passed. */
    const slow = (): void => {
      let nowMs = 0;
      vi.spyOn(performance, 'now').mockImplementation(() => {
        nowMs += 100;
        return nowMs;
      });
    };
    afterEach(() => void vi.restoreAllMocks());

    const evaluated = async (set: RuleSet, step: number, pause: () => Promise<void>): Promise<void> =>
      set.evaluate(() => gauge('gunicorn_worker_processes', 1), view(), T0 + step * STEP_MS + 250, pause);

    it('let others have their turn between the rules of a group', async () => {
      const { set } = await rules(CHAIN);
      slow();
      let pauses = 0;
      await evaluated(set, 0, async () => {
        pauses++;
      });
      expect(pauses).toBe(3);
      expect(set.reports().map(({ row }) => row.name)).toEqual(['Last']);
    });

    it('write nothing more when they are loaded anew meanwhile', async () => {
      const { set } = await rules(CHAIN);
      const other = await ruleFile(FEW);
      slow();
      let pauses = 0;
      await evaluated(set, 0, async () => {
        pauses++;
        set.load([other], CONTEXT, T0);
      });
      expect(pauses).toBe(1);
      expect(set.reports()).toEqual([]);
      await evaluated(set, 1, noPause);
      expect(set.reports().map(({ row }) => row.name)).toEqual(['Few']);
    });
  });

  it('go on with what others have recorded when they are loaded anew, whichever group is first', async () => {
    const { set, at, told } = await rules(RECORDED);
    await at(0, 1);
    expect(await at(1, 1)).toEqual(['firing Few', 'firing Alerting']);
    told();
    set.load([await ruleFile(RECORDED)], CONTEXT, T0 + STEP_MS + 5000);
    expect(await at(2, 1)).toEqual(['firing Few', 'firing Alerting']);
    expect(told()).toEqual([]);
    // The recording rule is gone, and what it wrote with it.
    set.load([await ruleFile(RECORDED.split('- name: records')[0] ?? '')], CONTEXT, T0 + 2 * STEP_MS + 5000);
    await at(3, 1);
    expect(told()).toContain('Few: firing → resolved');
  });

  it('see what others of their group write, also where all of it is of a while ago', async () => {
    const { at } = await rules(`
groups:
- name: late
  query_offset: 1m
  rules:
  - {record: workers, expr: gunicorn_worker_processes}
  - {alert: Few, expr: workers < 2}
`);
    for (const step of [0, 1, 2, 3]) expect(await at(step, 1)).toEqual([]);
    expect(await at(4, 1)).toEqual(['firing Few']);
  });

  it('may ask since when an alert is active', async () => {
    const { at } = await rules(`
groups:
- name: web
  rules:
  - {alert: Few, expr: gunicorn_worker_processes < 2, for: 10m, labels: {team: web}}
  - {alert: FewForLong, expr: 'time() - ALERTS_FOR_STATE{alertname="Few", team="web"} >= 30'}
`);
    expect(await at(0, 1)).toEqual(['pending Few']);
    expect(await at(1, 1)).toEqual(['pending Few']);
    expect(await at(2, 1)).toEqual(['pending Few', 'firing FewForLong']);
  });

  it('are evaluated once in an interval, and each group in its own', async () => {
    const { set } = await rules(`
groups:
- {name: fast, interval: 5s, rules: [{alert: Fast, expr: vector(1)}]}
- {name: slow, interval: 1m, rules: [{alert: Slow, expr: vector(1)}]}
`);
    let samples = 0;
    const due: number[] = [];
    for (let second = 0; second < 120; second++) {
      const nowMs = T0 + second * 1000 + 250;
      if (!set.isDue(nowMs)) continue;
      due.push(second);
      const families = (): MetricFamily[] => {
        samples++;
        return [];
      };
      await set.evaluate(families, null, nowMs, noPause);
    }
    expect(due).toEqual(Array.from({ length: 24 }, (_, index) => index * 5));
    expect(samples).toBe(24);
  });

  it('see what earlier rules of their group wrote, and ALERTS', async () => {
    const { at } = await rules(`
groups:
- name: web
  rules:
  - record: workers:missing
    expr: 4 - gunicorn_worker_processes
    labels: {kind: sync}
  - alert: Missing
    expr: workers:missing{kind="sync"} > 1
  - alert: WhileMissing
    expr: ALERTS{alertname="Missing", alertstate="firing"} == 1
`);
    expect(await at(0, 3)).toEqual([]);
    expect(await at(1, 2)).toEqual(['firing Missing', 'firing WhileMissing']);
    expect(await at(2, 4)).toEqual(['resolved Missing', 'resolved WhileMissing']);
  });

  it('that fail are named and not calm, and the others go on', async () => {
    const { set, at } = await rules(`
groups:
- name: web
  rules:
  - alert: Fails
    expr: gunicorn_worker_processes[1m]
  - alert: Few
    expr: gunicorn_worker_processes < 2
`);
    expect(await at(0, 1)).toEqual(['nodata Fails', 'firing Few']);
    expect(set.failures()).toEqual([{ group: 'web', rule: 'Fails', error: 'rule result is not a vector or scalar' }]);
    expect(set.reports()[0]?.row.summary).toContain('cannot be evaluated');
  });

  it('that would explode fail, and only they', async () => {
    const { set, at } = await rules(`
groups:
- name: web
  rules:
  - alert: Huge
    expr: count_over_time(vector(1)[1000h:1s]) > 0
  - alert: Few
    expr: gunicorn_worker_processes < 2
`);
    expect(await at(0, 1)).toEqual(['nodata Huge', 'firing Few']);
    expect(set.failures()[0]?.error).toContain('steps');
  });
});

describe('what is lost', () => {
  const errors = (value: number): MetricFamily[] => [
    {
      name: 'gunicorn_errors_total',
      type: 'counter',
      help: '',
      samples: [{ labels: { method: 'GET', endpoint: '/' }, value }],
    },
  ];
  const ERRORS = `
groups:
- name: web
  rules:
  - record: errors:increase1m
    expr: increase(gunicorn_errors_total[1m])
  - alert: Errors
    expr: errors:increase1m > 5
  - alert: Few
    expr: gunicorn_worker_processes < 2
`;
  const lost = { sources: lostLog({ state: 'waiting', message: 'not found: waiting' }) };

  it('is told of the rules that need it, through recording rules, too', async () => {
    const { at, told, set } = await rules(ERRORS);
    await at(0, 4, {}, errors(0));
    expect(await at(1, 4, lost, errors(0))).toEqual(['nodata Errors']);
    expect(set.reports()[0]?.row.summary).toContain('/var/log/access.log: not found: waiting');
    expect(told()).toEqual(['Errors: inactive → nodata']);
    expect(await at(2, 4, {}, errors(0))).toEqual([]);
  });

  it('is told under every name that the family has, but not of a metric that an application calls so', async () => {
    const aliased = ERRORS.replace('increase(gunicorn_errors_total', 'increase(http_requests_total');
    const requests = (name: string): MetricFamily[] => [{ ...errors(3)[0], name } as MetricFamily];
    const own = await rules(aliased);
    await own.at(0, 4, {}, requests('gunicorn_requests_total'));
    expect(await own.at(1, 4, lost, requests('gunicorn_requests_total'))).toEqual(['nodata Errors']);
    const other = await rules(aliased);
    await other.at(0, 4, {}, requests('http_requests_total'));
    expect(await other.at(1, 4, lost, requests('http_requests_total'))).toEqual([]);
  });

  it('resolves nothing: the notice still says that it fires', async () => {
    const { at, told, set } = await rules(ERRORS);
    for (const [step, value] of [0, 10, 20, 30].entries()) await at(step, 4, {}, errors(value));
    expect(told()).toEqual(['Errors: pending → firing']);
    for (let step = 4; step < 12; step++) await at(step, 4, lost, errors(30));
    expect(set.reports().map(({ row, notice }) => [row.state, notice?.state])).toEqual([['nodata', 'firing']]);
    await at(12, 4, {}, errors(30));
    expect(told()).toEqual(['Errors: firing → nodata', 'Errors: nodata → resolved']);
  });

  it('is a family that was there and is no more', async () => {
    const { at, set } = await rules(FEW);
    await at(0, 4);
    expect(await at(1, null)).toEqual(['nodata Few']);
    expect(set.reports()[0]?.row.summary).toBe('no data: gunicorn_worker_processes is no longer there');
  });

  it('is nothing that never was there: that is said of the rule', async () => {
    const { at, set } = await rules(FEW);
    expect(await at(0, null, {}, gauge('gunicorn_up', 1))).toEqual([]);
    expect(set.unfed()).toMatchObject([
      { rule: 'Few', kind: 'never', reason: expect.stringContaining('name the master with --pid') },
    ]);
  });
});

describe('an endpoint of an application', () => {
  const QUEUE = `
groups:
- name: app
  rules:
  - {alert: Long, expr: queue_length > 5}
`;
  /** By the name of the endpoint. */
  const queues = (lengths: Readonly<Record<string, number>>): MetricFamily[] => [
    ...Object.entries(lengths).map(
      ([job, value]): MetricFamily => ({
        name: 'queue_length',
        type: 'gauge',
        help: '',
        samples: [{ labels: { job }, value }],
      }),
    ),
  ];
  const ANSWERS: MetricFamily[] = [
    { name: 'x', type: 'gauge', help: '', samples: [{ labels: { job: 'a' }, value: 1 }] },
  ];

  it('that fails resolves nothing: what fired there is nodata until it answers', async () => {
    const { at, told, set } = await rules(QUEUE);
    expect(await at(0, 4, {}, queues({ a: 9, b: 9 }))).toEqual(['firing Long', 'firing Long']);
    expect(await at(1, 4, {}, queues({ b: 1 }))).toEqual(['nodata Long', 'resolved Long']);
    expect(set.reports()[0]).toMatchObject({ row: { labels: { job: 'a' } }, notice: { state: 'firing' } });
    expect(await at(2, 4, {}, queues({ a: 1, b: 1 }))).toEqual(['resolved Long', 'resolved Long']);
    expect(told().slice(2)).toEqual(['Long: firing → nodata', 'Long: firing → resolved', 'Long: nodata → resolved']);
  });

  it.each(['max(queue_length) > 5', '{__name__=~"queue.*"} > 5', 'label_replace(queue_length > 5, "job", "", "", "")'])(
    'is found behind %s',
    async (expr) => {
      const { at } = await rules(QUEUE.replace('expr: queue_length > 5', () => `expr: '${expr}'`));
      expect(await at(0, 4, {}, queues({ a: 9, b: 1 }))).toEqual(['firing Long']);
      expect(await at(1, 4, {}, queues({ b: 1 }))).toEqual(['nodata Long']);
    },
  );

  it('that fails is nothing to a rule that looks at another', async () => {
    const { at } = await rules(QUEUE.replace('queue_length > 5', `'queue_length{job="b"} > 5'`));
    await at(0, 4, {}, queues({ a: 9, b: 9 }));
    expect(await at(1, 4, {}, queues({ b: 1 }))).toEqual(['resolved Long']);
  });

  it('that has been silent for a day holds nothing any more', async () => {
    const { at } = await rules(QUEUE);
    const day = 86_400_000 / STEP_MS;
    await at(0, 4, {}, queues({ a: 9 }));
    await at(1, 4);
    expect(await at(day, 4)).toEqual(['nodata Long']);
    expect(await at(day + 2, 4)).toEqual(['resolved Long']);
  });

  it('that answers without a series has ended it', async () => {
    const { at } = await rules(QUEUE);
    await at(0, 4, {}, [...queues({ a: 9 }), ...ANSWERS]);
    expect(await at(1, 4, {}, ANSWERS)).toEqual(['resolved Long']);
  });

  it('that fails when gtop comes back is as lost', async () => {
    const before = await rules(QUEUE);
    await before.at(0, 4, {}, queues({ a: 9 }));
    const saved = JSON.parse(JSON.stringify(before.set.saved()));
    const after = await rules(QUEUE);
    after.set.load([await ruleFile(QUEUE)], { ...CONTEXT, readsEndpoints: true }, T0);
    after.set.restore(saved, T0, T0 + 10 * STEP_MS);
    const states = new Set<string | undefined>();
    for (let step = 10; step < 18; step++) states.add((await after.at(step, 4))[0]);
    expect([...states]).toEqual(['firing Long', 'nodata Long']);
    expect(await after.at(18, 4, {}, queues({ a: 1 }))).toEqual(['resolved Long']);
  });

  it('that is read no more holds nothing', async () => {
    const before = await rules(QUEUE);
    await before.at(0, 4, {}, queues({ a: 9 }));
    const saved = JSON.parse(JSON.stringify(before.set.saved()));
    const after = await rules(QUEUE);
    after.set.restore(saved, T0, T0 + 10 * STEP_MS);
    for (let step = 10; step < 18; step++) await after.at(step, 4);
    expect(await after.at(18, 4)).toEqual(['resolved Long']);
  });
});

describe('a reload', () => {
  it('keeps alerts of rules with the same name and labels, and forgets the others', async () => {
    const { set, at } = await rules(FEW);
    for (let step = 0; step < 3; step++) await at(step, 1);
    set.load([await ruleFile(FEW.replace('< 2', '< 3'))], CONTEXT, T0 + 3 * STEP_MS);
    expect(await at(3, 1)).toEqual(['firing Few']);
    expect(set.reports()[0]?.notice?.startsAtMs).toBe(T0 + 2 * STEP_MS);
    set.load([await ruleFile(FEW.replace('team: web', 'team: other'))], CONTEXT, T0 + 4 * STEP_MS);
    expect(await at(4, 1)).toEqual(['pending Few']);
    set.load([await ruleFile('')], CONTEXT, T0 + 5 * STEP_MS);
    expect(await at(5, 1)).toEqual([]);
  });

  it('ends the series of rules that are gone', async () => {
    const record = '\ngroups:\n- name: web\n  rules: [{record: r, expr: "gunicorn_worker_processes"}]\n';
    const use = '\ngroups:\n- name: web\n  rules: [{alert: Old, expr: "r > 0"}]\n';
    const { set, at } = await rules(record);
    await at(0, 1);
    set.load([await ruleFile(use)], { ...CONTEXT, readsEndpoints: true }, T0 + STEP_MS);
    expect(await at(1, 1)).toEqual([]);
  });
});

describe('a restart', () => {
  const MINUTE_RATE = `
groups:
- name: web
  rules:
  - alert: Busy
    expr: delta(gunicorn_worker_processes[1m]) > 0
`;

  it('goes on with what fired, and resolves it only when its range was sampled anew', async () => {
    const before = await rules(MINUTE_RATE);
    for (let step = 0; step < 4; step++) await before.at(step, step);
    const saved = JSON.parse(JSON.stringify(before.set.saved()));
    const after = await rules(MINUTE_RATE);
    after.set.restore(saved, T0 + 3 * STEP_MS, T0 + 10 * STEP_MS);
    const states = [];
    for (let step = 10; step < 18; step++) states.push((await after.at(step, 9))[0]);
    expect(states).toEqual([...Array(6).fill('firing Busy'), 'resolved Busy', 'resolved Busy']);
    expect(after.told()).toEqual(['Busy: firing → resolved']);
  });

  it('does not count the time in which nobody looked as waiting', async () => {
    const before = await rules(FEW);
    await before.at(0, 1);
    const saved = JSON.parse(JSON.stringify(before.set.saved()));
    const { set, at } = await rules(FEW);
    set.restore(saved, T0, T0 + 100 * STEP_MS);
    expect([await at(100, 1), await at(101, 1), await at(102, 1)]).toEqual([
      ['pending Few'],
      ['pending Few'],
      ['firing Few'],
    ]);
    const late = await rules(FEW);
    late.set.restore(saved, T0, T0 + 4_000_000);
    expect(late.set.reports()).toEqual([]);
  });

  it('makes nothing of rubbish', async () => {
    const { set, at } = await rules(FEW);
    set.restore({ x: [{ state: 'on fire' }] }, T0, T0);
    set.restore(null, T0, T0);
    expect(await at(0, 4)).toEqual([]);
  });
});
