import type { Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import type { Overlay, OverlayKind } from '../state.ts';

/** What is known of an overlay of one kind. */
export type OverlayOf<Kind extends OverlayKind> = Extract<Overlay, { kind: Kind }>;

/** How one kind of overlay is drawn. Pure, as panes are. */
export interface OverlayView<Kind extends OverlayKind> {
  readonly title: (overlay: OverlayOf<Kind>, context: DrawContext) => string;
  /** The last place that it can be moved to, for an inside of so many cells; below zero counts as zero. */
  readonly limit: (overlay: OverlayOf<Kind>, context: DrawContext, width: number, height: number) => number;
  readonly draw: (surface: Surface, overlay: OverlayOf<Kind>, context: DrawContext) => void;
}
