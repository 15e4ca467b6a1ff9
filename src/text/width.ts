/**
 * The width of text in terminal cells. Most text is ASCII and box drawing, which is answered from a table; for the
 * rest the package `string-width` knows. The build puts this module in that package's place for Ink and its
 * dependencies: measuring text is a third of what a frame costs Ink.
 */
import type { Options } from 'string-width';
import { graphemesOf } from './graphemes.ts';
import { known } from './plain-characters.ts';

const ESCAPE = 0x1b;

type Measure = typeof import('string-width').default;

let exact: Measure | undefined;

/**
 * The package itself, loaded by the first text that needs it: building its expressions of Unicode classes takes a
 * tenth of the program's start (22–40 ms). `require`, because the answer is wanted at once.
 */
const measure: Measure = (text, options) => {
  exact ??= (require('string-width') as { default: Measure }).default;
  return exact(text, options);
};

/**
 * Cells that `text` fills, ANSI escapes not counted; ambiguous characters count as one. A drop-in for the package
 * `string-width`, with the same options.
 */
export function stringWidth(text: string, options?: Options): number {
  if (typeof text !== 'string') return 0;
  if (options?.ambiguousIsNarrow === false) return measure(text, options);
  let width = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const cells = known[code] ?? 0;
    if (cells > 0) {
      width += cells;
      continue;
    }
    const end = code === ESCAPE && !options?.countAnsiEscapeCodes ? skipSgr(text, i) : 0;
    if (end === 0) return measure(text, options);
    i = end - 1;
  }
  return width;
}

export default stringWidth;

/** The index behind the colour escape (`ESC [ digits and semicolons m`) at `start`, or 0 when something else is there. */
function skipSgr(text: string, start: number): number {
  if (text.charCodeAt(start + 1) !== 0x5b) return 0;
  for (let i = start + 2; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x6d) return i + 1;
    if (code !== 0x3b && (code < 0x30 || code > 0x39)) return 0;
  }
  return 0;
}

/**
 * Cuts text without escapes into what fills one or two cells each, from left to right, and hands each to `visit` until
 * that answers false. What has no width of its own (control characters, marks without a base) is left out.
 * @param room cells that are of interest: text far beyond them is not looked at, however long it is.
 */
export function eachCluster(text: string, room: number, visit: (cluster: string, width: 1 | 2) => boolean): void {
  let i = 0;
  // A known character in front of an unknown one may be the base of a mark: leave both to the segmenter.
  let cells = known[text.charCodeAt(0)];
  while (i < text.length && (cells === 1 || cells === 2)) {
    const next = i + 1 < text.length ? known[text.charCodeAt(i + 1)] : 1;
    if (next === 0) break;
    if (!visit(text.charAt(i), cells)) return;
    cells = next;
    i++;
  }
  if (i === text.length) return;
  for (const { segment: cluster } of graphemesOf(text.slice(i, i + reach(room)))) {
    if (!visitCluster(cluster, visit)) return;
  }
}

/** Code units that may fill so many cells: clusters of 16 and more are nobody's writing. */
const reach = (cells: number): number => 16 * Math.max(0, cells) + 64;

function visitCluster(cluster: string, visit: (cluster: string, width: 1 | 2) => boolean): boolean {
  const width = stringWidth(cluster);
  if (width === 1 || width === 2) return visit(cluster, width);
  // Some scripts join characters to clusters that are wider than two cells (jamo, half-width voicing marks).
  return width === 0 || [...cluster].every((character) => visitCluster(character, visit));
}

/**
 * The longest start of `text` that fits into `width` cells; when something is cut off, its last cell is an ellipsis
 * (which takes the place of the last character that would have fitted). A text that fits is returned as it is.
 * @param ellipsis one cell wide, or empty for a hard cut.
 */
export function clip(text: string, width: number, ellipsis = '…'): string {
  if (width <= 0) return '';
  if (text.length <= reach(width) && stringWidth(text) <= width) return text;
  const room = width - stringWidth(ellipsis);
  let kept = '';
  let used = 0;
  eachCluster(text, width, (cluster, cells) => {
    if (used + cells > room) return false;
    kept += cluster;
    used += cells;
    return true;
  });
  return kept + ellipsis;
}

/** `text` with blanks in front, up to `width` cells. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - stringWidth(text))) + text;
}

/** `text` with blanks behind, up to `width` cells. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}
