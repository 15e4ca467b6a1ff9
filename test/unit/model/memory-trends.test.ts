import { describe, expect, it } from 'vitest';
import { MemoryTrends } from '../../../src/model/memory-trends.ts';
import { row } from './views.ts';

const MB = 1024 * 1024;

/** A worker that has `megabytes(t)` at each second (or each step) of a stretch of time. */
function growth(seconds: number, megabytes: (t: number) => number, rest: Parameters<typeof row>[1] = {}, step = 1) {
  const trends = new MemoryTrends();
  for (let t = 0; t <= seconds; t += step) {
    trends.add(t * 1000, [row(7, { rssBytes: megabytes(t) * MB, ...rest })]);
  }
  return trends.growth();
}

describe('memory that grows', () => {
  it('is a leak when it grows evenly, within 12 s when it is fast', () => {
    expect(growth(11, (t) => 100 + 5 * t)).toBeNull();
    const found = growth(12, (t) => 100 + 5 * t);
    expect(found).toMatchObject({ worker: 7, workers: 1, seconds: 12 });
    expect(found?.bytesPerSecond).toBeCloseTo(5 * MB, 0);
  });

  it('is a leak within a minute when it takes a worker half a minute to grow by what counts', () => {
    expect(growth(47, (t) => 60 + 1.3 * t)).toBeNull();
    expect(growth(48, (t) => 60 + 1.3 * t)).toMatchObject({ worker: 7, seconds: 48 });
  });

  it('does not come and go where it is at the edge', () => {
    const trends = new MemoryTrends();
    const said: boolean[] = [];
    for (let t = 0; t <= 120; t++) {
      trends.add(t * 1000, [row(7, { rssBytes: (60 + 0.49 * t + 2 * Math.sin(t)) * MB })]);
      said.push(trends.growth() !== null);
    }
    expect(said.indexOf(true)).toBeGreaterThan(0);
    expect(said.slice(said.indexOf(true))).not.toContain(false);
  });

  it('is a leak when it takes hours', () => {
    const found = growth(14 * 3600, (t) => 100 + t / 300, {}, 10);
    expect(found?.seconds).toBeGreaterThan(3600);
    expect(found?.bytesPerSecond).toBeCloseTo(MB / 300, -2);
  });

  it('is none when it levels off: caches fill, modules are imported late', () => {
    for (let seconds = 12; seconds < 300; seconds += 7) {
      expect(growth(seconds, (t) => 100 + 80 * (1 - Math.exp(-t / 3)))).toBeNull();
    }
  });

  it('is none when it is the up and down of an allocator, or a single step', () => {
    expect(growth(600, (t) => 100 + 15 * Math.sin(t / 9))).toBeNull();
    expect(growth(30, (t) => (t < 20 ? 100 : 300))).toBeNull();
  });

  it('is none while the worker imports, or while a single request works all the time', () => {
    expect(growth(20, (t) => 100 + 10 * t, { state: 'booting' })).toBeNull();
    expect(growth(20, (t) => 100 + 10 * t, { heartbeatAgeSeconds: 19 })).toBeNull();
  });

  it('sums up workers and names the fastest; one that is replaced begins anew', () => {
    const trends = new MemoryTrends();
    const look = (t: number, startedAt: string) =>
      trends.add(t * 1000, [
        row(7, { rssBytes: (100 + 4 * t) * MB }),
        row(8, { rssBytes: (100 + 6 * t) * MB, startedAt }),
      ]);
    for (let t = 0; t <= 12; t++) look(t, 'a');
    expect(trends.growth()).toMatchObject({ worker: 8, workers: 2 });
    expect(trends.growth()?.bytesPerSecond).toBeCloseTo(10 * MB, 0);
    look(13, 'b');
    expect(trends.growth()).toMatchObject({ worker: 7, workers: 1 });
  });
});

describe('the trend of a worker', () => {
  const trend = (seconds: number, own: (t: number) => number | null) => {
    const trends = new MemoryTrends();
    for (let t = 0; t <= seconds; t++) {
      const bytes = own(t);
      trends.add(t * 1000, [row(7, { rssBytes: 900 * MB, ussBytes: bytes === null ? null : bytes * MB })]);
    }
    const slope = trends.slope(7);
    return slope === null ? null : slope / MB;
  };

  it('is not known before a minute has passed', () => {
    expect(trend(59, (t) => 100 + t)).toBeNull();
    expect(trend(61, (t) => 100 + t)).toBeCloseTo(1, 5);
  });

  it('is that of what is its alone, of its resident memory where that may not be read', () => {
    expect(trend(120, (t) => 100 + 0.5 * t)).toBeCloseTo(0.5, 5);
    expect(trend(120, () => null)).toBe(0);
  });

  it('is not bent by one request that borrowed much, and falls when memory does', () => {
    expect(trend(180, (t) => (t === 90 ? 900 : 100))).toBe(0);
    expect(trend(180, (t) => 400 - t)).toBeCloseTo(-1, 5);
  });

  it('is not known of a worker that is gone', () => {
    const trends = new MemoryTrends();
    for (let t = 0; t <= 90; t++) trends.add(t * 1000, [row(7, { rssBytes: t * MB })]);
    trends.add(91_000, []);
    expect(trends.slope(7)).toBeNull();
  });
});
