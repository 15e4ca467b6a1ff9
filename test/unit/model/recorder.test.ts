import { describe, expect, it } from 'vitest';
import { type RecordedState, Recorder } from '../../../src/model/recorder.ts';
import type { WorkerRow } from '../../../src/model/workers.ts';
import { anAlert, aWorker } from '../../support/snapshots.ts';

const START_MS = Date.UTC(2026, 10, 21, 12);
const NO_EXITS: RecordedState['exits'] = {
  total: 0,
  byReason: {
    ...{ timeout: 0, oom: 0, crash: 0, killed: 0, recycled: 0 },
    ...{ reload: 0, scaledown: 0, shutdown: 0, boot: 0, unknown: 0 },
  },
};

const aState = (
  second: number,
  workers: readonly WorkerRow[] = [],
  over: Partial<RecordedState> = {},
): RecordedState => ({
  atMs: START_MS + second * 1000,
  processes: null,
  workers,
  exits: NO_EXITS,
  host: null,
  alerts: [],
  verdict: { level: 'ok', text: `second ${second}`, causes: [] },
  ...over,
});

/** A recorder that has looked once a second. */
function recorded(seconds: number, stateOf = (second: number): RecordedState => aState(second)): Recorder {
  const recorder = new Recorder();
  for (let second = 0; second < seconds; second++) recorder.add(stateOf(second));
  return recorder;
}

const secondAt = (recorder: Recorder, second: number): number | null => {
  const state = recorder.at(START_MS + second * 1000);
  return state && (state.atMs - START_MS) / 1000;
};

describe('looking back', () => {
  it('finds the newest look up to a moment', () => {
    const recorder = recorded(100);
    expect(secondAt(recorder, 42)).toBe(42);
    expect(secondAt(recorder, 42.9)).toBe(42);
    expect(secondAt(recorder, 100.5)).toBe(99);
  });

  it('finds every look of two minutes, and one in ten seconds of an hour', () => {
    const recorder = recorded(4000);
    expect(secondAt(recorder, 3999 - 119)).toBe(3880);
    expect(secondAt(recorder, 3999 - 125)).toBe(3870);
    expect(secondAt(recorder, 3999 - 3590)).toBe(400);
    expect(secondAt(recorder, 300)).toBeNull();
  });

  it('finds nothing before the first look, nor in a gap', () => {
    const recorder = new Recorder();
    expect(recorder.fromMs).toBeNull();
    recorder.add(aState(0));
    recorder.add(aState(60));
    expect(secondAt(recorder, -1)).toBeNull();
    expect(secondAt(recorder, 5)).toBe(0);
    expect(secondAt(recorder, 30)).toBeNull();
    expect(recorder.fromMs).toBe(START_MS);
  });

  it('forgets what was recorded later than a clock that was set back', () => {
    const recorder = recorded(100);
    recorder.add(aState(50.5));
    expect(secondAt(recorder, 99)).toBeNull();
    expect(secondAt(recorder, 50)).toBe(50);
    expect(secondAt(recorder, 51)).toBe(50.5);
  });
});

describe('bounds', () => {
  it('keeps 480 looks', () => {
    expect(recorded(10_000).size).toBeLessThanOrEqual(120 + 1 + 360);
  });

  it('keeps 20,000 rows of workers, the newest', () => {
    const row = aWorker();
    const many = new Array<WorkerRow>(400).fill(row);
    const recorder = recorded(1000, (second) => aState(second, many));
    expect(recorder.size).toBe(50);
    expect(secondAt(recorder, 999)).toBe(999);
    expect(secondAt(recorder, 500)).toBeNull();
  });

  it('keeps the newest look, however large', () => {
    const recorder = recorded(3, (second) => aState(second, new Array<WorkerRow>(30_000).fill(aWorker())));
    expect([recorder.size, secondAt(recorder, 2)]).toEqual([1, 2]);
  });
});

describe('the history of a worker', () => {
  const born = new Date(START_MS).toISOString();
  const look = (second: number): RecordedState =>
    aState(second, [
      aWorker({ pid: 7, startedAt: born, cpuPercent: second, state: second % 2 === 0 ? 'busy' : 'idle' }),
    ]);
  const at = (second: number): number => START_MS + second * 1000;

  it('is by the second while it is young', () => {
    const history = recorded(60, look).worker(7, born, at(59.4));
    expect(history).toMatchObject({ pid: 7, stepSeconds: 1, from: born });
    expect(history?.cpuPercent).toEqual(Array.from({ length: 60 }, (_, second) => second));
    expect(history?.busyRatio.slice(0, 3)).toEqual([1, 0, 1]);
  });

  it('is by ten seconds afterwards, up to an hour', () => {
    const history = recorded(4000, look).worker(7, born, at(3999));
    expect(history?.stepSeconds).toBe(10);
    expect(history?.cpuPercent).toHaveLength(360);
    expect(history?.cpuPercent.at(-1)).toBe(3990);
  });

  it('ends with the moment that is shown', () => {
    expect(recorded(60, look).worker(7, born, at(30))?.cpuPercent).toHaveLength(31);
  });

  it('has gaps where it was not seen', () => {
    const history = recorded(10, (second) => (second === 4 ? aState(4) : look(second))).worker(7, born, at(9));
    expect(history?.cpuPercent.slice(3, 6)).toEqual([3, null, 5]);
  });

  it('is none of another process with the same pid', () => {
    expect(recorded(60, look).worker(7, new Date(START_MS - 1000).toISOString(), at(59))).toBeNull();
    expect(recorded(60, look).worker(8, null, at(59))).toBeNull();
    expect(recorded(60, look).worker(7, null, at(59))).not.toBeNull();
  });
});

it('the values of an alert have gaps where it had no row', () => {
  const recorder = recorded(20, (second) =>
    aState(second, [], { alerts: second < 5 ? [] : [anAlert({ fingerprint: 'f', value: second })] }),
  );
  const values = recorder.alert('f', START_MS + 19_000);
  expect(values).toMatchObject({ stepSeconds: 1, from: new Date(START_MS + 5000).toISOString() });
  expect(values?.values).toEqual(Array.from({ length: 15 }, (_, index) => index + 5));
  expect(recorder.alert('other', START_MS + 19_000)).toBeNull();
});
