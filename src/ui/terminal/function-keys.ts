/**
 * Which function key it was. Ink tells of all of them but that they are none it knows (`nonAlphanumericKeys` of its
 * `parse-keypress.js`), so they go through it as characters of the private use area, which no keyboard types.
 */

/** Names by the sequences of xterm, rxvt and the Linux console (`terminfo(5)`, kf1 … kf12 and kich1). */
const SEQUENCES: readonly (readonly [name: string, sequences: readonly string[]])[] = [
  ['f1', ['OP', '[11~', '[[A', '[P']],
  ['f2', ['OQ', '[12~', '[[B', '[Q']],
  ['f3', ['OR', '[13~', '[[C', '[R']],
  ['f4', ['OS', '[14~', '[[D', '[S']],
  ['f5', ['[15~', '[[E']],
  ['f6', ['[17~']],
  ['f7', ['[18~']],
  ['f8', ['[19~']],
  ['f9', ['[20~']],
  ['f10', ['[21~']],
  ['f11', ['[23~']],
  ['f12', ['[24~']],
  ['insert', ['[2~']],
];

/** The first of the places in the private use area. */
const FIRST = 0xf700;

const PLACES: ReadonlyMap<string, string> = new Map(
  SEQUENCES.flatMap(([, sequences], index) =>
    sequences.map((sequence) => [`\x1b${sequence}`, String.fromCharCode(FIRST + index)] as const),
  ),
);

const NAMES: ReadonlyMap<string, string> = new Map(
  SEQUENCES.map(([name], index) => [String.fromCharCode(FIRST + index), name] as const),
);

/** Puts one character in the place of each sequence of a function key. What was typed of the private use area itself goes. */
export const foldFunctionKeys = (typed: string): string =>
  typed
    .replaceAll(/[\uf700-\uf70c]/g, '')
    .replaceAll(/\x1b(?:O[P-S]|\[(?:\[[A-E]|[P-S]|\d{1,2}~))/g, (sequence) => PLACES.get(sequence) ?? sequence);

/** `f3` for the character that `foldFunctionKeys` has put in its place; undefined for any other. */
export const functionKeyOf = (character: string): string | undefined => NAMES.get(character);
