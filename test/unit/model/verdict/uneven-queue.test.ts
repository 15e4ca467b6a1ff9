import { describe, expect, it } from 'vitest';
import type { ServiceView } from '../../../../src/model/service-view.ts';
import { diagnose } from '../../../../src/model/verdict/index.ts';
import { anAlert } from '../../../support/snapshots.ts';
import { T0 } from '../samples.ts';
import { row, saturationOf, view } from '../views.ts';

const SATURATED = { ...anAlert({ name: 'Saturated', value: null, threshold: null, since: null, summary: 'so it is' }) };
const verdict = (rest: Partial<ServiceView>, alerts = [] as (typeof SATURATED)[]) => diagnose(view(rest), alerts);

const HELD = { state: 'busy', busySeconds: 12, connections: 1, clientAddress: '10.0.0.7' } as const;
const alone: Partial<ServiceView> = {
  workers: [row(1, { ...HELD, backlog: 6, backlogSeconds: 11 }), row(2, { backlog: 0 }), row(3, { backlog: 0 })],
  unsharedQueues: [6, 0, 0],
  saturation: saturationOf({ busyWorkers: 1, capacity: 3, backlog: 6 }),
  waitingSinceMs: T0 - 11_000,
};

describe('an accept queue of its own for each worker (--reuse-port)', () => {
  it('names the worker that others wait for, while there are idle ones', () => {
    expect(verdict(alone)).toMatchObject({
      level: 'warning',
      text: '6 waiting to be accepted by worker 1 alone, while 2 of 3 workers are idle · it is busy for 12 s · client 10.0.0.7 · with --reuse-port each worker has a queue of its own',
      causes: [{ kind: 'uneven-queue' }],
    });
    expect(verdict(alone, [SATURATED]).level).toBe('critical');
  });

  it('names the longest of several', () => {
    const workers = [
      row(1, { ...HELD, backlog: 2, backlogSeconds: 11 }),
      row(2, { ...HELD, backlog: 5, backlogSeconds: 7 }),
      row(3, { backlog: 0 }),
    ];
    expect(verdict({ ...alone, workers }).text).toContain(
      '7 waiting to be accepted by 2 workers, most for 2, while 1 of 3 workers is idle',
    );
  });

  it('stays calm about a queue that is longer than the others for a moment', () => {
    const [worker, ...rest] = alone.workers ?? [];
    const brief = { ...alone, workers: [{ ...row(1), ...worker, busySeconds: 0.3, backlogSeconds: 4 }, ...rest] };
    expect(verdict(brief).level).toBe('ok');
    const new_ = { ...alone, workers: [{ ...row(1), ...worker, backlogSeconds: 1 }, ...rest] };
    expect(verdict(new_).level).toBe('ok');
  });

  it('is plain saturation when no worker is idle', () => {
    const workers = [1, 2, 3].map((pid) => row(pid, { ...HELD, backlog: pid, backlogSeconds: 9 }));
    const full = { ...alone, workers, busyRatio: 1, saturation: saturationOf({ busyWorkers: 3, backlog: 6 }) };
    expect(verdict(full, [SATURATED]).causes.map(({ kind }) => kind)).toEqual(['saturated']);
  });

  it('is told without the worker where its sockets may not be read', () => {
    const blind = { ...alone, workers: [row(1, { state: 'unknown', busySeconds: null }), row(2), row(3)] };
    expect(verdict(blind).text).toBe(
      '6 waiting in 1 of 3 accept queues, the others are empty · with --reuse-port each worker has a queue of its own',
    );
  });

  it('is saturation where all share one queue', () => {
    const shared = { ...alone, workers: [row(1, HELD), row(2), row(3)], unsharedQueues: [] };
    expect(verdict(shared).causes.map(({ kind }) => kind)).toEqual(['saturated']);
  });
});
