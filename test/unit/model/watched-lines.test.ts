import { describe, expect, it } from 'vitest';
import { LineWatch, lineMatcher } from '../../../src/model/watched-lines.ts';

const T0 = Date.UTC(2026, 10, 21, 12);

describe('a pattern', () => {
  it.each([
    ['slow query', 'a slow query: 7 ms', true],
    ['slow query', 'a SLOW query', false],
    ['duration:*ms', 'duration: 812 ms', true],
    ['duration:*ms', 'ms duration: 812', false],
    ['a*b*c', 'xaxbxc', true],
    ['a*b*c', 'acb', false],
    ['ab*ab', 'ab', false],
    ['(x+)+$', 'y (x+)+$ z', true],
    ['*x*', 'axb', true],
  ])('%s in %s: %s', (pattern, line, matches) => {
    expect(lineMatcher(pattern)(line)).toBe(matches);
  });
});

describe('lines that are watched', () => {
  const patterns = [
    { name: 'slow', pattern: 'slow*ms', log: 'app' },
    { name: 'any', pattern: 'ms', log: null },
  ] as const;

  it('count by name, in the log that was meant, line by line', () => {
    const watch = new LineWatch(patterns);
    watch.add('app', 'slow 7 ms\nnothing\nslow 8 ms', T0);
    watch.add('error', 'slow 9 ms', T0 + 2000);
    expect(watch.rows(T0 + 5000)).toEqual([
      { name: 'slow', count: 2, lastAt: '2026-11-21T12:00:00.000Z', perMinute: 2 },
      { name: 'any', count: 3, lastAt: '2026-11-21T12:00:02.000Z', perMinute: 3 },
    ]);
  });

  it('count in the last minute only as long as they are in it, history never', () => {
    const watch = new LineWatch(patterns);
    watch.add('app', 'slow 1 ms', T0 - 3_600_000);
    for (let second = 0; second < 120; second++) watch.add('app', 'slow 1 ms', T0 + second * 1000);
    const perMinute = (atMs: number) => watch.rows(atMs)[0]?.perMinute;
    expect(perMinute(T0 + 119_000)).toBe(60);
    expect(perMinute(T0 + 149_000)).toBe(30);
    expect(perMinute(T0 + 179_000)).toBe(0);
    expect(watch.rows(T0)[0]?.count).toBe(121);
  });

  it('without a time count, but in no minute', () => {
    const watch = new LineWatch(patterns);
    watch.add('app', 'slow 1 ms', Number.NaN);
    expect(watch.rows(T0)[0]).toEqual({ name: 'slow', count: 1, lastAt: null, perMinute: 0 });
  });

  it('are looked at as far as their first 4,096 characters', () => {
    const watch = new LineWatch(patterns);
    watch.add('app', `${'x'.repeat(4096)} slow 1 ms`, T0);
    expect(watch.rows(T0)[0]?.count).toBe(0);
  });
});
