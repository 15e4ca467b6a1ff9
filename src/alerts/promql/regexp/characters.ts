/** Sets of characters in patterns: escapes, classes in brackets, POSIX and Unicode classes. */
import { PromqlError } from '../errors.ts';

/** Whether a code point is in the set. */
export type CharacterSet = (code: number) => boolean;

const CONTROL: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

const between = (code: number, low: string, high: string): boolean =>
  code >= (low.codePointAt(0) ?? 0) && code <= (high.codePointAt(0) ?? 0);
const isDigit: CharacterSet = (code) => between(code, '0', '9');
const isLower: CharacterSet = (code) => between(code, 'a', 'z');
const isUpper: CharacterSet = (code) => between(code, 'A', 'Z');
const isAlpha: CharacterSet = (code) => isLower(code) || isUpper(code);
const isAlnum: CharacterSet = (code) => isAlpha(code) || isDigit(code);
export const isWord: CharacterSet = (code) => isAlnum(code) || code === 0x5f;
const isGraph: CharacterSet = (code) => between(code, '!', '~');

/** `\d`, `\s`, `\w`; in capitals their opposites. */
const PERL: Readonly<Record<string, CharacterSet>> = {
  d: isDigit,
  s: (code) => code === 0x20 || code === 9 || code === 10 || code === 12 || code === 13,
  w: isWord,
};

const POSIX: Readonly<Record<string, CharacterSet>> = {
  alnum: isAlnum,
  alpha: isAlpha,
  ascii: (code) => code <= 0x7f,
  blank: (code) => code === 9 || code === 0x20,
  cntrl: (code) => code < 0x20 || code === 0x7f,
  digit: isDigit,
  graph: isGraph,
  lower: isLower,
  print: (code) => between(code, ' ', '~'),
  punct: (code) => isGraph(code) && !isAlnum(code),
  space: (code) => code === 0x20 || (code >= 9 && code <= 13),
  upper: isUpper,
  word: isWord,
  xdigit: (code) => isDigit(code) || between(code, 'a', 'f') || between(code, 'A', 'F'),
};

const negate =
  (set: CharacterSet): CharacterSet =>
  (code) =>
    !set(code);

/** The set, and whatever differs from a member in case alone. */
function inAnyCase(set: CharacterSet): CharacterSet {
  return (code) => {
    if (set(code)) return true;
    const text = String.fromCodePoint(code);
    return [text.toLowerCase(), text.toUpperCase()].some(
      (other) => other.length === text.length && set(other.codePointAt(0) ?? 0),
    );
  };
}

function fault(what: string, where: string): PromqlError {
  return new PromqlError(`error parsing regexp: ${what}: \`${where}\``);
}

/** `\p{Greek}`, `\pL`, `\PN`: names of scripts and categories. */
function unicodeClass(text: string): { set: CharacterSet; length: number } | null {
  const match = /^\\([pP])(?:\{(\^?)(\w+)\}|(\w))/.exec(text);
  if (match === null) return null;
  const [whole, letter, caret, long, short] = match;
  const name = long ?? short ?? '';
  const test = ['', 'Script='].map((kind) => safeRegExp(`^\\p{${kind}${name}}$`)).find((regexp) => regexp !== null);
  if (test === undefined || test === null) {
    if (name !== 'Any') throw fault('invalid character class range', whole);
    return { set: () => letter === 'p', length: whole.length };
  }
  const set: CharacterSet = (code) => test.test(String.fromCodePoint(code));
  return { set: (letter === 'P') === (caret === '^') ? set : negate(set), length: whole.length };
}

function safeRegExp(source: string): RegExp | null {
  try {
    return new RegExp(source, 'u');
  } catch {
    return null;
  }
}

/** What an escape stands for: one code point, or a set of many (then `code` is null). */
export interface Escaped {
  readonly code: number | null;
  readonly matches: CharacterSet;
  readonly length: number;
}

const single = (code: number, length: number): Escaped => ({ code, matches: (other) => other === code, length });

export function escapedSet(pattern: string, start: number, ignoreCase: boolean): Escaped {
  const text = pattern.slice(start, start + 80);
  const letter = String.fromCodePoint(text.codePointAt(1) ?? 0);
  if (text.length < 2) throw fault('trailing backslash at end of expression', '');
  const perl = PERL[letter.toLowerCase()];
  if (perl !== undefined) return { code: null, matches: letter in PERL ? perl : negate(perl), length: 2 };
  const unicode = unicodeClass(text);
  if (unicode !== null) {
    return { code: null, matches: ignoreCase ? inAnyCase(unicode.set) : unicode.set, length: unicode.length };
  }
  const control = CONTROL[letter];
  if (control !== undefined) return single(control, 2);
  const hex = /^\\x(?:([\da-fA-F]{2})|\{([\da-fA-F]{1,8})\})/.exec(text);
  const octal = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(text);
  const numeric = hex ?? octal;
  if (numeric !== null) {
    const code = Number.parseInt(numeric[1] ?? numeric[2] ?? '', hex === null ? 8 : 16);
    if (code <= 0x10ffff) return single(code, numeric[0].length);
  } else if (!isAlnum(letter.codePointAt(0) ?? 0) && (letter.codePointAt(0) ?? 0) < 0x80) {
    return single(letter.codePointAt(0) ?? 0, 2);
  }
  throw fault('invalid escape sequence', numeric?.[0] ?? `\\${letter}`);
}

/** A class in brackets that starts at `start`. */
export function readClass(
  pattern: string,
  start: number,
  ignoreCase: boolean,
): { matches: CharacterSet; length: number } {
  const sets: CharacterSet[] = [];
  const negated = pattern[start + 1] === '^';
  const first = start + (negated ? 2 : 1);
  let position = first;
  // A bracket that closes at once is a member of the class.
  while (position === first || pattern[position] !== ']') {
    if (position >= pattern.length) throw fault('missing closing ]', pattern.slice(start));
    const posix = /^\[:(\^?)(\w*):\]/.exec(pattern.slice(position, position + 20));
    if (posix !== null) {
      const [whole, caret, name = ''] = posix;
      const set = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
      if (set === undefined) throw fault('invalid character class range', whole);
      sets.push(caret === '^' ? negate(set) : set);
      position += whole.length;
      continue;
    }
    const low = classMember(pattern, position);
    position += low.length;
    if (low.code === null || pattern[position] !== '-' || pattern[position + 1] === ']') {
      sets.push(low.matches);
      continue;
    }
    const high = classMember(pattern, position + 1);
    const { code: from } = low;
    const { code: to } = high;
    if (to === null || to < from) {
      throw fault('invalid character class range', pattern.slice(position - low.length, position + 1 + high.length));
    }
    sets.push((code) => code >= from && code <= to);
    position += 1 + high.length;
  }
  const union: CharacterSet = (code) => sets.some((set) => set(code));
  const matches = ignoreCase ? inAnyCase(union) : union;
  return { matches: negated ? negate(matches) : matches, length: position + 1 - start };
}

function classMember(pattern: string, position: number): Escaped {
  const code = pattern.codePointAt(position);
  if (code === undefined) throw fault('missing closing ]', pattern);
  return code === 0x5c ? escapedSet(pattern, position, false) : single(code, code > 0xffff ? 2 : 1);
}
