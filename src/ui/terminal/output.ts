/**
 * Writing to a terminal without ever waiting for it.
 *
 * Node writes to a terminal synchronously: one that stops reading (a stalled SSH connection, a stopped tmux) freezes
 * timers and signal handlers for good. Here the terminal is opened anew, non-blocking, so that the setting is ours
 * alone (`O_NONBLOCK` belongs to the open file description, and the one behind standard output is shared with the
 * shell); what does not fit is finished later.
 */
import { EventEmitter } from 'node:events';
import { constants, openSync, writeSync } from 'node:fs';
import { WriteStream } from 'node:tty';

/** First and longest wait before a cut frame is tried again. */
const RETRY_MS = { first: 4, longest: 64 };

/** How long `flush` waits for a terminal that reads slowly. */
const FLUSH_MS = 100;

/** The terminal is there but takes nothing now. */
const FULL = new Set(['EAGAIN', 'EWOULDBLOCK']);

/** A size, at least 1 × 1. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TerminalOutputEvents {
  /** The cut frame was finished. */
  drain: [];
  resize: [];
  /** Something else wrote to the screen, or erased it: nobody knows what it shows. */
  lost: [];
  /** The terminal is gone (EIO, EPIPE). */
  hangup: [];
}

export class TerminalOutput extends EventEmitter<TerminalOutputEvents> {
  readonly #fd: number;
  readonly #ask: () => TerminalSize;
  #size: TerminalSize = { columns: 80, rows: 24 };
  #open = false;
  #rest: Buffer | null = null;
  #retry: NodeJS.Timeout | null = null;
  #bytesWritten = 0;

  /**
   * @param fd a descriptor of the terminal, non-blocking, its own open file description.
   * @param ask says how large the terminal is now.
   */
  constructor(fd: number, ask: () => TerminalSize) {
    super();
    this.#fd = fd;
    this.#ask = ask;
    this.#size = this.#measure();
  }

  get columns(): number {
    return this.#size.columns;
  }

  get rows(): number {
    return this.#size.rows;
  }

  /** Since the start, frames and settings alike. */
  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** An earlier frame is not written to its end. */
  get busy(): boolean {
    return this.#rest !== null;
  }

  /** Frames are taken between `open` and `close`; `open` also looks for a new size. */
  open(): void {
    this.#open = true;
    process.on('SIGWINCH', this.#lookForSize);
    this.#lookForSize();
  }

  /** Forgets what is not written yet. */
  close(): void {
    this.#open = false;
    process.off('SIGWINCH', this.#lookForSize);
    this.#forget();
  }

  /** Takes one frame. While busy, or when not open, it is dropped. */
  write(frame: string): void {
    if (!this.#open || this.busy) return;
    this.#push(Buffer.from(frame));
  }

  /**
   * Writes in spite of everything: forgets a cut frame and waits up to 100 ms for the terminal to take the text. For
   * entering and leaving the screen, when the next thing may be the end of the process.
   * @returns false when the terminal did not take all of it.
   */
  flush(text: string): boolean {
    this.#forget();
    let rest: Buffer = Buffer.from(text);
    for (const end = Date.now() + FLUSH_MS; ; sleepSync(5)) {
      const left = this.#attempt(rest);
      if (left === null || left.length === 0) return left !== null;
      if (Date.now() >= end) return false;
      rest = left;
    }
  }

  #push(bytes: Buffer): void {
    const left = this.#attempt(bytes);
    this.#rest = left === null || left.length === 0 ? null : left;
    if (this.#rest !== null) this.#tryAgainIn(RETRY_MS.first);
  }

  #tryAgainIn(delay: number): void {
    this.#retry = setTimeout(() => {
      if (this.#rest === null) return;
      const left = this.#attempt(this.#rest);
      if (left === null || left.length === 0) {
        this.#rest = null;
        if (left !== null) this.emit('drain');
        return;
      }
      // A terminal that takes something is worth asking again soon.
      const stuck = left.length === this.#rest.length;
      this.#rest = left;
      this.#tryAgainIn(stuck ? Math.min(2 * delay, RETRY_MS.longest) : RETRY_MS.first);
    }, delay);
    // A cut frame is no reason to stay alive.
    this.#retry.unref();
  }

  /** Writes what fits now. @returns what is left; null when the terminal is gone. */
  #attempt(bytes: Buffer): Buffer | null {
    let at = 0;
    while (at < bytes.length) {
      try {
        const written = writeSync(this.#fd, bytes, at);
        at += written;
        this.#bytesWritten += written;
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        if (code === 'EINTR') continue;
        if (FULL.has(code)) break;
        // Never in the middle of somebody's write: listeners end the program.
        setImmediate(() => this.emit('hangup'));
        return null;
      }
    }
    return bytes.subarray(at);
  }

  #forget(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#rest = null;
  }

  readonly #lookForSize = (): void => {
    const size = this.#measure();
    if (size.columns === this.columns && size.rows === this.rows) return;
    this.#size = size;
    this.emit('resize');
  };

  #measure(): TerminalSize {
    try {
      const { columns, rows } = this.#ask();
      // A serial line, or a pseudo-terminal that nobody sized, says 0 × 0.
      return { columns: columns || 80, rows: rows || 24 };
    } catch {
      // The terminal is gone; the next write says so.
      return this.#size;
    }
  }
}

function sleepSync(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/**
 * Opens the terminal for writing: the controlling one, or whatever standard output is when there is none.
 * @throws when neither is a terminal.
 */
export function openOutput(): TerminalOutput {
  for (const path of ['/dev/tty', '/proc/self/fd/1', '/dev/fd/1']) {
    try {
      // First: it fails when this is no terminal.
      sizeOf(path);
      const fd = openSync(path, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
      return new TerminalOutput(fd, () => sizeOf(path));
    } catch {
      // Not there, not ours, or no terminal: the next one.
    }
  }
  throw new Error('no terminal to draw on: use --once for text, or --once --json');
}

/**
 * Node measures a terminal when it makes a stream of it and remembers the answer. The descriptor is its own, for Node
 * also makes it blocking.
 * @throws when there is no terminal.
 */
function sizeOf(path: string): TerminalSize {
  const stream = new WriteStream(openSync(path, constants.O_RDWR | constants.O_NOCTTY));
  const { columns, rows } = stream;
  stream.destroy();
  return { columns, rows };
}
