/** Masters that go: killed by the kernel, told to stop, succeeded by another one. */
import { describe, expect, it } from 'vitest';
import type { MasterFact, WorkerFact } from '../../../src/model/facts.ts';
import { Incidents } from '../../../src/model/incidents.ts';
import { entry } from './lifecycle-log.ts';
import { master, sample, T0, worker } from './samples.ts';

interface Look {
  readonly masters?: readonly MasterFact[];
  readonly workers?: readonly WorkerFact[];
  readonly oomKills?: number;
  /** Lines read after this look, by their message. */
  readonly lines?: readonly { readonly message: string; readonly pid: number }[];
}

const MB = 2 ** 20;
const both = [worker(1, { rssBytes: 30 * MB }), worker(2, { rssBytes: 90 * MB })];

/** One look a second, the last one repeated until everything is settled. */
function watch(looks: readonly Look[], readsErrorLog = false) {
  const incidents = new Incidents({ readsErrorLog, onKilled: () => {} });
  let oomKills = 0;
  for (let second = 0; second < looks.length + 8; second++) {
    const look = looks[second] ?? { ...looks.at(-1), lines: [] };
    oomKills = look.oomKills ?? oomKills;
    incidents.addSample(
      sample(second, { masters: look.masters ?? [master()], workers: look.workers ?? both, oomKills }),
    );
    const atMs = T0 + second * 1000;
    for (const { message, pid } of look.lines ?? []) incidents.addEntry(entry(message, { atMs, pid }), atMs);
    incidents.settle(atMs);
  }
  return incidents;
}

const exits = (incidents: Incidents) =>
  Object.fromEntries(Object.entries(incidents.exits().byReason).filter(([, count]) => count > 0));
const told = (incidents: Incidents) => incidents.events().find(({ kind }) => kind === 'master-gone');

describe('a master that the kernel kills for want of memory', () => {
  it('is said to be, and its workers leave with it', () => {
    const incidents = watch([{}, { masters: [], oomKills: 1 }, { masters: [], workers: [] }]);
    expect(incidents.masterOom).toMatchObject({ pid: 100, atMs: T0 + 1000, isOom: true });
    expect(told(incidents)).toMatchObject({
      level: 'critical',
      text: 'master 100 killed by the kernel: out of memory',
    });
    expect(exits(incidents)).toEqual({ shutdown: 2 });
  });

  it.each([
    ['without an error log', false],
    ['with one', true],
  ])('may take the largest worker with it, %s', (_, readsErrorLog) => {
    const incidents = watch([{}, { masters: [], workers: [], oomKills: 2 }], readsErrorLog);
    expect(exits(incidents)).toEqual({ oom: 1, shutdown: 1 });
    expect(incidents.recentEnds(T0 + 9000, 60).find(({ reason }) => reason === 'oom')?.pid).toBe(2);
  });

  it('may be followed by a worker that goes on taking memory', () => {
    const incidents = watch([
      {},
      { masters: [], oomKills: 1 },
      { masters: [], workers: both.slice(0, 1), oomKills: 2 },
      { masters: [], workers: [], oomKills: 2 },
    ]);
    expect(exits(incidents)).toEqual({ oom: 1, shutdown: 1 });
  });

  it('is told from workers that say that they leave', () => {
    const leaves = { message: 'Parent changed, shutting down: <Worker 2>', pid: 2 };
    const incidents = watch([{}, { masters: [], workers: [], oomKills: 2, lines: [leaves] }], true);
    expect(incidents.recentEnds(T0 + 9000, 60).map(({ pid, reason }) => [pid, reason])).toEqual(
      expect.arrayContaining([
        [1, 'oom'],
        [2, 'shutdown'],
      ]),
    );
  });

  it('is told also when another one takes its place at once', () => {
    const incidents = watch([{}, { masters: [master({ pid: 200 })], workers: [], oomKills: 1 }]);
    expect(incidents.masterOom?.pid).toBe(100);
    expect(told(incidents)?.level).toBe('critical');
  });
});

describe('a master that starts', () => {
  it('is told once, be it a look or its line that tells first', () => {
    const second = master({ pid: 200, role: 'new' });
    const line = { message: 'Starting gunicorn 26.2.0', pid: 200 };
    const incidents = watch([{}, { masters: [master(), second], lines: [line] }], true);
    const starts = incidents.events().filter(({ kind }) => kind === 'master-start');
    expect(starts.map(({ text }) => text)).toEqual(['gunicorn 26.2.0 started: master 200']);
  });
});

describe('a master that goes otherwise', () => {
  it('is not the kernel’s when only a worker was killed before', () => {
    const incidents = watch([{}, { workers: both.slice(0, 1), oomKills: 1 }, { masters: [], workers: [] }]);
    expect(incidents.masterOom).toBeNull();
    expect(exits(incidents)).toEqual({ oom: 1, shutdown: 1 });
    expect(told(incidents)).toMatchObject({ level: 'critical', text: 'master 100 is gone' });
  });

  it('leaves the kill to the worker when the log tells that it was stopped, be it after the look', () => {
    const stop = { message: 'Handling signal: term', pid: 100 };
    const killed = { message: 'Worker (pid:2) was sent SIGKILL! Perhaps out of memory?', pid: 100 };
    const incidents = watch([{}, { masters: [], workers: [], oomKills: 1, lines: [killed, stop] }], true);
    expect(incidents.masterOom).toBeNull();
    expect(told(incidents)).toMatchObject({ level: 'warning', text: 'master 100 was told to stop' });
    expect(exits(incidents)).toMatchObject({ oom: 1 });
  });
});
