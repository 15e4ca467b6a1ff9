/** Masters that go because new workers do not come up, where no log tells of it. */
import { describe, expect, it } from 'vitest';
import { hasComeUp } from '../../../src/model/boot-watch.ts';
import type { MasterFact, ProcessSample, WorkerFact } from '../../../src/model/facts.ts';
import { Incidents } from '../../../src/model/incidents.ts';
import { sayMasterEnd } from '../../../src/model/master-ends.ts';
import { master, sample, T0, worker } from './samples.ts';

interface Look {
  readonly master?: Partial<MasterFact>;
  readonly workers?: readonly WorkerFact[];
}

const at = (seconds: number): number => T0 + seconds * 1000;
const born = (pid: number, seconds: number, hasBegun: boolean | null): WorkerFact =>
  worker(pid, { startedAtMs: at(seconds), hasBegun });
const old = [born(1, -60, true), born(2, -60, true)];
const reloaded = { pidFile: '/run/g.pid', pidFileAtMs: at(0.5) };
const REMOVED = { pid: 100, pidFile: 'removed', pidFileAtMs: null } as const;
const before = { pidFile: '/run/g.pid', pidFileAtMs: at(-60) };

/** One look a second, then the master is gone; settles ten seconds after that. */
function watch(looks: readonly Look[], gone?: ProcessSample['gone']): Incidents {
  const incidents = new Incidents({ readsErrorLog: false, onKilled: () => {} });
  for (let second = 0; second < looks.length + 10; second++) {
    const look = looks[second];
    const masters = look ? [master({ ...before, ...look.master })] : [];
    const rest = look || gone === undefined ? {} : { gone };
    incidents.addSample(sample(second, { masters, workers: look?.workers ?? (look ? old : []), ...rest }));
    incidents.settle(at(second));
  }
  return incidents;
}

const said = ({ masterEnd }: Incidents): string => (masterEnd ? sayMasterEnd(masterEnd) : 'none');
const reasons = (incidents: Incidents) =>
  Object.fromEntries(Object.entries(incidents.exits().byReason).filter(([, count]) => count > 0));

describe('a master that goes', () => {
  it('after a reload of which no worker came up is said to have failed by the new code', () => {
    const incidents = watch([{}, { master: reloaded, workers: [] }], REMOVED);
    expect(said(incidents)).toBe(
      'master 100 has stopped 1.5 s after a reload, none of its new workers had come up: does the new code fail at import?',
    );
    expect(incidents.events().find(({ kind }) => kind === 'reload')).toMatchObject({
      level: 'critical',
      text: 'reload (HUP): 2 workers left, none came up in their place',
    });
  });

  it('after a reload between two looks is told by the pid file that it left', () => {
    expect(said(watch([{}], { pid: 100, pidFile: 'left', pidFileAtMs: at(0.4) }))).toContain('600 ms after a reload');
  });

  it('after a reload is not taken in by a new worker that is on its way out', () => {
    const ending = worker(3, { startedAtMs: at(0.6), hasBegun: null, heartbeatAgeSeconds: null, fds: 6 });
    expect(said(watch([{}, { master: reloaded, workers: [ending] }]))).toContain('none of its new workers had come up');
  });

  it('with a worker that had not come up says so, and so does the ledger', () => {
    const incidents = watch([{}, { workers: [born(2, -60, true), born(3, 0.4, false)] }]);
    expect(said(incidents)).toBe(
      'master 100 has stopped before its new worker 3 had come up: does the code fail at import?',
    );
    expect(reasons(incidents)).toEqual({ boot: 1, shutdown: 2 });
  });

  it('after a reload that went well has another reason', () => {
    const up = { master: reloaded, workers: [born(3, 0.6, true), born(4, 0.6, true)] };
    expect(said(watch([{}, up, up], { pid: 100, pidFile: 'left', pidFileAtMs: at(0.5) }))).toBe(
      'master 100 was killed, or crashed: it has left its pid file',
    );
  });

  it('is not said to have failed where workers may not be looked at', () => {
    const blind = { master: reloaded, workers: [born(3, 0.6, null)] };
    expect(said(watch([{}, blind]))).toBe('master 100 is gone');
  });

  it('tells by its pid file whether it stopped in order', () => {
    expect(said(watch([{}], REMOVED))).toBe(
      'master 100 has stopped in order: told to (TERM, INT, QUIT), or a worker failed to boot',
    );
    expect(said(watch([{}], { ...REMOVED, pid: 4711 }))).toBe('master 100 is gone');
  });
});

describe('a worker', () => {
  it.each([
    ['touched its heartbeat', { hasBegun: true }, true],
    ['holds a connection', { hasBegun: false, connections: 1 }, true],
    ['has not touched it', { hasBegun: false }, false],
    ['may not be looked at', { hasBegun: null }, null],
  ])('that %s', (_, fact, expected) => {
    expect(hasComeUp(worker(7, fact), master())).toBe(expected);
  });

  it("of uvicorn's serves long before it touches its heartbeat", () => {
    expect(hasComeUp(worker(7, { hasBegun: false }), { workerClass: 'uvicorn.workers.UvicornWorker' })).toBeNull();
  });
});

describe('a worker that leaves before it has come up', () => {
  it('however long it took, is a failed start and not an unknown end', () => {
    const incidents = new Incidents({ readsErrorLog: false, onKilled: () => {} });
    for (let second = 0; second < 24; second++) {
      const workers = second < 9 ? [born(3, 0, false)] : [born(4, 9, false)];
      incidents.addSample(sample(second, { workers, masters: [master({ maxRequests: 0 })] }));
      incidents.settle(at(second));
    }
    expect(reasons(incidents)).toEqual({ crash: 1 });
    expect(incidents.recentEnds(at(24), 60)[0]).toMatchObject({
      stillborn: true,
      text: 'left 9 s after its start, before it had come up: does the application exit at import?',
    });
  });
});
