import { describe, expect, it } from 'vitest';
import { drawToText } from '../../../../src/ui/canvas/text-surface.ts';
import type { DetailTarget } from '../../../../src/ui/details/detail-view.ts';
import { drawOverlay, overlayTitle } from '../../../../src/ui/overlays/index.ts';
import type { ScreenState } from '../../../../src/ui/state.ts';
import { anAlert, busy, HOSTILE } from '../../../support/snapshots.ts';
import { contextOf } from '../panes/draw.ts';

const client: DetailTarget = { kind: 'client', list: 'addresses', value: '203.0.113.7' };
const opened = (target: DetailTarget): Partial<ScreenState> => ({ detail: { target, from: 'clients', scroll: 0 } });
const HELP = { kind: 'help', pane: 'clients', scroll: 0 } as const;
const LINES = { kind: 'lines', pane: 'clients', back: 0, left: 0 } as const;

describe('the help', () => {
  const help = (state: Partial<ScreenState>): string => {
    const context = contextOf(busy(), state);
    const lines = drawToText((surface) => drawOverlay(surface, HELP, context), 78, 20);
    return [overlayTitle(HELP, context), ...lines].join('\n');
  };

  it('is about the pane, and in a detail about the detail', () => {
    expect(help({})).toMatch(/^Help: 9 Clients\n/);
    expect(help(opened(client))).toMatch(/^Help: Clients › client 203\.0\.113\.7\n One address, user agent/);
  });
});

describe('the title of the raw lines', () => {
  const title = (state: Partial<ScreenState>): string => overlayTitle(LINES, contextOf(busy(), state));

  it('says what they are about, and whether they follow', () => {
    expect(title({})).toBe('Raw lines · following');
    expect(title({ filter: 'status=500' })).toBe('Raw lines · status=500 · following');
    expect(title(opened(client))).toBe('Raw lines · client 203.0.113.7 · following');
  });

  it('names no detail that has no lines of its own', () =>
    expect(title(opened({ kind: 'alert', alert: anAlert() }))).toBe('Raw lines · following'));

  it('masks, and shows nothing as it was sent', () => {
    expect(title({ ...opened(client), masked: true })).toBe('Raw lines · client 203.0.113.0/24 · following');
    const hostile = title(opened({ kind: 'path', method: 'GET', path: HOSTILE, slow: null }));
    expect(hostile).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\u2066]/);
  });
});
