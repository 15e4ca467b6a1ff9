/** Which row opens what, and how what is open is drawn. Loaded when the first row is opened. */
import type { Snapshot } from '../../model/snapshot.ts';
import { stringWidth } from '../../text/width.ts';
import type { Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import { PANES } from '../panes/index.ts';
import type { ClientList, PaneId, ScreenState } from '../state.ts';
import { visibleCopy } from '../visible-snapshot.ts';
import type { Item } from '../widgets/line.ts';
import { alert } from './alert.ts';
import { client } from './client.ts';
import type { DetailKind, DetailTarget, DetailView, DetailViews } from './detail-view.ts';
import { errors } from './errors.ts';
import { event } from './event.ts';
import { maskTarget } from './mask-target.ts';
import { path } from './path.ts';
import { worker } from './worker.ts';

const VIEWS: DetailViews = { path, worker, alert, event, client, errors };

/** The row of a target's kind is a view of that kind, which the type of a look-up cannot say. */
const viewOf = (target: DetailTarget): DetailView<DetailKind> => VIEWS[target.kind] as DetailView<DetailKind>;

type Opens = (index: number, snapshot: Snapshot, list: ClientList) => DetailTarget | null;

const opens =
  <Row>(
    rowsOf: (snapshot: Snapshot, list: ClientList) => readonly Row[],
    target: (row: Row, list: ClientList) => DetailTarget,
  ): Opens =>
  (index, snapshot, list) => {
    const row = rowsOf(snapshot, list)[index];
    return row === undefined ? null : target(row, list);
  };

/** Panes that are not here have nothing to open. */
const TARGETS: Readonly<Partial<Record<PaneId, Opens>>> = {
  status: (_, snapshot) =>
    snapshot.errors.length === 0
      ? null
      : { kind: 'errors', order: snapshot.errors.map(({ fingerprint }) => fingerprint) },
  paths: opens(
    ({ paths }) => paths,
    (row) => ({ kind: 'path', method: row.method, path: row.path, slow: null }),
  ),
  slow: opens(
    ({ slow }) => slow,
    (row) => ({ kind: 'path', method: row.method, path: row.path, slow: row }),
  ),
  workers: opens(
    ({ workers }) => workers,
    ({ pid, startedAt }) => ({ kind: 'worker', pid, startedAt }),
  ),
  alerts: opens(
    ({ alerts }) => alerts,
    (row) => ({ kind: 'alert', alert: row }),
  ),
  events: opens(
    ({ events }) => events,
    (row) => ({ kind: 'event', event: row }),
  ),
  clients: opens(
    ({ clients }, list) => clients[list],
    ({ value }, list) => ({ kind: 'client', list, value }),
  ),
};

/**
 * What the row at a place of a pane opens, or a pane without rows; null where that is nothing.
 * @param index place among the rows as they stand in the Snapshot; -1 without a row.
 * @param source the Snapshot with its strings as they came: a filter has to name what the log really holds.
 */
export function targetOf(pane: PaneId, index: number, source: Snapshot, list: ClientList): DetailTarget | null {
  return TARGETS[pane]?.(index, source, list) ?? null;
}

/** Made once for a target: a frame of a detail is drawn every second. */
const shownTargets = new WeakMap<DetailTarget, Readonly<Record<'open' | 'masked', DetailTarget>>>();

/** A target as people may see it: its strings visible and, if that is asked for, masked. */
export function shownTarget(target: DetailTarget, { masked }: Pick<ScreenState, 'masked'>): DetailTarget {
  let shown = shownTargets.get(target);
  if (shown === undefined) {
    shown = { open: visibleCopy(target), masked: visibleCopy(maskTarget(target)) };
    shownTargets.set(target, shown);
  }
  return masked ? shown.masked : shown.open;
}

export const detailTitle = (target: DetailTarget, state: Pick<ScreenState, 'masked'>): string => {
  const shown = shownTarget(target, state);
  return viewOf(shown).title(shown);
};

/** What is copied of a detail: safe to show, and masked if that is asked for. */
export function detailCopy(target: DetailTarget, context: DrawContext): string {
  const shown = shownTarget(target, context.state);
  const view = viewOf(shown);
  return view.copied?.(context, shown) ?? view.title(shown);
}

/** What the help says of a kind of detail. */
export const detailHelp = (kind: DetailKind): Pick<DetailView<DetailKind>, 'summary' | 'help'> => VIEWS[kind];

/** Where one is: `Paths › GET /users/{id}`. */
export const breadcrumb = (from: PaneId, target: DetailTarget, state: Pick<ScreenState, 'masked'>): string =>
  `${PANES[from].title} › ${detailTitle(target, state)}`;

export function detailFigures(target: DetailTarget, context: DrawContext): readonly Item[] {
  const shown = shownTarget(target, context.state);
  return viewOf(shown).figures?.(context, shown) ?? [];
}

/** Lines that all of it takes in so many cells. */
export function detailHeight(target: DetailTarget, context: DrawContext, width: number): number {
  const shown = shownTarget(target, context.state);
  return viewOf(shown).height(context, shown, width);
}

/** The part of a detail that is in sight, from line `scroll` on. */
export function drawDetail(surface: Surface, target: DetailTarget, context: DrawContext, scroll: number): void {
  const height = Math.max(surface.height, detailHeight(target, context, surface.width));
  const first = Math.min(scroll, height - surface.height);
  const shown = shownTarget(target, context.state);
  viewOf(shown).draw(scrolled(surface, first, height), context, shown);
  if (first > 0) surface.text(surface.width - 1, 0, '↑', 'accent');
  if (first + surface.height < height) surface.text(surface.width - 1, surface.height - 1, '↓', 'accent');
}

/** A surface of which only the lines from `first` on are in sight. */
function scrolled(surface: Surface, first: number, height: number): Surface {
  const isInSight = (y: number): boolean => y >= first && y < first + surface.height;
  return {
    width: surface.width,
    height,
    // The column behind a text that is out of sight is asked of a line that is in sight by nobody.
    text: (x, y, text, style) => (isInSight(y) ? surface.text(x, y - first, text, style) : x + stringWidth(text)),
    fill(x, y, width, rows, character, style) {
      const from = Math.max(y, first);
      const to = Math.min(y + rows, first + surface.height);
      if (to > from) surface.fill(x, from - first, width, to - from, character, style);
    },
  };
}
