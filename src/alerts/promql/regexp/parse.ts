/** Reads a pattern in RE2's syntax (https://github.com/google/re2/wiki/Syntax, Go's `regexp/syntax`) into a tree. */
import { PromqlError } from '../errors.ts';
import { type CharacterSet, escapedSet, readClass } from './characters.ts';

export type Assertion = 'textStart' | 'textEnd' | 'lineStart' | 'lineEnd' | 'wordBoundary' | 'noWordBoundary';

export type PatternNode =
  | { readonly kind: 'set'; readonly matches: CharacterSet }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'sequence'; readonly nodes: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly nodes: readonly PatternNode[] }
  | { readonly kind: 'group'; readonly index: number; readonly node: PatternNode }
  | {
      readonly kind: 'repeat';
      readonly node: PatternNode;
      readonly min: number;
      /** Infinity: without end. */
      readonly max: number;
      readonly greedy: boolean;
    };

interface Flags {
  /** i */
  readonly ignoreCase: boolean;
  /** m: `^` and `$` match at lines. */
  readonly multiLine: boolean;
  /** s: `.` matches a newline. */
  readonly dotAll: boolean;
  /** U: `x*` is lazy, `x*?` greedy. */
  readonly ungreedy: boolean;
}

const FLAG_NAMES: Readonly<Record<string, keyof Flags>> = {
  i: 'ignoreCase',
  m: 'multiLine',
  s: 'dotAll',
  U: 'ungreedy',
};
const INITIAL_FLAGS: Flags = { ignoreCase: false, multiLine: false, dotAll: false, ungreedy: false };
/** RE2's own bounds. */
const MAX_REPEAT = 1000;
const MAX_NESTING = 1000;

const LITERAL_ASSERTIONS: Readonly<Record<string, Assertion>> = {
  '\\A': 'textStart',
  '\\z': 'textEnd',
  '\\b': 'wordBoundary',
  '\\B': 'noWordBoundary',
};

export interface Pattern {
  readonly node: PatternNode;
  readonly groupNames: readonly (string | null)[];
}

/** @param dotAll whether `.` matches a newline unless the pattern says something else. */
export function parsePattern(pattern: string, dotAll: boolean): Pattern {
  const reader = new PatternReader(pattern, { ...INITIAL_FLAGS, dotAll });
  return { node: reader.readAll(), groupNames: reader.groupNames };
}

class PatternReader {
  readonly groupNames: (string | null)[] = [null];
  readonly #pattern: string;
  #position = 0;
  #flags: Flags;
  #nesting = 0;

  constructor(pattern: string, flags: Flags) {
    this.#pattern = pattern;
    this.#flags = flags;
  }

  readAll(): PatternNode {
    const node = this.#choice();
    if (this.#position < this.#pattern.length) throw this.#fault('unexpected )', this.#pattern);
    return node;
  }

  #fault(what: string, where: string): PromqlError {
    return new PromqlError(`error parsing regexp: ${what}: \`${where}\``);
  }

  get #rest(): string {
    return this.#pattern.slice(this.#position);
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    const match = pattern.exec(this.#rest);
    if (match !== null) this.#position += match[0].length;
    return match;
  }

  #choice(): PatternNode {
    if (++this.#nesting > MAX_NESTING) throw this.#fault('expression nests too deeply', this.#pattern);
    const nodes = [this.#sequence()];
    while (this.#take(/^\|/) !== null) nodes.push(this.#sequence());
    this.#nesting--;
    const [first] = nodes;
    return nodes.length === 1 && first !== undefined ? first : { kind: 'choice', nodes };
  }

  #sequence(): PatternNode {
    const nodes: PatternNode[] = [];
    while (this.#position < this.#pattern.length && !/^[|)]/.test(this.#rest)) {
      const literal = this.#take(/^\\Q(.*?)(?:\\E|$)/s);
      if (literal !== null) {
        const quoted = Array.from(literal[1] ?? '', (character) => this.#character(character));
        const last = quoted.pop();
        // What is repeated after a quotation is its last character.
        if (last !== undefined) nodes.push(...quoted, this.#repeated(last, this.#position));
        continue;
      }
      const start = this.#position;
      const node = this.#atom();
      if (node !== null) nodes.push(this.#repeated(node, start));
    }
    return { kind: 'sequence', nodes };
  }

  /** Null: flags for what follows, which match nothing themselves. */
  #atom(): PatternNode | null {
    const start = this.#position;
    const [character = ''] = this.#rest;
    this.#position += character.length;
    switch (character) {
      case '.':
        return { kind: 'set', matches: this.#flags.dotAll ? () => true : (code) => code !== 0x0a };
      case '^':
        return { kind: 'assertion', assertion: this.#flags.multiLine ? 'lineStart' : 'textStart' };
      case '$':
        return { kind: 'assertion', assertion: this.#flags.multiLine ? 'lineEnd' : 'textEnd' };
      case '(':
        return this.#group(start);
      case '*':
      case '+':
      case '?':
        throw this.#fault('missing argument to repetition operator', character);
      case '{': {
        const count = this.#take(/^\d+(?:,\d*)?\}/);
        if (count !== null) throw this.#fault('missing argument to repetition operator', `{${count[0]}`);
        return this.#character(character);
      }
      case '[': {
        const { matches, length } = readClass(this.#pattern, start, this.#flags.ignoreCase);
        this.#position = start + length;
        return { kind: 'set', matches };
      }
      case '\\':
        return this.#escape(start);
      default:
        return this.#character(character);
    }
  }

  #character(character: string): PatternNode {
    const code = character.codePointAt(0) ?? 0;
    if (!this.#flags.ignoreCase) return { kind: 'set', matches: (other) => other === code };
    const folded = foldCase(code);
    return { kind: 'set', matches: (other) => other === code || foldCase(other) === folded };
  }

  #escape(start: number): PatternNode {
    const assertion = LITERAL_ASSERTIONS[this.#pattern.slice(start, start + 2)];
    if (assertion !== undefined) {
      this.#position = start + 2;
      return { kind: 'assertion', assertion };
    }
    const { code, matches, length } = escapedSet(this.#pattern, start, this.#flags.ignoreCase);
    this.#position = start + length;
    return code === null ? { kind: 'set', matches } : this.#character(String.fromCodePoint(code));
  }

  #group(start: number): PatternNode | null {
    const before = this.#flags;
    let index: number | null = null;
    if (this.#take(/^\?/) === null) {
      index = this.groupNames.push(null) - 1;
    } else {
      const named = this.#take(/^P?<([^>]*)>/);
      if (named !== null) index = this.#nameGroup(named[1] ?? '', start);
      else if (!this.#groupFlags(start)) return null;
    }
    const node = this.#choice();
    if (this.#take(/^\)/) === null) throw this.#fault('missing closing )', this.#pattern);
    this.#flags = before;
    return index === null ? node : { kind: 'group', index, node };
  }

  #nameGroup(name: string, start: number): number {
    if (!/^\w+$/.test(name)) throw this.#fault('invalid named capture', this.#pattern.slice(start, this.#position));
    return this.groupNames.push(name) - 1;
  }

  /** `i-s:` in `(?i-s:x)` and `i)` in `(?i)`. @returns whether a group follows. */
  #groupFlags(start: number): boolean {
    const match = this.#take(/^([imsU]*)(-[imsU]+)?([:)])/);
    if (match === null)
      throw this.#fault('invalid or unsupported Perl syntax', this.#pattern.slice(start, this.#position + 1));
    const [, on = '', off = '', end] = match;
    const changed = { ...this.#flags };
    for (const [letters, value] of [
      [on, true],
      [off.slice(1), false],
    ] as const) {
      for (const letter of letters) {
        const flag = FLAG_NAMES[letter];
        if (flag !== undefined) changed[flag] = value;
      }
    }
    this.#flags = changed;
    return end === ':';
  }

  #repeated(node: PatternNode, start: number): PatternNode {
    const operator = this.#take(/^(?:[*+?]|\{(\d+)(,)?(\d+)?\})/);
    if (operator === null) return node;
    const [text, least, comma, most] = operator;
    const lazy = this.#take(/^\?/) !== null;
    if (/^(?:[*+?]|\{\d+(?:,\d*)?\})/.test(this.#rest)) {
      throw this.#fault('invalid nested repetition operator', this.#pattern.slice(start, this.#position + 1));
    }
    const greedy = lazy === this.#flags.ungreedy;
    const [min, max] =
      least === undefined
        ? [text === '+' ? 1 : 0, text === '?' ? 1 : Number.POSITIVE_INFINITY]
        : [Number(least), comma === undefined ? Number(least) : Number(most ?? Number.POSITIVE_INFINITY)];
    if (min > MAX_REPEAT || (max > MAX_REPEAT && max !== Number.POSITIVE_INFINITY) || min > max) {
      throw this.#fault('invalid repeat count', text);
    }
    return { kind: 'repeat', node, min, max, greedy };
  }
}

/** One code point for all that differ in case alone: K, k and the Kelvin sign. */
export function foldCase(code: number): number {
  const text = String.fromCodePoint(code);
  const upper = text.toUpperCase();
  const lower = (upper.length === text.length ? upper : text).toLowerCase();
  return lower.codePointAt(0) ?? code;
}
