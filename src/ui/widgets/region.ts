/** A part of a surface as a surface of its own. */
import { eachCluster, stringWidth } from '../../text/width.ts';
import type { Surface } from '../canvas/surface.ts';
import type { Rect } from '../layout.ts';

/** What is drawn beyond the edges of `rect`, or of the surface, leaves no trace. */
export function region(surface: Surface, rect: Rect): Surface {
  const width = Math.max(0, Math.min(rect.width, surface.width - rect.x));
  const height = Math.max(0, Math.min(rect.height, surface.height - rect.y));
  return {
    width,
    height,
    text(x, y, text, style) {
      if (y < 0 || y >= height || width === 0) return Math.min(x, width);
      if (x >= 0 && x + stringWidth(text) <= width) {
        return surface.text(rect.x + x, rect.y + y, text, style) - rect.x;
      }
      let column = x;
      eachCluster(text, width - x, (cluster, cells) => {
        if (column >= width) return false;
        // Half of a wide character at an edge is a blank.
        if (column < 0 || column + cells > width) {
          if (column + cells > 0) surface.text(rect.x + Math.max(0, column), rect.y + y, ' ', style);
        } else surface.text(rect.x + column, rect.y + y, cluster, style);
        column += cells;
        return true;
      });
      return Math.min(column, width);
    },
    fill(x, y, wide, high, character, style) {
      const left = Math.max(0, x);
      const top = Math.max(0, y);
      const right = Math.min(width, x + wide);
      const bottom = Math.min(height, y + high);
      if (right > left && bottom > top)
        surface.fill(rect.x + left, rect.y + top, right - left, bottom - top, character, style);
    },
  };
}
