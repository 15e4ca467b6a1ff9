/**
 * Regular expressions of filters: alternation, groups, classes, anchors, quantifiers. What matching in linear time cannot
 * offer, or nobody needs in a filter, is refused by its name.
 */
import { FilterError } from '../errors.ts';
import { type Characters, characters, DIGITS, inverse, SPACES, WORD_CHARACTERS, withBothCases } from './characters.ts';

export type PatternNode =
  | { readonly kind: 'set'; readonly characters: Characters }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence' | 'choice'; readonly nodes: readonly PatternNode[] }
  /** `max` Infinity: without end. */
  | { readonly kind: 'repeat'; readonly node: PatternNode; readonly min: number; readonly max: number };

const MOST_CHARACTERS = 1000;
const MOST_REPEATS = 100;
const MOST_NESTING = 50;

const QUANTIFIER = /(?:([*+?])|\{(\d+)(,(\d*))?\})(\??)(\+?)/y;
const BOUNDS: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
  '*': { min: 0, max: Number.POSITIVE_INFINITY },
  '+': { min: 1, max: Number.POSITIVE_INFINITY },
  '?': { min: 0, max: 1 },
};
const HEX = /x([\da-fA-F]{2})|u([\da-fA-F]{4})/y;
const CONTROL: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };
const CLASSES: Readonly<Record<string, Characters>> = {
  d: DIGITS,
  D: inverse(DIGITS),
  s: SPACES,
  S: inverse(SPACES),
  w: WORD_CHARACTERS,
  W: inverse(WORD_CHARACTERS),
};
/** Groups that begin with a question mark, but for `(?:`. */
const SPECIAL_GROUPS: readonly (readonly [RegExp, string])[] = [
  [/^\?<?[=!]/, 'looking ahead or behind is not supported'],
  [/^\?P?[<']/, 'named groups are not supported: write ( or (?:'],
  [/^\?[a-z-]+[:)]/i, 'flags are not supported: ~* ignores case'],
  [/^\?/, 'this kind of group is not supported: write ( or (?:'],
];

/**
 * @param ignoreCase letters of ASCII, and single other ones, stand for both cases.
 * @throws FilterError with the offset within the pattern.
 */
export function parsePattern(pattern: string, ignoreCase: boolean): PatternNode {
  return new PatternReader(pattern, ignoreCase).readAll();
}

class PatternReader {
  readonly #pattern: string;
  readonly #ignoreCase: boolean;
  #at = 0;
  #nesting = 0;

  constructor(pattern: string, ignoreCase: boolean) {
    this.#pattern = pattern;
    this.#ignoreCase = ignoreCase;
  }

  readAll(): PatternNode {
    if (this.#pattern.length > MOST_CHARACTERS) {
      throw new FilterError(`a regular expression has at most ${MOST_CHARACTERS} characters`, 0);
    }
    const node = this.#choice();
    if (this.#at < this.#pattern.length)
      throw new FilterError(') closes nothing: write \\) for the character', this.#at);
    return node;
  }

  #choice(): PatternNode {
    const nodes = [this.#sequence()];
    while (this.#pattern[this.#at] === '|') {
      this.#at += 1;
      nodes.push(this.#sequence());
    }
    return nodes.length === 1 ? nodes[0] : { kind: 'choice', nodes };
  }

  #sequence(): PatternNode {
    const nodes: PatternNode[] = [];
    while (this.#at < this.#pattern.length && !'|)'.includes(this.#pattern[this.#at])) {
      nodes.push(this.#repeated(this.#atom()));
    }
    return nodes.length === 1 ? nodes[0] : { kind: 'sequence', nodes };
  }

  #atom(): PatternNode {
    const start = this.#at;
    const code = this.#next();
    switch (String.fromCodePoint(code)) {
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '.':
        return this.#set(inverse(characters([10, 10])));
      case '(':
        return this.#group(start);
      case '[':
        return this.#class(start);
      case '\\':
        return this.#set(this.#escape(start).set);
      case '*':
      case '+':
      case '?':
        throw new FilterError(`${this.#pattern[start]} has nothing to repeat: write \\${this.#pattern[start]}`, start);
      default:
        return this.#set(characters([code, code]));
    }
  }

  #set(set: Characters): PatternNode {
    return { kind: 'set', characters: this.#ignoreCase ? withBothCases(set) : set };
  }

  #group(start: number): PatternNode {
    if (++this.#nesting > MOST_NESTING) throw new FilterError('groups are nested too deeply', start);
    if (this.#pattern.startsWith('?:', this.#at)) this.#at += 2;
    const special = SPECIAL_GROUPS.find(([beginning]) => beginning.test(this.#pattern.slice(this.#at)));
    if (special) throw new FilterError(special[1], start);
    const node = this.#choice();
    if (this.#pattern[this.#at] !== ')') throw new FilterError('( is not closed: write \\( for the character', start);
    this.#at += 1;
    this.#nesting -= 1;
    return node;
  }

  #class(start: number): PatternNode {
    const isInverse = this.#pattern[this.#at] === '^';
    if (isInverse) this.#at += 1;
    const ranges: number[] = [];
    const first = this.#at;
    // A bracket that would close at once is a member.
    while (this.#at === first || this.#pattern[this.#at] !== ']') {
      if (this.#at >= this.#pattern.length)
        throw new FilterError('[ is not closed: write \\[ for the character', start);
      if (this.#pattern.startsWith('[:', this.#at)) {
        throw new FilterError('[:names:] of classes are not supported: write \\d, \\w, \\s or a range', this.#at);
      }
      const from = this.#at;
      const low = this.#member();
      const isRange = this.#pattern[this.#at] === '-' && (this.#pattern[this.#at + 1] ?? ']') !== ']';
      if (!isRange) {
        ranges.push(...low.set);
        continue;
      }
      this.#at += 1;
      const high = this.#member();
      if (low.code === null || high.code === null || high.code < low.code) {
        throw new FilterError(`${this.#pattern.slice(from, this.#at)} is no range`, from);
      }
      ranges.push(low.code, high.code);
    }
    this.#at += 1;
    const set = this.#ignoreCase ? withBothCases(characters(ranges)) : characters(ranges);
    return { kind: 'set', characters: isInverse ? inverse(set) : set };
  }

  #member(): Member {
    const start = this.#at;
    const code = this.#next();
    return code === 0x5c ? this.#escape(start) : single(code);
  }

  /** What follows a backslash that stands at `start`. */
  #escape(start: number): Member {
    if (this.#at >= this.#pattern.length) throw new FilterError('\\ at the end escapes nothing: write \\\\', start);
    HEX.lastIndex = this.#at;
    const hex = HEX.exec(this.#pattern);
    if (hex !== null) {
      this.#at = HEX.lastIndex;
      return single(Number.parseInt(hex[1] ?? hex[2] ?? '', 16));
    }
    const code = this.#next();
    const character = String.fromCodePoint(code);
    const set = Object.hasOwn(CLASSES, character) ? CLASSES[character] : undefined;
    if (set !== undefined) return { code: null, set };
    if (Object.hasOwn(CONTROL, character)) return single(CONTROL[character] ?? 0);
    if (/[1-9k]/.test(character)) throw new FilterError('references back to a group are not supported', start);
    if (/[bB]/.test(character))
      throw new FilterError('word boundaries are not supported: write (\\W|^) and (\\W|$)', start);
    if (/[pP]/.test(character)) throw new FilterError('classes of Unicode are not supported', start);
    if (/[A-Za-z]/.test(character)) throw new FilterError(`\\${character} means nothing here`, start);
    return single(code);
  }

  #repeated(node: PatternNode): PatternNode {
    const start = this.#at;
    QUANTIFIER.lastIndex = start;
    const match = QUANTIFIER.exec(this.#pattern);
    if (match === null) return node;
    this.#at = QUANTIFIER.lastIndex;
    // Whether a quantifier is lazy changes what is matched, never whether something is.
    const [whole, sign, least = '', comma, most = '', , possessive] = match;
    if (possessive) throw new FilterError('possessive quantifiers are not supported', start);
    QUANTIFIER.lastIndex = this.#at;
    if (QUANTIFIER.test(this.#pattern)) throw new FilterError('a repeat is repeated: put it in brackets', this.#at);
    if (sign !== undefined) return { kind: 'repeat', node, ...BOUNDS[sign] };
    const min = Number(least);
    const max = comma === undefined ? min : most === '' ? Number.POSITIVE_INFINITY : Number(most);
    if (min > max) throw new FilterError(`${whole} asks for more than it allows`, start);
    if (min > MOST_REPEATS || (max > MOST_REPEATS && max !== Number.POSITIVE_INFINITY)) {
      throw new FilterError(`${whole}: at most ${MOST_REPEATS} repeats`, start);
    }
    return { kind: 'repeat', node, min, max };
  }

  #next(): number {
    // Callers look for the end first.
    const code = this.#pattern.codePointAt(this.#at) ?? 0;
    this.#at += code > 0xffff ? 2 : 1;
    return code;
  }
}

/** A single character has a code, a class of many has none. */
interface Member {
  readonly code: number | null;
  readonly set: Characters;
}

const single = (code: number): Member => ({ code, set: characters([code, code]) });
