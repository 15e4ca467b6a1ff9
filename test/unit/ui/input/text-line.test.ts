import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_LINE, edit, insert, lineOf, type TextLine } from '../../../../src/ui/input/text-line.ts';

/** `ab|cd`: the cursor stands at the bar. */
const at = (text: string): TextLine => ({ text: text.replace('|', ''), cursor: text.indexOf('|') });
const shown = ({ text, cursor }: TextLine): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`;
const edited = (line: TextLine, ...keys: readonly string[]): string =>
  shown(keys.reduce((now, key) => edit(now, key) ?? now, line));

describe('typing', () => {
  it('goes in at the cursor', () => {
    expect(edited(EMPTY_LINE, 'a', 'c', 'left', 'b')).toBe('ab|c');
  });

  it('takes no name of a key for text', () => {
    expect(edit(EMPTY_LINE, 'pageup')).toBeNull();
    expect(edit(EMPTY_LINE, 'ctrl-x')).toBeNull();
    expect(edit(EMPTY_LINE, ' ')).toEqual({ text: ' ', cursor: 1 });
  });

  it('holds a thousand characters', () => {
    expect(insert(EMPTY_LINE, 'x'.repeat(2000)).text).toHaveLength(1000);
  });

  it('makes one line of what is pasted, without control characters', () => {
    expect(insert(at('a|b'), '1\r\n2\t3\x1b[2J\x07\x9b4').text).toBe('a1 2 3[2J4b');
  });
});

describe('editing', () => {
  it.each([
    ['ab|cd', 'backspace', 'a|cd'],
    ['ab|cd', 'ctrl-h', 'a|cd'],
    ['|ab', 'backspace', '|ab'],
    ['ab|cd', 'delete', 'ab|d'],
    ['ab|cd', 'ctrl-d', 'ab|d'],
    ['abcd|', 'delete', 'abcd|'],
    ['one two| three', 'ctrl-u', '| three'],
    ['one two| three', 'ctrl-k', 'one two|'],
    ['one two  |three', 'ctrl-w', 'one |three'],
    ['one two|', 'home', '|one two'],
    ['|one two', 'end', 'one two|'],
    ['on|e two', 'ctrl-a', '|one two'],
    ['on|e two', 'ctrl-e', 'one two|'],
    ['one two|', 'alt-b', 'one |two'],
    ['|one two', 'alt-f', 'one| two'],
    ['one| two', 'alt-d', 'one|'],
  ])('%s %s %s', (before, key, result) => expect(edited(at(before), key)).toBe(result));

  it('goes by what a person takes for one character', () => {
    expect(edited(lineOf('a👩‍👩‍👧'), 'backspace')).toBe('a|');
    expect(edited(lineOf('e\u0301x'), 'left', 'left')).toBe('|e\u0301x');
    expect(edited(lineOf('🇩🇪🇫🇷'), 'left', 'delete')).toBe('🇩🇪|');
  });

  it('keeps the cursor inside, whatever is pressed', () => {
    const keys = [
      'left',
      'right',
      'home',
      'end',
      'backspace',
      'delete',
      'ctrl-w',
      'ctrl-u',
      'ctrl-k',
      'alt-b',
      'alt-f',
      'a',
      'é',
      ' ',
      '🇩🇪',
    ];
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.constantFrom(...keys), { maxLength: 30 }),
        (text, pressed) => {
          let line = insert(EMPTY_LINE, text);
          for (const key of pressed) {
            line = edit(line, key) ?? line;
            expect(line.cursor).toBeGreaterThanOrEqual(0);
            expect(line.cursor).toBeLessThanOrEqual(line.text.length);
          }
        },
      ),
    );
  });
});
