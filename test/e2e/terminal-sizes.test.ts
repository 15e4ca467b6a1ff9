/** Every size of terminal, and every change of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp } from '../support/cleanup.ts';
import { buildFixtureApp } from '../support/fixture-app.ts';
import { Pty } from '../support/pty.ts';

let board: readonly string[];

beforeAll(async () => {
  board = await buildFixtureApp('board');
});

afterAll(cleanUp);

/** The board fills the screen: its lower borders stand in the last row, side by side, to the last column. */
function isWhole(pty: Pty, columns: number, rows: number): boolean {
  const lines = pty.text().split('\n');
  const last = lines[rows - 1] ?? '';
  return (
    lines.length === rows &&
    lines[0]?.startsWith('typed') === true &&
    /^╰─*╯╰─*╯$/.test(last) &&
    last.length === columns
  );
}

describe('a terminal that changes its size', () => {
  it('shows the whole board after every change, and nothing of the one before', async () => {
    const pty = new Pty(board, { cols: 80, rows: 24 });
    await pty.waitFor(() => isWhole(pty, 80, 24));
    for (const [columns, rows] of [
      [300, 100],
      [40, 8],
      [41, 30],
      [300, 6],
      [20, 100],
      [80, 24],
    ] as const) {
      pty.resize(columns, rows);
      await pty.waitFor(() => isWhole(pty, columns, rows));
    }
    pty.press('q');
    expect((await pty.exit()).code).toBe(0);
  });

  it('may be dragged through many sizes in no time', async () => {
    const pty = new Pty(board, { cols: 80, rows: 24 });
    await pty.waitFor(() => isWhole(pty, 80, 24));
    for (let i = 0; i < 60; i++) pty.resize(30 + ((i * 37) % 170), 6 + ((i * 11) % 50));
    pty.resize(100, 30);
    await pty.waitFor(() => isWhole(pty, 100, 30));
    pty.press('q');
    expect((await pty.exit()).code).toBe(0);
  });

  it('may be of any size, down to a single cell', async () => {
    const pty = new Pty(board, { cols: 80, rows: 24 });
    await pty.waitFor(() => isWhole(pty, 80, 24));
    for (const [columns, rows] of [
      [1, 1],
      [2, 1],
      [1, 100],
      [300, 1],
      [3, 3],
      [7, 2],
    ] as const) {
      pty.resize(columns, rows);
      pty.press('o');
    }
    pty.resize(60, 12);
    await pty.waitFor(() => isWhole(pty, 60, 12));
    pty.press('q');
    expect((await pty.exit()).code).toBe(0);
  });

  it.each([
    [1, 1],
    [300, 100],
  ])('may start with %i columns and %i rows', async (cols, rows) => {
    const pty = new Pty(board, { cols, rows });
    await pty.waitFor(/\S/);
    pty.press('q');
    expect((await pty.exit()).code).toBe(0);
  });
});

describe('the bytes', () => {
  it('hold nothing but cells, moves, colours and the few modes, and leave the scrollback alone', async () => {
    const pty = new Pty(board, { cols: 60, rows: 12 });
    await pty.waitFor('tick 1');
    pty.press('o');
    await pty.waitFor('help of');
    pty.resize(50, 10);
    await pty.waitFor(() => isWhole(pty, 50, 10));
    pty.press('q');
    await pty.exit();
    const bytes = pty.bytes().toString();
    expect(bytes).not.toContain('\x1b[3J');
    expect(bytes.split('\x1b[2J')).toHaveLength(2);
    const rest = bytes.replace(/\x1b\[(?:[\d;]*[HCKJm]|\?(?:2026|25|7|1049|2004|100[0236])[hl])/g, '');
    expect(rest).not.toMatch(/\p{Cc}/u);
  });
});
