import { describe, expect, it } from 'vitest';
import { drawDashboardText } from '../../../src/ui/text.ts';
import { busy, hostile, nothingKnown } from '../../support/snapshots.ts';

const text = (width: number, snapshot = busy(), ascii = false): string =>
  drawDashboardText(snapshot, { width, ascii, timeZone: 'utc' });

describe('the dashboard as text', () => {
  it('tells the same as the screen, one section below the other', () => {
    const lines = text(120).split('\n');
    expect(lines[0]).toMatch(
      /^ gtop {2}app:app · gunicorn 26\.2\.0 gthread 4×8 · master 26188 .* window 1m · 12:03:44 UTC$/,
    );
    expect(lines[1]).toContain('✖ SATURATED  4/4 workers busy for 38 s');
    const titles = lines.filter((_, index) => lines[index - 1] === '').map((line) => line.split('  ')[0]);
    expect(titles).toEqual(
      expect.arrayContaining([
        'Traffic',
        'Latency',
        'Status',
        'Paths',
        'Workers',
        'Alerts',
        'Events',
        'Slow',
        'System',
      ]),
    );
    expect(lines).toContain('Paths  6 of 512');
    expect(text(120)).toContain('GET /reports/{id}');
    expect(text(120)).not.toContain('LIVE');
  });

  it('ends with a newline and keeps to the width', () => {
    for (const width of [10, 60, 80, 200]) {
      const whole = text(width, hostile(), true);
      expect(whole.endsWith('\n')).toBe(true);
      for (const line of whole.split('\n')) expect(line.length).toBeLessThanOrEqual(Math.max(40, width));
    }
  });

  it('is plain: no escape, no control character', () => {
    expect(text(100, hostile())).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    expect(text(100, hostile(), true)).toMatch(/^[\n -~]*$/);
  });

  it('says what is not known', () => {
    expect(text(80, nothingKnown())).toContain('no master watched: use --pid FILE');
  });

  it('can be cut to a height', () => {
    expect(drawDashboardText(busy(), { width: 80, height: 5, ascii: false }).split('\n')).toHaveLength(6);
  });
});
