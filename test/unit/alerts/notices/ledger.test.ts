import { describe, expect, it } from 'vitest';
import { GONE_AFTER_MS, Ledger } from '../../../../src/alerts/notices/ledger.ts';
import { alertOf, resolved, START } from './alerts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const A = alertOf('A');
const at = (ms: number) => START + ms;

/** `firing A` for each alert that is due. */
const say = (due: readonly { state: string; name: string }[]) => due.map(({ state, name }) => `${state} ${name}`);

describe('what is due', () => {
  it('is an alert that has come to fire, once', () => {
    const ledger = new Ledger(4 * HOUR);
    expect(say(ledger.note([A], at(0)))).toEqual(['firing A']);
    expect(say(ledger.note([A], at(1000)))).toEqual([]);
    expect(say(ledger.note([A, alertOf('B')], at(2000)))).toEqual(['firing B']);
  });

  it('is the same alert again after the repeat interval', () => {
    const ledger = new Ledger(4 * HOUR);
    ledger.note([A], at(0));
    expect(say(ledger.note([A], at(4 * HOUR - 1)))).toEqual([]);
    expect(say(ledger.note([A], at(4 * HOUR)))).toEqual(['firing A']);
    expect(say(ledger.note([A], at(5 * HOUR)))).toEqual([]);
  });

  it('is its end, once, however often that is reported', () => {
    const ledger = new Ledger(4 * HOUR);
    ledger.note([A], at(0));
    const over = resolved(A, at(1000));
    expect(say(ledger.note([over], at(1000)))).toEqual(['resolved A']);
    expect(say(ledger.note([over], at(2000)))).toEqual([]);
    expect(say(ledger.note([over], at(20 * MINUTE)))).toEqual([]);
  });

  it('is no end of what nobody heard of', () => {
    expect(say(new Ledger(HOUR).note([resolved(A, at(0))], at(0)))).toEqual([]);
  });

  it('is a firing anew', () => {
    const ledger = new Ledger(4 * HOUR);
    ledger.note([A], at(0));
    ledger.note([resolved(A, at(1000))], at(1000));
    expect(say(ledger.note([{ ...A, startsAtMs: at(2000) }], at(2000)))).toEqual(['firing A']);
  });

  it('is not an alert that merely got a new start: the rules forgot it over a restart', () => {
    const ledger = new Ledger(4 * HOUR);
    ledger.note([A], at(0));
    expect(say(ledger.note([{ ...A, startsAtMs: at(2000) }], at(2000)))).toEqual([]);
  });
});

describe('a cooldown', () => {
  const classical = alertOf('C', { cooldownSeconds: 300 });

  it('takes the place of the repeat interval', () => {
    const ledger = new Ledger(4 * HOUR);
    ledger.note([classical], at(0));
    expect(say(ledger.note([classical], at(299_999)))).toEqual([]);
    expect(say(ledger.note([classical], at(300_000)))).toEqual(['firing C']);
  });

  it('never holds back a resolve, but the next firing', () => {
    const ledger = new Ledger(4 * HOUR);
    ledger.note([classical], at(0));
    expect(say(ledger.note([resolved(classical, at(1000))], at(1000)))).toEqual(['resolved C']);
    const again = { ...classical, startsAtMs: at(2000) };
    expect(say(ledger.note([again], at(2000)))).toEqual([]);
    expect(say(ledger.note([again], at(300_000)))).toEqual(['firing C']);
  });

  it('that swallowed a firing swallows its end', () => {
    const ledger = new Ledger(4 * HOUR);
    ledger.note([classical], at(0));
    ledger.note([resolved(classical, at(1000))], at(1000));
    const again = { ...classical, startsAtMs: at(2000) };
    ledger.note([again], at(2000));
    expect(say(ledger.note([resolved(again, at(3000))], at(3000)))).toEqual([]);
  });

  it('outlasts the memory of resolved alerts', () => {
    const patient = alertOf('C', { cooldownSeconds: 3600 });
    const ledger = new Ledger(4 * HOUR);
    ledger.note([patient], at(0));
    ledger.note([resolved(patient, at(1000))], at(1000));
    ledger.note([], at(20 * MINUTE));
    expect(say(ledger.note([{ ...patient, startsAtMs: at(30 * MINUTE) }], at(30 * MINUTE)))).toEqual([]);
  });
});

describe('an alert that is no longer reported', () => {
  it('has resolved after five minutes, when it was last seen', () => {
    const ledger = new Ledger(4 * HOUR);
    ledger.note([A], at(0));
    ledger.note([A], at(1000));
    expect(say(ledger.note([], at(GONE_AFTER_MS)))).toEqual([]);
    const due = ledger.note([], at(1000 + GONE_AFTER_MS));
    expect(due).toMatchObject([{ name: 'A', state: 'resolved', endsAtMs: at(1000) }]);
    expect(say(ledger.note([], at(HOUR)))).toEqual([]);
  });

  it('gets the five minutes anew after a restart', () => {
    const before = new Ledger(4 * HOUR);
    before.note([A], at(0));
    const ledger = new Ledger(4 * HOUR, before.entries());
    expect(say(ledger.note([], at(2 * HOUR)))).toEqual([]);
    expect(say(ledger.note([], at(2 * HOUR + GONE_AFTER_MS)))).toEqual(['resolved A']);
  });
});

describe('the memory', () => {
  it('forgets a resolved alert after fifteen minutes', () => {
    const ledger = new Ledger(4 * HOUR);
    ledger.note([A], at(0));
    ledger.note([resolved(A, at(1000))], at(1000));
    ledger.note([], at(15 * MINUTE));
    expect(ledger.entries()).toHaveLength(1);
    ledger.note([], at(1000 + 15 * MINUTE));
    expect(ledger.entries()).toEqual([]);
  });

  it('keeps what arrived and what did not', () => {
    const ledger = new Ledger(4 * HOUR);
    ledger.note([A], at(0));
    ledger.lost(A, 'connection refused');
    expect(ledger.entries()).toMatchObject([{ delivered: null, error: 'connection refused' }]);
    ledger.arrived(A, at(5000));
    expect(ledger.entries()).toMatchObject([{ delivered: { state: 'firing', atMs: at(5000) }, error: null }]);
  });
});
