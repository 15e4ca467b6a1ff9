import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventLog, MAX_EVENTS } from '../../../src/model/events.ts';
import { LogEvents } from '../../../src/model/log-events.ts';
import { T0 } from './samples.ts';
import { accessLog } from './views.ts';

const draft = (seconds: number, text: string) => ({
  atMs: T0 + seconds * 1000,
  kind: 'test',
  level: 'ok' as const,
  text,
});

describe('EventLog', () => {
  it('lists the newest first, by the time of the event, whenever it was reported', () => {
    const log = new EventLog();
    for (const [seconds, text] of [
      [1, 'b'],
      [3, 'd'],
      [0, 'a'],
      [1, 'c'],
    ] as const)
      log.add(draft(seconds, text));
    expect(log.rows().map((row) => row.text)).toEqual(['d', 'c', 'b', 'a']);
    expect(log.rows()[3]).toEqual({
      at: '2026-11-21T12:00:00.000Z',
      kind: 'test',
      level: 'ok',
      worker: null,
      method: null,
      path: null,
      text: 'a',
      details: null,
    });
  });

  it('keeps the newest thousand', () => {
    const log = new EventLog();
    for (let i = 0; i < MAX_EVENTS + 50; i += 1) log.add(draft(i, String(i)));
    expect(log.rows()).toHaveLength(MAX_EVENTS);
    expect(log.rows().at(-1)?.text).toBe('50');
  });

  it('says something behind an event, whatever that comes to say, and changes nothing else', () => {
    const log = new EventLog();
    const event = log.add({ ...draft(1, 'begins'), kind: 'reload' });
    log.add(draft(1, 'other'));
    const before = log.rows();
    log.annotate(T0 + 1000, ['reload'], 'p95 +34 %');
    log.amend(event, { text: 'is over' });
    log.annotate(T0 + 1000, ['reload'], 'p95 +35 %');
    log.annotate(T0 + 9000, ['reload'], 'nothing is there');
    expect(log.rows().map((row) => row.text)).toEqual(['other', 'is over · p95 +35 %']);
    expect(before.map((row) => row.text)).toEqual(['other', 'begins']);
  });

  it('amends what it said without changing what was read before', () => {
    const log = new EventLog();
    const event = log.add(draft(0, 'begins'));
    const before = log.rows();
    log.amend(event, { text: 'is over' });
    expect([before[0]?.text, log.rows()[0]?.text]).toEqual(['begins', 'is over']);
    expect(log.rows()).toBe(log.rows());
  });

  it('folds what repeats into one line, and begins a new one after the span', () => {
    const log = new EventLog();
    for (const second of [0, 4, 9, 11]) log.fold('key', 10, draft(second, 'once'), (count) => `${count} times`);
    expect(log.rows().map((row) => row.text)).toEqual(['once', '3 times']);
  });

  it('stays sorted and bounded for any order of times', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 }), (times) => {
        const log = new EventLog();
        for (const time of times) log.add(draft(time, ''));
        const at = log.rows().map((row) => row.at);
        expect(at).toEqual([...at].sort().reverse());
        expect(at).toHaveLength(times.length);
      }),
    );
  });

  it("is lossless: hostile characters are the sinks' business", () => {
    const log = new EventLog();
    log.add(draft(0, 'worker 7 killed in GET /\u001b[31m'));
    expect(log.rows()[0]?.text).toContain('\u001b[31m');
  });
});

describe('LogEvents', () => {
  const changes = (...looks: Parameters<typeof accessLog>[0][]) => {
    const events = new LogEvents();
    return looks.flatMap((look) => events.changes([accessLog(look)], T0)).map((one) => `${one.level} ${one.text}`);
  };

  it('tells of nothing at the first look, and of nothing while nothing changes', () => {
    expect(changes({ rotations: 3, state: 'waiting' }, { rotations: 3, state: 'waiting' })).toEqual([]);
  });

  it('tells of rotations, truncations and what they may have taken', () => {
    const truncated = { rotations: 1, truncations: 1, possiblyLostBytes: 2048 };
    expect(changes({}, { rotations: 1 }, truncated)).toEqual([
      'ok access.log rotated',
      'ok access.log truncated',
      'warning access.log: up to 2 kB were truncated before they could be read',
    ]);
  });

  it('tells of a log that is lost and found again, not of the usual way from reading to live', () => {
    const lost = { state: 'deleted', message: 'deleted: waiting for a new one' } as const;
    expect(changes({ state: 'reading' }, {}, lost, {})).toEqual([
      'warning access.log: deleted: waiting for a new one',
      'ok access.log is read again',
    ]);
  });
});
