/**
 * Keys from the terminal itself, so that a log may come in on standard input. What must work whatever the screen does
 * (Ctrl-C, Ctrl-Z) is taken out here; mouse reports too, which Ink does not know. The rest is Ink's.
 */
import { EventEmitter } from 'node:events';
import { constants, openSync } from 'node:fs';
import { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { foldFunctionKeys } from './function-keys.ts';
import { type MouseReport, takeMouseReports } from './mouse.ts';

/** Unread input beyond this is dropped: nobody listens. */
const UNREAD_LIMIT = 64 * 1024;

const CTRL_C = '\x03';
const CTRL_Z = '\x1a';
const PASTE_BEGIN = '\x1b[200~';
const PASTE_END = '\x1b[201~';

export interface TerminalSignals {
  /** Ctrl-C. */
  interrupt: [];
  /** Ctrl-Z. */
  suspend: [];
  mouse: [report: MouseReport];
  /** The terminal is gone. */
  hangup: [];
}

/** A stream for Ink's `stdin`. Raw mode and reading last from `open` to `close`, whatever Ink asks for in between. */
export class TerminalInput extends Readable {
  readonly isTTY = true;
  readonly signals = new EventEmitter<TerminalSignals>();
  readonly #tty: ReadStream;
  #pasting = false;
  /** The start of a mouse report whose end is still to come. */
  #partial = '';

  constructor(tty: ReadStream) {
    super({ read() {} });
    this.#tty = tty;
    tty.setEncoding('utf8');
    tty.on('data', (data) => this.#receive(String(data)));
    for (const end of ['end', 'error'] as const) tty.on(end, () => this.signals.emit('hangup'));
    tty.unref();
  }

  /** @throws when the terminal does not take the setting. */
  open(): void {
    // Off first: after a stop the shell has put its own settings in place, and Node believes raw mode to be on.
    this.#tty.setRawMode(false);
    this.#tty.setRawMode(true);
    this.#tty.ref();
  }

  /** Puts the settings back as they were before `open`. */
  close(): void {
    this.#tty.setRawMode(false);
    // It still reads, but does not keep the program alive.
    this.#tty.unref();
  }

  setRawMode(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #receive(data: string): void {
    const { reports, text, partial } = takeMouseReports(this.#partial + data);
    this.#partial = partial;
    for (const report of reports) this.signals.emit('mouse', report);
    const keys = this.#takeSignals(text);
    if (keys !== '' && this.readableLength < UNREAD_LIMIT) this.push(keys);
  }

  /** Takes Ctrl-C and Ctrl-Z out of what was typed; in what was pasted they mean nothing. */
  #takeSignals(text: string): string {
    let typed = '';
    for (const part of text.split(/(\x1b\[20[01]~|[\x03\x1a])/)) {
      if (part === PASTE_BEGIN) this.#pasting = true;
      if (part === PASTE_END) this.#pasting = false;
      if (this.#pasting) typed += part;
      else if (part === CTRL_C) this.signals.emit('interrupt');
      else if (part === CTRL_Z) this.signals.emit('suspend');
      else typed += foldFunctionKeys(part);
    }
    return typed;
  }
}

/**
 * Opens the keyboard: the controlling terminal, or standard input when that is one.
 * @throws when neither is there.
 */
export function openInput(): TerminalInput {
  try {
    return new TerminalInput(new ReadStream(openSync('/dev/tty', constants.O_RDWR | constants.O_NOCTTY)));
  } catch {
    if (isatty(0)) return new TerminalInput(new ReadStream(0));
    throw new Error('no keyboard: neither /dev/tty nor standard input is a terminal');
  }
}
