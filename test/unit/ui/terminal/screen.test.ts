import { EventEmitter } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadStream } from 'node:tty';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TerminalInput } from '../../../../src/ui/terminal/input.ts';
import { TerminalOutput } from '../../../../src/ui/terminal/output.ts';
import { Terminal } from '../../../../src/ui/terminal/screen.ts';

/** A keyboard without keys that remembers its settings. */
class Keyboard extends EventEmitter {
  readonly modes: boolean[] = [];
  setRawMode(mode: boolean): this {
    this.modes.push(mode);
    return this;
  }
  setEncoding(): void {}
  ref(): void {}
  unref(): void {}
}

let folder: string;
let fd: number;
let keyboard: Keyboard;
let terminal: Terminal;

const open = (mouse = false): Terminal =>
  new Terminal(
    new TerminalInput(keyboard as unknown as ReadStream),
    new TerminalOutput(fd, () => ({ columns: 80, rows: 24 })),
    { mouse },
  );

/** What the terminal got so far. */
const written = (): string => readFileSync(join(folder, 'screen'), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gtop-screen-'));
  fd = openSync(join(folder, 'screen'), 'w');
  keyboard = new Keyboard();
  terminal = open();
});

afterEach(() => {
  terminal.leave();
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

const ENTER = '\x1b[?1049h\x1b[H\x1b[J\x1b[?25l\x1b[?7l\x1b[?2004h';
const LEAVE =
  '\x1b[?2026l\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[?7h\x1b[m\x1b[?1049l\x1b[m\x1b[?25h';

describe('the bytes', () => {
  it('of entering and leaving', () => {
    terminal.enter();
    expect(written()).toBe(ENTER);
    terminal.leave();
    expect(written()).toBe(ENTER + LEAVE);
  });

  it('ask for the mouse only when told to', () => {
    terminal = open(true);
    terminal.enter();
    expect(written()).toBe(`${ENTER}\x1b[?1000h\x1b[?1006h`);
  });

  it('never erase the scrollback, nor the whole screen', () => {
    terminal.enter();
    terminal.leave();
    expect(written()).not.toMatch(/\x1b\[[23]J/);
  });
});

describe('leaving', () => {
  it('puts the keyboard back', () => {
    terminal.enter();
    expect(keyboard.modes.at(-1)).toBe(true);
    terminal.leave();
    expect(keyboard.modes.at(-1)).toBe(false);
  });

  it('does nothing the second time, nor before entering', () => {
    terminal.leave();
    expect(written()).toBe('');
    terminal.enter();
    terminal.leave();
    terminal.leave();
    expect(written()).toBe(ENTER + LEAVE);
  });

  it('drops frames that come later', () => {
    terminal.enter();
    terminal.leave();
    terminal.output.write('late');
    expect(written()).toBe(ENTER + LEAVE);
  });
});

describe('entering again', () => {
  it('has everything painted anew', () => {
    let lost = 0;
    terminal.output.on('lost', () => lost++);
    terminal.enter();
    terminal.leave();
    terminal.enter();
    expect(lost).toBe(2);
    expect(terminal.entered).toBe(true);
    expect(written()).toBe(ENTER + LEAVE + ENTER);
  });
});

describe('standard error', () => {
  it('is kept back while the screen is ours', () => {
    const original = process.stderr.write;
    terminal.enter();
    expect(process.stderr.write).not.toBe(original);
    terminal.leave();
    expect(process.stderr.write).toBe(original);
  });
});
