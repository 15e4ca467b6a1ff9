/** How far what lies over the panes can be moved. */
import type { Screen } from './commands/screen.ts';
import { bodyRect, inside, type Rect } from './layout.ts';
import { overlayRect } from './overlay-rect.ts';
import type { Overlay, ScreenState } from './state.ts';

/** The last place that an overlay can be moved to; 0 while it is being loaded. */
export function overlayLimit(screen: Screen, overlay: Overlay): number {
  const context = screen.context();
  const overlays = screen.parts.overlays.now;
  if (context === null || overlays === null) return 0;
  const { columns, rows } = screen.size();
  const { width, height } = inside(overlayRect(columns, rows, screen.layout(), overlay));
  return overlays.overlayLimit(overlay, context, width, height);
}

/** The last first line of a detail. */
export function detailLimit(screen: Screen, { target }: NonNullable<ScreenState['detail']>): number {
  const context = screen.context();
  const details = screen.parts.details.now;
  if (context === null || details === null) return 0;
  const { width, height } = detailInside(screen);
  return Math.max(0, details.detailHeight(target, context, width) - height);
}

function detailInside(screen: Screen): Rect {
  const { columns, rows } = screen.size();
  return inside(bodyRect(columns, rows, screen.layout()));
}
