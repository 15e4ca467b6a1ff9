import { describe, expect, it } from 'vitest';
import { at, load } from './ask.ts';

describe('rate and increase', () => {
  it('of a steady counter are its slope, though a left-open range holds one sample less', () => {
    const source = load(15, 'c_total 0+3x100');
    expect(at(900, 'rate(c_total[5m])', source)).toEqual(['{} 0.2']);
    expect(at(900, 'increase(c_total[5m])', source)).toEqual(['{} 60']);
  });

  it('take a value that goes down for a counter that began anew', () => {
    const source = load(60, 'c_total 10 20 5 15');
    // 10 up, 5 since the reset, 10 up: 25 in three minutes, of which the range's last two are seen.
    expect(at(180, 'increase(c_total[4m])', source)).toEqual(['{} 33.3333333333']);
    expect(at(180, 'resets(c_total[4m])', source)).toEqual(['{} 1']);
  });

  it('carry a counter back no further than to where it was zero', () => {
    // From 1 to 4 in 180 s: it was zero 60 s before the first sample.
    expect(at(180, 'increase(c_total[10m])', load(60, 'c_total 1 2 3 4'))).toEqual(['{} 3.5']);
    expect(at(180, 'increase(c_total[10m])', load(60, 'c_total 0.2 2 3 4'))).toEqual(['{} 4']);
    expect(at(180, 'delta(c_total[10m])', load(60, 'c_total 1 2 3 4'))).toEqual(['{} 3.5']);
  });

  it('carry on to the ends of the range only where the samples come close to them', () => {
    const source = load(60, 'c_total _ _ _ 100+10x3');
    // Far from the start: half a step. At the end: all the way.
    expect(at(360, 'increase(c_total[10m])', source)).toEqual(['{} 35']);
    expect(at(365, 'increase(c_total[10m])', source)).toEqual(['{} 35.8333333333']);
  });

  it('need two samples', () => {
    const source = load(60, 'c_total 1 2 3');
    for (const call of ['rate', 'increase', 'delta', 'irate', 'idelta', 'deriv']) {
      expect(at(120, `${call}(c_total[1m])`, source)).toEqual([]);
    }
  });

  it('drop the metric name, and refuse what can then not be told apart', () => {
    const source = load(60, 'a_total 0+1x5', 'b_total 0+1x5');
    expect(() => at(300, 'rate({__name__=~".*_total"}[5m])', source)).toThrow(
      'vector cannot contain metrics with the same labelset',
    );
  });

  it('see no end in a stale marker inside the range', () => {
    expect(at(240, 'increase(c_total[4m])', load(60, 'c_total 0 60 stale 180 240'))).toEqual(['{} 240']);
  });
});

describe('irate and idelta', () => {
  it('look at the last two samples', () => {
    const source = load(60, 'm 1 2 8', 'n 1 8 2');
    expect(at(120, 'irate(m[5m])', source)).toEqual(['{} 0.1']);
    expect(at(120, 'irate(n[5m])', source)).toEqual(['{} 0.0333333333333']);
    expect(at(120, 'idelta(n[5m])', source)).toEqual(['{} -6']);
  });
});

describe('deriv and predict_linear', () => {
  const source = load(60, 'm 0+6x10');

  it('follow the line through all samples', () => {
    expect(at(600, 'deriv(m[10m])', source)).toEqual(['{} 0.1']);
    expect(at(600, 'predict_linear(m[10m], 3600)', source)).toEqual(['{} 420']);
    expect(at(660, 'predict_linear(m[10m], 0)', source)).toEqual(['{} 66']);
    expect(at(900, 'predict_linear(m[10m] offset 5m, 0)', source)).toEqual(['{} 90']);
  });

  it('have slope zero exactly where nothing moves', () => {
    const still = load(60, 'm 0.1x10', 'n Infx10');
    expect(at(600, 'deriv(m[10m])', still)).toEqual(['{} 0']);
    expect(at(600, 'predict_linear(m[10m], 3600)', still)).toEqual(['{} 0.1']);
    expect(at(600, 'deriv(n[10m])', still)).toEqual(['{} NaN']);
  });
});

describe('changes', () => {
  it('counts values unlike the one before, NaN like NaN', () => {
    expect(at(420, 'changes(m[8m])', load(60, 'm 1 1 2 NaN NaN 2 2 1'))).toEqual(['{} 4']);
  });
});
