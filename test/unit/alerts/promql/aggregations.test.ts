import { describe, expect, it } from 'vitest';
import { at, load } from './ask.ts';

const source = load(
  60,
  'm{pool="a",pid="1"} 1',
  'm{pool="a",pid="2"} 3',
  'm{pool="b",pid="3"} 8',
  'm{pool="b",pid="4"} NaN',
);

describe('groups', () => {
  it('are one without by, one per value with by, all but some labels with without', () => {
    expect(at(0, 'count(m)', source)).toEqual(['{} 4']);
    expect(at(0, 'count by (pool) (m)', source)).toEqual(['{pool=a} 2', '{pool=b} 2']);
    expect(at(0, 'count(m) by (pool)', source)).toEqual(['{pool=a} 2', '{pool=b} 2']);
    expect(at(0, 'count without (pid) (m)', source)).toEqual(['{pool=a} 2', '{pool=b} 2']);
    expect(at(0, 'count by (nowhere) (m)', source)).toEqual(['{} 4']);
    expect(at(0, 'count by (__name__) (m)', source)).toEqual(['{__name__=m} 4']);
    expect(at(0, 'count without () (m{pool="a"})', source)).toEqual(['{pid=1,pool=a} 1', '{pid=2,pool=a} 1']);
    expect(at(0, 'sum(unknown)', source)).toEqual([]);
  });
});

describe('one number for each group', () => {
  it.each([
    ['sum', ['{pool=a} 4', '{pool=b} NaN']],
    ['avg', ['{pool=a} 2', '{pool=b} NaN']],
    ['min', ['{pool=a} 1', '{pool=b} 8']],
    ['max', ['{pool=a} 3', '{pool=b} 8']],
    ['group', ['{pool=a} 1', '{pool=b} 1']],
    ['stddev', ['{pool=a} 1', '{pool=b} NaN']],
    ['stdvar', ['{pool=a} 1', '{pool=b} NaN']],
  ])('%s', (operator, expected) => {
    expect(at(0, `${operator} by (pool) (m)`, source)).toEqual(expected);
  });

  it('quantile lies between two neighbours, and NaN is the least', () => {
    expect(at(0, 'quantile by (pool) (0.25, m)', source)).toEqual(['{pool=a} 1.5', '{pool=b} NaN']);
    expect(at(0, 'quantile(1, m)', source)).toEqual(['{} 8']);
    expect(at(0, 'quantile(0, m)', source)).toEqual(['{} NaN']);
    expect(at(0, 'quantile(-1, m)', source)).toEqual(['{} -Inf']);
    expect(at(0, 'quantile(1.5, m)', source)).toEqual(['{} +Inf']);
    expect(at(0, 'quantile(NaN, m)', source)).toEqual(['{} NaN']);
  });

  it('sum and avg keep what a large term hides, and avg survives a sum that overflows', () => {
    const extremes = load(
      60,
      'x{n="1"} 1e100',
      'x{n="2"} 5',
      'x{n="3"} -1e100',
      'y{n="1"} 1.7e308',
      'y{n="2"} 1.6e308',
    );
    expect(at(0, 'sum(x)', extremes)).toEqual(['{} 5']);
    expect(at(0, 'avg(x) * 3', extremes)).toEqual(['{} 5']);
    expect(at(0, 'avg(y) / 1e308', extremes)).toEqual(['{} 1.65']);
    expect(at(0, 'sum(y)', extremes)).toEqual(['{} +Inf']);
  });
});

describe('topk and bottomk', () => {
  it('keep whole elements in order, NaN last', () => {
    expect(at(0, 'topk(2, m)', source)).toEqual(['{__name__=m,pid=3,pool=b} 8', '{__name__=m,pid=2,pool=a} 3']);
    expect(at(0, 'bottomk(1, m) by (pool)', source)).toEqual([
      '{__name__=m,pid=1,pool=a} 1',
      '{__name__=m,pid=3,pool=b} 8',
    ]);
    expect(at(0, 'topk(9, m)', source)).toHaveLength(4);
    expect(at(0, 'topk(9, m)', source).at(-1)).toContain('NaN');
    expect(at(0, 'topk(1.9, m)', source)).toHaveLength(1);
    expect(at(0, 'topk(0, m)', source)).toEqual([]);
    expect(at(0, 'topk(scalar(m{pid="1"}), m)', source)).toHaveLength(1);
  });

  it('refuse a count that is none', () => {
    expect(() => at(0, 'topk(NaN, m)', source)).toThrow('Parameter value is NaN');
    expect(() => at(0, 'topk(1e30, m)', source)).toThrow('overflows int64');
  });
});

describe('count_values', () => {
  it('makes a label of the value', () => {
    const versions = load(60, 'v{job="a"} 2', 'v{job="b"} 2', 'v{job="c"} 1.5');
    expect(at(0, 'count_values("version", v)', versions)).toEqual(['{version=2} 2', '{version=1.5} 1']);
    expect(at(0, 'count_values without (job) ("version", v)', versions)).toEqual(['{version=2} 2', '{version=1.5} 1']);
    expect(at(0, 'count_values by (job) ("job", v)', versions)).toEqual(['{job=2} 2', '{job=1.5} 1']);
  });
});
