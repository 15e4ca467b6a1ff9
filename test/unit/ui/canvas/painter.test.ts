import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createTheme,
  type Draw,
  drawToText,
  Painter,
  type Region,
  STYLE_NAMES,
  type StyleName,
} from '../../../../src/ui/canvas/index.ts';
import { Emulator } from './emulator.ts';

const theme = createTheme('default', 8);

const rect = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

/** A region that the layout put into this place. */
function placed(x: number, y: number, width: number, height: number, draw: Draw | null, level = 0): Region {
  return { draw, level, measure: () => ({ rect: rect(x, y, width, height), visible: rect(x, y, width, height) }) };
}

const write =
  (...lines: string[]): Draw =>
  (surface) => {
    for (const [y, line] of lines.entries()) surface.text(0, y, line);
  };

/** The screen after Ink has drawn and the painter has painted. */
async function painted(target: Emulator, painter: Painter): Promise<string[]> {
  painter.layout();
  painter.paint();
  await target.settle();
  return target.lines();
}

describe('the layers', () => {
  it('shows what Ink drew', async () => {
    const target = new Emulator(20, 3);
    const painter = new Painter(target, theme);
    painter.screen.write('one\n\x1b[1mtwo\x1b[22m\nthree');
    expect(await painted(target, painter)).toEqual(['one', 'two', 'three']);
    expect(target.look(0, 1).bold).toBe(true);
    expect(target.look(0, 2).bold).toBe(false);
  });

  it('draws canvases over Ink, in their own cells only', async () => {
    const target = new Emulator(12, 3);
    const painter = new Painter(target, theme);
    painter.screen.write('............\n............\n............');
    painter.register(placed(2, 1, 5, 1, write('a long line')));
    expect(await painted(target, painter)).toEqual(['............', '..a lon.....', '............']);
  });

  it('blanks the cells of a canvas that it does not draw', async () => {
    const target = new Emulator(6, 1);
    const painter = new Painter(target, theme);
    painter.screen.write('......');
    painter.register(placed(1, 0, 4, 1, write('x')));
    expect(await painted(target, painter)).toEqual(['.x   .']);
  });

  it('lets Ink shine through where a canvas is gone', async () => {
    const target = new Emulator(6, 1);
    const painter = new Painter(target, theme);
    painter.screen.write('......');
    const remove = painter.register(placed(1, 0, 4, 1, write('xxxx')));
    await painted(target, painter);
    remove();
    expect(await painted(target, painter)).toEqual(['......']);
  });

  it('hides canvases behind an overlay, and shows those inside it, whatever the order of registration', async () => {
    const target = new Emulator(10, 3);
    const painter = new Painter(target, theme);
    painter.screen.write('\n  ╔════╗');
    painter.register(placed(3, 1, 4, 1, write('help'), 1));
    painter.register(placed(2, 1, 6, 1, null, 1));
    painter.register(placed(0, 0, 10, 3, write('aaaaaaaaaa', 'bbbbbbbbbb', 'cccccccccc')));
    expect(await painted(target, painter)).toEqual(['aaaaaaaaaa', 'bb╔help╗bb', 'cccccccccc']);
  });

  it('cuts off what parents hide and what lies outside the screen', async () => {
    const target = new Emulator(6, 2);
    const painter = new Painter(target, theme);
    painter.register({
      draw: write('abcdef', 'ghijkl', 'mnopqr'),
      level: 0,
      measure: () => ({ rect: rect(-1, 0, 6, 3), visible: rect(-1, 0, 4, 3) }),
    });
    expect(await painted(target, painter)).toEqual(['bcd', 'hij']);
  });

  it('moves regions when Ink has drawn a new layout, not before', async () => {
    const target = new Emulator(6, 1);
    const painter = new Painter(target, theme);
    let x = 0;
    painter.register({
      draw: write('x'),
      level: 0,
      measure: () => ({ rect: rect(x, 0, 1, 1), visible: rect(x, 0, 1, 1) }),
    });
    expect(await painted(target, painter)).toEqual(['x']);
    x = 3;
    painter.expectLayout();
    target.take();
    painter.paint();
    expect(target.take()).toBe('');
    expect(await painted(target, painter)).toEqual(['   x']);
  });

  it('wears a new theme at once', async () => {
    const target = new Emulator(6, 1);
    const painter = new Painter(target, theme);
    painter.register(placed(0, 0, 6, 1, (surface) => surface.text(0, 0, 'x', 'critical')));
    await painted(target, painter);
    expect(target.look(0, 0)).toMatchObject({ inverse: false, color: 203 });
    painter.setTheme(createTheme('mono', 8));
    await painted(target, painter);
    expect(target.look(0, 0)).toMatchObject({ inverse: true, color: -1 });
  });
});

describe('what is written', () => {
  it('is nothing when nothing changed', () => {
    const target = new Emulator(20, 2);
    const painter = new Painter(target, theme);
    painter.register(placed(0, 0, 20, 2, write('same', 'again')));
    painter.paint();
    target.take();
    painter.paint();
    expect(target.take()).toBe('');
  });

  it('is one cell, between the marks of a frame, when one changed', () => {
    const target = new Emulator(20, 2);
    const painter = new Painter(target, theme);
    let count = 1;
    painter.register(placed(0, 0, 20, 2, (surface) => surface.text(3, 1, `n = ${count}`)));
    painter.paint();
    target.take();
    count = 2;
    painter.paint();
    expect(target.take()).toBe('\x1b[?2026h\x1b[2;8H2\x1b[?2026l');
  });

  it('erases the end of a line instead of writing blanks', () => {
    const target = new Emulator(40, 1);
    const painter = new Painter(target, theme);
    let text = 'x'.repeat(40);
    painter.register(placed(0, 0, 40, 1, (surface) => surface.text(0, 0, text)));
    painter.paint();
    target.take();
    text = 'xx';
    painter.paint();
    expect(target.take()).toBe('\x1b[?2026h\x1b[1;3H\x1b[K\x1b[?2026l');
  });

  it('drops frames while the terminal is busy, then shows the newest in one', async () => {
    const target = new Emulator(10, 1);
    const painter = new Painter(target, theme);
    let count = 0;
    painter.register(placed(0, 0, 10, 1, (surface) => surface.text(0, 0, `n ${count}`)));
    painter.paint();
    target.take();
    target.busy = true;
    for (count = 1; count < 9; count++) painter.paint();
    expect(target.frames).toEqual([]);
    target.busy = false;
    target.emit('drain');
    await new Promise(setImmediate);
    await target.settle();
    expect(target.frames).toHaveLength(1);
    expect(target.lines()).toEqual(['n 9']);
  });

  it('is every cell after something else wrote to the screen', async () => {
    const target = new Emulator(10, 2);
    const painter = new Painter(target, theme);
    painter.register(placed(0, 0, 10, 2, write('one', '')));
    painter.paint();
    target.scribble('\x1b[Hxxxxxxxxxx\x1b[2Hyyy');
    target.emit('lost');
    expect(await painted(target, painter)).toEqual(['one', '']);
  });

  it('never scrolls, though it fills the last cell', async () => {
    const target = new Emulator(5, 2);
    const painter = new Painter(target, theme);
    for (const line of ['aaaaa', 'bbbbb', 'ccccc']) {
      const remove = painter.register(placed(0, 0, 5, 2, write(line, line)));
      expect(await painted(target, painter)).toEqual([line, line]);
      remove();
    }
  });

  it('puts the cursor where Ink wants it, and hides it again', async () => {
    const target = new Emulator(20, 2);
    const painter = new Painter(target, theme);
    painter.screen.write('filter: ab\x1b[?25h');
    await painted(target, painter);
    expect(target.cursor).toEqual({ x: 10, y: 0 });
    expect(target.take()).toContain('\x1b[?25h');
    painter.paint();
    expect(target.take()).toBe('');
    painter.screen.write('\x1b[?25l');
    painter.paint();
    expect(target.take()).toBe('\x1b[?2026h\x1b[?25l\x1b[?2026l');
  });

  it('erases the screen on a resize, and only then', async () => {
    const target = new Emulator(20, 3);
    const painter = new Painter(target, theme);
    painter.screen.write('left\nover');
    painter.paint();
    expect(target.take()).not.toContain('\x1b[2J');
    target.resize(10, 2);
    expect(await painted(target, painter)).toEqual(['left', 'over']);
    expect(target.take()).toContain('\x1b[2J');
  });

  it('waits after a resize until Ink has drawn for the new size', async () => {
    const target = new Emulator(20, 3);
    const painter = new Painter(target, theme);
    painter.paint();
    target.take();
    target.resize(10, 2);
    painter.paint();
    expect(target.take()).toBe('');
    painter.layout();
    painter.paint();
    expect(target.take()).toContain('\x1b[2J');
  });

  it('ends when told to', async () => {
    const target = new Emulator(10, 1);
    const painter = new Painter(target, theme);
    painter.register(placed(0, 0, 10, 1, write('x')));
    painter.stop();
    painter.paint();
    target.resize(5, 1);
    await new Promise(setImmediate);
    expect(target.frames).toEqual([]);
  });

  it('never holds anything but cells, moves and colours, whatever Ink is given', () => {
    const target = new Emulator(30, 4);
    const painter = new Painter(target, theme);
    const unit = fc.constantFrom(
      '\x1b]0;title\x07',
      '\x1b]52;c;eA==\x1b\\',
      '\x07',
      '\x9b2J',
      '\x1bc',
      '\x1b[3J',
      '\x1b[?1049l',
      '\x1b[31m',
      '\x1b[5m',
      '\x1b',
      '\r',
      '\b',
      'a',
      '日',
      '\u202e',
      '\n',
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        painter.screen.write(text);
        painter.paint();
        const rest = target.take().replace(/\x1b\[(?:[\d;]*[HCKm]|\?(?:2026|25)[hl])/g, '');
        expect(rest).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});

/** Texts of narrow, wide, joined and doubtful characters. */
const someText = fc.string({
  unit: fc.constantFrom('a', 'b', ' ', ' ', '─', '│', '█', '日', '語', 'e\u0301', '▲'),
  maxLength: 30,
});
const emoji = fc.string({ unit: fc.constantFrom('a', ' ', '日', '😀', '👩‍👩‍👧', '🇩🇪', '❤️', 'ש'), maxLength: 12 });

interface Stroke {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly style: StyleName;
}

const strokes = (text: fc.Arbitrary<string>): fc.Arbitrary<Stroke[]> =>
  fc.array(
    fc.record({
      x: fc.integer({ min: -5, max: 40 }),
      y: fc.integer({ min: -1, max: 12 }),
      text,
      style: fc.constantFrom(...STYLE_NAMES),
    }),
    { maxLength: 15 },
  );

const drawing =
  (list: readonly Stroke[]): Draw =>
  (surface) => {
    for (const { x, y, text, style } of list) surface.text(x, y, text, style);
  };

const size = fc.record({ columns: fc.integer({ min: 1, max: 40 }), rows: fc.integer({ min: 1, max: 10 }) });

describe('the terminal', () => {
  it('shows exactly what was drawn, after any frames, resizes and overlays', async () => {
    const frame = fc.record({
      strokes: strokes(someText),
      overlay: fc.option(strokes(someText)),
      size: fc.option(size, { freq: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(size, fc.array(frame, { minLength: 1, maxLength: 8 }), async (first, frames) => {
        const target = new Emulator(first.columns, first.rows);
        const painter = new Painter(target, theme);
        for (const { strokes: list, overlay, size: next } of frames) {
          if (next !== null) target.resize(next.columns, next.rows);
          const { columns, rows } = target;
          const remove = [painter.register(placed(0, 0, columns, rows, drawing(list)))];
          if (overlay !== null) remove.push(painter.register(placed(1, 1, 5, 3, drawing(overlay), 1)));
          const lines = await painted(target, painter);
          const both: Draw = (surface) => {
            drawing(list)(surface);
            if (overlay === null) return;
            surface.fill(1, 1, 5, 3, ' ');
            for (const [y, text] of drawToText(drawing(overlay), 5, 3).entries()) surface.text(1, y + 1, text);
          };
          expect(lines).toEqual(drawToText(both, columns, rows));
          for (const step of remove) step();
        }
      }),
      { numRuns: 60 },
    );
  });

  it('shows the right looks', async () => {
    await fc.assert(
      fc.asyncProperty(
        strokes(fc.constantFrom('ab', 'abcd', '日')),
        strokes(fc.constantFrom('xy', 'x')),
        async (one, two) => {
          const target = new Emulator(20, 5);
          const painter = new Painter(target, theme);
          for (const list of [one, two]) {
            const looks: string[][] = Array.from({ length: 5 }, () => Array.from({ length: 20 }, () => ''));
            const remove = painter.register(
              placed(0, 0, 20, 5, (surface) => {
                surface.fill(0, 0, 20, 5, '.', 'header');
                drawing(list)(surface);
              }),
            );
            await painted(target, painter);
            remove();
            for (const row of looks) row.fill('header');
            for (const { x, y, text, style } of list) {
              const cells = text === '日' ? 2 : text.length;
              for (let i = Math.max(0, x); i < Math.min(20, x + cells); i++) {
                const row = looks[y];
                if (row) row[i] = style;
              }
            }
            for (const [y, row] of looks.entries()) {
              for (const [x, style] of row.entries()) {
                const { text, bold, inverse } = target.look(x, y);
                if (text === '') continue;
                const parameters = theme.sgr(style as StyleName).split(';');
                expect([bold, inverse]).toEqual([parameters.includes('1'), parameters.includes('7')]);
              }
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps everything else in place beside characters whose width terminals disagree about', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(emoji, emoji), { minLength: 1, maxLength: 5 }), async (frames) => {
        const target = new Emulator(40, 2);
        const painter = new Painter(target, theme);
        for (const [left, right] of frames) {
          const remove = painter.register(
            placed(0, 0, 40, 2, (surface) => {
              surface.text(0, 0, left);
              surface.text(30, 0, '│edge');
              surface.text(0, 1, `${right}`);
              surface.text(30, 1, '│edge');
            }),
          );
          await painted(target, painter);
          remove();
          for (const y of [0, 1]) {
            const edge = [30, 31, 32, 33, 34].map((x) => target.look(x, y).text).join('');
            expect(edge).toBe('│edge');
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
