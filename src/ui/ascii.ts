/**
 * `--ascii`: the screen in 7 bits. The panes draw with one set of glyphs; this is the one place that replaces them,
 * cell for cell, so that nothing moves.
 */

import { graphemesOf } from '../text/graphemes.ts';
import { stringWidth } from '../text/width.ts';
import type { Surface } from './canvas/surface.ts';

const GLYPHS: Readonly<Record<string, string>> = {
  '–': '-',
  '·': '.',
  '…': '~',
  µ: 'u',
  '×': 'x',
  '÷': '/',
  '−': '-',
  '≥': '>',
  '≤': '<',
  '●': '*',
  '▲': '^',
  '✖': 'X',
  '○': 'o',
  '◌': 'o',
  '▽': 'v',
  '△': '^',
  '▼': 'v',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '⏎': '<',
  '›': '>',
  '▸': '>',
  '─': '-',
  '━': '=',
  '╶': '-',
  '╴': '-',
  '│': '|',
  '┃': '|',
  '┤': '|',
  '┼': '+',
  '╭': '+',
  '╮': '+',
  '╰': '+',
  '╯': '+',
  '┏': '+',
  '┓': '+',
  '┗': '+',
  '┛': '+',
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
  '▏': '-',
  '▎': '-',
  '▍': '=',
  '▌': '=',
  '▋': '=',
  '▊': '#',
  '▉': '#',
  '▐': '|',
  '░': ':',
  '▒': '=',
  '▓': '%',
};

const PLAIN = /^[\x20-\x7e]*$/;

/** The text in 7 bits, as many cells wide as it was; a character without a counterpart becomes `?`. */
export function toAscii(text: string): string {
  if (PLAIN.test(text)) return text;
  let plain = '';
  for (const { segment } of graphemesOf(text)) {
    plain += PLAIN.test(segment) ? segment : (GLYPHS[segment] ?? '?'.repeat(stringWidth(segment)));
  }
  return plain;
}

/** A surface that takes everything and passes on 7 bits. */
export function asciiSurface(surface: Surface): Surface {
  return {
    width: surface.width,
    height: surface.height,
    text: (x, y, text, style) => surface.text(x, y, toAscii(text), style),
    fill: (x, y, width, height, character, style) => surface.fill(x, y, width, height, toAscii(character), style),
  };
}
