import { describe, expect, it } from 'vitest';
import { lintRules } from '../../../../src/alerts/rules/lint/index.ts';
import { readRuleFile } from '../../../../src/alerts/rules/rule-file.ts';
import { expandTemplate } from '../../../../src/alerts/rules/templates/index.ts';
import { CONTEXT, labels, ruleFile } from './samples.ts';

const problems = async (text: string): Promise<readonly string[]> => {
  const loaded = await readRuleFile('r.yml', text);
  return loaded.ok ? [] : loaded.problems;
};

const rule = (fields: string) => `groups:\n- name: web\n  rules:\n  - ${fields.replaceAll('\n', '\n    ')}\n`;

describe('a rule file', () => {
  it('is read as Prometheus reads it', async () => {
    const { groups } = await ruleFile(`
groups:
- name: web
  interval: 30s
  limit: 10
  query_offset: 1m
  labels: {team: web}
  rules:
  - alert: High
    expr: |
      gunicorn_up
        == 0
    for: 1h30m
    keep_firing_for: 0
    labels: {severity: critical, tier: 1, team: mine}
    annotations: {summary: "{{ $value }}", empty: }
  - record: a:b
    expr: 1
    labels: {x: y}
- name: empty
`);
    expect(groups).toMatchObject([
      { name: 'web', intervalMs: 30_000, limit: 10, queryOffsetMs: 60_000 },
      { name: 'empty', intervalMs: null, limit: 0, queryOffsetMs: 0, rules: [] },
    ]);
    const [alert, record] = groups[0]?.rules ?? [];
    expect(alert).toMatchObject({ kind: 'alert', name: 'High', forMs: 5_400_000, keepFiringForMs: 0, line: 9 });
    expect(alert?.text).toBe('gunicorn_up\n  == 0');
    expect(alert?.kind === 'alert' && Object.fromEntries(alert.labelTexts)).toEqual({
      team: 'mine',
      severity: 'critical',
      tier: '1',
    });
    expect(record).toMatchObject({
      kind: 'record',
      name: 'a:b',
      labels: new Map([
        ['team', 'web'],
        ['x', 'y'],
      ]),
    });
  });

  it.each([
    ['100ms', 1000],
    ['1ms', 1000],
    ['1500ms', 1500],
    ['0s', null],
    ['0', null],
  ])('with an interval of %s is evaluated every %s ms', async (interval, intervalMs) => {
    const { groups } = await ruleFile(`groups: [{name: a, interval: ${interval}}]`);
    expect(groups).toMatchObject([{ intervalMs }]);
  });

  it('may leave open what it has nothing to say of', async () => {
    const { groups } = await ruleFile(`
groups:
- {name: a, interval: , query_offset: , limit: , rules: [{alert: A, expr: up, for: , keep_firing_for: , labels: }]}
- {name: b, limit: -1}
`);
    expect(groups).toMatchObject([
      { intervalMs: null, queryOffsetMs: 0, limit: 0, rules: [{ forMs: 0, keepFiringForMs: 0 }] },
      { limit: 0 },
    ]);
  });

  it('may be empty, and may be JSON', async () => {
    expect((await ruleFile('---\n')).groups).toEqual([]);
    expect((await ruleFile('')).groups).toEqual([]);
    expect((await ruleFile('groups:')).groups).toEqual([]);
    expect((await ruleFile('---\ngroups:\n---\n# the end\n')).groups).toEqual([]);
    const json = '{"groups":[{"name":"g","rules":[{"alert":"A","expr":"vector(1)"}]}]}';
    expect((await ruleFile(json)).groups[0]?.rules).toHaveLength(1);
  });

  it('may share parts by anchors and merge keys', async () => {
    const { groups } = await ruleFile(`
groups:
- name: web
  rules:
  - &base
    alert: A
    expr: gunicorn_up == 0
    labels: &l {severity: critical}
  - <<: *base
    alert: B
    labels: {<<: *l, more: "1"}
`);
    const [, merged] = groups[0]?.rules ?? [];
    expect(merged).toMatchObject({ name: 'B', text: 'gunicorn_up == 0' });
    expect(merged?.kind === 'alert' && [...merged.labelTexts.keys()]).toEqual(['severity', 'more']);
  });
});

describe('a rule that Prometheus would take and gtop cannot evaluate', () => {
  it.each([
    ['histogram_avg(rate(gunicorn_request_duration_seconds[5m])) > 1', 'function "histogram_avg" is not supported'],
    ['limitk(2, gunicorn_up) > 1', 'aggregation "limitk" is not supported'],
    ['rate(gunicorn_requests_total[5m] smoothed) > 1', 'modifier "smoothed" is not supported'],
  ])('%s: is left out by name, the others of its file go on', async (expr, reason) => {
    const { groups } = await ruleFile(`groups:
- name: web
  rules:
  - alert: Odd
    expr: ${JSON.stringify(expr)}
  - record: odd
    expr: ${JSON.stringify(expr)}
  - alert: Plain
    expr: gunicorn_up == 0
`);
    expect(groups[0]?.rules.map(({ name }) => name)).toEqual(['Plain']);
    expect(groups[0]?.refused).toMatchObject([
      { kind: 'alert', name: 'Odd', line: 4, reason: expect.stringContaining(reason) },
      { kind: 'record', name: 'odd', line: 6, reason: expect.stringContaining(reason) },
    ]);
    const findings = lintRules([{ path: 'r.yml', groups }], CONTEXT);
    expect(findings.map(({ line, rule: name, kind }) => [line, name, kind])).toEqual([
      [4, 'Odd', 'never'],
      [6, 'odd', 'never'],
    ]);
    expect(findings[0]?.reason).toMatch(/ is not supported \(character \d+\): gtop goes on without this rule$/);
  });

  it('with a template that asks for what is not built fires all the same, and says so in the place of the text', async () => {
    const { groups } = await ruleFile(
      rule('alert: A\nexpr: gunicorn_up == 0\nannotations: {s: "{{ toDuration 5 }}", t: plain}'),
    );
    const [alert] = groups[0]?.rules ?? [];
    const written = alert?.kind === 'alert' ? alert.annotations : new Map();
    const texts = ['s', 't'].map((name) =>
      expandTemplate(written.get(name) ?? [], labels({}), 1, { query: () => [], nowSeconds: 0, externalUrl: '' }),
    );
    expect(texts).toEqual(['<error expanding template: function "toDuration" is not supported>', 'plain']);
    expect(lintRules([{ path: 'r.yml', groups }], CONTEXT)).toMatchObject([
      {
        kind: 'unlike',
        reason: 'annotation "s": function "toDuration" is not supported: the text says so in its place',
      },
    ]);
  });

  it('does not hide a mistake beside it', async () => {
    expect(await problems(rule('alert: A\nexpr: histogram_avg(x)\nfor: soon'))).toHaveLength(1);
  });
});

describe('what is wrong with a file is said in one line with its place:', () => {
  it.each([
    ['an unknown function', rule('alert: A\nexpr: foo(gunicorn_up)'), 'unknown function with name "foo" (character 1)'],
    ['an expression cut short', rule('alert: A\nexpr: sum('), 'expr: unexpected end of input'],
    ['its place in several lines', rule('alert: A\nexpr: |\n  gunicorn_up ==\n    foo(1)'), 'line 2, character 3'],
    [
      'a bad duration',
      rule('alert: A\nexpr: "1"\nfor: 5 minutes'),
      'for: "5 minutes" is not a duration: write 30s, 5m or 1h30m',
    ],
    ['an unknown field', rule('alert: A\nexpr: "1"\nanotations: {}'), 'rule "A": a rule has no field "anotations"'],
    ['neither alert nor record', rule('expr: "1"'), 'a rule needs alert or record'],
    ['both', rule('alert: A\nrecord: b\nexpr: "1"'), 'a rule is either an alert or a record'],
    ['no expression', rule('alert: A'), 'needs expr'],
    ['a record with a for', rule('record: a\nexpr: "1"\nfor: 1m'), 'a record takes no for'],
    ['a bad name', rule('record: "a b"\nexpr: "1"'), '"a b" is not a name for a metric'],
    [
      'a bad template',
      rule('alert: A\nexpr: "1"\nannotations: {s: "{{ $x }}"}'),
      'annotation "s": undefined variable "$x"',
    ],
    [
      'an unknown template function',
      rule('alert: A\nexpr: "1"\nlabels: {s: "{{ foo 1 }}"}'),
      'label "s": unknown function "foo"',
    ],
    ['a label __name__', rule('alert: A\nexpr: "1"\nlabels: {__name__: x}'), 'labels: __name__ cannot be set'],
    ['a list for text', rule('alert: [A]\nexpr: "1"'), 'alert: must be text'],
    ['a group without a name', 'groups: [{rules: []}]', 'a group without a name'],
    ['a bad limit', 'groups: [{name: a, limit: x}]', 'limit: "x" is not a whole number'],
    ['two groups of one name', 'groups: [{name: a}, {name: a}]', 'two groups are called "a"'],
    ['something else', 'hello', 'a rule file must hold groups'],
    ['a list', '- a', 'a rule file must hold groups'],
    ['a key twice', 'groups: []\ngroups: []', 'Map keys must be unique'],
    ['broken YAML', 'groups: [', 'r.yml:1:'],
    ['tabs', 'groups:\n\t- a', 'r.yml:2:'],
    ['a second document', 'groups: []\n---\ngroups: []', 'a second document begins'],
    ['parentheses without end', rule(`alert: A\nexpr: "${'('.repeat(20_000)}1"`), 'nested too deeply'],
    ['an alias of nothing', 'groups: *a', 'an alias of nothing'],
  ])('%s', async (_what, text, problem) => {
    const found = await problems(text);
    expect(found.join('\n')).toContain(problem);
    for (const line of found) expect(line).toMatch(/^r\.yml:\d+: [^\n]+$/);
  });

  it('all of them, with group, rule and line', async () => {
    expect(await problems(`${rule('alert: A\nexpr: foo(1)\nfor: x')}  - alert: B\n    expr: bar(1)\n`)).toEqual([
      'r.yml:5: group "web", rule "A": expr: unknown function with name "foo" (character 1)',
      'r.yml:6: group "web", rule "A": for: "x" is not a duration: write 30s, 5m or 1h30m',
      'r.yml:8: group "web", rule "B": expr: unknown function with name "bar" (character 1)',
    ]);
  });
});

describe('a file that would explode', () => {
  it('is refused: aliases upon aliases', async () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const before = level === 0 ? '"lol"' : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array(9).fill(before).join(', ')}]`;
    });
    expect((await problems(`${levels.join('\n')}\ngroups: *a11`)).join()).toMatch(/aliases|more than/);
  });

  it('is refused: an anchor within itself, depth, size', async () => {
    expect(await problems('groups: &a [*a]')).toHaveLength(1);
    expect(await problems('['.repeat(100_000))).toHaveLength(1);
    expect((await problems(`groups: ${'['.repeat(5000)}`)).join()).toContain('nested too deeply');
    expect((await problems(`# ${'x'.repeat(2_000_000)}`)).join()).toContain('larger than 1 MiB');
    const rules = '  - {alert: A, expr: "1"}\n'.repeat(2001);
    expect((await problems(`groups:\n- name: a\n  rules:\n${rules}`)).join()).toContain('more than 2000 rules');
  });
});
