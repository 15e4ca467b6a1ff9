/**
 * The terminal that Ink believes to write to: a grid of cells. Ink erases and rewrites whole lines; here that costs
 * nothing, because only the painter's difference reaches the real terminal. It also is a sieve: of all that a text
 * could smuggle through Ink, nothing but characters and colours arrives.
 */
import { Writable } from 'node:stream';
import { eachCluster } from '../../text/width.ts';
import { Grid } from './grid.ts';
import { SgrState } from './sgr.ts';
import type { StyleTable } from './styles.ts';

/** What Ink and its helpers send: text between control characters and escapes. */
const TOKENS =
  /\x1b\[([?>=<]?)([\d;:]*)([@-~])|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?|[\x00-\x1a\x1c-\x1f\x7f-\x9f]|[^\x00-\x1f\x7f-\x9f]+/g;

export interface CursorPosition {
  readonly x: number;
  readonly y: number;
}

/** Emits `change` after a write that changed cells or the cursor, and `resize`. */
export class InkScreen extends Writable {
  readonly isTTY = true;
  readonly #styles: StyleTable;
  readonly #sgr = new SgrState();
  #grid: Grid;
  #x = 0;
  #y = 0;
  #cursorShown = false;

  constructor(columns: number, rows: number, styles: StyleTable) {
    super({ decodeStrings: false });
    this.#styles = styles;
    this.#grid = new Grid(columns, rows);
  }

  get columns(): number {
    return this.#grid.width;
  }

  get rows(): number {
    return this.#grid.height;
  }

  get grid(): Grid {
    return this.#grid;
  }

  /** Where Ink wants the cursor to be seen, or null for nowhere. */
  get cursor(): CursorPosition | null {
    return this.#cursorShown ? { x: Math.min(this.#x, this.columns - 1), y: this.#y } : null;
  }

  /** Takes a new size, keeps what fits of the upper left, and tells Ink. */
  resize(columns: number, rows: number): void {
    const grid = new Grid(columns, rows);
    const kept = { x: 0, y: 0, width: Math.min(columns, this.columns), height: Math.min(rows, this.rows) };
    for (let y = 0; y < kept.height; y++) {
      for (let x = 0; x < kept.width; x++) {
        const text = this.#grid.text(y * this.columns + x);
        const style = this.#grid.styles[y * this.columns + x] ?? 0;
        const wide = this.#grid.isWide(x, y);
        if (text !== '') grid.put(x, y, text, wide ? 2 : 1, style);
      }
    }
    this.#grid = grid;
    this.#x = Math.min(this.#x, columns);
    this.#y = Math.min(this.#y, rows - 1);
    this.emit('resize');
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#feed(chunk.toString());
    done();
    this.emit('change');
  }

  #feed(data: string): void {
    for (const [token, mark = '', parameters = '', final] of data.matchAll(TOKENS)) {
      if (final !== undefined) this.#control(mark, parameters, final);
      else if (token === '\n') this.#lineFeed();
      else if (token === '\r') this.#x = 0;
      else if (token.charCodeAt(0) >= 0x20 && token.charCodeAt(0) !== 0x7f) this.#text(token);
    }
  }

  /** Text that reaches beyond the last column is cut: nothing wraps. */
  #text(text: string): void {
    const style = this.#styles.id(this.#sgr.parameters);
    eachCluster(text, this.columns - this.#x, (cluster, width) => {
      if (this.#x >= this.columns) return false;
      this.#grid.put(this.#x, this.#y, cluster, width, style);
      this.#x += width;
      return true;
    });
  }

  /** A terminal in cooked output mode: to the start of the next line, scrolling at the bottom. */
  #lineFeed(): void {
    this.#x = 0;
    if (this.#y < this.rows - 1) this.#y++;
    else this.#grid.scroll();
  }

  #control(mark: string, parameters: string, final: string): void {
    if (mark !== '') {
      if (mark === '?' && parameters === '25') this.#cursorShown = final === 'h';
      return;
    }
    const [first = 0, second = 0] = parameters.split(';').map(Number);
    const count = Math.max(1, first);
    switch (final) {
      case 'm':
        this.#sgr.apply(parameters);
        break;
      case 'A':
        this.#moveTo(this.#x, this.#y - count);
        break;
      case 'B':
        this.#moveTo(this.#x, this.#y + count);
        break;
      case 'C':
        this.#moveTo(this.#x + count, this.#y);
        break;
      case 'D':
        this.#moveTo(this.#x - count, this.#y);
        break;
      case 'E':
        this.#moveTo(0, this.#y + count);
        break;
      case 'F':
        this.#moveTo(0, this.#y - count);
        break;
      case 'G':
        this.#moveTo(first - 1, this.#y);
        break;
      case 'H':
        this.#moveTo(second - 1, first - 1);
        break;
      case 'J':
        this.#eraseDisplay(first);
        break;
      case 'K':
        this.#eraseLine(first);
        break;
    }
  }

  #moveTo(x: number, y: number): void {
    this.#x = Math.max(0, Math.min(this.columns - 1, x));
    this.#y = Math.max(0, Math.min(this.rows - 1, y));
  }

  #eraseDisplay(mode: number): void {
    if (mode !== 0) {
      this.#grid.clear();
      return;
    }
    this.#eraseLine(0);
    this.#grid.blank({ x: 0, y: this.#y + 1, width: this.columns, height: this.rows - this.#y - 1 });
  }

  #eraseLine(mode: number): void {
    const x = Math.min(this.#x, this.columns - 1);
    const from = mode === 0 ? x : 0;
    const to = mode === 1 ? x + 1 : this.columns;
    this.#grid.blank({ x: from, y: this.#y, width: to - from, height: 1 });
  }
}
