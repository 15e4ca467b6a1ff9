import { describe, expect, it } from 'vitest';
import { Enrichment } from '../../../src/model/enrichment.ts';
import type { ControlAnswer, ControlFact } from '../../../src/model/facts.ts';
import { probe } from './probes.ts';
import { master, sample, T0, worker } from './samples.ts';

const answer = (rest: Partial<ControlAnswer> = {}): ControlAnswer => ({
  masterPid: 100,
  uptimeSeconds: 10,
  workersTarget: 5,
  workersSpawned: 7,
  workersKilled: 2,
  reloads: 1,
  dirtyArbiterPid: null,
  dirtyApps: [],
  workers: [{ pid: 201, age: 1, isAborted: false, heartbeatAgeSeconds: 0.7 }],
  ...rest,
});

const control = (rest: Partial<ControlFact> = {}): ControlFact => ({
  atMs: T0,
  path: '/run/gunicorn.ctl',
  answer: answer(),
  error: null,
  ...rest,
});

/** A sample with one worker whose heartbeat cannot be read, completed by what the control socket said. */
function completed(fact: ControlFact | null, seconds = 1) {
  const enrichment = new Enrichment();
  if (fact) enrichment.setControl(fact);
  const workers = [worker(201, { heartbeatAgeSeconds: null }), worker(202, { heartbeatAgeSeconds: 0.1 })];
  return enrichment.complete(sample(seconds, { masters: [master({ workersTarget: 2 })], workers }));
}

describe('what a master says through its control socket', () => {
  it('completes the sample: the target that TTIN has changed, heartbeats that cannot be read', () => {
    const { masters, workers } = completed(control());
    expect(masters[0]?.workersTarget).toBe(5);
    expect(workers.map(({ heartbeatAgeSeconds }) => heartbeatAgeSeconds)).toEqual([0.7, 0.1]);
  });

  it.each([
    ['nothing was said', null, 1],
    ['another master said it', control({ answer: answer({ masterPid: 999 }) }), 1],
    ['it was said too long ago', control(), 8],
    ['it could not be asked', control({ answer: null, error: 'permission denied' }), 1],
  ])('changes nothing where %s', (_why, fact, seconds) => {
    const { masters, workers } = completed(fact, seconds);
    expect(masters[0]?.workersTarget).toBe(2);
    expect(workers[0]?.heartbeatAgeSeconds).toBeNull();
  });

  it('is in the snapshot, with the reason where there is no answer', () => {
    const enrichment = new Enrichment();
    expect(enrichment.rows(T0).control).toBeNull();
    enrichment.setControl(control({ answer: null, error: 'belongs to master 999' }));
    expect(enrichment.rows(T0).control).toMatchObject({ error: 'belongs to master 999', workersTarget: null });
  });
});

describe('probes', () => {
  it('are rows from the start, but results only once they have one', () => {
    const enrichment = new Enrichment();
    enrichment.setProbes([probe({ name: 'new', up: null, last: null, checkedAtMs: null }), probe({ name: 'web' })]);
    expect(enrichment.rows(T0).health).toEqual([
      {
        name: 'new',
        target: 'http://127.0.0.1:8000/health',
        up: null,
        status: 'unknown',
        statusCode: null,
        seconds: null,
        checkedAt: null,
        error: null,
        checks: [],
      },
      expect.objectContaining({ name: 'web', up: true, status: 'ok', checkedAt: new Date(T0).toISOString() }),
    ]);
    expect(enrichment.results().map(({ name }) => name)).toEqual(['web']);
  });
});

describe('metrics endpoints', () => {
  it('put their numbers together', () => {
    const series = [{ source: 'shop', name: 'orders', labels: {}, value: 3 }];
    const fact = { target: 'http://x/', seconds: 0.01, dropped: 0, rejected: 0, checkedAtMs: T0 };
    const enrichment = new Enrichment();
    enrichment.setEndpoints([
      { ...fact, name: 'shop', form: 'json', series, error: null },
      { ...fact, name: 'jobs', form: null, series: [], error: 'answers 500' },
    ]);
    const rows = enrichment.rows(T0);
    expect(rows.custom).toEqual(series);
    expect(rows.endpoints).toMatchObject([
      { name: 'shop', series: 1, error: null },
      { name: 'jobs', series: 0, error: 'answers 500' },
    ]);
  });
});
