/**
 * The dashboard as plain text, for `--once` and pipes: the same draw functions, one section below the other. Imports
 * nothing of Ink or React, so that a sample on standard output never loads them.
 */
import type { Snapshot } from '../model/snapshot.ts';
import { asciiSurface } from './ascii.ts';
import type { Surface } from './canvas/surface.ts';
import { drawToText } from './canvas/text-surface.ts';
import type { DrawContext } from './context.ts';
import { shownAt } from './context.ts';
import type { TimeZone } from './format.ts';
import { drawHeader, drawVerdict } from './panes/chrome.ts';
import { PANES } from './panes/index.ts';
import { initialState, type PaneId } from './state.ts';
import { visibleSnapshot } from './visible-snapshot.ts';
import { fitItems } from './widgets/line.ts';

export interface TextOptions {
  /** Cells across; at least 40, whatever is asked. */
  readonly width: number;
  /** Lines of the whole; without it every table shows up to 20 rows. */
  readonly height?: number;
  readonly ascii: boolean;
  readonly timeZone?: TimeZone;
}

const LEAST_WIDTH = 40;
const MOST_ROWS = 20;
/** Lines of the panes that are no tables; the latency needs more when it has to explain what is missing. */
const HEIGHTS: Readonly<Partial<Record<PaneId, number>>> = { traffic: 9, latency: 8, status: 8, system: 12 };
const SECTIONS: readonly PaneId[] = [
  'traffic',
  'latency',
  'status',
  'paths',
  'workers',
  'alerts',
  'events',
  'slow',
  'system',
];

/** One sample as text, ending with a newline. */
export function drawDashboardText(snapshot: Snapshot, options: TextOptions): string {
  const width = Math.max(LEAST_WIDTH, options.width);
  const context: DrawContext = {
    snapshot: visibleSnapshot(snapshot),
    state: initialState({ windowSeconds: snapshot.window.seconds, delayMs: 1000, theme: 'mono' }),
    nowMs: shownAt(snapshot),
    timeZone: options.timeZone ?? 'local',
    ascii: options.ascii,
  };
  const lines = (draw: (surface: Surface) => void, height: number): string[] =>
    drawToText((surface) => draw(options.ascii ? asciiSurface(surface) : surface), width, height);
  const all = [
    ...lines((surface) => drawHeader(surface, context, false), 1),
    ...lines((surface) => drawVerdict(surface, context), 1),
    ...SECTIONS.flatMap((id) => [
      '',
      ...lines((surface) => drawTitle(surface, id, context), 1),
      ...section(id, context, lines),
    ]),
  ];
  return `${all.slice(0, options.height).join('\n')}\n`;
}

function drawTitle(surface: Surface, id: PaneId, context: DrawContext): void {
  const { title, figures } = PANES[id];
  const spans = fitItems(figures(context), surface.width - title.length - 3);
  let x = surface.text(0, 0, title, 'title') + 2;
  for (const { text, style } of spans) x = surface.text(x, 0, text, style);
}

function section(
  id: PaneId,
  context: DrawContext,
  lines: (draw: (surface: Surface) => void, height: number) => string[],
): string[] {
  const pane = PANES[id];
  const rows = pane.table === undefined ? null : Math.max(1, Math.min(MOST_ROWS, pane.table.keys(context).length));
  // A table's head, and below the workers a line for the master and one for what is missing.
  const height = rows === null ? (HEIGHTS[id] ?? 1) : rows + (id === 'workers' ? 3 : 1);
  const drawn = lines((surface) => pane.draw(surface, context, false), Math.max(height, id === 'workers' ? 6 : 1));
  while (drawn.at(-1) === '') drawn.pop();
  return drawn;
}
