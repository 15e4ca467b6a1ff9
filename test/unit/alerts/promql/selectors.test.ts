import { describe, expect, it } from 'vitest';
import { labelsOf, MemorySeries, SeriesIndex } from '../../../../src/alerts/promql/index.ts';
import { at, load } from './ask.ts';

const workers = load(
  60,
  'busy{pool="web",pid="1"} 0+1x10',
  'busy{pool="web",pid="2"} 10+1x10',
  'busy{pool="api"} 20+1x10',
  'idle{pool="web"} 5x10',
);

describe('matchers', () => {
  it.each([
    ['busy{pid="1"}', ['{__name__=busy,pid=1,pool=web} 5']],
    ['busy{pool!="web"}', ['{__name__=busy,pool=api} 25']],
    ['busy{pid=~"1|3"}', ['{__name__=busy,pid=1,pool=web} 5']],
    ['busy{pool!~"w.*"}', ['{__name__=busy,pool=api} 25']],
    ['busy{pid=""}', ['{__name__=busy,pool=api} 25']],
    ['busy{pid!="",pid!="2"}', ['{__name__=busy,pid=1,pool=web} 5']],
    ['{__name__=~"id.*"}', ['{__name__=idle,pool=web} 5']],
    ['{"idle"}', ['{__name__=idle,pool=web} 5']],
    ['busy{nowhere=""} and busy{pid="2"}', ['{__name__=busy,pid=2,pool=web} 15']],
    ['unknown', []],
  ])('%s', (expr, expected) => {
    expect(at(300, expr, workers)).toEqual(expected);
  });

  it('anchors regular expressions at both ends', () => {
    expect(at(300, 'busy{pool=~"we"}', workers)).toEqual([]);
    expect(at(300, 'busy{pool=~"e"}', workers)).toEqual([]);
  });

  it('takes a label called __proto__ for a label like any other', () => {
    const source = load(60, 'x{__proto__="a",constructor="b"} 1', 'x 2');
    expect(at(0, 'x{__proto__="a"}', source)).toEqual(['{__name__=x,__proto__=a,constructor=b} 1']);
    expect(at(0, 'sum by (__proto__) (x)', source)).toEqual(['{__proto__=a} 1', '{} 2']);
    expect(at(0, 'x{toString=""}', source)).toHaveLength(2);
  });

  it('keeps label sets apart whatever their values hold', () => {
    const source = new SeriesIndex();
    for (const labels of [
      { a: 'x1:b1:y', b: '' },
      { a: 'x', b: 'y' },
    ]) {
      const series = new MemorySeries(labelsOf(Object.entries({ __name__: 'm', ...labels })));
      series.add(0, 1);
      source.add(series);
    }
    expect(at(0, 'sum by (a, b) (m)', source)).toHaveLength(2);
  });
});

describe('an instant selector', () => {
  const gap = load(60, 'm 1 2 _ _ _ _ _ _ 9', 'n 1 2 stale _ 5');

  it('takes the newest sample of the last five minutes, the moment five minutes ago left out', () => {
    expect(at(60, 'm', gap)).toEqual(['{__name__=m} 2']);
    expect(at(359.999, 'm', gap)).toEqual(['{__name__=m} 2']);
    expect(at(360, 'm', gap)).toEqual([]);
    expect(at(-1, 'm', gap)).toEqual([]);
  });

  it('finds nothing after a stale marker until there is a sample again', () => {
    expect(at(119, 'n', gap)).toEqual(['{__name__=n} 2']);
    expect(at(120, 'n', gap)).toEqual([]);
    expect(at(239, 'n', gap)).toEqual([]);
    expect(at(240, 'n', gap)).toEqual(['{__name__=n} 5']);
  });

  it('looks back and forth with offset, and from a fixed moment with @', () => {
    expect(at(300, 'busy{pid="1"} offset 2m', workers)).toEqual(['{__name__=busy,pid=1,pool=web} 3']);
    expect(at(300, 'busy{pid="1"} offset -2m', workers)).toEqual(['{__name__=busy,pid=1,pool=web} 7']);
    expect(at(300, 'busy{pid="1"} @ 60', workers)).toEqual(['{__name__=busy,pid=1,pool=web} 1']);
    expect(at(300, 'busy{pid="1"} @ 120 offset 1m', workers)).toEqual(['{__name__=busy,pid=1,pool=web} 1']);
    expect(at(300, 'busy{pid="1"} offset 1m @ end()', workers)).toEqual(['{__name__=busy,pid=1,pool=web} 4']);
  });
});

describe('a range selector', () => {
  it('is open on the left and closed on the right', () => {
    const source = load(60, 'm 0+1x10');
    expect(at(300, 'm[2m]', source)).toEqual(['{__name__=m} 4@240 5@300']);
    expect(at(300, 'm[2m] offset 1m', source)).toEqual(['{__name__=m} 3@180 4@240']);
    expect(at(330, 'm[1m]', source)).toEqual(['{__name__=m} 5@300']);
    expect(at(330, 'm[30s]', source)).toEqual([]);
    expect(at(300, 'm[90] @ 120', source)).toEqual(['{__name__=m} 1@60 2@120']);
  });

  it('leaves stale markers out and keeps what lies behind them', () => {
    expect(at(180, 'm[3m]', load(60, 'm 1 2 stale 4'))).toEqual(['{__name__=m} 2@60 4@180']);
  });

  it('does not look back beyond the range', () => {
    expect(at(600, 'count_over_time(m[1m])', load(60, 'm 1'))).toEqual([]);
  });
});

describe('MemorySeries', () => {
  it('puts late samples where they belong and takes the last word for one moment', () => {
    const series = new MemorySeries(labelsOf([['__name__', 'm']]));
    for (const [timeMs, value] of [
      [1000, 1],
      [3000, 3],
      [2000, 2],
      [3000, 4],
    ] as const) {
      series.add(timeMs, value);
    }
    expect(Array.from({ length: series.length }, (_, index) => series.valueAt(index))).toEqual([1, 2, 4]);
  });
});

describe('SeriesIndex', () => {
  it('forgets what was taken out', () => {
    const source = new SeriesIndex();
    const series = new MemorySeries(labelsOf([['__name__', 'm']]));
    series.add(0, 1);
    source.add(series);
    expect(at(0, 'm', source)).toHaveLength(1);
    source.delete(series);
    expect(at(0, 'm', source)).toHaveLength(0);
    expect(at(0, '{__name__=~".+"}', source)).toHaveLength(0);
  });
});
