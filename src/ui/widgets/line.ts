/** One line of styled pieces; what does not fit is left out by rank, never cut in the middle of a figure. */

import { clip, stringWidth } from '../../text/width.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';

export interface Span {
  readonly text: string;
  readonly style?: StyleName;
}

/** Spans that stay or go together. */
export interface Item {
  readonly spans: readonly Span[];
  /** The highest rank is left out first; 0 never, but cut when it stands alone and is still too long. */
  readonly rank: number;
}

export const SEPARATOR = ' · ';

/** A span of one style, with its rank. */
export function item(text: string, style: StyleName = 'text', rank = 0): Item {
  return { spans: [{ text, style }], rank };
}

/** A dim name before its figure: `p95 182ms`. */
export function labelled(label: string, value: string, rank = 0, style: StyleName = 'text'): Item {
  return {
    spans: [
      { text: `${label} `, style: 'dim' },
      { text: value, style },
    ],
    rank,
  };
}

/** Cells that spans take one behind the other. */
export function spansWidth(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + stringWidth(span.text), 0);
}

/** The items that fit into `width` cells, in their order, with the separator between them. */
export function fitItems(items: readonly Item[], width: number, separator: string = SEPARATOR): Span[] {
  let kept = items.filter((each) => spansWidth(each.spans) > 0);
  const total = (): number =>
    kept.reduce((sum, each) => sum + spansWidth(each.spans), 0) + Math.max(0, kept.length - 1) * stringWidth(separator);
  while (kept.length > 1 && total() > width) {
    const worst = Math.max(...kept.map((each) => each.rank));
    if (worst === 0) break;
    const index = kept.findLastIndex((each) => each.rank === worst);
    kept = kept.filter((_, position) => position !== index);
  }
  const spans = kept.flatMap((each, index) =>
    index === 0 ? [...each.spans] : [{ text: separator, style: 'dim' as const }, ...each.spans],
  );
  return cutSpans(spans, width);
}

function cutSpans(spans: readonly Span[], width: number): Span[] {
  const cut: Span[] = [];
  let left = width;
  for (const span of spans) {
    if (left <= 0) break;
    const text = clip(span.text, left);
    cut.push({ ...span, text });
    left -= stringWidth(text);
    if (text !== span.text) break;
  }
  return cut;
}

/** Draws spans from (x, y) to the right. @returns the column behind the last cell. */
export function drawSpans(surface: Surface, x: number, y: number, spans: readonly Span[]): number {
  let column = x;
  for (const span of spans) column = surface.text(column, y, span.text, span.style);
  return column;
}

/** Items from the left, items to the right edge, at least one blank between; the right side is kept longer. */
export function drawSplit(
  surface: Surface,
  y: number,
  left: readonly Item[],
  right: readonly Item[],
  area: { x: number; width: number; separator?: string } = { x: 0, width: surface.width },
): void {
  const rightSpans = fitItems(right, area.width, area.separator);
  const rightWidth = spansWidth(rightSpans);
  const gap = rightWidth > 0 ? 2 : 0;
  drawSpans(surface, area.x, y, fitItems(left, area.width - rightWidth - gap, area.separator));
  drawSpans(surface, area.x + area.width - rightWidth, y, rightSpans);
}
