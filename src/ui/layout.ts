/**
 * Which parts of the screen stand where. A pure function of the terminal's size and of what is focused or zoomed, so
 * that no size can make parts overlap, wrap or leave the terminal.
 */
import type { PaneId } from './state.ts';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedPane {
  readonly id: PaneId;
  /** With the border where the pane is framed; a pane without one is a single line. */
  readonly rect: Rect;
  readonly framed: boolean;
}

export type LayoutKind = 'line' | 'tabs' | 'compact' | 'medium' | 'full' | 'zoom';

export interface Layout {
  readonly kind: LayoutKind;
  /** The one line of a terminal too small for anything else. */
  readonly line: Rect | null;
  readonly header: Rect | null;
  /** A line for each of several Gunicorns, under the header. */
  readonly services: Rect | null;
  readonly verdict: Rect | null;
  readonly tabs: Rect | null;
  readonly panes: readonly PlacedPane[];
  readonly footer: Rect | null;
}

export interface LayoutView {
  readonly focus: PaneId;
  readonly zoomed: boolean;
  /** Gunicorns to choose from; absent: one. */
  readonly services?: number;
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** First that fits wins. A little below the advertised sizes, so that a tmux status line does not cost a whole layout. */
const PLANS: readonly {
  columns: number;
  rows: number;
  plan: (columns: number, rows: number, view: LayoutView) => Layout;
}[] = [
  { columns: 150, rows: 38, plan: full },
  { columns: 110, rows: 28, plan: medium },
  { columns: 70, rows: 20, plan: compact },
  { columns: 40, rows: 10, plan: tabs },
];

/**
 * @param columns cells across, at least 1.
 * @param rows cells down, at least 1.
 */
export function planLayout(columns: number, rows: number, view: LayoutView): Layout {
  const lines = serviceLines(rows, view);
  const layout = planOne(columns, rows - lines, view);
  return lines === 0 || layout.header === null ? planOne(columns, rows, view) : withServices(layout, columns, lines);
}

/** More than this many leave too little to the panes: those around the one shown, then. */
const MOST_SERVICES = 4;

function serviceLines(rows: number, { services = 1 }: LayoutView): number {
  if (services < 2) return 0;
  return rows >= 28 ? Math.min(services, MOST_SERVICES) : 1;
}

/** Everything below the header moves down. */
function withServices(layout: Layout, columns: number, lines: number): Layout {
  const down = <R extends Rect | null>(rect: R): R => (rect === null ? rect : { ...rect, y: rect.y + lines });
  return {
    ...layout,
    services: { x: 0, y: 1, width: columns, height: lines },
    verdict: down(layout.verdict),
    tabs: down(layout.tabs),
    panes: layout.panes.map((pane) => ({ ...pane, rect: down(pane.rect) })),
    footer: down(layout.footer),
  };
}

function planOne(columns: number, rows: number, view: LayoutView): Layout {
  const found = PLANS.find((plan) => columns >= plan.columns && rows >= plan.rows);
  if (found === undefined) return { ...empty('line'), line: { x: 0, y: 0, width: columns, height: rows } };
  if (view.zoomed) return zoom(columns, rows, view, found.plan === tabs);
  return found.plan(columns, rows, view);
}

function empty(kind: LayoutKind): Layout {
  return { kind, line: null, header: null, services: null, verdict: null, tabs: null, panes: [], footer: null };
}

function chrome(kind: LayoutKind, columns: number, rows: number, panes: readonly PlacedPane[]): Layout {
  const line = (y: number): Rect => ({ x: 0, y, width: columns, height: 1 });
  return { ...empty(kind), header: line(0), verdict: line(1), panes, footer: line(rows - 1) };
}

/** Panes side by side in one strip; the last takes what is left of the width. */
function strip(y: number, width: number, height: number, parts: readonly (readonly [PaneId, number])[]): PlacedPane[] {
  let x = 0;
  return parts.map(([id, share], index) => {
    const own = index === parts.length - 1 ? width - x : Math.floor(width * share);
    const pane = { id, rect: { x, y, width: own, height }, framed: true };
    x += own;
    return pane;
  });
}

/** A pane without a place of its own takes the middle. */
function middle(
  placed: readonly PlacedPane[],
  body: readonly PlacedPane[],
  rect: Rect,
  view: LayoutView,
): PlacedPane[] {
  const hasPlace = [...placed, ...body].some((pane) => pane.id === view.focus);
  return hasPlace ? [...body] : [{ id: view.focus, rect, framed: true }];
}

const CHARTS: readonly (readonly [PaneId, number])[] = [
  ['traffic', 1 / 3],
  ['latency', 1 / 3],
  ['status', 1 / 3],
];

/** Seven panes in three strips; the charts and the last strip take fixed shares, the tables the rest. */
function grid(kind: LayoutKind, columns: number, rows: number, top: number, bottom: number, view: LayoutView): Layout {
  const body: Rect = { x: 0, y: 2 + top, width: columns, height: rows - 3 - top - bottom };
  // Enough for every column of the workers where there is room for the paths beside it.
  const workers = clamp(Math.floor(columns * 0.44), 50, 76);
  const outer = [
    ...strip(2, columns, top, CHARTS),
    ...strip(body.y + body.height, columns, bottom, [
      ['alerts', 0.42],
      ['events', 0.58],
    ]),
  ];
  const tables = strip(body.y, columns, body.height, [
    ['paths', (columns - workers) / columns],
    ['workers', 0],
  ]);
  return chrome(kind, columns, rows, [...outer, ...middle(outer, tables, body, view)]);
}

function full(columns: number, rows: number, view: LayoutView): Layout {
  return grid(
    'full',
    columns,
    rows,
    clamp(Math.floor(rows * 0.24), 10, 16),
    clamp(Math.floor(rows * 0.18), 6, 12),
    view,
  );
}

function medium(columns: number, rows: number, view: LayoutView): Layout {
  return grid('medium', columns, rows, rows >= 34 ? 7 : 6, rows >= 34 ? 6 : 5, view);
}

const LINES: readonly PaneId[] = ['traffic', 'latency', 'status', 'alerts'];

function compact(columns: number, rows: number, view: LayoutView): Layout {
  const lines: PlacedPane[] = LINES.map((id, index) => ({
    id,
    rect: { x: 0, y: 2 + index, width: columns, height: 1 },
    framed: false,
  }));
  const top = 2 + lines.length;
  const events = rows >= 34 ? 7 : 0;
  const body: Rect = { x: 0, y: top, width: columns, height: rows - top - events - 1 };
  const outer = [...lines, ...(events > 0 ? strip(body.y + body.height, columns, events, [['events', 1]]) : [])];
  const workers = Math.floor(body.height * 0.45);
  const tables =
    columns >= 130
      ? strip(body.y, columns, body.height, [
          ['paths', 0.55],
          ['workers', 0.45],
        ]) // prettier as one line
      : [
          ...strip(body.y, columns, body.height - workers, [['paths', 1]]),
          ...strip(body.y + body.height - workers, columns, workers, [['workers', 1]]),
        ];
  return chrome('compact', columns, rows, [...outer, ...middle(outer, tables, body, view)]);
}

/** One pane at a time: verdict, tabs, the pane, and the keys where there is room for them. */
function tabs(columns: number, rows: number, view: LayoutView): Layout {
  const line = (y: number): Rect => ({ x: 0, y, width: columns, height: 1 });
  const header = rows >= 14 ? 1 : 0;
  const footer = rows >= 12 ? 1 : 0;
  const top = header + 2;
  const rect: Rect = { x: 0, y: top, width: columns, height: rows - top - footer };
  return {
    ...empty('tabs'),
    header: header > 0 ? line(0) : null,
    verdict: line(header),
    tabs: line(header + 1),
    panes: [{ id: view.focus, rect, framed: true }],
    footer: footer > 0 ? line(rows - 1) : null,
  };
}

/** @param small give up all but the verdict for the pane. */
function zoom(columns: number, rows: number, view: LayoutView, small: boolean): Layout {
  if (small) {
    const verdict = { x: 0, y: 0, width: columns, height: 1 };
    const rect: Rect = { x: 0, y: 1, width: columns, height: rows - 1 };
    return { ...empty('zoom'), verdict, panes: [{ id: view.focus, rect, framed: true }] };
  }
  const rect: Rect = { x: 0, y: 2, width: columns, height: rows - 3 };
  return chrome('zoom', columns, rows, [{ id: view.focus, rect, framed: true }]);
}

/** Where the help stands, with its border: all but the outermost cells, no wider than a person likes to read. */
export function helpRect(columns: number, rows: number): Rect {
  const width = Math.min(columns, 110);
  return { x: Math.floor((columns - width) / 2), y: Math.min(1, rows - 1), width, height: Math.max(1, rows - 2) };
}

/** Where a menu of so many lines stands, with its border: over its pane, inside the terminal. */
export function menuRect(columns: number, rows: number, pane: Rect, lines: number): Rect {
  const width = Math.min(columns, 64);
  const height = Math.min(rows - 1, lines + 2);
  return {
    x: clamp(pane.x + 2, 0, columns - width),
    y: clamp(pane.y + 1, 0, rows - 1 - height),
    width,
    height,
  };
}

/** All that lies between the lines at the top and the footer: where a detail and the raw lines stand, with their border. */
export function bodyRect(
  columns: number,
  rows: number,
  { header, services, verdict, tabs, footer, line }: Layout,
): Rect {
  const y = Math.max(
    0,
    ...[header, services, verdict, tabs, line].map((part) => (part === null ? 0 : part.y + part.height)),
  );
  return { x: 0, y, width: columns, height: Math.max(1, (footer?.y ?? rows) - y) };
}

/** A frame without its border. */
export const inside = ({ x, y, width, height }: Rect): Rect => ({
  x: x + 1,
  y: y + 1,
  width: Math.max(0, width - 2),
  height: Math.max(0, height - 2),
});

/** Where a line that is being typed stands, with what is said about it above. */
export function promptRect(columns: number, rows: number): Rect {
  const height = Math.min(rows, 2);
  return { x: 0, y: rows - height, width: columns, height };
}
