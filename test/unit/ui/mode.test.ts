import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { modeItems } from '../../../src/ui/mode.ts';
import type { ScreenState } from '../../../src/ui/state.ts';
import { busy, HOSTILE, iso, NOW_MS } from '../../support/snapshots.ts';
import { contextOf } from './panes/draw.ts';

const said = (snapshot: Partial<Snapshot> = {}, state: Partial<ScreenState> = {}): string =>
  modeItems(contextOf(busy(snapshot), state), true)
    .map(({ spans }) =>
      spans
        .map(({ text }) => text)
        .join('')
        .trim(),
    )
    .join(' | ');

describe('the badge', () => {
  const paused = (over: object) => ({
    paused: { sinceMs: NOW_MS - 42_000, atMs: NOW_MS - 42_000, isPast: false, ...over },
  });

  it('says whether the picture moves on', () => {
    expect(said()).toBe('LIVE | window 1m | 12:03:44 UTC');
    expect(said({}, paused({}))).toMatch(/^PAUSED 00:42/);
    expect(said({}, paused({ isPast: true }))).toMatch(/^PAST 12:03:02 \(−00:42\)/);
    expect(said({}, { failure: 'gone' })).toMatch(/^STOPPED/);
  });

  it('says what a past moment lacks', () => {
    const past = { recordedAt: null, recordedFrom: null };
    expect(said({ past }, paused({ isPast: true }))).toContain('workers, alerts and host were not kept');
    expect(said({ past: { ...past, recordedAt: iso(42) } }, paused({ isPast: true }))).not.toContain('not kept');
  });

  it('tells the day of a moment that is more than a day away', () => {
    const replay = { speed: 20, ended: false };
    const generatedAt = '2026-11-14T23:59:58.000Z';
    expect(said({ replay, generatedAt })).toBe('REPLAY 20x | window 1m | 2026-11-14 23:59:58 UTC');
    const atMs = Date.parse(generatedAt);
    expect(said({ generatedAt }, paused({ isPast: true, atMs }))).toMatch(/^PAST 2026-11-14 23:59:58 \(/);
  });

  it('goes by the clock of a replay', () => {
    const replay = { speed: 20, ended: false };
    expect(said({ replay })).toMatch(/^REPLAY 20x/);
    expect(said({ replay }, paused({ isPast: true }))).toMatch(/^PAST 12:03:02 \|/);
  });
});

describe('the filter', () => {
  const filter = 'status>=500';
  const covered = (from: string | null, reading = false): Partial<Snapshot> => ({
    filter,
    filterCoverage: { from, reading },
    window: { seconds: 60, from: iso(60), to: iso(0) },
  });

  it.each([
    ['that holds for the whole window', covered(iso(100)), '/status>=500'],
    ['whose past is being read', covered(iso(30), true), '/status>=500 reading back …'],
    ['that holds for a part of it', covered(iso(30)), '/status>=500 from 12:03:14 on'],
    ['that nothing was looked at for yet', covered(null), '/status>=500 from now on'],
    ['whose answer is still to come', {}, '/status>=500 …'],
  ])('%s', (_, snapshot, text) => expect(said(snapshot, { filter }).split(' | ')[0]).toBe(text));

  it('is visible text, and masked when that is asked for', () => {
    expect(said({}, { filter: HOSTILE })).toContain('\\x1b]0;owned');
    expect(said({}, { filter: 'ip=10.0.0.7', masked: true })).toMatch(/^\/ip=10\.0\.0\.0\/24 … \| masked/);
  });
});
