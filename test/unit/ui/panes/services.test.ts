import { describe, expect, it } from 'vitest';
import { drawToText } from '../../../../src/ui/canvas/index.ts';
import { bindKeys } from '../../../../src/ui/keymap.ts';
import { drawServices } from '../../../../src/ui/panes/services.ts';
import type { ScreenState } from '../../../../src/ui/state.ts';
import { busy, HOSTILE } from '../../../support/snapshots.ts';
import { contextOf } from './draw.ts';

const ROWS = [
  { pid: 100, app: 'shop:app', listeners: ['127.0.0.1:8000'] },
  { pid: 200, app: 'blog:app', listeners: ['unix:/run/blog.sock'] },
  { pid: 300, app: null, listeners: [] },
];

function lines(shown: number, height: number, width = 90, rows = ROWS, state: Partial<ScreenState> = {}): string[] {
  const services = { rows, shown, show: async () => {} };
  const context = { ...contextOf(busy(), state), services };
  return drawToText((surface) => drawServices(surface, context), width, height);
}

describe('the lines for several Gunicorns', () => {
  it('are one each, the one shown marked, with the keys that change it', () => {
    const [first, second, third] = lines(1, 3);
    expect(first).toMatch(/^ {3}1 shop:app · master 100 · 127\.0\.0\.1:8000 +n next {2}N previous/);
    // The master of the one shown is the one that runs now.
    expect(second).toMatch(new RegExp(`^ ▸ 2 blog:app · master ${busy().master?.pid} · unix:/run/blog\\.sock`));
    expect(third).toMatch(/^ {3}3 gunicorn · master 300/);
  });

  it('are those around the one shown where there is no room for all', () => {
    expect(lines(2, 1)[0]).toMatch(/^ ▸ 3 /);
    expect(lines(2, 2).map((line) => line.trim().slice(0, 3))).toEqual(['2 b', '▸ 3']);
    expect(lines(0, 2).map((line) => line.trim().slice(0, 3))).toEqual(['▸ 1', '2 b']);
  });

  it('name the keys of the person’s own', () => {
    const own = bindKeys({ gunicorn: ['o'] });
    if (!own.ok) expect.fail('a key that is free');
    expect(lines(0, 1, 90, ROWS, { keymap: own.keymap })[0]).toContain('o next');
  });

  it('keep to the width and show nothing that is not visible', () => {
    const rows = [{ pid: 1, app: HOSTILE, listeners: [HOSTILE] }, ...ROWS];
    for (const width of [1, 7, 40, 90]) {
      for (const line of lines(0, 2, width, rows)) {
        expect(line.length).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }
    }
  });
});
