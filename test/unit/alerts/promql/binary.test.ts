import { describe, expect, it } from 'vitest';
import { at, load } from './ask.ts';

describe('between scalars', () => {
  it.each([
    ['1 + 2 * 3', '7'],
    ['-7 % 3', '-1'],
    ['7 % -3', '1'],
    ['2 ^ 3 ^ 0', '2'],
    ['1 / 0', '+Inf'],
    ['-1 / 0', '-Inf'],
    ['0 / 0', 'NaN'],
    ['1 % 0', 'NaN'],
    ['1 ^ NaN', '1'],
    ['-1 ^ Inf', '-1'],
    ['(-1) ^ Inf', '1'],
    ['1 atan2 1', '0.785398163397'],
    ['1 > bool 2', '0'],
    ['NaN == bool NaN', '0'],
    ['NaN != bool NaN', '1'],
    ['Inf >= bool Inf', '1'],
  ])('%s', (expr, expected) => {
    expect(at(0, expr)).toEqual([expected]);
  });
});

const requests = load(
  60,
  'requests{path="/a",status="200"} 90',
  'requests{path="/a",status="500"} 10',
  'requests{path="/b",status="200"} 50',
  'limit{path="/a"} 100',
  'limit{path="/b"} 10',
  'owner{path="/a",team="red"} 1',
  'owner{path="/b",team="blue"} 1',
  'same{path="/a"} 5',
);

describe('between a vector and a scalar', () => {
  it('arithmetic drops the name, a comparison keeps element and value, on either side', () => {
    expect(at(0, 'limit / 100', requests)).toEqual(['{path=/a} 1', '{path=/b} 0.1']);
    expect(at(0, 'limit > 50', requests)).toEqual(['{__name__=limit,path=/a} 100']);
    expect(at(0, '50 < limit', requests)).toEqual(['{__name__=limit,path=/a} 100']);
    expect(at(0, '50 - limit', requests)).toEqual(['{path=/a} -50', '{path=/b} 40']);
    expect(at(0, 'limit > bool 50', requests)).toEqual(['{path=/a} 1', '{path=/b} 0']);
    expect(at(0, '-limit', requests)).toEqual(['{path=/a} -100', '{path=/b} -10']);
    expect(at(0, '+limit{path="/a"}', requests)).toEqual(['{__name__=limit,path=/a} 100']);
  });

  it('compares NaN as no number', () => {
    const source = load(60, 'm NaN');
    expect(at(0, 'm > 0', source)).toEqual([]);
    expect(at(0, 'm != 0', source)).toEqual(['{__name__=m} NaN']);
    expect(at(0, 'm == bool NaN', source)).toEqual(['{} 0']);
  });

  it('refuses what the lost name told apart', () => {
    expect(() => at(0, '{path="/a",status=""} * 2', requests)).toThrow('metrics with the same labelset');
    expect(at(0, '{path="/a",status="",team=""} > 5', requests)).toEqual(['{__name__=limit,path=/a} 100']);
  });
});

describe('one to one', () => {
  it('joins equal label sets, the name aside', () => {
    expect(at(0, 'limit - same', requests)).toEqual(['{path=/a} 95']);
    expect(at(0, 'limit > same', requests)).toEqual(['{__name__=limit,path=/a} 100']);
    expect(at(0, 'same > limit', requests)).toEqual([]);
    expect(at(0, 'same > bool limit', requests)).toEqual(['{path=/a} 0']);
  });

  it('is empty where a label of one side is missing on the other', () => {
    expect(at(0, 'requests / limit', requests)).toEqual([]);
  });

  it('keeps the labels of on, and loses those of ignoring', () => {
    expect(at(0, 'requests{status="500"} / on(path) limit', requests)).toEqual(['{path=/a} 0.1']);
    expect(at(0, 'requests{status="500"} / ignoring(status) limit', requests)).toEqual(['{path=/a} 0.1']);
    expect(at(0, 'requests{status="500"} < on(path) limit', requests)).toEqual(['{path=/a} 10']);
    expect(at(0, 'requests{status="500"} < ignoring(status) limit', requests)).toEqual([
      '{__name__=requests,path=/a} 10',
    ]);
  });

  it('refuses several partners, whichever side they are on', () => {
    expect(() => at(0, 'limit / ignoring(status) requests', requests)).toThrow(
      'found duplicate series for the match group {path="/a"} on the right hand-side of the operation: [{__name__="requests", path="/a", status="200"}, {__name__="requests", path="/a", status="500"}];many-to-many matching not allowed: matching labels must be unique on one side',
    );
    expect(() => at(0, 'requests / ignoring(status) limit', requests)).toThrow(
      'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
    );
  });
});

describe('many to one', () => {
  it('keeps the labels of the many side, and takes over those asked for', () => {
    expect(at(0, 'requests / ignoring(status) group_left limit', requests)).toEqual([
      '{path=/a,status=200} 0.9',
      '{path=/a,status=500} 0.1',
      '{path=/b,status=200} 5',
    ]);
    expect(at(0, 'limit / ignoring(status) group_right requests{path="/b"}', requests)).toEqual([
      '{path=/b,status=200} 0.2',
    ]);
    expect(at(0, 'requests{status="500"} * on(path) group_left(team) owner', requests)).toEqual([
      '{path=/a,status=500,team=red} 10',
    ]);
    // A label that the one side lacks is taken away.
    expect(at(0, 'requests{status="500"} * on(path) group_left(status) owner', requests)).toEqual(['{path=/a} 10']);
  });

  it('refuses several partners also where a comparison leaves all or all but one of them out', () => {
    for (const comparison of ['>', '<', '==', '> bool']) {
      expect(() => at(0, `requests ${comparison} ignoring(status) limit`, requests)).toThrow(
        'many-to-one matching must be explicit',
      );
    }
  });

  it('refuses results that cannot be told apart', () => {
    expect(() => at(0, 'requests * on(path) group_left(status) owner', requests)).toThrow(
      'multiple matches for labels: grouping labels must ensure unique matches',
    );
  });

  it('keeps the name in a comparison that filters', () => {
    expect(at(0, 'requests > on(path) group_left limit', requests)).toEqual([
      '{__name__=requests,path=/b,status=200} 50',
    ]);
  });
});

describe('sets', () => {
  it('and, unless, or', () => {
    expect(at(0, 'limit and same', requests)).toEqual(['{__name__=limit,path=/a} 100']);
    expect(at(0, 'limit unless same', requests)).toEqual(['{__name__=limit,path=/b} 10']);
    expect(at(0, 'same or limit', requests)).toEqual(['{__name__=same,path=/a} 5', '{__name__=limit,path=/b} 10']);
    expect(at(0, 'requests and on(path) same', requests)).toHaveLength(2);
    expect(at(0, 'requests and on() vector(1)', requests)).toHaveLength(3);
    expect(at(0, 'requests unless on() vector(1)', requests)).toEqual([]);
    expect(at(0, 'limit and ignoring(path) vector(1)', requests)).toHaveLength(2);
    expect(at(0, 'unknown or vector(0)', requests)).toEqual(['{} 0']);
    expect(at(0, 'limit unless unknown', requests)).toHaveLength(2);
  });
});

describe('when the metric name goes', () => {
  const source = load(60, 'a_total{env="1"} 0+60x10', 'b_total{env="1"} 60+60x10');
  const expr = 'label_replace(rate({env="1"}[10m]), "of", "$1", "__name__", "(.+)_total")';

  it('by default at once, so that two metrics collide', () => {
    expect(() => at(600, expr, source)).toThrow('metrics with the same labelset');
  });

  it('with delayed name removal at the end', () => {
    const options = { maxSamples: 1000, maxSteps: 10, delayedNameRemoval: true };
    expect(at(600, expr, source, options)).toEqual(['{env=1,of=a} 1', '{env=1,of=b} 1']);
    expect(at(600, 'sum by (__name__) (rate(a_total[10m]))', source, options)).toEqual(['{} 1']);
    expect(() => at(600, 'rate({env="1"}[10m])', source, options)).toThrow('metrics with the same labelset');
  });
});
