/**
 * Regular expressions as Prometheus knows them: RE2's syntax, anchored at both ends, `.` matches a newline. Of its own, for
 * a label value may come from whoever sends a request, and JavaScript's RegExp takes exponential time on some: here the time
 * is the pattern's size by the text's length, whatever they hold.
 */
import { compile } from './compile.ts';
import { type Captures, run } from './match.ts';
import { parsePattern } from './parse.ts';

export interface Regexp {
  /** Names of the groups by number; null for one without a name. Group 0 is the whole. */
  readonly groupNames: readonly (string | null)[];
  /** @returns the texts of the groups, undefined for one that took no part; null where the text does not match. */
  match(text: string): Captures | null;
}

/** @throws PromqlError with RE2's words for a pattern that it would not take, or that is too large. */
export function compileRegexp(pattern: string): Regexp {
  const { node, groupNames } = parsePattern(pattern);
  const program = compile(node, pattern, groupNames.length);
  return { groupNames, match: (text) => run(program, text) };
}
