/** Cuts a filter into words. Never fails: what is missing or unfinished is said in the token. */
import type { Operator } from './expression.ts';

interface Place {
  /** Characters before it, and up to its end. */
  readonly start: number;
  readonly end: number;
}

/** A value or a text; `isClosed` false: its quotation mark is missing. */
export interface Word extends Place {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly isClosed: boolean;
}

export interface ComparisonToken extends Place {
  readonly kind: 'comparison';
  readonly field: string;
  readonly operator: Operator;
  /** Null: nothing stands behind the operator. */
  readonly value: Word | null;
  readonly operatorEnd: number;
}

export type Token =
  | ComparisonToken
  | (Word & { readonly kind: 'text' })
  | (Place & { readonly kind: 'and' | 'or' | 'not' | '(' | ')' });

const NAME = /[A-Za-z_@][\w.@-]*/y;
/** `==` and `=~` are what other tools write. */
const OPERATOR = /\s*(!~\*|!~|=~|~\*|==|>=|<=|!=|=|~|>|<)\s*/y;
const SYNONYMS: Readonly<Record<string, Operator>> = { '==': '=', '=~': '~' };
const SIGNS: readonly (readonly [string, 'and' | 'or' | '(' | ')'])[] = [
  ['&&', 'and'],
  ['||', 'or'],
  ['(', '('],
  [')', ')'],
];
const KEYWORDS = ['and', 'or', 'not'] as const;

export function tokensOf(filter: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skipSpaces(filter, 0); at < filter.length; at = skipSpaces(filter, tokens.at(-1)?.end ?? at)) {
    tokens.push(tokenAt(filter, at));
  }
  return tokens;
}

function tokenAt(filter: string, start: number): Token {
  const sign = SIGNS.find(([text]) => filter.startsWith(text, start));
  if (sign) return { kind: sign[1], start, end: start + sign[0].length };
  if (filter[start] === '!') return { kind: 'not', start, end: start + 1 };
  const comparison = comparisonAt(filter, start);
  if (comparison) return comparison;
  const word = wordAt(filter, start);
  const keyword = word.isQuoted ? undefined : keywordOf(word.text);
  return keyword ? { kind: keyword, start, end: word.end } : { kind: 'text', ...word };
}

const keywordOf = (word: string) => KEYWORDS.find((each) => each === word.toLowerCase());

function comparisonAt(filter: string, start: number): ComparisonToken | null {
  NAME.lastIndex = start;
  const [field] = NAME.exec(filter) ?? [];
  if (field === undefined || keywordOf(field)) return null;
  OPERATOR.lastIndex = start + field.length;
  const sign = OPERATOR.exec(filter)?.[1];
  if (sign === undefined) return null;
  const operator = SYNONYMS[sign] ?? (sign as Operator); // one of the alternatives of OPERATOR
  const valueAt = OPERATOR.lastIndex;
  const operatorEnd = filter.slice(0, valueAt).trimEnd().length;
  const hasValue = valueAt < filter.length && filter[valueAt] !== ')';
  const value = hasValue ? wordAt(filter, valueAt) : null;
  return { kind: 'comparison', start, end: value?.end ?? valueAt, field, operator, value, operatorEnd };
}

function wordAt(filter: string, start: number): Word {
  const quote = filter[start];
  if (quote !== '"' && quote !== "'") {
    const end = bareEnd(filter, start);
    return { text: filter.slice(start, end), start, end, isQuoted: false, isClosed: true };
  }
  let text = '';
  for (let at = start + 1; at < filter.length; at++) {
    if (filter[at] === quote) {
      if (filter[at + 1] !== quote) return { text, start, end: at + 1, isQuoted: true, isClosed: true };
      at += 1;
    }
    text += filter[at];
  }
  return { text, start, end: filter.length, isQuoted: true, isClosed: false };
}

/**
 * Where a word without quotation marks ends: before a space, or a bracket that was not opened within it. So a regular
 * expression may stand bare with its groups and classes.
 */
export function bareEnd(filter: string, start: number): number {
  let depth = 0;
  let isInClass = false;
  const closing = filter.slice(start).split(/\s/, 1)[0].lastIndexOf(']') + start;
  for (let at = start; at < filter.length; at++) {
    const character = filter[at];
    if (/\s/.test(character)) return at;
    if (character === '\\') at += filter[at + 1] === undefined || /\s/.test(filter[at + 1]) ? 0 : 1;
    else if (isInClass) isInClass = character !== ']';
    else if (character === '[') isInClass = closing > at;
    else if (character === '(') depth += 1;
    else if (character === ')' && --depth < 0) return at;
  }
  return filter.length;
}

function skipSpaces(filter: string, from: number): number {
  let at = from;
  while (at < filter.length && /\s/.test(filter[at])) at++;
  return at;
}
