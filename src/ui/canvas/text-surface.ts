/** The draw functions of the screen, without a screen: for `--once`, tests and pictures. */
import { Grid, surfaceOf } from './grid.ts';
import { type Draw, STYLE_NAMES, type StyleName } from './surface.ts';

/** Cells of one row that follow each other in one style. */
export interface Span {
  readonly text: string;
  readonly style: StyleName;
}

/** What a draw function draws, row by row; each row is exactly `width` cells wide. */
export function drawToCells(draw: Draw, width: number, height: number): Span[][] {
  const grid = drawn(draw, width, height);
  return Array.from({ length: height }, (_, y) => {
    const spans: { text: string; style: StyleName }[] = [];
    for (let at = y * width; at < (y + 1) * width; at++) {
      const style = STYLE_NAMES[grid.styles[at] ?? 0] ?? 'text';
      const last = spans.at(-1);
      if (last?.style === style) last.text += grid.text(at);
      else spans.push({ text: grid.text(at), style });
    }
    return spans;
  });
}

/** What a draw function draws, as lines without the blanks at their ends. */
export function drawToText(draw: Draw, width: number, height: number): string[] {
  const grid = drawn(draw, width, height);
  return Array.from({ length: height }, (_, y) => grid.row(y).trimEnd());
}

/** Here a style's number is its place in the list of names. */
function drawn(draw: Draw, width: number, height: number): Grid {
  const grid = new Grid(width, height);
  const whole = { x: 0, y: 0, width, height };
  draw(surfaceOf(grid, whole, whole, (style) => STYLE_NAMES.indexOf(style)));
  return grid;
}
