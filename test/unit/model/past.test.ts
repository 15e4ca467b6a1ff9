import { describe, expect, it } from 'vitest';
import type { MasterFact, ProcessSample, WorkerFact } from '../../../src/model/facts.ts';
import { Model } from '../../../src/model/model.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { anAlert } from '../../support/snapshots.ts';

const START_MS = Date.UTC(2026, 10, 21, 12);
const at = (second: number): number => START_MS + second * 1000;

const process = {
  startTicks: 1,
  startedAtMs: START_MS,
  cpuSeconds: 1,
  cpuPercent: 5,
  ...{ rssBytes: 1, pssBytes: 1, ussBytes: 1, vmsBytes: 1 },
  ...{ osState: 'S', threads: 1, fds: 9 },
};
const aMaster: MasterFact = {
  ...{ ...process, pid: 1, parentPid: 0, role: 'current', app: 'app:app', version: '26.2.0', workerClass: 'sync' },
  ...{ workersTarget: 2, threadsPerWorker: 1, timeoutSeconds: 30, listeners: [], pidFile: null },
};
const aWorker = (pid: number): WorkerFact => ({
  ...{ ...process, pid, parentPid: 1, masterPid: 1 },
  ...{ connections: 0, clientAddress: null, busyThreads: 0, heartbeatAgeSeconds: 0.1 },
});
const sample = (second: number, ...pids: readonly number[]): ProcessSample => ({
  atMs: at(second),
  masters: [aMaster],
  workers: pids.map(aWorker),
  activeConnections: pids.length,
  backlog: second,
  notes: [],
});

/** Workers 10 and 11 for a minute, then 12 in the place of 10; an alert since second 30. */
function watched(records = true): Model {
  const watches = { processes: true, accessLog: false, errorLog: false };
  const model = new Model({ startedAtMs: START_MS, watches, records });
  for (let second = 0; second < 120; second++) {
    model.addProcesses(second < 60 ? sample(second, 10, 11) : sample(second, 11, 12));
    model.tick(at(second));
    if (second === 30) model.addEvent({ atMs: at(30), kind: 'reload', level: 'ok', text: 'reload' });
    const alerts = second < 30 ? [] : [anAlert({ name: 'Late', fingerprint: 'late', value: second })];
    model.judge(model.serviceView(at(second)), alerts);
  }
  return model;
}

const snapshot = (model: Model, second: number, over = {}): Snapshot =>
  model.snapshot({ windowSeconds: 10, atMs: at(second), ...over });
const pids = ({ workers }: Snapshot): number[] => workers.map(({ pid }) => pid);

describe('a moment of the past', () => {
  const model = watched();

  it('has the workers, the queue and the connections of then', () => {
    expect(pids(snapshot(model, 45))).toEqual([10, 11]);
    expect(snapshot(model, 45).saturation.backlog).toBe(45);
    expect(snapshot(model, 45).traffic.activeConnections).toBe(2);
    expect(pids(snapshot(model, 75))).toEqual([11, 12]);
    expect(pids(snapshot(model, 119.5))).toEqual([11, 12]);
  });

  it('has the alerts and events that were known then', () => {
    expect(snapshot(model, 20).alerts).toEqual([]);
    expect(snapshot(model, 40).alerts[0]?.value).toBe(40);
    expect(snapshot(model, 20).events.map(({ kind }) => kind)).not.toContain('reload');
    expect(snapshot(model, 40).events.map(({ kind }) => kind)).toContain('reload');
  });

  it('says when that was recorded, and now says nothing of it', () => {
    expect(snapshot(model, 45.4).past).toEqual({
      recordedAt: new Date(at(45)).toISOString(),
      recordedFrom: new Date(START_MS).toISOString(),
    });
    expect(snapshot(model, 119.5).past ?? null).toBeNull();
  });

  it('of which nothing was kept shows nothing, and no zero for it', () => {
    const before = snapshot(model, -60);
    expect(before).toMatchObject({ master: null, masters: [], workers: [], alerts: [], past: { recordedAt: null } });
    expect(before.verdict).toMatchObject({ level: 'unknown' });
    expect(before.saturation).toMatchObject({ busyWorkers: null, capacity: null, backlog: null });
    expect(before.traffic.activeConnections).toBeNull();
    expect(before.system.cpuPercent).toBeNull();
  });

  it('has what was recorded of a worker or an alert, if that is asked for', () => {
    const startedAt = new Date(START_MS).toISOString();
    const worker = snapshot(model, 90, { recorded: { worker: 10, startedAt } });
    expect(worker.workerHistory?.cpuPercent.filter((value) => value !== null)).toHaveLength(60);
    expect(snapshot(model, 90, { recorded: { alert: 'late' } }).alertValues?.values.at(-1)).toBe(90);
    expect(snapshot(model, 90)).not.toHaveProperty('workerHistory');
  });
});

it('without a recorder shows the newest samples', () => {
  expect(pids(snapshot(watched(false), 45))).toEqual([11, 12]);
});
