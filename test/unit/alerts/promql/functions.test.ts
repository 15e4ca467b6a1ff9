import { describe, expect, it } from 'vitest';
import { at, load } from './ask.ts';

const numbers = load(60, 'm{n="1"} -1.5', 'm{n="2"} 2.5', 'm{n="3"} NaN');

describe('numbers', () => {
  it.each([
    ['abs(m)', ['{n=1} 1.5', '{n=2} 2.5', '{n=3} NaN']],
    ['ceil(m)', ['{n=1} -1', '{n=2} 3', '{n=3} NaN']],
    ['floor(m)', ['{n=1} -2', '{n=2} 2', '{n=3} NaN']],
    ['round(m)', ['{n=1} -1', '{n=2} 3', '{n=3} NaN']],
    ['round(m, 2)', ['{n=1} -2', '{n=2} 2', '{n=3} NaN']],
    ['sgn(m)', ['{n=1} -1', '{n=2} 1', '{n=3} NaN']],
    ['clamp(m, 0, 2)', ['{n=1} 0', '{n=2} 2', '{n=3} NaN']],
    ['clamp(m, 2, 0)', []],
    ['clamp_min(m, 0)', ['{n=1} 0', '{n=2} 2.5', '{n=3} NaN']],
    ['clamp_max(m, 0)', ['{n=1} -1.5', '{n=2} 0', '{n=3} NaN']],
    ['clamp_max(m / 0, NaN)', ['{n=1} -Inf', '{n=2} NaN', '{n=3} NaN']],
    ['clamp_min(m / 0, NaN)', ['{n=1} NaN', '{n=2} +Inf', '{n=3} NaN']],
    ['sqrt(m)', ['{n=1} NaN', '{n=2} 1.58113883008', '{n=3} NaN']],
    ['ln(m{n="2"})', ['{n=2} 0.916290731874']],
    ['log2(m{n="2"} + 5.5)', ['{n=2} 3']],
    ['exp(m{n="2"} - 2.5)', ['{n=2} 1']],
    ['deg(rad(m{n="2"}))', ['{n=2} 2.5']],
  ])('%s', (expr, expected) => {
    expect(at(0, expr, numbers)).toEqual(expected);
  });
});

describe('order', () => {
  it('sort and sort_desc put NaN last and keep the name', () => {
    expect(at(0, 'sort(m)', numbers).map((line) => line.slice(-4))).toEqual(['-1.5', ' 2.5', ' NaN']);
    expect(at(0, 'sort_desc(m)', numbers)[0]).toBe('{__name__=m,n=2} 2.5');
    expect(at(0, 'sort_desc(m)', numbers)[2]).toBe('{__name__=m,n=3} NaN');
  });
});

describe('presence', () => {
  it.each([
    ['absent(m)', []],
    ['absent(up{job="web",pid=~"1.*"})', ['{job=web} 1']],
    ['absent(up{job="web",job="api",pool="a"})', ['{pool=a} 1']],
    ['absent(up{job!="api",job="web",pool="a"})', ['{job=web,pool=a} 1']],
    ['absent(up{job="web",job!="api",pool="a"})', ['{pool=a} 1']],
    ['absent(sum(up{job="web"}))', ['{} 1']],
    ['absent_over_time(up{job="web"}[5m])', ['{job=web} 1']],
    ['absent_over_time(m[5m])', []],
    ['absent_over_time(rate(up{job="web"}[5m])[10m:])', ['{} 1']],
    ['present_over_time(m{n="1"}[5m])', ['{n=1} 1']],
  ])('%s', (expr, expected) => {
    expect(at(0, expr, numbers)).toEqual(expected);
  });
});

describe('time', () => {
  it('time, timestamp, vector, scalar', () => {
    const source = load(60, 'm{n="1"} 5', 'k 7');
    expect(at(90, 'time()', source)).toEqual(['90']);
    expect(at(90, 'timestamp(m)', source)).toEqual(['{n=1} 0']);
    expect(at(90, 'timestamp(m + 0)', source)).toEqual(['{n=1} 90']);
    expect(at(90, 'vector(time())', source)).toEqual(['{} 90']);
    expect(at(90, 'scalar(m) + 1', source)).toEqual(['6']);
    expect(at(90, 'scalar({__name__=~"m|k"})', source)).toEqual(['NaN']);
    expect(at(90, 'scalar(unknown)', source)).toEqual(['NaN']);
    expect(at(90, 'pi()', source)).toEqual(['3.14159265359']);
  });

  it('parts of a date, in UTC', () => {
    const leapDay = Date.UTC(2024, 1, 29, 23, 58, 59) / 1000;
    const parts = ['year', 'month', 'day_of_month', 'day_of_week', 'day_of_year', 'days_in_month', 'hour', 'minute'];
    expect(parts.map((part) => at(leapDay, `${part}()`)[0])).toEqual(
      [2024, 2, 29, 4, 60, 29, 23, 58].map((value) => `{} ${value}`),
    );
    expect(at(0, `hour(vector(${leapDay}))`)).toEqual(['{} 23']);
  });
});

describe('label_replace and label_join', () => {
  const source = load(60, 'm{path="/users/7",host="a.example"} 1');

  it.each([
    [
      'label_replace(m, "kind", "$1", "path", "/(\\\\w+)/.*")',
      '{__name__=m,host=a.example,kind=users,path=/users/7} 1',
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: PromQL's template, not JavaScript's
    ['label_replace(m, "host", "${name}-$1", "host", "(?P<name>[a-z]).(.+)")', '{__name__=m,host=a-a,path=/users/7} 1'],
    ['label_replace(m, "host", "$1x", "host", "(.).*")', '{__name__=m,path=/users/7} 1'],
    ['label_replace(m, "host", "$$1", "host", ".*")', '{__name__=m,host=$1,path=/users/7} 1'],
    ['label_replace(m, "kind", "x", "path", "users")', '{__name__=m,host=a.example,path=/users/7} 1'],
    ['label_replace(m, "kind", "none", "missing", "")', '{__name__=m,host=a.example,kind=none,path=/users/7} 1'],
    [
      'label_join(m, "all", "|", "host", "missing", "path")',
      '{__name__=m,all=a.example||/users/7,host=a.example,path=/users/7} 1',
    ],
    ['label_join(m, "host", "|")', '{__name__=m,path=/users/7} 1'],
  ])('%s', (expr, expected) => {
    expect(at(0, expr, source)).toEqual([expected]);
  });

  it('refuse results that cannot be told apart, bad patterns, empty names', () => {
    const two = load(60, 'm{a="1"} 1', 'm{a="2"} 1');
    expect(() => at(0, 'label_replace(m, "a", "x", "a", ".*")', two)).toThrow('same labelset');
    expect(() => at(0, 'label_replace(m, "a", "x", "a", "(")', two)).toThrow(
      'invalid regular expression in label_replace(): (',
    );
    expect(() => at(0, 'label_replace(m, "", "x", "a", ".*")', two)).toThrow('invalid destination label name');
    expect(() => at(0, 'label_join(m, "a", "x", "")', two)).toThrow('invalid source label name');
  });
});

describe('over time', () => {
  const source = load(60, 'm{n="1"} 1 2 3 10', 'm{n="2"} NaN 1 NaN 5', 'big 1e100 5 -1e100');

  it.each([
    ['sum_over_time', ['{n=1} 16', '{n=2} NaN']],
    ['avg_over_time', ['{n=1} 4', '{n=2} NaN']],
    ['min_over_time', ['{n=1} 1', '{n=2} 1']],
    ['max_over_time', ['{n=1} 10', '{n=2} 5']],
    ['count_over_time', ['{n=1} 4', '{n=2} 4']],
    ['stddev_over_time', ['{n=1} 3.53553390593', '{n=2} NaN']],
    ['stdvar_over_time', ['{n=1} 12.5', '{n=2} NaN']],
    ['last_over_time', ['{__name__=m,n=1} 10', '{__name__=m,n=2} 5']],
    ['first_over_time', ['{__name__=m,n=1} 1', '{__name__=m,n=2} NaN']],
  ])('%s', (name, expected) => {
    expect(at(180, `${name}(m[4m])`, source)).toEqual(expected);
  });

  it('quantile_over_time lies between two neighbours', () => {
    expect(at(180, 'quantile_over_time(0.5, m{n="1"}[4m])', source)).toEqual(['{n=1} 2.5']);
    expect(at(180, 'quantile_over_time(2, m{n="1"}[4m])', source)).toEqual(['{n=1} +Inf']);
  });

  it('keeps what a large term hides', () => {
    expect(at(120, 'sum_over_time(big[4m])', source)).toEqual(['{} 5']);
  });
});

describe('histogram_quantile', () => {
  const source = load(
    60,
    'h_bucket{le="0.1"} 10',
    'h_bucket{le="0.5"} 70',
    'h_bucket{le="1"} 100',
    'h_bucket{le="+Inf"} 120',
    'open_bucket{le="1"} 1',
    'empty_bucket{le="1"} 0',
    'empty_bucket{le="+Inf"} 0',
    'broken_bucket{le="1"} 10',
    'broken_bucket{le="2"} 5',
    'broken_bucket{le="+Inf"} 20',
    'twice_bucket{le="1"} 5',
    'twice_bucket{le="1.0"} 5',
    'twice_bucket{le="+Inf"} 10',
    'odd_bucket{le="tall"} 5',
    'unknown_bucket{le="1"} 1',
    'unknown_bucket{le="2"} NaN',
    'unknown_bucket{le="3"} 3',
    'unknown_bucket{le="+Inf"} 4',
    'below_bucket{le="-1"} 10',
    'below_bucket{le="+Inf"} 10',
  );

  it.each([
    ['0.5, h_bucket', ['{} 0.433333333333']],
    ['0.05, h_bucket', ['{} 0.06']],
    ['0.99, h_bucket', ['{} 1']],
    ['0, h_bucket', ['{} 0']],
    ['-1, h_bucket', ['{} -Inf']],
    ['2, h_bucket', ['{} +Inf']],
    ['NaN, h_bucket', ['{} NaN']],
    ['0.5, open_bucket', ['{} NaN']],
    ['0.5, empty_bucket', ['{} NaN']],
    ['0.75, broken_bucket', ['{} 2']],
    ['0.5, twice_bucket', ['{} 0.5']],
    ['0.5, odd_bucket', []],
    ['0.5, below_bucket', ['{} -1']],
    // A search by halves passes the count that is none, as Prometheus' own does.
    ['0.25, unknown_bucket', ['{} NaN']],
    ['1, unknown_bucket', ['{} 3']],
    ['0.5, sum by (le) (rate(h_bucket[5m]))', []],
  ])('of %s', (args, expected) => {
    expect(at(0, `histogram_quantile(${args})`, source)).toEqual(expected);
  });

  it('puts a dip that rounding left down to rounding', () => {
    const rounding = load(60, 'r_bucket{le="1"} 10', 'r_bucket{le="2"} 9.999999999999998', 'r_bucket{le="+Inf"} 10');
    expect(at(0, 'histogram_quantile(1, r_bucket)', rounding)).toEqual(['{} 1']);
  });
});
