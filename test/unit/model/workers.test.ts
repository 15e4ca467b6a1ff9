import { describe, expect, it } from 'vitest';
import type { MasterFact, WorkerFact } from '../../../src/model/facts.ts';
import { workerKind } from '../../../src/model/worker-kind.ts';
import { type WorkerRow, WorkerTable } from '../../../src/model/workers.ts';
import { master, sample, T0, worker } from './samples.ts';

const GTHREAD: Partial<MasterFact> = { workerClass: 'gthread', threadsPerWorker: 4 };

/** Feeds one look a second at worker 7; answers with the row after the last. */
function look(facts: readonly Partial<WorkerFact>[], rest: Partial<MasterFact> = {}): WorkerRow | undefined {
  const table = new WorkerTable();
  facts.forEach((fact, second) => {
    table.update(sample(second, { masters: [master(rest)], workers: [worker(7, fact)] }));
  });
  return table.rows()[0];
}

const state = (fact: Partial<WorkerFact>, rest: Partial<MasterFact> = {}) => look([fact], rest)?.state;

describe('workerKind', () => {
  it.each([
    ['sync', 1, 'sync'],
    ['sync', 4, 'gthread'],
    ['gthread', 4, 'gthread'],
    ['gunicorn.workers.gthread.ThreadWorker', 4, 'gthread'],
    ["<class 'gunicorn.workers.ggevent.GeventWorker'>", 1, 'async'],
    ['uvicorn.workers.UvicornWorker', 1, 'async'],
    ['myapp.workers.Odd', 1, null],
    [null, null, null],
  ])('%s with %s threads is %s', (name, threads, kind) => {
    expect(workerKind(name, threads)).toBe(kind);
  });
});

it('a worker that a signal has stopped is stuck, a traced one (py-spy, for a moment) is not', () => {
  expect(state({ osState: 'T' })).toBe('stuck');
  expect(state({ osState: 't' })).toBe('idle');
});

describe('an accept queue of its own (--reuse-port)', () => {
  it('counts since when no look has found it empty', () => {
    expect(look([{ backlog: 2 }, { backlog: 1 }, { backlog: 4 }])).toMatchObject({ backlog: 4, backlogSeconds: 2 });
    expect(look([{ backlog: 2 }, { backlog: 0 }, { backlog: 4 }])).toMatchObject({ backlog: 4, backlogSeconds: 0 });
    expect(look([{ backlog: 2 }, { backlog: 0 }])).toMatchObject({ backlog: 0, backlogSeconds: null });
    expect(look([{}])).toMatchObject({ backlog: null, backlogSeconds: null });
  });
});

describe('the state of a sync worker', () => {
  it('is busy while it holds a connection', () => {
    expect(state({ connections: 1 })).toBe('busy');
    expect(state({ connections: 0 })).toBe('idle');
  });

  it('is unknown where its descriptors may not be read', () => {
    expect(state({ connections: null, heartbeatAgeSeconds: null })).toBe('unknown');
  });

  it('is stuck when it is silent for longer than the timeout, unless there is none', () => {
    expect(state({ connections: 1, heartbeatAgeSeconds: 31 })).toBe('stuck');
    expect(state({ connections: 1, heartbeatAgeSeconds: 31 }, { timeoutSeconds: 0 })).toBe('busy');
    expect(state({ connections: 1, heartbeatAgeSeconds: 31 }, { timeoutSeconds: null })).toBe('busy');
  });

  it('is exiting as a zombie, or when the log says so', () => {
    expect(state({ osState: 'Z' })).toBe('exiting');
    const table = new WorkerTable();
    table.update(sample(0, { workers: [worker(7), worker(8)] }));
    expect(table.rows((pid) => pid === 8).map((row) => row.state)).toEqual(['idle', 'exiting']);
  });
});

describe('the state of a gthread worker', () => {
  it('goes by its threads: connections may be idle', () => {
    expect(state({ connections: 3, busyThreads: 0 }, GTHREAD)).toBe('idle');
    expect(state({ connections: 3, busyThreads: 2 }, GTHREAD)).toBe('busy');
    expect(state({ connections: 3, busyThreads: null }, GTHREAD)).toBe('unknown');
    expect(state({ connections: 0, busyThreads: null }, GTHREAD)).toBe('idle');
  });

  const hang = { connections: 1, busyThreads: 1, clientAddress: '10.0.0.5', cpuPercent: 1 };
  const forTen = (fact: Partial<WorkerFact>) => Array.from({ length: 11 }, () => fact);

  it('is stuck when one client holds it beyond the timeout without progress; the heartbeat goes on', () => {
    const timeout = { ...GTHREAD, timeoutSeconds: 5 };
    expect(look(forTen(hang), timeout)).toMatchObject({ state: 'stuck', busySeconds: 10, clientAddress: '10.0.0.5' });
  });

  it('is merely busy under load: it burns CPU, or its log lines come', () => {
    const timeout = { ...GTHREAD, timeoutSeconds: 5 };
    expect(look(forTen({ ...hang, cpuPercent: 80 }), timeout)?.state).toBe('busy');
    const table = new WorkerTable();
    for (let second = 0; second <= 10; second += 1) {
      table.update(sample(second, { masters: [master(timeout)], workers: [worker(7, hang)] }));
      table.noteAccess(7, T0 + second * 1000);
    }
    expect(table.rows()[0]?.state).toBe('busy');
  });
});

describe('the state of an event-loop worker', () => {
  it('is known when nobody is connected, or when its loop is busy or blocked; else not', () => {
    const gevent = { workerClass: 'gevent' };
    expect(state({ connections: 0 }, gevent)).toBe('idle');
    expect(state({ connections: 9, cpuPercent: 3 }, gevent)).toBe('unknown');
    expect(state({ connections: 9, cpuPercent: 95 }, gevent)).toBe('busy');
    expect(state({ connections: 9, heartbeatAgeSeconds: 4 }, gevent)).toBe('busy');
  });

  it('of uvicorn is not blocked before half the timeout is over: it touches its heartbeat no sooner', () => {
    const uvicorn = { workerClass: 'uvicorn.workers.UvicornWorker', timeoutSeconds: 30 };
    expect(state({ connections: 1, heartbeatAgeSeconds: 15.9 }, uvicorn)).toBe('unknown');
    expect(state({ connections: 1, heartbeatAgeSeconds: 17.5 }, uvicorn)).toBe('busy');
    expect(state({ connections: 1, heartbeatAgeSeconds: 25 }, { ...uvicorn, timeoutSeconds: null })).toBe('unknown');
  });

  it('that is blocked has been so since its last heartbeat', () => {
    expect(look([{ connections: 2, heartbeatAgeSeconds: 4 }], { workerClass: 'gevent' })?.busySeconds).toBe(4);
  });
});

describe('booting', () => {
  const born = (age: number, rest: Partial<WorkerFact> = {}) => ({ startedAtMs: T0 - age * 1000, ...rest });

  it('is a worker younger than a second, until it serves', () => {
    expect(state(born(0.4))).toBe('booting');
    expect(state(born(0.4, { hasBegun: true }))).toBe('idle');
    expect(state(born(0.4, { connections: 1 }))).toBe('busy');
    expect(state(born(1.4))).toBe('idle');
  });

  it('is one that burns CPU and never touched its heartbeat: it imports the application', () => {
    expect(state(born(8, { heartbeatAgeSeconds: 8.01, cpuPercent: 97 }))).toBe('booting');
    expect(state(born(8, { heartbeatAgeSeconds: 8.01, cpuPercent: 0 }))).toBe('idle');
  });

  it('is over for good once it was over', () => {
    const burning = born(8, { heartbeatAgeSeconds: 8, cpuPercent: 97 });
    expect(look([born(8), burning])?.state).toBe('idle');
  });
});

describe('how long a worker is busy', () => {
  const busy = { connections: 1, clientAddress: '10.0.0.5:1', heartbeatAgeSeconds: null };

  it('counts from the first look that saw it, without a break and for the same client', () => {
    expect(look([busy, busy, busy])?.busySeconds).toBe(2);
    expect(look([busy, { connections: 0 }, busy])?.busySeconds).toBe(0);
    expect(look([busy, busy, { ...busy, clientAddress: '10.0.0.6:9' }])?.busySeconds).toBe(0);
    expect(look([{ connections: 0 }])?.busySeconds).toBeNull();
  });

  it('is the age of the heartbeat of a sync worker, even where the first look finds it busy', () => {
    expect(look([{ ...busy, heartbeatAgeSeconds: 38.2 }], { timeoutSeconds: 60 })?.busySeconds).toBeCloseTo(38.2, 6);
  });

  it('sees by the heartbeat that another request has begun in between', () => {
    const beats = [0.5, 1.5, 0.25].map((heartbeatAgeSeconds) => ({ ...busy, heartbeatAgeSeconds }));
    expect(look(beats)?.busySeconds).toBeCloseTo(0.25, 6);
  });

  it('does not take the rest before a request for part of it', () => {
    expect(
      look([
        { connections: 0, heartbeatAgeSeconds: 9 },
        { ...busy, heartbeatAgeSeconds: 10 },
      ])?.busySeconds,
    ).toBe(1);
  });

  it('starts anew with an access line of the worker', () => {
    const table = new WorkerTable();
    table.update(sample(0, { workers: [worker(7, busy)] }));
    table.noteAccess(7, T0 + 3000);
    table.update(sample(5, { workers: [worker(7, busy)] }));
    expect(table.rows()[0]?.busySeconds).toBe(2);
  });
});

describe('a worker that has served before the first look at it', () => {
  const served = (lineSecond: number): boolean | undefined => {
    const table = new WorkerTable();
    table.noteAccess(7, T0 + lineSecond * 1000);
    table.update(sample(21, { workers: [worker(7, { startedAtMs: T0 + 20_400 })] }));
    return table.sighting(7)?.served;
  };

  it('is known to have', () => expect(served(20)).toBe(true));
  it('is not the one that had its pid before', () => expect(served(17)).toBe(false));
});

describe('identity', () => {
  it('is the pid with the start time', () => {
    const table = new WorkerTable();
    table.update(sample(0, { workers: [worker(7, { connections: 1 })] }));
    const departures = table.update(sample(5, { workers: [worker(7, { startTicks: 5, connections: 1 })] }));
    expect(departures.map(({ sighting, masterGone }) => [sighting.pid, masterGone])).toEqual([[7, false]]);
    expect(table.rows()[0]?.busySeconds).toBeLessThan(5);
  });

  it('remembers for a while what it last saw of a worker that is gone', () => {
    const table = new WorkerTable();
    table.update(sample(0, { workers: [worker(7, { connections: 1, clientAddress: '10.0.0.5' })] }));
    expect(table.update(sample(1, { masters: [] }))[0]?.masterGone).toBe(true);
    expect(table.sighting(7)).toMatchObject({ clientAddress: '10.0.0.5', timeoutSeconds: 30, kind: 'sync' });
    table.update(sample(60));
    expect(table.sighting(7)).toBeNull();
  });
});

describe('the time until the master kills a worker', () => {
  const secondsToKill = (fact: Partial<WorkerFact>, rest: Partial<MasterFact> = {}) =>
    look([fact], rest)?.secondsToKill;

  it('is what its heartbeat leaves of the timeout', () => {
    expect(secondsToKill({ heartbeatAgeSeconds: 12 })).toBe(18);
    expect(secondsToKill({ heartbeatAgeSeconds: 31 })).toBe(0);
  });

  it('is not known without a timeout or a heartbeat', () => {
    expect(secondsToKill({ heartbeatAgeSeconds: 12 }, { timeoutSeconds: 0 })).toBeNull();
    expect(secondsToKill({ heartbeatAgeSeconds: 12 }, { timeoutSeconds: null })).toBeNull();
    expect(secondsToKill({ heartbeatAgeSeconds: null })).toBeNull();
  });
});

describe('what a busy worker does', () => {
  /** Serves one request that was there before the first look; so much CPU time is used at each second. */
  const activity = (cpu: readonly number[], fact: Partial<WorkerFact> = {}, rest: Partial<MasterFact> = {}) => {
    const facts = cpu.map((cpuSeconds, t) => ({ connections: 1, cpuSeconds, heartbeatAgeSeconds: 1 + t, ...fact }));
    return look(facts, rest)?.activity;
  };

  it('is told by CPU time ÷ time since it was first seen busy', () => {
    expect(activity([5, 5.1, 5.2])).toBe('waiting');
    expect(activity([5, 5.9, 6.8])).toBe('computing');
    expect(activity([5, 5.9, 5.9, 5.9])).toBe('waiting');
    expect(activity([5, 5.9, 6.8], { busyThreads: 2, clientAddress: '10.0.0.1' }, GTHREAD)).toBe('computing');
  });

  it('is to compute as well when it gets no more than a share of a crowded CPU', () => {
    expect(activity([5, 5.2, 5.4, 5.6], { osState: 'R' })).toBe('computing');
  });

  it('is not known at first sight, of one at rest, and without its CPU time', () => {
    expect(activity([5])).toBeNull();
    expect(activity([5, 6, 7], { connections: 0 })).toBeNull();
    expect(look([{ connections: 1 }, { connections: 1 }])?.activity).toBeNull();
  });

  it('of a next request begins anew', () => {
    const computed = { connections: 1, cpuSeconds: 5, heartbeatAgeSeconds: 1 };
    const facts = [computed, { ...computed, cpuSeconds: 6, heartbeatAgeSeconds: 2 }];
    const next = [0.5, 1.5, 2.5].map((age) => ({ connections: 1, cpuSeconds: 6, heartbeatAgeSeconds: age }));
    expect(look([...facts, ...next])?.activity).toBe('waiting');
  });
});
