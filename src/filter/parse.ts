/** Reads a filter: comparisons and plain text joined by and, or, not and brackets; `not` binds closest, then `and`. */
import { FilterError } from './errors.ts';
import type { Expression } from './expression.ts';
import { type ComparisonToken, type Token, tokensOf } from './tokens.ts';

const MOST_CHARACTERS = 1000;
const MOST_NESTING = 50;

/** @throws FilterError that names the place. */
export function parseFilter(filter: string): Expression {
  if (filter.length > MOST_CHARACTERS) throw new FilterError(`a filter has at most ${MOST_CHARACTERS} characters`, -1);
  if (filter.trim() === '') throw new FilterError('the filter is empty', -1);
  return new Reader(filter).readAll();
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #next = 0;
  #nesting = 0;

  constructor(filter: string) {
    this.#tokens = tokensOf(filter);
    this.#end = filter.trimEnd().length;
  }

  readAll(): Expression {
    const expression = this.#joined('or');
    const rest = this.#tokens[this.#next];
    if (rest === undefined) return expression;
    if (rest.kind === ')') throw new FilterError(') closes nothing', rest.start);
    const hint = rest.kind === 'text' ? '; text with spaces stands in quotation marks' : '';
    throw new FilterError(`'and' or 'or' is missing here${hint}`, rest.start);
  }

  #joined(kind: 'and' | 'or'): Expression {
    const part = (): Expression => (kind === 'or' ? this.#joined('and') : this.#single());
    const parts = [part()];
    while (this.#takes(kind)) parts.push(part());
    return parts.length === 1 ? parts[0] : { kind, parts };
  }

  #single(): Expression {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new FilterError('a condition is missing here', this.#end);
    this.#next += 1;
    switch (token.kind) {
      case 'not':
        return { kind: 'not', part: this.#nested(token.start, () => this.#single()) };
      case '(':
        return this.#nested(token.start, () => {
          const inner = this.#joined('or');
          if (!this.#takes(')')) {
            const unread = this.#tokens[this.#next];
            if (unread === undefined) throw new FilterError('( is not closed', token.start);
            throw new FilterError("'and', 'or' or ) is missing here", unread.start);
          }
          return inner;
        });
      case 'comparison':
        return comparisonOf(token);
      case 'text':
        if (!token.isClosed) throw new FilterError('the quotation mark is not closed', token.start);
        if (token.text === '') throw new FilterError('the text is empty', token.start);
        return { kind: 'text', text: token.text };
      default:
        throw new FilterError(`a condition is missing before '${token.kind}'`, token.start);
    }
  }

  #nested(at: number, read: () => Expression): Expression {
    if (++this.#nesting > MOST_NESTING) throw new FilterError('the filter is nested too deeply', at);
    const expression = read();
    this.#nesting -= 1;
    return expression;
  }

  #takes(kind: Token['kind']): boolean {
    if (this.#tokens[this.#next]?.kind !== kind) return false;
    this.#next += 1;
    return true;
  }
}

function comparisonOf({ field, operator, value, start, operatorEnd }: ComparisonToken): Expression {
  if (value === null) throw new FilterError(`a value is missing behind '${operator}'`, operatorEnd);
  if (!value.isClosed) throw new FilterError('the quotation mark is not closed', value.start);
  return { kind: 'comparison', field, operator, value: value.text, at: start, valueAt: value.start };
}
