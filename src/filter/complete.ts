/** What could stand at a place of a filter that is being typed. */
import { OPERATORS } from './expression.ts';
import { FIELDS } from './fields.ts';
import { type Token, tokensOf } from './tokens.ts';

export interface Candidate {
  readonly text: string;
  /** One line for people. */
  readonly help: string;
}

export interface Completion {
  /** What a candidate takes the place of: characters [from, to). */
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly Candidate[];
}

const KEYWORDS: readonly Candidate[] = [
  { text: 'and', help: 'both' },
  { text: 'or', help: 'one of both' },
];
const NOT: Candidate = { text: 'not', help: 'the opposite' };
const OPERATOR_HELP: Readonly<Record<(typeof OPERATORS)[number], string>> = {
  '=': 'is',
  '!=': 'is not',
  '>': 'above',
  '>=': 'at least',
  '<': 'below',
  '<=': 'at most',
  '~': 'matches the regular expression',
  '!~': 'does not match',
  '~*': 'matches, in any case of letters',
  '!~*': 'does not match, in any case of letters',
};
const ORDER = ['>', '>=', '<', '<='];
const BY_ORDER = ['status', 'number', 'bytes', 'duration', 'time', 'level'];
const BY_PATTERN = ['text', 'method', 'status', 'number', 'address', 'level'];

/**
 * Candidates for the word that ends at the cursor. Those that begin with what is typed come in the order of the table of
 * fields; empty where anything may stand (a text, a value that nobody can guess).
 */
export function completeFilter(text: string, cursor: number): Completion {
  const typed = text.slice(0, cursor);
  const tokens = tokensOf(typed);
  const last = tokens.at(-1);
  const isTouching = last !== undefined && last.end === cursor && last.kind !== '(' && last.kind !== ')';
  if (last?.kind === 'comparison' && (isTouching || last.value === null)) return values(last, cursor);
  if (isTouching && last.kind === 'text') {
    if (last.isQuoted) return { from: cursor, to: cursor, candidates: [] };
    const isOperand = expectsOperand(tokens.slice(0, -1));
    const exact = isOperand ? FIELDS.find((field) => field.name === last.text) : undefined;
    if (exact) return { from: cursor, to: cursor, candidates: operatorsFor(exact.type) };
    return matching(last.start, cursor, isOperand ? [...fieldCandidates(), NOT] : KEYWORDS);
  }
  if (isTouching) return matching(last.start, cursor, expectsOperand(tokens.slice(0, -1)) ? [NOT] : KEYWORDS);
  return matching(cursor, cursor, expectsOperand(tokens) ? [...fieldCandidates(), NOT] : KEYWORDS);

  function matching(from: number, to: number, all: readonly Candidate[]): Completion {
    const begun = text.slice(from, to).toLowerCase();
    return { from, to, candidates: all.filter((each) => each.text.toLowerCase().startsWith(begun)) };
  }

  function values({ field, value, end }: Token & { kind: 'comparison' }, to: number): Completion {
    const name = field.toLowerCase();
    const known = FIELDS.find((each) => each.name === name || each.aliases.includes(name));
    const all = (known?.values ?? []).map((each) => ({ text: each, help: known?.help ?? '' }));
    return value?.isQuoted ? { from: to, to, candidates: [] } : matching(value?.start ?? end, to, all);
  }
}

/** Whether a condition comes next, not a word that joins two. */
function expectsOperand(before: readonly Token[]): boolean {
  const last = before.at(-1);
  return last === undefined || ['and', 'or', 'not', '('].includes(last.kind);
}

const fieldCandidates = (): readonly Candidate[] => FIELDS.map(({ name, help }) => ({ text: name, help }));

const operatorsFor = (type: string): readonly Candidate[] =>
  OPERATORS.filter((each) => {
    if (each.includes('~')) return BY_PATTERN.includes(type);
    return !ORDER.includes(each) || BY_ORDER.includes(type);
  }).map((each) => ({ text: each, help: OPERATOR_HELP[each] }));
