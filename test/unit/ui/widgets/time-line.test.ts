import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../../src/model/snapshot.ts';
import { drawToText } from '../../../../src/ui/canvas/text-surface.ts';
import { drawClockLine, drawTimeLine } from '../../../../src/ui/widgets/time-line.ts';
import { anEvent, busy, iso } from '../../../support/snapshots.ts';

const line = (over: Partial<Snapshot>, columns = 60): string =>
  drawToText((surface) => drawTimeLine(surface, busy(over), { x: 0, y: 0, columns }), columns, 1)[0] ?? '';

const clock = (over: Partial<Snapshot> = {}, columns = 120): string =>
  drawToText((surface) => drawClockLine(surface, busy(over).series, 'utc', { x: 0, y: 0, columns }), columns, 1)[0] ??
  '';

const firing = {
  name: 'HighLatency',
  severity: 'warning',
  labels: {},
  fingerprint: 'f',
  from: iso(60),
  to: null,
  seconds: 60,
  summary: 'p95 1.2 s > 1 s',
} as const;

describe('the line under a chart', () => {
  it('says how far back it goes', () => expect(line({ events: [] })).toMatch(/^-2m00s +now$/));

  it('marks reloads, deaths and alerts where they happened', () => {
    const events = [
      anEvent({ kind: 'reload', at: iso(90) }),
      anEvent({ kind: 'worker-oom', level: 'critical', at: iso(20) }),
    ];
    const text = line({ events, alertHistory: [firing] });
    expect(text).toMatch(/▲HUP +▲HighLatency +✖oom/);
    expect(text.indexOf('▲HUP')).toBe(15);
    expect(text.indexOf('▲HighLatency')).toBe(30);
  });

  it('marks an alert once, though its event tells of it too', () => {
    const events = [anEvent({ kind: 'alert-firing', level: 'warning', at: iso(58) })];
    expect(line({ events, alertHistory: [firing] }).match(/▲/g)).toHaveLength(1);
  });

  it('shows the worse of two in one place', () => {
    const events = [
      anEvent({ kind: 'reload', at: iso(60) }),
      anEvent({ kind: 'worker-crash', level: 'critical', at: iso(60) }),
    ];
    expect(line({ events })).toContain('✖crash');
    expect(line({ events })).not.toContain('HUP');
  });

  it('keeps inside of the chart', () => {
    const events = [anEvent({ kind: 'worker-timeout', level: 'critical', at: iso(1) })];
    for (const columns of [1, 2, 5, 12, 40]) expect(line({ events }, columns).length).toBeLessThanOrEqual(columns);
  });
});

describe('the times of day under a chart', () => {
  it('are round, and stand above their moment', () => {
    // 120 s up to 12:03:44 on 120 columns: 12:02:00 is 16 s after the first.
    const text = clock();
    expect(text).toContain('12:02:00');
    expect(text.indexOf('12:02:00')).toBe(16 - 4);
    expect(text.indexOf('12:03:00')).toBe(76 - 4);
  });

  it('never touch each other', () => {
    for (const columns of [8, 20, 61, 120, 300]) {
      for (const time of clock({}, columns).split(/ +/).filter(Boolean)) expect(time).toMatch(/^\d\d:\d\d:\d\d$/);
    }
  });
});
