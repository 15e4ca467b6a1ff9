import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AlertEngine,
  type AlertReading,
  type AlertRule,
  describeTransition,
  RESOLVED_VISIBLE_MS,
} from '../../../src/alerts/index.ts';
import { T0 } from '../model/samples.ts';
import { view } from '../model/views.ts';

const VIEW = view();

/** A rule whose condition the test sets; null is lost data, undefined not watched. */
function switchable(forSeconds: number, rest: Partial<AlertRule> = {}) {
  let active: boolean | null | undefined = false;
  const rule: AlertRule = {
    name: 'Test',
    severity: 'warning',
    enabled: true,
    threshold: 5,
    unit: 'count',
    windowSeconds: null,
    forSeconds,
    applies: () => active !== undefined,
    check: (): AlertReading =>
      active === null
        ? { value: null, active: null, summary: 'no data: the log is gone' }
        : { value: 7, active: active ?? null, summary: `${active}` },
    ...rest,
  };
  const engine = new AlertEngine([rule]);
  const at = (seconds: number, now: boolean | null | undefined): string | null => {
    active = now;
    engine.evaluate(VIEW, T0 + seconds * 1000);
    return engine.rows()[0]?.state ?? null;
  };
  return { engine, at };
}

describe('an alert with a for', () => {
  it('is pending until its condition held for as long, then fires; a break starts anew', () => {
    const { at } = switchable(30);
    expect([at(0, false), at(1, true), at(30, true), at(31, true)]).toEqual([null, 'pending', 'pending', 'firing']);
    const broken = switchable(30);
    expect([
      broken.at(0, true),
      broken.at(29, false),
      broken.at(30, true),
      broken.at(59, true),
      broken.at(60, true),
    ]).toEqual(['pending', null, 'pending', 'pending', 'firing']);
  });

  it('says since when it is in its state', () => {
    const { at, engine } = switchable(10);
    at(0, true);
    at(10, true);
    at(25, true);
    expect(engine.rows()[0]).toMatchObject({
      name: 'Test',
      severity: 'warning',
      state: 'firing',
      value: 7,
      threshold: 5,
      since: '2026-11-21T12:00:10.000Z',
      summary: 'true',
      labels: {},
    });
  });
});

describe('an alert without a for', () => {
  it('fires at once and resolves at once', () => {
    const { at } = switchable(0);
    expect([at(0, true), at(1, false)]).toEqual(['firing', 'resolved']);
  });
});

describe('a resolved alert', () => {
  it('stays in sight for fifteen minutes, then is gone; a new condition is pending again', () => {
    const { at } = switchable(10);
    at(0, true);
    at(10, true);
    const end = 20 + RESOLVED_VISIBLE_MS / 1000;
    expect([at(20, false), at(end - 1, false), at(end, false)]).toEqual(['resolved', 'resolved', null]);
    expect([at(end + 1, true), at(end + 11, true)]).toEqual(['pending', 'firing']);
  });
});

describe('lost data', () => {
  it('is nodata at once, from any state, for as long as it lasts', () => {
    const { at } = switchable(10);
    expect([at(0, null), at(1, false), at(2, true), at(3, null), at(5000, null)]).toEqual([
      'nodata',
      null,
      'pending',
      'nodata',
      'nodata',
    ]);
  });

  it('of a firing alert owes an answer: it fires on without waiting, or resolves', () => {
    const bad = switchable(10);
    bad.at(0, true);
    expect([bad.at(10, true), bad.at(11, null), bad.at(40, true)]).toEqual(['firing', 'nodata', 'firing']);
    const good = switchable(10);
    good.at(0, true);
    expect([good.at(10, true), good.at(11, null), good.at(40, false)]).toEqual(['firing', 'nodata', 'resolved']);
  });

  it('is not the same as what was never watched: that has no row', () => {
    const { at } = switchable(0);
    expect([at(0, undefined), at(1, true), at(2, undefined)]).toEqual([null, 'firing', null]);
  });
});

describe('transitions', () => {
  it('tell of firing, resolved and nodata, once each; pending is not news', () => {
    const { at, engine } = switchable(5);
    at(0, true);
    expect(engine.takeTransitions()).toEqual([]);
    for (const [second, active] of [
      [5, true],
      [6, true],
      [7, null],
      [8, true],
      [9, false],
    ] as const)
      at(second, active);
    const steps = engine.takeTransitions();
    expect(steps.map(({ from, to }) => `${from} → ${to}`)).toEqual([
      'pending → firing',
      'firing → nodata',
      'nodata → firing',
      'firing → resolved',
    ]);
    expect(engine.takeTransitions()).toEqual([]);
    expect(steps.map(describeTransition).map((event) => [event.kind, event.level, event.text])).toEqual([
      ['alert-firing', 'warning', 'Test firing: true'],
      ['alert-nodata', 'unknown', 'Test has no data: the log is gone'],
      ['alert-firing', 'warning', 'Test firing: true'],
      ['alert-resolved', 'ok', 'Test resolved: false'],
    ]);
  });
});

describe('rows', () => {
  const fixed = (name: string, severity: AlertRule['severity'], active: boolean | null, forSeconds = 0): AlertRule => ({
    name,
    severity,
    enabled: true,
    threshold: null,
    unit: 'count',
    windowSeconds: null,
    forSeconds,
    applies: () => true,
    check: () => ({ value: null, active, summary: name }),
  });

  it('put the worst first: firing by severity, pending, nodata; inactive ones are none', () => {
    const engine = new AlertEngine([
      fixed('lost', 'critical', null),
      fixed('calm', 'critical', false),
      fixed('soon', 'critical', true, 60),
      fixed('bad', 'warning', true),
      fixed('worse', 'critical', true),
    ]);
    engine.evaluate(VIEW, T0);
    expect(engine.rows().map((row) => row.name)).toEqual(['worse', 'bad', 'soon', 'lost']);
  });
});

describe('overrides', () => {
  const { at: _at, ...base } = { at: 0, name: 'Test', severity: 'warning', enabled: true, threshold: 5 } as const;
  const rule: AlertRule = {
    ...base,
    unit: 'count',
    windowSeconds: null,
    forSeconds: 30,
    applies: () => true,
    check: (_view, threshold) => ({ value: 7, active: 7 > threshold, summary: `7, limit ${threshold}` }),
  };
  const rows = (overrides: ConstructorParameters<typeof AlertEngine>[1]) => {
    const engine = new AlertEngine([rule], overrides);
    engine.evaluate(VIEW, T0);
    return engine.rows();
  };

  it('change threshold, for and severity, or switch a rule off', () => {
    expect(rows({})[0]).toMatchObject({ state: 'pending', severity: 'warning', threshold: 5 });
    expect(rows({ Test: { forSeconds: 0, severity: 'critical' } })[0]).toMatchObject({
      state: 'firing',
      severity: 'critical',
    });
    expect(rows({ Test: { threshold: 9 } })).toEqual([]);
    expect(rows({ Test: { enabled: false } })).toEqual([]);
  });

  it('of an unknown name or an unset value change nothing', () => {
    expect(rows({ Other: { enabled: false }, toString: {}, Test: { threshold: undefined } })[0]).toMatchObject({
      state: 'pending',
      threshold: 5,
    });
  });
});

describe('for any history of a condition', () => {
  it('an alert fires only after its condition held without a break for its whole for', () => {
    const steps = fc.array(fc.constantFrom(true, false, null), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 8 }), (history, forSeconds) => {
        const { at } = switchable(forSeconds);
        let held = -1;
        let owes = false;
        history.forEach((active, second) => {
          const state = at(second, active);
          held = active === true ? held + 1 : -1;
          const fires = active === true && (owes || held >= forSeconds);
          expect(state === 'firing').toBe(fires);
          expect(state === 'nodata').toBe(active === null);
          if (fires) owes = true;
          else if (active === false) owes = false;
        });
      }),
    );
  });
});
