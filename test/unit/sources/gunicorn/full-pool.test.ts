import { describe, expect, it } from 'vitest';
import type { WorkerFact } from '../../../../src/model/facts.ts';
import { UNKNOWN_SETTINGS } from '../../../../src/sources/gunicorn/command-line.ts';
import { hasFullPool, waitingForThreads } from '../../../../src/sources/gunicorn/full-pool.ts';
import type { WatchedMaster } from '../../../../src/sources/gunicorn/masters.ts';
import { worker } from '../../model/samples.ts';

const settings = { ...UNKNOWN_SETTINGS, threads: 2 };
const master = { pid: 100, settings } as WatchedMaster;
/** `most`: connections that the worker may hold. */
const isFull = (fact: Partial<WorkerFact>, most: number | null, workerClass = 'gthread') =>
  hasFullPool([worker(7, fact)], [{ master, workerClass }], new Map([[7, { most }]]));

describe('a gthread worker is full', () => {
  it('with all threads in service', () => {
    expect(isFull({ busyThreads: 2 }, 2)).toBe(true);
    expect(isFull({ busyThreads: 1 }, 9)).toBe(false);
    expect(isFull({ busyThreads: 2 }, 2, 'sync')).toBe(false);
  });

  it('when it computes with connections enough, though its threads look idle behind the lock', () => {
    expect(isFull({ busyThreads: 1, cpuPercent: 85 }, 5)).toBe(true);
    expect(isFull({ busyThreads: 1, cpuPercent: 85 }, 1)).toBe(false);
    expect(isFull({ busyThreads: 1, cpuPercent: 5 }, 5)).toBe(false);
  });

  it('while new connections wait to be told apart from other sockets', () => {
    expect(isFull({ busyThreads: 1, cpuPercent: 85, connections: null }, 5)).toBe(true);
    expect(isFull({ busyThreads: null, cpuPercent: 85, connections: null }, null)).toBe(false);
  });
});

describe('requests that wait for a thread', () => {
  const waiting = (inService: readonly number[], isKnown = true, workerClass = 'gthread') =>
    waitingForThreads(
      [worker(7)],
      [{ master, workerClass }],
      new Map([[7, { inService }]]),
      isKnown ? new Map([[7, new Set([99])]]) : new Map(),
    );

  it('are those beyond one a thread', () => {
    expect(waiting([1, 2])).toBe(0);
    expect(waiting([1, 2, 3, 4, 5])).toBe(3);
  });

  it('are not known where a connection that rests looks like one in service', () => {
    expect(waiting([1, 2, 3], false)).toBeNull();
    expect(waiting([1, 2, 3], false, 'sync')).toBe(0);
  });
});
