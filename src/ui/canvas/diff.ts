/** The bytes that turn what a terminal shows into what it should show. */
import { hasKnownWidth } from '../../text/plain-characters.ts';
import { BLANK, CLUSTER, type Grid, TAIL } from './grid.ts';
import { PLAIN, type StyleTable } from './styles.ts';

/** Unchanged cells that are cheaper written again than jumped over: a jump costs four bytes. */
const SHORT_GAP = 3;
/** So many blanks up to the end of a line are cheaper written than erased with `ESC[K`. */
const FEW_BLANKS = 3;

/**
 * Writes the cells in which `next` differs from `shown`, and makes `shown` equal to `next`. Both have the same size.
 * The terminal does not wrap (or nothing follows a character in the last column but a cursor move, so that it never
 * scrolls). Empty when nothing differs; else the look is the terminal's own at the end.
 */
export function difference(shown: Grid, next: Grid, styles: StyleTable): string {
  const writer = new Writer(styles);
  for (let y = 0; y < next.height; y++) writeRow(writer, shown, next, y);
  shown.copyAll(next);
  return writer.finish();
}

function writeRow(writer: Writer, shown: Grid, next: Grid, y: number): void {
  const { width } = next;
  const start = y * width;
  let blankFrom = width;
  while (blankFrom > 0 && isBlank(next, start + blankFrom - 1)) blankFrom--;

  // Cells behind a character of doubtful width: whatever it did to them, they are written again.
  let doubtfulTo = 0;
  for (let x = 0; x < width; x++) {
    const at = start + x;
    if (x >= doubtfulTo && isSame(shown, next, at)) continue;
    if (x >= blankFrom && width - x > FEW_BLANKS) {
      writer.eraseLineFrom(x, y);
      return;
    }
    const glyph = next.glyphs[at] ?? BLANK;
    // Its first half was written just before, or is unchanged.
    if (glyph === TAIL) continue;
    bridgeGap(writer, next, x, y);
    const cells = next.isWide(x, y) ? 2 : 1;
    const text = next.text(at);
    const style = next.styles[at] ?? PLAIN;
    if (glyph !== CLUSTER && hasKnownWidth(glyph)) {
      writer.put(x, y, text, cells, style, width);
    } else {
      // Terminals disagree about emoji, joined and rare characters.
      writer.putDoubtful(x, y, text, cells, style);
      doubtfulTo = Math.max(doubtfulTo, x + 2 * text.length);
    }
  }
}

const isBlank = (grid: Grid, at: number): boolean => grid.glyphs[at] === BLANK && grid.styles[at] === PLAIN;

function isSame(a: Grid, b: Grid, at: number): boolean {
  const glyph = a.glyphs[at];
  if (glyph !== b.glyphs[at] || a.styles[at] !== b.styles[at]) return false;
  return glyph !== CLUSTER || a.clusters.get(at) === b.clusters.get(at);
}

/** When the cursor stands a few plain cells to the left in the same row, writes these again instead of jumping. */
function bridgeGap(writer: Writer, next: Grid, x: number, y: number): void {
  const gap = writer.gapBefore(x, y);
  if (gap < 1 || gap > SHORT_GAP) return;
  const start = y * next.width;
  for (let i = x - gap; i < x; i++) {
    const glyph = next.glyphs[start + i] ?? TAIL;
    if (next.styles[start + i] !== writer.style || glyph < BLANK || glyph > 0x7e) return;
  }
  for (let i = x - gap; i < x; i++) writer.put(i, y, next.text(start + i), 1, writer.style, next.width);
}

/** Collects output and knows where the cursor stands and how it writes. */
class Writer {
  #text = '';
  /** Column and row of the cursor; -1 when only a move can tell. */
  #x = -1;
  #y = -1;
  #style = PLAIN;

  constructor(readonly styles: StyleTable) {}

  get style(): number {
    return this.#style;
  }

  /** Cells between the cursor and a cell to its right in the same row; -1 when it stands elsewhere. */
  gapBefore(x: number, y: number): number {
    return this.#y === y && this.#x >= 0 && this.#x <= x ? x - this.#x : -1;
  }

  put(x: number, y: number, text: string, cells: number, style: number, width: number): void {
    this.#moveTo(x, y);
    this.#select(style);
    this.#text += text;
    // In the last column the cursor stays where it is, or waits to wrap: terminals differ.
    this.#x = x + cells < width ? x + cells : -1;
  }

  /** A character that terminals may draw narrower than its cells (blanks first) or wider (the cursor is lost). */
  putDoubtful(x: number, y: number, text: string, cells: number, style: number): void {
    this.#select(style);
    if (cells === 2) {
      this.#moveTo(x, y);
      this.#text += '  ';
      this.#x = -1;
    }
    this.#moveTo(x, y);
    this.#text += text;
    this.#x = -1;
  }

  eraseLineFrom(x: number, y: number): void {
    this.#moveTo(x, y);
    this.#select(PLAIN);
    this.#text += '\x1b[K';
  }

  finish(): string {
    this.#select(PLAIN);
    return this.#text;
  }

  #select(style: number): void {
    if (style === this.#style) return;
    this.#text += this.styles.escape(style);
    this.#style = style;
  }

  #moveTo(x: number, y: number): void {
    const gap = this.gapBefore(x, y);
    if (gap > 0) this.#text += gap === 1 ? '\x1b[C' : `\x1b[${gap}C`;
    else if (gap < 0) this.#text += x === 0 ? `\x1b[${y + 1}H` : `\x1b[${y + 1};${x + 1}H`;
    this.#x = x;
    this.#y = y;
  }
}
