/** A pane drawn to text, as its tests look at it. */
import type { Snapshot } from '../../../../src/model/snapshot.ts';
import { drawToCells, drawToText, type Span, type Surface } from '../../../../src/ui/canvas/index.ts';
import type { DrawContext } from '../../../../src/ui/context.ts';
import { PANES } from '../../../../src/ui/panes/index.ts';
import { initialState, type PaneId, type ScreenState } from '../../../../src/ui/state.ts';
import { visibleSnapshot } from '../../../../src/ui/visible-snapshot.ts';
import { NOW_MS } from '../../../support/snapshots.ts';

export function contextOf(snapshot: Snapshot, state: Partial<ScreenState> = {}): DrawContext {
  return {
    snapshot: visibleSnapshot(snapshot),
    state: { ...initialState({ windowSeconds: 60, delayMs: 1000, theme: 'default' }), ...state },
    nowMs: NOW_MS,
    timeZone: 'utc',
    ascii: false,
  };
}

export function drawPane(
  id: PaneId,
  snapshot: Snapshot,
  width = 80,
  height = 20,
  state: Partial<ScreenState> = {},
): string[] {
  const context = contextOf(snapshot, state);
  return drawToText((surface: Surface) => PANES[id].draw(surface, context, true), width, height);
}

export function drawPaneCells(id: PaneId, snapshot: Snapshot, width = 80, height = 20): Span[][] {
  const context = contextOf(snapshot);
  return drawToCells((surface: Surface) => PANES[id].draw(surface, context, false), width, height);
}

export function figuresOf(id: PaneId, snapshot: Snapshot): string {
  return PANES[id]
    .figures(contextOf(snapshot))
    .map((item) => item.spans.map((span) => span.text).join(''))
    .join(' · ');
}

/** The first line that holds the text. */
export function lineWith(lines: readonly string[], text: string): string {
  const line = lines.find((each) => each.includes(text));
  if (line === undefined) throw new Error(`no line with ${text}:\n${lines.join('\n')}`);
  return line;
}
