import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { answer } from '../../../../src/alerts/promql/runner/answer.ts';
import { parseSeries } from '../../../../src/alerts/promql/runner/series-notation.ts';

const ask = (question: object): unknown => JSON.parse(answer(JSON.stringify(question)));

const samplesOf = (text: string): readonly (string | number | null)[] =>
  parseSeries(`m ${text}`).samples.map(({ step, value }) => (value === null ? `stale@${step}` : `${value}@${step}`));

describe('the notation of series', () => {
  it.each([
    ['1 2.5 -3e2', ['1@0', '2.5@1', '-300@2']],
    ['0+10x3', ['0@0', '10@1', '20@2', '30@3']],
    ['10-5x2', ['10@0', '5@1', '0@2']],
    ['-1+-1x1', null],
    ['7x2', ['7@0', '7@1', '7@2']],
    ['0x10', Array.from({ length: 11 }, (_, step) => `0@${step}`)],
    ['1 _ 2 _x3 3', ['1@0', '2@2', '3@6']],
    ['1 stale NaN Inf -Inf', ['1@0', 'stale@1', 'NaN@2', 'Infinity@3', '-Infinity@4']],
    ['', []],
  ])('%s', (text, expected) => {
    if (expected === null) expect(() => samplesOf(text)).toThrow('"-1+-1x1" is no sample');
    else expect(samplesOf(text)).toEqual(expected);
  });

  it('takes labels of any quotes', () => {
    expect([...parseSeries(`m{a="x } y",b='"',c=\`\\\`} 1`).labels]).toEqual([
      ['__name__', 'm'],
      ['a', 'x } y'],
      ['b', '"'],
      ['c', '\\'],
    ]);
    expect([...parseSeries('{"a.b", c="d"} 1').labels.values()]).toEqual(['a.b', 'd']);
  });
});

describe('a question', () => {
  const loads = [{ step: '5m', series: ['m{l="v"} 0+10x100', 'n 1'] }];

  it.each([
    ['1e21', '1e+21'],
    ['123456789012345678901234', '1.2345678901234569e+23'],
    ['999999999999999900000', '999999999999999900000'],
    ['1e-7', '1e-07'],
    ['-1.5e-300', '-1.5e-300'],
    ['0.000001', '0.000001'],
    ['-0', '-0'],
    ['1/0', '+Inf'],
    ['-1/0', '-Inf'],
    ['0/0', 'NaN'],
  ])('has numbers as the API of Prometheus writes them: %s is %s', (expr, value) => {
    expect(ask({ expr, at: 0 })).toEqual({ type: 'scalar', result: [{ labels: {}, value }] });
  });

  it('about a moment gets a vector, a scalar, a string or a matrix', () => {
    expect(ask({ loads, expr: 'm', at: 3000 })).toEqual({
      type: 'vector',
      result: [{ labels: { __name__: 'm', l: 'v' }, value: '100' }],
    });
    expect(ask({ expr: '1.5', at: 0 })).toEqual({ type: 'scalar', result: [{ labels: {}, value: '1.5' }] });
    expect(ask({ expr: '"a"', at: 0 })).toEqual({ type: 'string', result: [{ labels: {}, value: 'a' }] });
    expect(ask({ loads, expr: 'm[10m]', at: 600 })).toEqual({
      type: 'matrix',
      result: [
        {
          labels: { __name__: 'm', l: 'v' },
          values: [
            [300, '10'],
            [600, '20'],
          ],
        },
      ],
    });
  });

  it('about a range gets a matrix', () => {
    expect(ask({ loads, expr: 'm * 2', from: 0, to: 600, step: 300 })).toEqual({
      type: 'matrix',
      result: [
        {
          labels: { l: 'v' },
          values: [
            [0, '0'],
            [300, '20'],
            [600, '40'],
          ],
        },
      ],
    });
  });

  it('adds loads up, each from 0 with its own step', () => {
    const more = [...loads, { step: '1m', series: ['n _ 5', 'k 3'] }];
    expect(ask({ loads: more, expr: 'n + k', at: 60 })).toEqual({
      type: 'vector',
      result: [{ labels: {}, value: '8' }],
    });
  });

  it.each([
    [{ expr: '1 +', at: 0 }, 'unexpected end of input'],
    [{ expr: 'histogram_fraction(0, 1, m)', at: 0 }, 'function "histogram_fraction" is not supported'],
    [{ expr: 'm' }, '"at" must be a number of seconds'],
    [{ at: 0 }, '"expr" is missing'],
    [{ loads: [{ step: '5x', series: [] }], expr: '1', at: 0 }, 'bad step: "5x"'],
    [{ loads: [{ step: '5m', series: ['m 1 x'] }], expr: '1', at: 0 }, 'series "m": "x" is no sample'],
    [
      { loads: [{ step: '5m', series: ['h {{schema:0 sum:1}}x2 1'] }], expr: 'h', at: 0 },
      'native histograms are not supported: {__name__="h"}',
    ],
  ])('%j is refused', (question, error) => {
    expect(ask(question)).toEqual({ error });
  });

  it('is not refused for a histogram that it does not ask about', () => {
    expect(ask({ loads: [{ step: '5m', series: ['h {{schema:0 sum:1}}', 'm 1'] }], expr: 'm', at: 0 })).toMatchObject({
      result: [{ value: '1' }],
    });
  });
});

describe('npm run promql', () => {
  it('answers line by line, goes on after an error, and ends with its input', () => {
    const { stdout, status } = spawnSync(process.execPath, ['scripts/promql.mjs'], {
      input: '{"expr":"1+1","at":0}\n\nrubbish\n{"expr":"foo(1)","at":0}\n{"expr":"time()","at":5}',
      encoding: 'utf8',
      timeout: 60_000,
    });
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe('{"type":"scalar","result":[{"labels":{},"value":"2"}]}');
    expect(lines[1]).toContain('"error"');
    expect(lines[2]).toBe('{"error":"unknown function with name \\"foo\\""}');
    expect(lines[3]).toContain('"5"');
    expect(status).toBe(0);
  });
});
