/**
 * What a draw function draws on. The painter's grid, plain text for tests and `--once`, all take the same calls.
 */

/**
 * Meaning of a cell, never a colour: the theme says how each looks.
 * `ok … unknown` are states, `series1 … series4` tell chart lines apart, `heat1 … heat5` say few to many.
 */
export const STYLE_NAMES = [
  'text',
  'dim',
  'strong',
  'accent',
  'title',
  'ok',
  'warning',
  'critical',
  'unknown',
  'selected',
  'header',
  'series1',
  'series2',
  'series3',
  'series4',
  'heat1',
  'heat2',
  'heat3',
  'heat4',
  'heat5',
  'badge',
] as const;

export type StyleName = (typeof STYLE_NAMES)[number];

export interface Surface {
  /** Cells across and down. */
  readonly width: number;
  readonly height: number;
  /**
   * Writes `text` from cell (x, y) to the right, clipped at the surface's edge: a wide character that does not fit
   * whole becomes a blank. The text must be visible text (see text/visible.ts): no control characters.
   * @returns the column behind the last cell written.
   */
  text(x: number, y: number, text: string, style?: StyleName): number;
  /** Fills cells with one character of width 1. */
  fill(x: number, y: number, width: number, height: number, character: string, style?: StyleName): void;
  /** Says what a line of cells is, for whoever looks for what was clicked at. Absent: nobody does. */
  mark?(x: number, y: number, width: number, what: Clickable): void;
}

/** What a click can be at. */
export type Clickable =
  | { readonly kind: 'row'; readonly key: string; readonly index: number }
  | { readonly kind: 'column'; readonly id: string };

/** Draws the whole of a surface, which is blank when the call starts. */
export type Draw = (surface: Surface) => void;
