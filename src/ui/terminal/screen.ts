/**
 * The terminal while the dashboard has it: from `enter` to `leave` the alternate screen, raw keys, no cursor.
 *
 * The alternate screen is ours and not Ink's: it has to be left in a signal handler, on a terminal that may not take a
 * byte, and entered again after Ctrl-Z, all without React.
 */
import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { openInput, type TerminalInput } from './input.ts';
import { openOutput, type TerminalOutput } from './output.ts';
import { holdStandardError } from './standard-error.ts';

/** Alternate screen, erased from its top (some terminals show its last content); no cursor, no wrapping, pastes marked. */
const ENTER = '\x1b[?1049h\x1b[H\x1b[J\x1b[?25l\x1b[?7l\x1b[?2004h';
/** Clicks and the wheel, in the SGR form. */
const MOUSE_ON = '\x1b[?1000h\x1b[?1006h';
/** Everything back, also what a cut frame may have left open. */
const LEAVE =
  '\x1b[?2026l\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[?7h\x1b[m\x1b[?1049l\x1b[m\x1b[?25h';

export interface TerminalOptions {
  /** Ask for mouse reports; selecting text then needs Shift. */
  readonly mouse?: boolean;
}

export class Terminal {
  readonly #mouse: boolean;
  #releaseStandardError: (() => void) | null = null;

  constructor(
    readonly input: TerminalInput,
    readonly output: TerminalOutput,
    options: TerminalOptions = {},
  ) {
    this.#mouse = options.mouse ?? false;
  }

  get entered(): boolean {
    return this.#releaseStandardError !== null;
  }

  /** Takes the terminal, or takes it again after something else had it (a stop and `fg`). */
  enter(): void {
    this.#releaseStandardError ??= holdStandardError();
    this.input.open();
    this.output.open();
    this.output.flush(ENTER + (this.#mouse ? MOUSE_ON : ''));
    this.output.emit('lost');
  }

  /**
   * Gives the terminal back as it was, then prints on standard error what was written there meanwhile, and `message`.
   * Synchronous, done within some 100 ms, never throws; where nothing was taken it only prints.
   */
  leave(message = ''): void {
    let text = message;
    let taken = true;
    if (this.#releaseStandardError !== null) {
      text = this.#releaseStandardError() + message;
      this.#releaseStandardError = null;
      this.output.close();
      taken = this.output.flush(LEAVE);
      this.input.close();
    }
    if (text === '') return;
    // A terminal that did not take the few bytes above would block for ever here.
    if (!isatty(2)) writeStandardError(text);
    else if (taken) this.output.flush(text);
  }
}

function writeStandardError(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Closed, or a full pipe: nobody reads it.
  }
}

/**
 * Opens the terminal, without changing it yet.
 * @throws when there is none.
 */
export function openTerminal(options?: TerminalOptions): Terminal {
  return new Terminal(openInput(), openOutput(), options);
}
