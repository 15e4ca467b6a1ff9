/** However the program ends, the terminal is given back as it was. */
import { constants } from 'node:os';
import { type IPty, spawn } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp } from '../support/cleanup.ts';
import { buildFixtureApp } from '../support/fixture-app.ts';
import { Pty } from '../support/pty.ts';
import { TmuxPane } from '../support/tmux.ts';
import { childrenOf, isAlive, until } from '../support/wait.ts';

let board: readonly string[];

beforeAll(async () => {
  board = await buildFixtureApp('board');
});

afterAll(cleanUp);

const SCRIPT = 'echo "before=$(stty -g)"; "$@"; status=$?; echo; echo "after=$(stty -g) status=$status"';

/** The process that the shell started. */
const boardOf = (shell: number): number => {
  const [pid] = childrenOf(shell);
  if (pid === undefined) throw new Error('the shell has no child');
  return pid;
};

interface Ending {
  readonly how: string;
  readonly by: { readonly keys?: string; readonly signal?: NodeJS.Signals };
  readonly status: number;
  readonly says?: string;
}

const ENDINGS: readonly Ending[] = [
  { how: 'q', by: { keys: 'q' }, status: 0 },
  { how: 'Ctrl-C', by: { keys: 'Ctrl-C' }, status: 130 },
  { how: 'SIGINT', by: { signal: 'SIGINT' }, status: 130 },
  { how: 'SIGTERM', by: { signal: 'SIGTERM' }, status: 143 },
  { how: 'SIGHUP', by: { signal: 'SIGHUP' }, status: 129 },
  { how: 'SIGQUIT', by: { signal: 'SIGQUIT' }, status: 131 },
  { how: 'a thrown error', by: { keys: 'e' }, status: 1, says: 'gtop: thrown on purpose \\x1b]0;title\\x07' },
  { how: 'a rejected promise', by: { keys: 'r' }, status: 1, says: 'gtop: rejected on purpose' },
  { how: 'a throw inside a component', by: { keys: 'c' }, status: 1, says: 'gtop: a component broke on purpose' },
  { how: 'a throw inside a draw function', by: { keys: 'd' }, status: 1, says: 'gtop: a drawing broke on purpose' },
  { how: 'EPIPE', by: { keys: 'p' }, status: 0 },
];

describe.each(ENDINGS)('after $how', ({ by, status, says }) => {
  it(`the terminal is as before, and the status is ${status}`, async () => {
    const pty = new Pty(['sh', '-c', SCRIPT, 'sh', ...board], { cols: 60, rows: 12 });
    await pty.waitFor('tick 1');
    expect(pty.inAlternateScreen).toBe(true);
    if (by.keys !== undefined) pty.press(by.keys);
    if (by.signal !== undefined) process.kill(boardOf(pty.pid), by.signal);
    await pty.exit();
    await pty.waitFor('after=');

    const bytes = pty.bytes().toString();
    const [, before, after, reported] = /before=(\S+).*after=(\S+) status=(\d+)/s.exec(bytes) ?? [];
    expect(after).toBe(before);
    expect(Number(reported)).toBe(status);
    expect(pty.inAlternateScreen).toBe(false);
    for (const [on, off] of [
      ['\x1b[?25l', '\x1b[?25h'],
      ['\x1b[?2004h', '\x1b[?2004l'],
      ['\x1b[?7l', '\x1b[?7h'],
      ['\x1b[?2026h', '\x1b[?2026l'],
    ] as const) {
      expect(bytes.lastIndexOf(off)).toBeGreaterThan(bytes.lastIndexOf(on));
    }
    if (says !== undefined) expect(pty.text()).toContain(says);
    expect(pty.text()).not.toMatch(/^\s+at /m);
    expect(pty.text()).not.toContain('╭');
  });

  it('the same in tmux', async () => {
    const pane = new TmuxPane(SCRIPT, board);
    await pane.waitFor('tick 1');
    expect(pane.inAlternateScreen).toBe(true);
    if (by.keys !== undefined) pane.press(by.keys);
    if (by.signal !== undefined) process.kill(boardOf(pane.pid), by.signal);
    const text = await pane.waitFor(`status=${status}`);

    const [, before, after] = /before=(\S+).*after=(\S+)/s.exec(text) ?? [];
    expect(after).toBe(before);
    expect(pane.inAlternateScreen).toBe(false);
    expect(pane.isCursorShown).toBe(true);
    if (says !== undefined) expect(text).toContain(says);
    expect(text).not.toContain('╭');
  });
});

describe('the terminal goes away', () => {
  it('the program is gone too', async () => {
    const [program = '', ...args] = board;
    const pty = spawn(program, args, { cols: 60, rows: 12, env: { ...process.env, TERM: 'xterm' } });
    let bytes = '';
    pty.onData((data) => {
      bytes += data;
    });
    await until('the first ticks', () => bytes.includes('tick'));
    const ended = new Promise<number | undefined>((resolve) => pty.onExit(({ signal }) => resolve(signal)));
    // Closes the terminal's other end, as sshd does when the connection is lost; the declared type does not have it.
    (pty as IPty & { destroy(): void }).destroy();
    await until('the program is gone', () => !isAlive(pty.pid), 5000);
    expect(await ended).toBe(constants.signals.SIGHUP);
  });
});

describe('standard input that is a pipe', () => {
  it('leaves the keyboard to the terminal', async () => {
    const pty = new Pty(['sh', '-c', 'sleep 60 | "$@"', 'sh', ...board], { cols: 60, rows: 12 });
    await pty.waitFor('tick 1');
    pty.press('hello');
    await pty.waitFor('typed "hello"');
    pty.press('Ctrl-C');
    await pty.waitFor(() => !pty.inAlternateScreen);
  });
});

describe('Ctrl-Z and fg', () => {
  it('give the terminal to the shell and take it again, with its new size', async () => {
    const pty = new Pty(['bash', '--norc', '-i'], { cols: 60, rows: 12, env: { PS1: 'shell> ' } });
    await pty.waitFor('shell>');
    pty.press(`${board.join(' ')}\r`);
    await pty.waitFor('tick 1');

    pty.press('Ctrl-Z');
    await pty.waitFor(/Stopped.*shell>\s*$/s);
    expect(pty.inAlternateScreen).toBe(false);
    pty.press('echo shell is $((20 + 3))\r');
    await pty.waitFor('shell is 23');

    pty.resize(50, 10);
    pty.press('fg\r');
    await pty.waitFor(/typed.*╯╰.*╯/s);
    expect(pty.inAlternateScreen).toBe(true);
    expect(pty.screen()[9]).toMatch(/^╰─+╯╰─+╯$/);
    pty.press('x');
    await pty.waitFor('typed "x"');

    pty.press('q');
    await pty.waitFor(/shell>\s*$/);
    expect(pty.inAlternateScreen).toBe(false);
    pty.press('exit\r');
    expect((await pty.exit()).code).toBe(0);
  });
});
