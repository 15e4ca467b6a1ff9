import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessRecord } from '../../../src/model/facts.ts';
import { TrafficModel } from '../../../src/model/traffic.ts';
import { clientsOf, pathRows, slowRows } from '../../../src/model/traffic-rows.ts';
import { accessRecord, NOON_MS } from '../../support/access-record.ts';

const START = NOON_MS;
const at = (second: number): number => START + second * 1000;

const line = (fields: Partial<AccessRecord>): AccessRecord => accessRecord({ worker: 7, ...fields });

/** What a screen shows of a window. */
function rows(traffic: TrafficModel, window: number, second: number) {
  const detail = traffic.detail(window, at(second));
  return {
    paths: pathRows(detail, window, 50),
    clients: clientsOf(detail, 50),
    workers: new Map([...detail.workers].sort(([a], [b]) => a - b).map(([pid, cell]) => [pid, { ...cell }])),
    slow: slowRows(detail, 50).map(({ seconds }) => seconds),
  };
}

/** A program: lines come, some of them late, and the clock goes on. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('line' as const), line: anyLine(), lateSeconds: late() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 25 }) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'look' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'killed' as const }) },
);

function late() {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 40 }));
}

function anyLine() {
  return fc.record({
    path: fc.constantFrom('/', '/users/1', '/users/2', '/slow', null),
    method: fc.constantFrom('GET', 'POST'),
    status: fc.constantFrom(200, 404, 500),
    bytes: fc.integer({ min: 0, max: 5000 }),
    seconds: fc.oneof(
      fc.constant(Number.NaN),
      fc.integer({ min: 0, max: 9_000_000 }).map((us) => us / 1e6),
    ),
    address: fc.constantFrom('10.0.0.1', '10.0.0.2', '::1'),
    worker: fc.constantFrom(0, 7, 8),
  });
}

describe('a window that is kept up to date', () => {
  it('is the same as one added up anew, whatever comes late, goes or is killed', () => {
    const programs = fc.array(step, { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(programs, fc.constantFrom(10, 60), (program, window) => {
        const kept = new TrafficModel({ startedAtMs: START });
        const history: ((traffic: TrafficModel) => void)[] = [];
        let second = 100;
        const both = (fact: (traffic: TrafficModel) => void): void => {
          history.push(fact);
          fact(kept);
        };
        for (const each of program) {
          const now = second;
          if (each.kind === 'wait') second += each.seconds;
          else if (each.kind === 'line') {
            const record = line({ ...each.line, atMs: at(now - each.lateSeconds) });
            both((traffic) => traffic.add(record, record.atMs, at(now)));
          } else if (each.kind === 'killed') {
            const killed = { atMs: at(now), method: 'GET', path: '/slow', seconds: 30, worker: 7, address: null };
            both((traffic) => traffic.killed(killed, at(now)));
          } else {
            const fresh = new TrafficModel({ startedAtMs: START });
            for (const fact of history) fact(fresh);
            expect(rows(kept, window, now)).toEqual(rows(fresh, window, now));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('shows the slowest request that is left when the slowest has gone', () => {
    const traffic = new TrafficModel({ startedAtMs: START });
    traffic.add(line({ atMs: at(1), seconds: 9 }), at(1), at(1));
    traffic.add(line({ atMs: at(5), seconds: 2 }), at(5), at(5));
    expect(rows(traffic, 10, 8).paths[0]?.maxSeconds).toBe(9);
    expect(rows(traffic, 10, 12).paths[0]?.maxSeconds).toBe(2);
  });

  it('is right again after a second with more clients than one is kept for', () => {
    const traffic = new TrafficModel({ startedAtMs: START });
    for (let index = 0; index < 3000; index++) {
      traffic.add(line({ atMs: at(1), address: `10.0.${index >> 8}.${index & 255}` }), at(1), at(1));
    }
    for (let second = 2; second < 20; second++) {
      traffic.add(line({ atMs: at(second) }), at(second), at(second));
      const { distinct } = traffic.detail(10, at(second + 1));
      if (second < 11) expect(Math.abs(distinct.addresses - 3000)).toBeLessThan(300);
      else expect(distinct.addresses).toBe(1);
    }
  });

  it('answers for a moment of the past, of a picture that was paused', () => {
    const traffic = new TrafficModel({ startedAtMs: START });
    for (let second = 0; second < 40; second++) traffic.add(line({ atMs: at(second) }), at(second), at(second));
    expect(rows(traffic, 10, 40).paths[0]?.count).toBe(10);
    expect(rows(traffic, 10, 5).paths[0]?.count).toBe(5);
    expect(rows(traffic, 10, 40).paths[0]?.count).toBe(10);
  });
});
