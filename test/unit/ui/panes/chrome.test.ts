import { describe, expect, it } from 'vitest';
import { drawToText } from '../../../../src/ui/canvas/index.ts';
import { drawVerdict } from '../../../../src/ui/panes/chrome.ts';
import { anAlert, busy } from '../../../support/snapshots.ts';
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

  it('keeps brackets and alerts where both fit', () =>
    expect(verdictAt(40, 'a (b) c')).toBe(' ✖ ERROR RATE  a (b) c       ✖ 1 firing'));
});
