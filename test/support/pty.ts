/**
 * A program in a real pseudo-terminal, its output fed to a terminal emulator: tests see the screen that a person
 * would see.
 */
import { StringDecoder } from 'node:string_decoder';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { onCleanup } from './cleanup.ts';
import { cleanEnvironment, gtopCommand } from './cli.ts';
import { until } from './wait.ts';

export interface PtyOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly asNobody?: boolean;
}

export interface Cell {
  /** Empty for the second half of a wide character. */
  readonly text: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
  readonly underline: boolean;
  /** Palette index or 0xRRGGBB; -1 for the terminal's default. */
  readonly foreground: number;
  readonly background: number;
}

export interface ExitStatus {
  readonly code: number;
  /** Signal number; 0 for none. */
  readonly signal: number;
}

/** Keys by the names that people use; anything else is typed as it stands. */
const KEYS: Readonly<Record<string, string>> = {
  Enter: '\r',
  Esc: '\x1b',
  Tab: '\t',
  'Shift-Tab': '\x1b[Z',
  Space: ' ',
  Backspace: '\x7f',
  Up: '\x1b[A',
  Down: '\x1b[B',
  Right: '\x1b[C',
  Left: '\x1b[D',
  Home: '\x1b[H',
  End: '\x1b[F',
  PgUp: '\x1b[5~',
  PgDn: '\x1b[6~',
  F1: '\x1bOP',
  F3: '\x1bOR',
  F4: '\x1bOS',
  F5: '\x1b[15~',
  F10: '\x1b[21~',
  Ins: '\x1b[2~',
  'Ctrl-C': '\x03',
  'Ctrl-D': '\x04',
  'Ctrl-L': '\x0c',
  'Ctrl-U': '\x15',
  'Ctrl-Z': '\x1a',
};

export class Pty {
  readonly #pty: IPty;
  readonly #terminal: xterm.Terminal;
  readonly #chunks: Buffer[] = [];
  readonly #decoder = new StringDecoder('utf8');
  #lastOutputAt = Date.now();
  #exit: ExitStatus | null = null;
  #title = '';
  /** Resolves when the program has ended. */
  readonly exited: Promise<ExitStatus>;

  /** Starts `command` (program and arguments) at 160×45 unless told otherwise. `cleanUp` kills it. */
  constructor(command: readonly string[], options: PtyOptions = {}) {
    const { cols = 160, rows = 45 } = options;
    const [program, ...args] = command;
    this.#terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true, scrollback: 1000 });
    const env = cleanEnvironment({ TERM: 'xterm-256color', COLORTERM: 'truecolor', ...options.env });
    delete env.CI;
    this.#pty = spawn(program, args, { cols, rows, cwd: options.cwd, name: env.TERM, encoding: null, env });
    // With `encoding: null` the data are buffers, whatever the declared type says.
    this.#pty.onData((data: string | Buffer) => {
      const chunk = Buffer.from(data as Buffer);
      this.#lastOutputAt = Date.now();
      this.#chunks.push(chunk);
      // Whole characters: of one cut behind its second byte, where that is 0x80 as in a dash, the emulator loses the rest.
      this.#terminal.write(this.#decoder.write(chunk));
    });
    this.#terminal.onData((answer) => this.#pty.write(answer));
    this.#terminal.onTitleChange((title) => {
      this.#title = title;
    });
    this.exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#exit = { code: exitCode, signal: signal ?? 0 };
        resolve(this.#exit);
      });
    });
    onCleanup(async () => {
      if (this.#exit === null) this.kill('SIGKILL');
      this.#pty.resume();
      await this.exited;
      this.#terminal.dispose();
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** The rows of the screen, each as wide as the terminal (a wide character fills two columns). */
  screen(): string[] {
    const buffer = this.#terminal.buffer.active;
    const { rows, cols } = this.#terminal;
    return Array.from({ length: rows }, (_, y) =>
      (buffer.getLine(buffer.viewportY + y)?.translateToString(false, 0, cols) ?? '').padEnd(cols),
    );
  }

  /** The screen as one text, without the blanks at the ends of lines. */
  text(): string {
    return this.screen()
      .map((row) => row.trimEnd())
      .join('\n');
  }

  /** The cell at column `x` of row `y`, both from 0. */
  cell(x: number, y: number): Cell {
    const buffer = this.#terminal.buffer.active;
    const cell = buffer.getLine(buffer.viewportY + y)?.getCell(x);
    if (cell === undefined) throw new RangeError(`no cell at ${x},${y}`);
    return {
      text: cell.getChars() || (cell.getWidth() === 0 ? '' : ' '),
      bold: cell.isBold() !== 0,
      dim: cell.isDim() !== 0,
      inverse: cell.isInverse() !== 0,
      underline: cell.isUnderline() !== 0,
      foreground: cell.isFgDefault() ? -1 : cell.getFgColor(),
      background: cell.isBgDefault() ? -1 : cell.getBgColor(),
    };
  }

  get cursor(): { readonly x: number; readonly y: number } {
    return { x: this.#terminal.buffer.active.cursorX, y: this.#terminal.buffer.active.cursorY };
  }

  /** The window's title, as the program has set it; empty: it has not. */
  get title(): string {
    return this.#title;
  }

  get inAlternateScreen(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  /** Every byte that the program wrote. */
  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /**
   * Waits until the screen holds `wanted`: a text, a pattern, or whatever a function of the screen says. A function
   * that throws has not found it yet. It looks between two frames only (DEC mode 2026): the title of a frame may have
   * come with the rows below still on their way.
   */
  async waitFor(wanted: string | RegExp | ((screen: string) => boolean), deadlineMs = 30_000): Promise<string> {
    const matches = typeof wanted === 'function' ? wanted : (screen: string) => isIn(screen, wanted);
    let complaint: unknown = null;
    const look = () => {
      if (this.#terminal.modes.synchronizedOutputMode) return null;
      try {
        complaint = null;
        return matches(this.text()) && this.text();
      } catch (error) {
        complaint = error;
        return null;
      }
    };
    try {
      return await until(`${wanted} on the screen`, look, deadlineMs);
    } catch (error) {
      throw new Error(`${message(error)}${complaint ? `\n${message(complaint)}` : `; the screen:\n${this.text()}`}`);
    }
  }

  /** Waits for a moment without output, so that the screen holds whole frames. */
  async settled(): Promise<void> {
    await until('a moment without output', () => Date.now() - this.#lastOutputAt > 100);
  }

  /** Types keys one after the other: a name of the table above, or text. */
  press(...keys: string[]): void {
    for (const key of keys) this.#pty.write(KEYS[key] ?? key);
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
    this.#pty.resize(cols, rows);
  }

  /** Stops reading, as a terminal does on a stalled connection; the program's writes fill the pty and then block. */
  pause(): void {
    this.#pty.pause();
  }

  resume(): void {
    this.#pty.resume();
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(this.#pty.pid, signal);
  }

  /** The exit status, or a failure that shows the screen when the program still runs after `deadlineMs`. */
  async exit(deadlineMs = 30_000): Promise<ExitStatus> {
    try {
      return await until('the program ends', () => this.#exit, deadlineMs);
    } catch (error) {
      throw new Error(`${message(error)}; the screen:\n${this.text()}`);
    }
  }
}

const isIn = (screen: string, wanted: string | RegExp) =>
  typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen);

const message = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** gtop in a terminal. */
export function openGtop(args: readonly string[], options: PtyOptions = {}): Pty {
  return new Pty(gtopCommand(args, options.asNobody), options);
}

/** What a shell says about a program that it ran: the terminal's settings before and after, and the exit status. */
export interface ShellReport {
  readonly sttyBefore: string;
  readonly sttyAfter: string;
  readonly status: number;
}

/** gtop under a shell in the same terminal, which looks at the terminal's settings before and after. */
export function openGtopUnderShell(
  args: readonly string[],
  options: PtyOptions = {},
): { pty: Pty; report(deadlineMs?: number): Promise<ShellReport> } {
  const script = 'echo "before=$(stty -g)"; "$@"; status=$?; echo; echo "after=$(stty -g) status=$status"';
  const pty = new Pty(['sh', '-c', script, 'sh', ...gtopCommand(args, options.asNobody)], options);
  return {
    pty,
    async report(deadlineMs) {
      await pty.exit(deadlineMs);
      const found = /before=(\S+).*after=(\S+) status=(\d+)/s.exec(pty.bytes().toString('latin1'));
      if (found === null) throw new Error(`the shell did not report:\n${pty.text()}`);
      return { sttyBefore: found[1], sttyAfter: found[2], status: Number(found[3]) };
    },
  };
}
