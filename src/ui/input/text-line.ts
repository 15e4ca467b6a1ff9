/** A line of text that a person types: pure edits, in steps of what a person takes for one character. */
import { graphemesOf } from '../../text/graphemes.ts';

export interface TextLine {
  readonly text: string;
  /** Code units before the cursor; always between two characters. */
  readonly cursor: number;
}

export const EMPTY_LINE: TextLine = { text: '', cursor: 0 };

/** As long as a filter may be. */
const MOST_CHARACTERS = 1000;

/** No control characters: newlines and tabs of a paste become blanks, the rest is left out. */
const tidy = (text: string): string =>
  text.replace(/\r\n|[\n\r\t]/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '');

export const lineOf = (text: string): TextLine => ({ text, cursor: text.length });

/** Puts a text before the cursor; what would make the line too long is left out. */
export function insert({ text, cursor }: TextLine, typed: string): TextLine {
  const room = MOST_CHARACTERS - text.length;
  const added = tidy(typed).slice(0, Math.max(0, room));
  return { text: text.slice(0, cursor) + added + text.slice(cursor), cursor: cursor + added.length };
}

/** Replaces a part of the text; the cursor stands behind it. */
export function replace({ text }: TextLine, from: number, to: number, by: string): TextLine {
  return { text: text.slice(0, from) + by + text.slice(to), cursor: from + by.length };
}

/** Where the cursor can stand. */
function stops(text: string): number[] {
  if (/^[ -~]*$/.test(text)) return Array.from({ length: text.length + 1 }, (_, at) => at);
  return [...Array.from(graphemesOf(text), ({ index }) => index), text.length];
}

const before = ({ text, cursor }: TextLine): number => stops(text).findLast((stop) => stop < cursor) ?? 0;
const behind = ({ text, cursor }: TextLine): number => stops(text).find((stop) => stop > cursor) ?? text.length;

/** The start of the word before the cursor, the blanks behind it included. */
const wordStart = ({ text, cursor }: TextLine): number => /\S*\s*$/.exec(text.slice(0, cursor))?.index ?? 0;

/** The end of the word behind the cursor. */
const wordEnd = ({ text, cursor }: TextLine): number => cursor + (/^\s*\S*/.exec(text.slice(cursor))?.[0].length ?? 0);

const cut = (line: TextLine, from: number, to: number): TextLine => replace(line, from, to, '');

/** What keys do to the line, as in a shell. */
const EDITS: Readonly<Record<string, (line: TextLine) => TextLine>> = {
  backspace: (line) => cut(line, before(line), line.cursor),
  'ctrl-h': (line) => cut(line, before(line), line.cursor),
  delete: (line) => ({ ...cut(line, line.cursor, behind(line)), cursor: line.cursor }),
  'ctrl-d': (line) => ({ ...cut(line, line.cursor, behind(line)), cursor: line.cursor }),
  'ctrl-u': (line) => cut(line, 0, line.cursor),
  'ctrl-k': (line) => cut(line, line.cursor, line.text.length),
  'alt-b': (line) => ({ ...line, cursor: wordStart(line) }),
  'alt-f': (line) => ({ ...line, cursor: wordEnd(line) }),
  'alt-d': (line) => ({ ...cut(line, line.cursor, wordEnd(line)), cursor: line.cursor }),
  'ctrl-w': (line) => cut(line, wordStart(line), line.cursor),
  left: (line) => ({ ...line, cursor: before(line) }),
  'ctrl-b': (line) => ({ ...line, cursor: before(line) }),
  right: (line) => ({ ...line, cursor: behind(line) }),
  'ctrl-f': (line) => ({ ...line, cursor: behind(line) }),
  home: (line) => ({ ...line, cursor: 0 }),
  'ctrl-a': (line) => ({ ...line, cursor: 0 }),
  end: (line) => lineOf(line.text),
  'ctrl-e': (line) => lineOf(line.text),
};

/** Whether a key with Alt means something to a line; all others are Esc and the key. */
export const isAltEdit = (key: string): boolean => key.startsWith('alt-') && Object.hasOwn(EDITS, key);

/** The line after a key, by its name (see keys.ts); null for one that means nothing to a line. */
export function edit(line: TextLine, key: string): TextLine | null {
  if (Object.hasOwn(EDITS, key)) return EDITS[key]?.(line) ?? null;
  // Names of keys have several letters; what is typed is one character.
  return [...key].length === 1 ? insert(line, key) : null;
}
