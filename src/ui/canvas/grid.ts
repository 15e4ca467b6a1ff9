/** A screenful of cells in two typed arrays: what stands in each cell, and how it looks. */
import { eachCluster } from '../../text/width.ts';
import { PLAIN } from './styles.ts';
import type { StyleName, Surface } from './surface.ts';

export const BLANK = 0x20;
/** The second half of a wide character: the cell to its left holds it. */
export const TAIL = 0;
/** More than one code point: the text stands in `clusters`. */
export const CLUSTER = 0x110000;
/** Nobody knows what the terminal shows there. */
export const UNKNOWN = 0xffffffff;

/** Cells, half open to the right and below. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of two rectangles that both have; width and height are 0 when there is none. */
export function intersect(a: Rect, b: Rect): Rect {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}

/**
 * A wide character always fills two cells, its own and a TAIL; overwriting either half blanks the other. Coordinates
 * handed to the methods lie inside the grid.
 */
export class Grid {
  readonly glyphs: Uint32Array;
  readonly styles: Uint16Array;
  readonly clusters = new Map<number, string>();

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.glyphs = new Uint32Array(width * height).fill(BLANK);
    this.styles = new Uint16Array(width * height);
  }

  clear(glyph = BLANK): void {
    this.glyphs.fill(glyph);
    this.styles.fill(PLAIN);
    this.clusters.clear();
  }

  /** Puts one cluster at (x, y); a wide one in the last column becomes a blank. */
  put(x: number, y: number, text: string, width: 1 | 2, style: number): void {
    const at = y * this.width + x;
    if (width === 2 && x === this.width - 1) {
      this.put(x, y, ' ', 1, style);
      return;
    }
    this.#split(at, x);
    if (width === 2) this.#split(at + 1, x + 1);
    // Clusters are never empty.
    const code = text.codePointAt(0) ?? BLANK;
    if (text.length === (code > 0xffff ? 2 : 1)) this.glyphs[at] = code;
    else {
      this.glyphs[at] = CLUSTER;
      this.clusters.set(at, text);
    }
    this.styles[at] = style;
    if (width === 2) {
      this.glyphs[at + 1] = TAIL;
      this.styles[at + 1] = style;
    }
  }

  /** Before a cell is overwritten: a wide character of which it is one half leaves a blank in the other. */
  #split(at: number, x: number): void {
    if (this.glyphs[at] === TAIL && x > 0) this.glyphs[at - 1] = BLANK;
    if (x + 1 < this.width && this.glyphs[at + 1] === TAIL) this.glyphs[at + 1] = BLANK;
  }

  blank(rect: Rect, style = PLAIN): void {
    for (let y = rect.y; y < rect.y + rect.height; y++) {
      if (rect.width <= 0) return;
      const from = y * this.width + rect.x;
      this.#split(from, rect.x);
      this.#split(from + rect.width - 1, rect.x + rect.width - 1);
      this.glyphs.fill(BLANK, from, from + rect.width);
      this.styles.fill(style, from, from + rect.width);
    }
  }

  /** Takes over a grid of the same size. */
  copyAll(from: Grid): void {
    this.glyphs.set(from.glyphs);
    this.styles.set(from.styles);
    this.clusters.clear();
    for (const [at, text] of from.clusters) this.clusters.set(at, text);
  }

  /** Takes over the cells of a rectangle from a grid of the same size. */
  copy(from: Grid, rect: Rect): void {
    for (let y = rect.y; y < rect.y + rect.height; y++) {
      for (let x = rect.x; x < rect.x + rect.width; x++) {
        const at = y * this.width + x;
        const glyph = from.glyphs[at];
        const style = from.styles[at] ?? PLAIN;
        if (glyph === TAIL && x > rect.x) continue;
        const wide = from.isWide(x, y);
        // Half of a wide character at the rectangle's edge.
        if (glyph === TAIL || (wide && x + 1 === rect.x + rect.width)) this.put(x, y, ' ', 1, style);
        else this.put(x, y, from.text(at), wide ? 2 : 1, style);
      }
    }
  }

  /** Moves every row up by one; the last becomes blank. */
  scroll(): void {
    this.glyphs.copyWithin(0, this.width);
    this.styles.copyWithin(0, this.width);
    const clusters = [...this.clusters];
    this.clusters.clear();
    for (const [at, text] of clusters) if (at >= this.width) this.clusters.set(at - this.width, text);
    const last = this.width * (this.height - 1);
    this.glyphs.fill(BLANK, last);
    this.styles.fill(PLAIN, last);
  }

  /** Whether a wide character begins here. */
  isWide(x: number, y: number): boolean {
    return x + 1 < this.width && this.glyphs[y * this.width + x + 1] === TAIL;
  }

  /** The text of a cell; empty for the second half of a wide character. */
  text(at: number): string {
    const glyph = this.glyphs[at] ?? BLANK;
    if (glyph === TAIL) return '';
    if (glyph === CLUSTER) return this.clusters.get(at) ?? ' ';
    return glyph > 0x10ffff ? ' ' : String.fromCodePoint(glyph);
  }

  /** One row as text, with its blanks. */
  row(y: number): string {
    let text = '';
    for (let at = y * this.width; at < (y + 1) * this.width; at++) text += this.text(at);
    return text;
  }
}

/**
 * A rectangle of a grid as a Surface. Drawing outside the rectangle, or outside `visible` (the part of it that is on
 * the grid and not cut off by a parent), leaves no trace.
 */
export function surfaceOf(grid: Grid, rect: Rect, visible: Rect, styleId: (style: StyleName) => number): Surface {
  const right = visible.x + visible.width;
  const bottom = visible.y + visible.height;

  const put = (x: number, y: number, text: string, width: 1 | 2, style: number): void => {
    if (y < visible.y || y >= bottom) return;
    if (x >= visible.x && x + width <= right) grid.put(x, y, text, width, style);
    else if (width === 1) return;
    // One half of a wide character is out of sight.
    else if (x >= visible.x && x < right) grid.put(x, y, ' ', 1, style);
    else if (x + 1 >= visible.x && x + 1 < right) grid.put(x + 1, y, ' ', 1, style);
  };

  return {
    width: rect.width,
    height: rect.height,
    text(x, y, text, style = 'text') {
      if (y < 0 || y >= rect.height) return Math.min(x, rect.width);
      const id = styleId(style);
      let column = x;
      eachCluster(text, rect.width - x, (cluster, width) => {
        if (column >= rect.width) return false;
        if (column + width > rect.width) put(rect.x + column, rect.y + y, ' ', 1, id);
        else if (column >= 0) put(rect.x + column, rect.y + y, cluster, width, id);
        else if (column + width > 0) put(rect.x, rect.y + y, ' ', 1, id);
        column += width;
        return true;
      });
      return Math.min(column, rect.width);
    },
    fill(x, y, width, height, character, style = 'text') {
      const id = styleId(style);
      const area = intersect(
        intersect({ x: 0, y: 0, width: rect.width, height: rect.height }, { x, y, width, height }),
        { x: visible.x - rect.x, y: visible.y - rect.y, width: visible.width, height: visible.height },
      );
      for (let row = area.y; row < area.y + area.height; row++) {
        for (let column = area.x; column < area.x + area.width; column++) {
          grid.put(rect.x + column, rect.y + row, character, 1, id);
        }
      }
    },
  };
}
