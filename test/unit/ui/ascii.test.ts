import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringWidth } from '../../../src/text/width.ts';
import { asciiSurface, toAscii } from '../../../src/ui/ascii.ts';
import { drawToText } from '../../../src/ui/canvas/index.ts';
import { PANES } from '../../../src/ui/panes/index.ts';
import { PANE_IDS } from '../../../src/ui/state.ts';
import { busy, hostile } from '../../support/snapshots.ts';
import { contextOf } from './panes/draw.ts';

describe('7 bits', () => {
  it.each([
    ['– 410µs · 4×8 …', '- 410us . 4x8 ~'],
    ['✖ ▲ ●', 'X ^ *'],
    ['▁▂▃▄▅▆▇█', '_.:-=+*#'],
    ['日本', '????'],
  ])('%s → %s', (text, plain) => expect(toAscii(text)).toBe(plain));

  it('take as many cells', () => {
    for (const text of ['GET /日本語/é', '╭ 1 Traffic ─╮', '👩‍👩‍👧'])
      expect(stringWidth(toAscii(text))).toBe(stringWidth(text));
  });

  it.each(PANE_IDS)('%s draws nothing else', (id) => {
    for (const snapshot of [busy(), hostile()]) {
      const context = { ...contextOf(snapshot), ascii: true };
      const lines = drawToText((surface) => PANES[id].draw(asciiSurface(surface), context, true), 120, 24);
      expect(lines.join('')).toMatch(/^[ -~]*$/);
    }
  });

  it.each(PANE_IDS)('%s uses no glyph that has no counterpart', (id) => {
    const context = { ...contextOf(busy()), ascii: true };
    const lines = drawToText((surface) => PANES[id].draw(asciiSurface(surface), context, true), 160, 40);
    expect(lines.join('')).not.toContain('?');
  });

  it.each(['src/ui', 'src/model', 'src/alerts'])(
    'has a counterpart for every glyph that is written in %s',
    (folder) => {
      const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
      const glyphs = new Set(sources.flatMap((name) => glyphsOf(readFileSync(join(folder, name), 'utf8'))));
      expect([...glyphs].filter((glyph) => toAscii(glyph).includes('?'))).toEqual([]);
    },
  );
});

/** What is beyond 7 bits in a source, but for its comments. */
const glyphsOf = (source: string): readonly string[] =>
  source.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '').match(/[^\x00-\x7f]/gu) ?? [];
