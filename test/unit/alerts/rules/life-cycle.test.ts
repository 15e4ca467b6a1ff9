import { describe, expect, it } from 'vitest';
import { AlertingRule } from '../../../../src/alerts/rules/alerting-rule.ts';
import { wholly } from '../../../../src/alerts/rules/loss.ts';
import type { AlertingSpec } from '../../../../src/alerts/rules/rule.ts';
import { T0 } from '../../model/samples.ts';
import { anAlertingSpec, labels } from './samples.ts';

const MINUTE = 60_000;

/** A rule whose result the test says, minute by minute: values by their label `i`; lost: what it watches is lost. */
function stepper(
  rest: Partial<AlertingSpec> = {},
  own: Readonly<Record<string, string>> = {},
  annotations: Readonly<Record<string, string>> = {},
) {
  const rule = new AlertingRule(anAlertingSpec('x > 0', rest, own, annotations));
  const at = (
    minute: number,
    result: Readonly<Record<string, number>>,
    { lost = null, limit = 0 }: { lost?: string | null; limit?: number } = {},
  ): string[] => {
    rule.evaluate({
      atMs: T0 + minute * MINUTE,
      elements: Object.entries(result).map(([i, value]) => ({ labels: labels({ __name__: 'x', i }), value })),
      limit,
      lost: lost === null ? null : wholly(lost),
      context: { query: () => [], nowSeconds: 0, externalUrl: '' },
    });
    return rule.alerts.map(
      ({ labels: each, state, lostSinceMs }) => `${each.get('i')} ${lostSinceMs === null ? state : 'nodata'}`,
    );
  };
  return { rule, at };
}

describe('an alert of a rule file', () => {
  it('fires at once without a for', () => {
    const { at } = stepper();
    expect(at(0, { a: 1 })).toEqual(['a firing']);
  });

  it('is pending for as long as for says; a break starts anew', () => {
    const { at, rule } = stepper({ forMs: 5 * MINUTE });
    expect(at(0, { a: 1 })).toEqual(['a pending']);
    expect(at(4, { a: 1 })).toEqual(['a pending']);
    expect(at(5, { a: 1 })).toEqual(['a firing']);
    expect(rule.alerts[0]).toMatchObject({ activeAtMs: T0, firedAtMs: T0 + 5 * MINUTE });
    expect(at(6, {})).toEqual(['a inactive']);
    expect(at(7, { a: 1 })).toEqual(['a pending']);
    expect(rule.alerts[0]).toMatchObject({ activeAtMs: T0 + 7 * MINUTE, firedAtMs: null });
    expect(at(8, {})).toEqual([]);
  });

  it('lives by itself for every label set', () => {
    const { at } = stepper({ forMs: 2 * MINUTE });
    at(0, { a: 1 });
    at(1, { a: 1, b: 1 });
    expect(at(2, { a: 1, b: 1 })).toEqual(['a firing', 'b pending']);
    expect(at(3, { b: 1 })).toEqual(['a inactive', 'b firing']);
  });

  it('stays in sight for fifteen minutes when it has resolved', () => {
    const { at } = stepper();
    at(0, { a: 1 });
    expect(at(1, {})).toEqual(['a inactive']);
    expect(at(16, {})).toEqual(['a inactive']);
    expect(at(17, {})).toEqual([]);
  });

  it('fires on for keep_firing_for, and again from the start when the condition comes back', () => {
    const { at } = stepper({ keepFiringForMs: 3 * MINUTE });
    at(0, { a: 1 });
    expect([at(1, {}), at(3, {}), at(4, {})]).toEqual([['a firing'], ['a firing'], ['a inactive']]);
    at(5, { a: 1 });
    at(6, {});
    at(8, { a: 1 });
    expect([at(9, {}), at(11, {}), at(12, {})]).toEqual([['a firing'], ['a firing'], ['a inactive']]);
  });

  it('has the labels of its element without the name, those of the rule, and alertname', () => {
    const { at, rule } = stepper(
      {},
      { severity: 'critical', where: '{{ $labels.i }}!', i: '' },
      { summary: '{{ $value | humanize }} in {{ .Labels.i }}' },
    );
    at(0, { a: 1234 });
    expect(Object.fromEntries(rule.alerts[0]?.labels ?? [])).toEqual({
      alertname: 'Test',
      severity: 'critical',
      where: 'a!',
    });
    expect(rule.alerts[0]?.annotations).toEqual({ summary: '1.234k in a' });
    at(1, { a: 2000 });
    expect(rule.alerts[0]).toMatchObject({ value: 2000, annotations: { summary: '2k in a' } });
  });

  it('is an error of its rule when two elements get the same labels: nothing else changes', () => {
    const { at, rule } = stepper({}, { i: 'same' });
    at(0, { a: 1 });
    expect(() => at(1, { a: 1, b: 1 })).toThrow('same labelset after applying alert labels');
    expect(rule.alerts).toHaveLength(1);
    expect(rule.alerts[0]?.state).toBe('firing');
  });

  it('is forgotten when there are more than the limit', () => {
    const { at, rule } = stepper();
    at(0, { a: 1, b: 1 }, { limit: 2 });
    expect(() => at(1, { a: 1, b: 1, c: 1 }, { limit: 2 })).toThrow('exceeded limit of 2 with 3 alerts');
    expect(rule.alerts).toEqual([]);
  });
});

describe('an alert whose data is lost', () => {
  it('is nodata, not resolved, and resolves or fires on when the data is back', () => {
    const { at } = stepper();
    at(0, { a: 1, b: 1 });
    expect(at(1, {}, { lost: 'no log' })).toEqual(['a nodata', 'b nodata']);
    expect(at(90, {}, { lost: 'no log' })).toEqual(['a nodata', 'b nodata']);
    expect(at(91, { a: 1 })).toEqual(['a firing', 'b inactive']);
  });

  it('fires nonetheless where what is left makes it', () => {
    const { at } = stepper({ forMs: MINUTE });
    at(0, { a: 1 }, { lost: 'no log' });
    expect(at(1, { a: 1 }, { lost: 'no log' })).toEqual(['a firing']);
  });

  it('is a rule of which nothing is known while it has no alert', () => {
    const { at, rule } = stepper();
    at(0, {}, { lost: 'no log' });
    at(1, {}, { lost: 'no log' });
    expect(rule.lost).toEqual({ sinceMs: T0, why: 'no log' });
    at(2, {});
    expect(rule.lost).toBeNull();
  });

  it('has not waited: pending ones are given up', () => {
    const { at } = stepper({ forMs: 5 * MINUTE });
    at(0, { a: 1 });
    expect(at(1, {}, { lost: 'no log' })).toEqual([]);
  });
});

describe('an alert of an earlier run', () => {
  it('fires on until its data has been seen anew', () => {
    const before = stepper();
    before.at(0, { a: 1, b: 1 });
    const { rule, at } = stepper();
    rule.adopt(before.rule.alerts, T0 + 5 * MINUTE);
    expect(at(3, {})).toEqual(['a firing', 'b firing']);
    expect(at(4, { a: 1 })).toEqual(['a firing', 'b firing']);
    expect(at(5, { a: 1 })).toEqual(['a firing', 'b inactive']);
    expect(rule.alerts[0]?.firedAtMs).toBe(T0);
  });
});
