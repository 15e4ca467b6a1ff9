import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InkScreen } from '../../../../src/ui/canvas/ink-screen.ts';
import { StyleTable } from '../../../../src/ui/canvas/styles.ts';

const COLUMNS = 12;
const ROWS = 5;

/** Wider than any line of the property below: what is too long is cut, which a terminal does in its own way. */
const WIDE = 240;

const screen = (columns = COLUMNS): InkScreen => new InkScreen(columns, ROWS, new StyleTable());

const linesOf = (ink: InkScreen): string[] => Array.from({ length: ink.rows }, (_, y) => ink.grid.row(y).trimEnd());

/** The same bytes on a terminal that, like every one in cooked output mode, takes a newline for the start of the next line. */
async function terminalLines(bytes: string): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: WIDE, rows: ROWS, allowProposedApi: true, convertEol: true });
  await new Promise<void>((resolve) => terminal.write(`\x1b[?1049h\x1b[?7l${bytes}`, resolve));
  return Array.from({ length: ROWS }, (_, y) =>
    (terminal.buffer.active.getLine(y)?.translateToString(true) ?? '').trimEnd(),
  );
}

describe('the screen that Ink writes to', () => {
  it('agrees with a terminal about everything that Ink sends', async () => {
    // `ansi-escapes` and Ink 8: eraseLines, cursorUp, cursorNextLine, cursorTo, eraseEndLine, eraseDown, cursorMove.
    const unit = fc.constantFrom(
      'text', 'x', '日本', '\n', '\r', '\x1b[2K', '\x1b[1A', '\x1b[3A', '\x1b[2B', '\x1b[E', '\x1b[G', '\x1b[5G',
      '\x1b[1;1H', '\x1b[3;4H', '\x1b[K', '\x1b[J', '\x1b[2C', '\x1b[D', '\x1b[31m', '\x1b[39m', '\x1b[?25l', '\x1b[?2026h',
    ); // biome-ignore format: a list
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 40 }), async (bytes) => {
        const ink = screen(WIDE);
        ink.write(bytes);
        expect(linesOf(ink)).toEqual(await terminalLines(bytes));
      }),
    );
  });

  it('cuts lines that are too long', () => {
    const ink = screen();
    ink.write('a line that is too long\nnext');
    expect(linesOf(ink).slice(0, 2)).toEqual(['a line that', 'next']);
  });

  it('keeps colours and weight, and forgets the rest', () => {
    const styles = new StyleTable();
    const ink = new InkScreen(COLUMNS, ROWS, styles);
    ink.write('\x1b[1m\x1b[38;5;75ma\x1b[22m\x1b[39mb\x1b[48;2;1;2;3;7mc\x1b[md\x1b[5;8me\x1b[38;2;999;0;0mf');
    const looks = [...ink.grid.styles.slice(0, 6)].map((id) => styles.sgr(id));
    expect(looks).toEqual(['1;38;5;75', '', '7;48;2;1;2;3', '', '', '']);
  });

  it('lets no other escape through, and no control character', () => {
    const ink = screen();
    ink.write('a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\c\x07d\x9b31me\x1bPq\x1b\\f\x1b(0g');
    expect(linesOf(ink)[0]).toBe('abcd31mefg');
  });

  it('says where the cursor is to be seen', () => {
    const ink = screen();
    ink.write('ab\ncd');
    expect(ink.cursor).toBeNull();
    ink.write('\x1b[?25h');
    expect(ink.cursor).toEqual({ x: 2, y: 1 });
    ink.write('\x1b[?25l');
    expect(ink.cursor).toBeNull();
  });

  it('keeps what fits when its size changes, and tells Ink', () => {
    const ink = screen();
    ink.write('日本語\nsecond');
    const sizes: number[][] = [];
    ink.on('resize', () => sizes.push([ink.columns, ink.rows]));
    ink.resize(3, 4);
    expect(linesOf(ink)).toEqual(['日', 'sec', '', '']);
    ink.resize(20, 1);
    expect(linesOf(ink)).toEqual(['日']);
    expect(sizes).toEqual([
      [3, 4],
      [20, 1],
    ]);
  });
});
