/**
 * The width of text in terminal cells. Most text is ASCII and box drawing, which is answered from a table; for the
 * rest the package `string-width` knows. The build puts this module in that package's place for Ink and its
 * dependencies: measuring text is a third of what a frame costs Ink.
 */
import measure, { type Options } from 'string-width';

/** Ranges of the Basic Multilingual Plane whose characters fill one cell and join with no neighbour. */
const NARROW: readonly (readonly [from: number, to: number])[] = [
  [0x20, 0x7e],
  [0xa0, 0xac],
  [0xae, 0x2ff],
  [0x370, 0x373],
  [0x391, 0x3c9],
  [0x410, 0x44f],
  [0x2010, 0x2027],
  [0x2030, 0x203b],
  [0x2190, 0x21ff],
  // Box drawing, blocks, geometric shapes; U+25FD and U+25FE, just behind, are wide.
  [0x2500, 0x25fc],
  [0x2800, 0x28ff],
];

const ESCAPE = 0x1b;

/** 1 where the code unit is narrow and stands alone, 0 where a closer look is needed. */
const isNarrow = new Uint8Array(0x10000);
for (const [from, to] of NARROW) isNarrow.fill(1, from, to + 1);

/** Whether a code point is known to fill one cell and to join with no neighbour that is known likewise. */
export const isNarrowAlone = (code: number): boolean => isNarrow[code] === 1;

let graphemes: Intl.Segmenter | undefined;

/** Grapheme clusters: what a person calls one character. The segmenter is made when first needed (1 ms). */
function segment(text: string): Intl.Segments {
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return graphemes.segment(text);
}

/**
 * Cells that `text` fills, ANSI escapes not counted; ambiguous characters count as one. A drop-in for the package
 * `string-width`, with the same options.
 */
export function stringWidth(text: string, options?: Options): number {
  if (typeof text !== 'string') return 0;
  let width = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isNarrow[code] === 1) {
      width++;
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

/** One or two cells' worth of text. */
export type Cluster = (text: string, width: 1 | 2) => void;

/**
 * Cuts text without escapes into what fills one or two cells each, from left to right. What has no width of its own
 * (control characters, marks without a base) is left out.
 */
export function eachCluster(text: string, visit: Cluster): void {
  let i = 0;
  // A narrow character in front of anything unknown may be the base of a mark: leave it to the segmenter.
  for (; i < text.length; i++) {
    if (isNarrow[text.charCodeAt(i)] !== 1) break;
    if (i + 1 < text.length && isNarrow[text.charCodeAt(i + 1)] !== 1) break;
    visit(text.charAt(i), 1);
  }
  if (i === text.length) return;
  for (const { segment: cluster } of segment(text.slice(i))) visitCluster(cluster, visit);
}

function visitCluster(cluster: string, visit: Cluster): void {
  const width = stringWidth(cluster);
  if (width === 1 || width === 2) visit(cluster, width);
  // Some scripts join characters to clusters that are wider than two cells (jamo, half-width voicing marks).
  else if (width > 2) for (const character of cluster) visitCluster(character, visit);
}

/**
 * The longest start of `text` that fits into `width` cells; when something is cut off, its last cell is an ellipsis
 * (which takes the place of the last character that would have fitted). A text that fits is returned as it is.
 * @param ellipsis one cell wide, or empty for a hard cut.
 */
export function clip(text: string, width: number, ellipsis = '…'): string {
  if (width <= 0) return '';
  if (stringWidth(text) <= width) return text;
  const room = width - stringWidth(ellipsis);
  let kept = '';
  let used = 0;
  let full = false;
  eachCluster(text, (cluster, cells) => {
    full ||= used + cells > room;
    if (full) return;
    kept += cluster;
    used += cells;
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
