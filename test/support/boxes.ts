/** Finds the frame of a pane on a screen and checks that it is whole. */
import type { Pty } from './pty.ts';

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Corners and sides, plain and as a focused pane may show them. */
const TOP_LEFT = '╭┌┏╔';
const TOP_RIGHT = '╮┐┓╗';
const BOTTOM_LEFT = '╰└┗╚';
const BOTTOM_RIGHT = '╯┘┛╝';
const SIDE = '│┃║';

/** Whether a pane of this name has its title on the screen. */
export function hasPane(pty: Pty, name: string): boolean {
  return titleAt(pty, name) !== null;
}

/**
 * The frame of the pane with this name in its title.
 * @throws when there is none, or when a corner or side is not where it must be.
 */
export function paneBox(pty: Pty, name: string): Box {
  const title = titleAt(pty, name);
  if (title === null) throw new Error(`no pane ${name} on the screen:\n${pty.text()}`);
  const width = pty.screen()[0].length;
  const at = (x: number, y: number) => pty.cell(x, y).text;
  const must = (characters: string, x: number, y: number) => {
    if (!characters.includes(at(x, y)) || at(x, y) === '') {
      throw new Error(
        `${name}: ${JSON.stringify(at(x, y))} at column ${x}, row ${y} is none of ${characters}:\n${pty.text()}`,
      );
    }
  };
  const { left, top } = title;
  let right = left + 1;
  while (right < width - 1 && !TOP_RIGHT.includes(at(right, top))) right++;
  must(TOP_RIGHT, right, top);
  let bottom = top + 1;
  while (bottom < pty.screen().length - 1 && !BOTTOM_LEFT.includes(at(left, bottom))) {
    must(SIDE, left, bottom);
    must(SIDE, right, bottom);
    bottom++;
  }
  must(BOTTOM_LEFT, left, bottom);
  must(BOTTOM_RIGHT, right, bottom);
  return { left, right, top, bottom };
}

/** What stands inside a frame, row by row. */
export function contentOf(pty: Pty, { left, right, top, bottom }: Box): string[] {
  const row = (y: number) =>
    Array.from({ length: right - left - 1 }, (_, column) => pty.cell(left + 1 + column, y).text).join('');
  return Array.from({ length: bottom - top - 1 }, (_, line) => row(top + 1 + line));
}

/** Column and row of the top left corner of the frame whose title holds the name. */
function titleAt(pty: Pty, name: string): { left: number; top: number } | null {
  const pattern = new RegExp(`[${TOP_LEFT}][^${TOP_RIGHT}]*\\b${name}\\b`);
  const rows = pty.screen();
  for (const [top, row] of rows.entries()) {
    const found = pattern.exec(row);
    // The last corner before the name: the pattern may have begun at a neighbour's.
    if (found)
      return { left: found.index + Math.max(...[...TOP_LEFT].map((corner) => found[0].lastIndexOf(corner))), top };
  }
  return null;
}
