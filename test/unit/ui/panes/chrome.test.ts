import { describe, expect, it } from 'vitest';
import type { Cause, Snapshot } from '../../../../src/model/snapshot.ts';
import { drawToText } from '../../../../src/ui/canvas/index.ts';
import { DEFAULT_KEYMAP } from '../../../../src/ui/keymap.ts';
import { drawFooter, drawStatusLine, drawVerdict } from '../../../../src/ui/panes/chrome.ts';
import type { ScreenState } from '../../../../src/ui/state.ts';
import { anAlert, anErrorGroup, busy, quiet } from '../../../support/snapshots.ts';
import { contextOf } from './draw.ts';

const verdictAt = (width: number, text: string): string => {
  const verdict = { level: 'critical', text, causes: [{ kind: 'error-rate', level: 'critical', text }] } as const;
  const context = contextOf(busy({ verdict, alerts: [anAlert({ state: 'firing', severity: 'critical' })] }));
  return drawToText((surface) => drawVerdict(surface, context), width, 1)[0] ?? '';
};

describe('the verdict, on one line', () => {
  const ERRORS = '12 % of requests fail with 5xx (4.47/s) · most in GET /raise (56 of 85)';

  it('stands beside the number of alerts', () =>
    expect(verdictAt(120, ERRORS)).toMatch(/^ ✖ ERROR RATE {2}12 % .*\(56 of 85\) +✖ 1 firing$/));

  it('gives up what stands in brackets, the first first, before its end', () => {
    expect(verdictAt(92, ERRORS)).toMatch(/5xx · most in GET \/raise \(56 of 85\) +✖ 1 firing$/);
    expect(verdictAt(80, ERRORS)).toMatch(/5xx · most in GET \/raise +✖ 1 firing$/);
  });

  it('takes the place of the alerts, which have a pane, before it is cut', () => {
    expect(verdictAt(72, ERRORS)).toBe(' ✖ ERROR RATE  12 % of requests fail with 5xx · most in GET /raise');
    expect(verdictAt(50, ERRORS)).toMatch(/^ ✖ ERROR RATE {2}12 % of requests fail with 5xx .*…$/);
  });

  it('names the request before it tells the rest: who did it comes before how bad it is', () => {
    const text =
      '3/3 workers busy · 203 waiting to be accepted (about 50 s), which no log shows: there p95 is 2.5 s · 74 % of worker time in GET /work/{id} · busy workers wait 100 % of the time: more workers or threads help';
    expect(verdictAt(160, text)).toContain('203 waiting to be accepted · 74 % of worker time in GET /work/{id}');
    expect(verdictAt(80, text)).toMatch(/ 3\/3 workers busy · 74 % of worker time in GET \/work\/\{id\}$/);
    // Without a request nothing is worth more than what comes first.
    expect(verdictAt(50, '1 worker of 3 stuck: 14193 · busy for 4.3 s')).toMatch(/1 worker of 3 stuck: 14193 .*…$/);
  });

  it('keeps brackets and alerts where both fit', () =>
    expect(verdictAt(40, 'a (b) c')).toBe(' ✖ ERROR RATE  a (b) c       ✖ 1 firing'));
});

const withCauses = (...causes: readonly Cause[]): Snapshot =>
  busy({ verdict: { level: causes[0]?.level ?? 'ok', text: causes[0]?.text ?? 'all is well', causes } });

const SATURATED: Cause = { kind: 'saturated', level: 'critical', text: '2/2 workers busy for 13 s · 7 waiting' };
const UNITS: Cause = { kind: 'no-durations', level: 'warning', text: 'the log has no durations' };

describe('the footer', () => {
  const footer = (snapshot: Snapshot, state: Partial<ScreenState> = {}, width = 80): string => {
    const context = contextOf(snapshot, state);
    return drawToText((surface) => drawFooter(surface, context, { outputBytesPerSecond: 600 }), width, 1)[0] ?? '';
  };

  it('begins with the keys to what the headline is about', () => {
    expect(footer(withCauses(SATURATED))).toMatch(/^ 5 Enter who is busy {2}\? help/);
    expect(footer(withCauses(UNITS, SATURATED))).toMatch(/^ 2 Enter how to get them {2}/);
    expect(footer(withCauses(SATURATED), { focus: 'workers' })).toMatch(/^ Enter who is busy {2}/);
  });

  it('leads to what is thrown, and where nothing is known of that to the paths that fail', () => {
    const failing = withCauses({ kind: 'error-rate', level: 'warning', text: '3 % of requests fail with 5xx' });
    expect(footer({ ...failing, errors: [anErrorGroup()] })).toMatch(/^ 3 Enter what is thrown {2}/);
    expect(footer({ ...failing, errors: [] })).toMatch(/^ E paths by errors {2}/);
  });

  it('names no keys where all is well, where a diagnosis has no pane, and over the panes', () => {
    expect(footer(withCauses())).toMatch(/^ \? help/);
    expect(footer(withCauses({ ...UNITS, kind: 'log-missing' }))).toMatch(/^ \? help/);
    expect(footer(withCauses(SATURATED), { overlay: { kind: 'help', pane: 'paths', scroll: 0 } })).toMatch(
      /^ ↑↓ scroll/,
    );
  });

  it('tells all that gtop costs where there is room, and the keys first where there is not', () => {
    expect(footer(withCauses())).toMatch(/gtop +\S+% +\S+ +600B\/s$/);
    expect(footer(withCauses(), {}, 40)).toMatch(/^ \? help {2}q quit .*gtop +\S+%$/);
  });

  it('shows the same keys whatever gtop costs at the moment', () => {
    const keysAt = (cpuPercent: number, rssBytes: number, outputBytesPerSecond: number): string => {
      const context = contextOf({ ...withCauses(), gtop: { ...busy().gtop, cpuPercent, rssBytes } });
      return (
        drawToText((surface) => drawFooter(surface, context, { outputBytesPerSecond }), 80, 1)[0]?.split('gtop')[0] ??
        ''
      );
    };
    expect(keysAt(0.9, 78 * 2 ** 20, 9)).toBe(keysAt(12.5, 101 * 2 ** 20, 1830));
  });

  it('knows who has other keys', () => {
    const own = { keymap: { ...DEFAULT_KEYMAP, bindings: DEFAULT_KEYMAP.bindings.map(onO) } };
    expect(footer(withCauses(SATURATED), own)).toMatch(/^ 5 o who is busy {2}/);
  });
});

type Binding = (typeof DEFAULT_KEYMAP.bindings)[number];
const onO = (binding: Binding): Binding => (binding.command === 'open' ? { ...binding, keys: ['o'] } : binding);

describe('a terminal that is too small for panes', () => {
  const drawn = (snapshot: Snapshot, height: number, state: Partial<ScreenState> = {}): string[] =>
    drawToText((surface) => drawStatusLine(surface, contextOf(snapshot, state)), 20, height);

  it('has the figures in its first line and the whole verdict below it', () => {
    const lines = drawn(withCauses(SATURATED, UNITS), 7);
    expect(lines[0]).toMatch(/^✖ 842\/s/);
    expect(lines.slice(1).join(' ').replaceAll(/ +/g, ' ').trim()).toBe(
      '✖ 2/2 workers busy for 13 s · 7 waiting ▲ the log has no durations',
    );
  });

  it('answers a key in its last line', () => {
    const message = { text: 'window 5m', level: 'ok', untilMs: 1 } as const;
    expect(drawn(withCauses(SATURATED), 3, { message }).at(-1)).toBe('window 5m');
  });

  it('of one line has all it can in that', () =>
    expect(drawToText((surface) => drawStatusLine(surface, contextOf(quiet())), 60, 1)[0]).toMatch(
      /^● 0\/s p95 – 5xx –% OK no request/,
    ));
});
