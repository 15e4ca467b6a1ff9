import { describe, expect, it } from 'vitest';
import { WorkWatch } from '../../../src/model/work-watch.ts';
import { WorkerTable } from '../../../src/model/workers.ts';
import { master, sample, T0, worker } from './samples.ts';

const at = (second: number): number => T0 + second * 1000;

describe('the work of a healthy service', () => {
  it('is the mean of what each look finds in service', () => {
    const work = new WorkWatch();
    for (let second = 0; second < 120; second += 1) {
      const busy = { connections: second % 2, clientAddress: second % 2 ? '10.0.0.5' : null };
      work.add(sample(second, { workers: [worker(7, busy), worker(8)], activeConnections: second % 2 }), []);
    }
    expect(work.busyRatio(at(119))).toBeCloseTo(0.25, 5);
    expect(work.connectedSinceMs).toBe(at(119));
    expect(work.waitingSinceMs).toBeNull();
  });
});

it('knows which share of the busy workers waits for clients', () => {
  const work = new WorkWatch();
  const rows = new WorkerTable();
  const busy = { connections: 1, cpuPercent: 0 };
  const workers = [
    worker(7, { ...busy, waitsForClient: true }),
    worker(8, { ...busy, waitsForClient: false }),
    worker(9),
  ];
  rows.update(sample(0, { workers }));
  work.add(sample(0, { workers }), rows.rows());
  expect(work.busyWork(at(0))?.clientRatio).toBe(0.5);
});

it('knows which share of the busy threads waits for a lock', () => {
  const work = new WorkWatch();
  const rows = new WorkerTable();
  const gthread = { workerClass: 'gthread', threadsPerWorker: 4 };
  const workers = [worker(7, { connections: 4, busyThreads: 4, lockedThreads: 3, cpuPercent: 0 })];
  const look = sample(0, { masters: [master(gthread)], workers });
  rows.update(look);
  work.add(look, rows.rows());
  expect(work.busyWork(at(0))?.lockRatio).toBe(0.75);
});

it('knows the share of a CPU quota that is in use', () => {
  const work = new WorkWatch();
  const rows = new WorkerTable();
  for (let second = 0; second < 5; second += 1) {
    const busy = worker(7, { connections: 1, cpuPercent: 45 });
    const look = sample(second, { workers: [busy], limits: { cpus: 0.5, memoryBytes: null } });
    rows.update(look);
    work.add(look, rows.rows());
  }
  expect(work.busyWork(at(4))?.quota).toEqual({ cpus: 0.5, usedRatio: 0.9 });
});

/** @param looks seconds after T0, and how many wait then. */
function waitingSince(looks: readonly (readonly [second: number, backlog: number])[]): number | null {
  const work = new WorkWatch();
  for (const [second, backlog] of looks) work.add(sample(second, { backlog }), []);
  const { waitingSinceMs } = work;
  return waitingSinceMs === null ? null : (waitingSinceMs - T0) / 1000;
}

describe('since when requests wait', () => {
  it('is known when three looks in a row have found a queue', () => {
    expect([
      waitingSince([[0, 0]]),
      waitingSince([
        [0, 0],
        [1, 4],
        [2, 4],
      ]),
      waitingSince([
        [0, 0],
        [1, 4],
        [2, 4],
        [3, 1],
      ]),
    ]).toEqual([null, null, 1]);
  });

  it('is not told by two looks, however far a crowded machine puts them apart', () => {
    expect(
      waitingSince([
        [4.3, 0],
        [7.7, 1],
        [11.1, 2],
      ]),
    ).toBeNull();
  });

  it('ends with a look at an empty queue', () => {
    expect(
      waitingSince([
        [1, 4],
        [2, 4],
        [3, 4],
        [4, 0],
        [5, 4],
      ]),
    ).toBeNull();
  });
});
