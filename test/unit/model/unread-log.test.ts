import { describe, expect, it } from 'vitest';
import type { SourceFact } from '../../../src/model/facts.ts';
import { Model } from '../../../src/model/model.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { accessRecord, NOON_MS } from '../../support/access-record.ts';
import { accessLog } from './views.ts';

const LATER_MS = NOON_MS + 90_000;

/** A minute and a half of watching these. */
function watched(sources: readonly SourceFact[], requests = 0): Snapshot {
  const watches = { processes: false, accessLog: sources.length > 0, errorLog: false };
  const model = new Model({ startedAtMs: NOON_MS, watches });
  for (let line = 0; line < requests; line++) {
    model.addAccess(accessRecord({ atMs: LATER_MS - 5000 }), LATER_MS - 5000, LATER_MS);
  }
  model.setSources(sources);
  model.tick(LATER_MS);
  return model.snapshot({ windowSeconds: 60, atMs: LATER_MS });
}

const unread = (state: SourceFact['state']): SourceFact => accessLog({ state, linesRead: 0, linesParsed: 0 });

describe('a log that could not be read so far', () => {
  it.each(['waiting', 'denied', 'failed'] as const)('has no rate, not one of zero (%s)', (state) => {
    const { traffic, series } = watched([unread(state)]);
    expect(traffic).toMatchObject({ requestsTotal: 0, requestsPerSecond: null, requestsPerMinute: null });
    expect(traffic.bytesPerSecond).toBeNull();
    expect(series.requestsPerSecond.length).toBeGreaterThan(0);
    expect([...series.requestsPerSecond, ...series.bytesPerSecond].every((rate) => rate === null)).toBe(true);
  });

  it('is the same as none', () => {
    expect(watched([]).traffic.requestsPerSecond).toBeNull();
  });

  it('is another thing than one in which nothing happens', () => {
    const { traffic, series } = watched([unread('live')]);
    expect(traffic).toMatchObject({ requestsPerSecond: 0, requestsPerMinute: 0, bytesPerSecond: 0 });
    expect(series.requestsPerSecond.at(-1)).toBe(0);
  });

  it('is another thing than one beside which another can be read', () => {
    expect(watched([unread('denied'), unread('live')]).traffic.requestsPerSecond).toBe(0);
  });

  it('has been read once it has given lines, also when it is gone since', () => {
    expect(watched([accessLog({ state: 'waiting', linesRead: 6 })], 6).traffic.requestsPerSecond).toBe(0.1);
  });
});
