/**
 * Regular expressions as Prometheus knows them: RE2's syntax. Of its own, for a label value may come from whoever sends a
 * request, and JavaScript's RegExp takes exponential time on some: here the time is the pattern's size by the text's
 * length, whatever they hold.
 */
import { compile } from './compile.ts';
import { expand } from './expand.ts';
import { type Budget, type Captures, find, run } from './match.ts';
import { parsePattern } from './parse.ts';

export { expand } from './expand.ts';

export interface Regexp {
  /** Names of the groups by number; null for one without a name. Group 0 is the whole. */
  readonly groupNames: readonly (string | null)[];
  /** @returns the texts of the groups, undefined for one that took no part; null where the text does not match. */
  match(text: string): Captures | null;
}

/**
 * As matchers and `label_replace` have it: anchored at both ends, `.` matches a newline.
 * @throws PromqlError with RE2's words for a pattern that it would not take, or that is too large.
 */
export function compileRegexp(pattern: string): Regexp {
  const { node, groupNames } = parsePattern(pattern, true);
  const program = compile(node, pattern, groupNames.length);
  return { groupNames, match: (text) => run(program, text) };
}

/** Where a pattern is looked for in a text, as templates do it (Go's `regexp.MatchString`, `ReplaceAllString`). */
export interface Search {
  /** @throws PromqlError as `replaceAll` does. */
  isIn(text: string): boolean;
  /**
   * @param template may name groups: `$1`, `${name}`.
   * @throws PromqlError where that takes too long: some patterns look through the rest of the text at each of its places.
   */
  replaceAll(text: string, template: string): string;
}

/** Instructions that one search may follow: some tenths of a second. */
const MOST_WORK = 5_000_000;

/** @throws PromqlError as `compileRegexp` does. */
export function compileSearch(pattern: string): Search {
  const { node, groupNames } = parsePattern(pattern, false);
  const program = compile(node, pattern, groupNames.length);
  return {
    isIn: (text) => find(program, text, 0, { left: MOST_WORK }) !== null,
    replaceAll(text, template) {
      const budget: Budget = { left: MOST_WORK };
      let replaced = '';
      let lastEnd = 0;
      for (let from = 0; from <= text.length; ) {
        const span = find(program, text, from, budget);
        if (span === null) break;
        const [start = 0, end = 0] = span;
        replaced += text.slice(lastEnd, start);
        // An empty match right behind another one is none.
        if (end > lastEnd || start === 0) {
          const groups = groupNames.map((_, index) => groupAt(text, span[2 * index], span[2 * index + 1]));
          replaced += expand(template, groupNames, groups);
        }
        lastEnd = end;
        from = Math.max(end, from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1));
      }
      return replaced + text.slice(lastEnd);
    },
  };
}

const groupAt = (text: string, start = -1, end = -1): string | undefined =>
  start < 0 || end < 0 ? undefined : text.slice(start, end);
