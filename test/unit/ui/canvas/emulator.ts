/** A painter's target that is a terminal emulator: what was painted can be looked at. */
import { EventEmitter } from 'node:events';
import xterm from '@xterm/headless';
import type { PaintTarget } from '../../../../src/ui/canvas/index.ts';

type Events = { resize: []; drain: []; lost: [] };

export class Emulator extends EventEmitter<Events> implements PaintTarget {
  readonly #terminal: xterm.Terminal;
  readonly frames: string[] = [];
  busy = false;

  constructor(columns: number, rows: number) {
    super();
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 50 });
    this.#terminal.write('\x1b[?1049h');
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  /** The frames written since the last call. */
  take(): string {
    return this.frames.splice(0).join('');
  }

  write(frame: string): void {
    this.frames.push(frame);
    this.#terminal.write(frame);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    this.emit('resize');
  }

  /** Scribbles on the screen as another program would. */
  scribble(text: string): void {
    this.#terminal.write(text);
  }

  /** Resolves when everything written was taken in. */
  settle(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write('', resolve));
  }

  /** The rows, cell by cell, a wide character's second cell left out, without the blanks at the ends. */
  lines(): string[] {
    return Array.from({ length: this.rows }, (_, y) =>
      (
        this.#terminal.buffer.active.getLine(this.#terminal.buffer.active.baseY + y)?.translateToString(true) ?? ''
      ).trimEnd(),
    );
  }

  /** How a cell looks: `bold`, `inverse`, palette colour. */
  look(x: number, y: number): { text: string; bold: boolean; inverse: boolean; color: number } {
    const cell = this.#terminal.buffer.active.getLine(y)?.getCell(x);
    if (cell === undefined) throw new RangeError(`no cell at ${x},${y}`);
    return {
      text: cell.getChars(),
      bold: cell.isBold() !== 0,
      inverse: cell.isInverse() !== 0,
      color: cell.isFgDefault() ? -1 : cell.getFgColor(),
    };
  }

  get cursor(): { x: number; y: number } {
    return { x: this.#terminal.buffer.active.cursorX, y: this.#terminal.buffer.active.cursorY };
  }
}
