import { describe, expect, it } from 'vitest';
import { sayBytes, sayNumber, sayPercent, saySeconds } from '../../../src/model/figures.ts';
import { RecentMean } from '../../../src/model/recent.ts';
import { busyRatio, cpuPercent, saturation } from '../../../src/model/saturation.ts';
import { master, sample, worker } from './samples.ts';
import { row } from './views.ts';

const base = {
  workers: [row(1, { state: 'busy' }), row(2, { state: 'stuck' }), row(3), row(4)],
  masters: [master()],
  requestSeconds: 30,
  windowSeconds: 10,
  requestsPerSecond: 50,
  backlog: 20,
};

describe('saturation', () => {
  it("is request time per capacity, and Little's wait in the queue", () => {
    expect(saturation(base)).toEqual({
      busyWorkers: 2,
      capacity: 4,
      utilizationRatio: 0.75,
      offeredErlangs: 3,
      backlog: 20,
      backlogLimit: null,
      estimatedQueueSeconds: 0.4,
      recommendedWorkers: null,
      recommendationText: null,
    });
  });

  it('knows how many sync workers are busy by their connections where it does not know which', () => {
    const blind = { ...base, workers: [row(1, { state: 'unknown' }), row(2, { state: 'unknown' })] };
    expect(saturation({ ...blind, activeConnections: 1 }).busyWorkers).toBe(1);
    expect(saturation({ ...blind, activeConnections: 5 }).busyWorkers).toBe(2);
    expect(saturation({ ...blind, activeConnections: null }).busyWorkers).toBeNull();
    const masters = [master({ workerClass: 'gthread', threadsPerWorker: 8 })];
    expect(saturation({ ...blind, masters, activeConnections: 1 }).busyWorkers).toBeNull();
    const unreadable = { connections: null, busyThreads: null };
    const workers = [worker(1, unreadable), worker(2, unreadable)];
    expect(busyRatio(sample(0, { workers, activeConnections: 1 }))).toBe(0.5);
    expect(busyRatio(sample(0, { workers, activeConnections: null }))).toBeNull();
  });

  it('counts threads', () => {
    const masters = [master({ workerClass: 'gthread', threadsPerWorker: 8 })];
    expect(saturation({ ...base, masters })).toMatchObject({ capacity: 32, utilizationRatio: 3 / 32 });
    expect(
      saturation({ ...base, masters: [master({ workerClass: 'gthread', threadsPerWorker: null })] }).capacity,
    ).toBeNull();
  });

  it('has no capacity for event loops, and none for what is not known', () => {
    for (const workerClass of ['gevent', 'uvicorn.workers.UvicornWorker', 'odd.Class', null]) {
      const masters = [master({ workerClass })];
      expect(saturation({ ...base, masters })).toMatchObject({
        capacity: null,
        utilizationRatio: null,
        offeredErlangs: 3,
      });
    }
  });

  it('says null, not 0, for what it cannot know', () => {
    const unknown = { workers: null, masters: [], requestSeconds: null, requestsPerSecond: null, backlog: null };
    expect(Object.values(saturation({ ...unknown, windowSeconds: null }))).toEqual(Array(9).fill(null));
    expect(saturation({ ...base, workers: [row(1), row(2, { state: 'unknown' })] }).busyWorkers).toBeNull();
    expect(saturation({ ...base, windowSeconds: 0 }).offeredErlangs).toBeNull();
    expect(saturation({ ...base, workers: [] }).utilizationRatio).toBeNull();
  });

  it('knows the wait in an empty queue, and none in one that does not move', () => {
    expect(saturation({ ...base, backlog: 0, requestsPerSecond: 0 }).estimatedQueueSeconds).toBe(0);
    expect(saturation({ ...base, requestsPerSecond: 0 }).estimatedQueueSeconds).toBeNull();
  });
});

describe('busyRatio', () => {
  it('is the share of slots in service, whatever the log says', () => {
    const sync = [worker(1, { connections: 1 }), worker(2, { connections: 0 })];
    expect(busyRatio(sample(0, { workers: sync }))).toBe(0.5);
    const masters = [master({ workerClass: 'gthread', threadsPerWorker: 4 })];
    const threads = [worker(1, { connections: 9, busyThreads: 3 }), worker(2, { connections: 2, busyThreads: 0 })];
    expect(busyRatio(sample(0, { masters, workers: threads }))).toBe(3 / 8);
  });

  it('is null where one worker cannot be read, where there is none, and for event loops', () => {
    expect(busyRatio(sample(0, { workers: [worker(1), worker(2, { connections: null })] }))).toBeNull();
    expect(busyRatio(sample(0))).toBeNull();
    expect(busyRatio(sample(0, { masters: [master({ workerClass: 'gevent' })], workers: [worker(1)] }))).toBeNull();
  });
});

describe('cpuPercent', () => {
  it('sums masters and workers, newborns without a figure left out', () => {
    const workers = [worker(1, { cpuPercent: 50 }), worker(2, { cpuPercent: null })];
    expect(cpuPercent(sample(0, { masters: [master({ cpuPercent: 1 })], workers }))).toBe(51);
    expect(cpuPercent(sample(0, { masters: [] }))).toBeNull();
  });
});

describe('RecentMean', () => {
  it('forgets what is older than its span, and leaves gaps out', () => {
    const mean = new RecentMean(10);
    mean.add(0, 100);
    mean.add(5000, null);
    mean.add(9000, 4);
    expect([mean.mean(9000), mean.mean(10_000), mean.mean(18_999), mean.mean(19_000)]).toEqual([52, 4, 4, null]);
  });

  it('starts anew when the clock goes back', () => {
    const mean = new RecentMean(10);
    mean.add(9000, 100);
    mean.add(1000, 2);
    expect(mean.mean(1000)).toBe(2);
  });
});

describe('figures in sentences', () => {
  it('are short', () => {
    expect([0.0042, 0.05, 0.061, 0.714, 1].map(sayPercent)).toEqual(['0.42 %', '5 %', '6.1 %', '71 %', '100 %']);
    expect([0, 0.00041, 0.084, 0.9996, 1.2, 38.2, 119, 250, 7380, 273_600].map(saySeconds)).toEqual([
      '0 ms',
      '0.41 ms',
      '84 ms',
      '1 s',
      '1.2 s',
      '38 s',
      '119 s',
      '4 m 10 s',
      '2 h 3 m',
      '3 d 4 h',
    ]);
    expect([0.0417, 12.34, 842.4, 12_345].map(sayNumber)).toEqual(['0.0417', '12.3', '842', '12345']);
    expect([0, 512, 1536, 5e9].map(sayBytes)).toEqual(['0 B', '512 B', '1.5 kB', '4.66 GB']);
  });
});
