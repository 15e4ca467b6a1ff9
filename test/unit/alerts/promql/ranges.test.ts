import { describe, expect, it } from 'vitest';
import { at, load, over } from './ask.ts';

const counter = load(10, 'c_total{pid="1"} 0+10x100', 'c_total{pid="2"} 0+20x100', 'm 1+1x100');

describe('a subquery', () => {
  it('steps at multiples of its step, the start of the range left out', () => {
    expect(at(600, 'm[1m:20s]', counter)).toEqual(['{__name__=m} 57@560 59@580 61@600']);
    expect(at(605, 'm[1m:20s]', counter)).toEqual(['{__name__=m} 57@560 59@580 61@600']);
    expect(at(605, 'm[1m:20s] offset 10s', counter)).toEqual(['{__name__=m} 55@540 57@560 59@580']);
    expect(at(605, 'm[1m:20s] @ 40', counter)).toEqual(['{__name__=m} 1@0 3@20 5@40']);
  });

  it('takes one minute where it names no step, or what the caller says', () => {
    expect(at(180, 'count_over_time(m[3m:])', counter)).toEqual(['{} 3']);
    const options = { maxSamples: 1000, maxSteps: 100, subqueryStepMs: 30_000 };
    expect(at(180, 'count_over_time(m[3m:])', counter, options)).toEqual(['{} 6']);
  });

  it('feeds functions of ranges', () => {
    expect(at(600, 'max_over_time(sum(rate(c_total[1m]))[5m:1m])', counter)).toEqual(['{} 3']);
    expect(at(600, 'rate(sum(c_total)[5m:10s])', counter)).toEqual(['{} 3']);
    expect(at(600, 'max_over_time(max_over_time(m[1m:10s])[2m:30s])', counter)).toEqual(['{} 61']);
    expect(at(600, 'last_over_time(abs(m)[1m:10s])', counter)).toEqual(['{} 61']);
    expect(at(600, 'absent_over_time(unknown[5m:])', counter)).toEqual(['{} 1']);
  });

  it('begins before 1970 as it does after', () => {
    expect(at(0, 'count_over_time(vector(1)[90s:1m])')).toEqual(['{} 2']);
  });
});

describe('a range query', () => {
  it('answers at each step, a scalar without labels', () => {
    expect(over(0, 30, 10, 'm', counter)).toEqual(['{__name__=m} 1@0 2@10 3@20 4@30']);
    expect(over(0, 20, 10, 'time()')).toEqual(['{} 0@0 10@10 20@20']);
    expect(over(600, 620, 10, 'sum(rate(c_total[1m]))', counter)).toEqual(['{} 3@600 3@610 3@620']);
  });

  it('has gaps where there is nothing, and lines in order of their labels', () => {
    const source = load(10, 'm{n="b"} 1 stale 3', 'm{n="a"} _ 2');
    expect(over(0, 20, 10, 'm', source)).toEqual(['{__name__=m,n=a} 2@10 2@20', '{__name__=m,n=b} 1@0 3@20']);
  });

  it('knows its ends', () => {
    expect(over(0, 20, 10, 'm @ end()', counter)).toEqual(['{__name__=m} 3@0 3@10 3@20']);
    expect(over(10, 20, 10, 'm @ start()', counter)).toEqual(['{__name__=m} 2@10 2@20']);
    expect(over(10, 20, 10, 'max_over_time(m[20s:10s] @ end())', counter)).toEqual(['{} 3@10 3@20']);
  });

  it('takes no range vectors and no strings', () => {
    expect(() => over(0, 10, 10, 'm[5m]', counter)).toThrow('invalid expression type "range vector" for range query');
    expect(() => over(0, 10, 10, '"a"', counter)).toThrow('invalid expression type "string" for range query');
    expect(() => over(0, 10, 0, 'm', counter)).toThrow('step of a range query must be greater than 0');
  });
});

describe('limits', () => {
  const few = { maxSamples: 50, maxSteps: 10 };

  it('bound the samples that are read, in one go or bit by bit', () => {
    expect(at(600, 'rate(c_total[1m])', counter, few)).toHaveLength(2);
    expect(() => at(600, 'rate(c_total[10m])', counter, few)).toThrow('expression needs more than 50 samples');
    expect(() => at(600, `c_total${' or c_total'.repeat(30)}`, counter, few)).toThrow('more than 50 samples');
    expect(() => at(600, `1${' + 1'.repeat(60)}`, counter, few)).toThrow('more than 50 samples');
    expect(() => at(600, 'max_over_time(max_over_time(m[1m:10s])[1m:10s])', counter, few)).toThrow('more than 50');
  });

  it('bound the steps of subqueries and range queries', () => {
    expect(() => at(600, 'max_over_time(vector(1)[1h:1ms])', counter, few)).toThrow('subquery has more than 10 steps');
    expect(() => over(0, 600, 1, 'time()', counter, few)).toThrow('range query has more than 10 steps');
  });
});
