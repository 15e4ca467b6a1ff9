/** Label matchers. Regular expressions are RE2's, anchored at both ends, `.` matches a newline too. */
import { PromqlError } from './errors.ts';
import { compileRegexp } from './regexp/index.ts';
import type { Matcher, MatchOperator } from './types.ts';

/** Answers remembered per matcher: label values repeat from one evaluation to the next. */
const MAX_REMEMBERED = 1000;

/**
 * @param position where the value stands in the expression, for messages.
 * @throws PromqlError for a regular expression that RE2 would not take.
 */
export function matcherOf(name: string, op: MatchOperator, value: string, position: number | null = null): Matcher {
  return { name, op, value, matches: testOf(op, value, position) };
}

function testOf(op: MatchOperator, value: string, position: number | null): (text: string) => boolean {
  if (op === '=') return (text) => text === value;
  if (op === '!=') return (text) => text !== value;
  const regexp = compiled(value, position);
  const wanted = op === '=~';
  return remembering((text) => (regexp.match(text) !== null) === wanted);
}

function compiled(pattern: string, position: number | null): ReturnType<typeof compileRegexp> {
  try {
    return compileRegexp(pattern);
  } catch (error) {
    throw error instanceof PromqlError ? new PromqlError(error.message, position) : error;
  }
}

function remembering(test: (text: string) => boolean): (text: string) => boolean {
  const remembered = new Map<string, boolean>();
  return (text) => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const answer = test(text);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(text, answer);
    return answer;
  };
}
