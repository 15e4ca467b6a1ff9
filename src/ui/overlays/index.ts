/** What can lie over the panes. Loaded when the first of it is opened. A new kind is one row here and one in state.ts. */
import type { Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import type { Overlay, OverlayKind } from '../state.ts';
import { actionMenu, actionQuestion } from './action-menus.ts';
import { help } from './help.ts';
import { linesView } from './lines-view.ts';
import type { OverlayView } from './overlay-view.ts';
import { sortMenu } from './sort-menu.ts';

const VIEWS: { readonly [Kind in OverlayKind]: OverlayView<Kind> } = {
  help,
  sort: sortMenu,
  lines: linesView,
  actions: actionMenu,
  confirm: actionQuestion,
};

/** The row of an overlay's kind is a view of that kind, which the type of a look-up cannot say. */
const viewOf = (overlay: Overlay): OverlayView<OverlayKind> => VIEWS[overlay.kind] as OverlayView<OverlayKind>;

export const overlayTitle = (overlay: Overlay, context: DrawContext): string => viewOf(overlay).title(overlay, context);

/** The last place that it can be moved to, for an inside of so many cells. */
export const overlayLimit = (overlay: Overlay, context: DrawContext, width: number, height: number): number =>
  Math.max(0, viewOf(overlay).limit(overlay, context, width, height));

export const drawOverlay = (surface: Surface, overlay: Overlay, context: DrawContext): void =>
  viewOf(overlay).draw(surface, overlay, context);
