/** A format as runs and texts: see scanner.ts. */
import { ATOMS, type Atom, OTHER_ATOM, type TextAtom, type ValueAtom } from './atoms.ts';
import { QUOTE } from './bytes.ts';
import type { Token } from './format.ts';

/** Conversions after which a number is no number for us any more: hexadecimal, octal, a character. */
const UNREADABLE_CONVERSIONS = 'xXoc';

/** A literal, or a value. */
export interface Part {
  readonly literal: Uint8Array;
  readonly atom: ValueAtom | null;
  readonly field: number;
  readonly padded: boolean;
  readonly expected: string;
}

export type Run = readonly Part[];

export interface Text {
  readonly field: number;
  readonly padded: boolean;
  readonly expected: string;
  /** What stands behind the text. */
  readonly run: Run;
  /** First byte of that; -1 when a value follows directly. */
  readonly first: number;
  readonly atom: TextAtom;
  /** The text ends at a quote, and every quote inside is escaped. */
  readonly isQuoted: boolean;
  /** A quote stands somewhere in the run: it is in no quoted text. */
  readonly hasQuote: boolean;
  /** The text behind the run; null behind the last. */
  readonly next: TextAtom | null;
  readonly isNextPadded: boolean;
  /** It ends at a certain byte at the latest. */
  readonly isLimited: boolean;
  /** It, or the text behind its run, looks like something. */
  readonly isChecked: boolean;
  readonly isLast: boolean;
}

const NO_LITERAL = new Uint8Array(0);

export function atomOf(token: Token): Atom {
  if (token.kind === 'literal') return OTHER_ATOM;
  return UNREADABLE_CONVERSIONS.includes(token.conversion) ? OTHER_ATOM : (ATOMS[token.name] ?? OTHER_ATOM);
}

const kindOf = (token: Token | undefined): Atom['kind'] | null => (token?.kind === 'atom' ? atomOf(token).kind : null);

/**
 * Fields of which nobody can tell where they end: a value with another one, or a text, directly behind it, that one, and
 * what stands before them up to the last text.
 */
export function gluedFields(tokens: readonly Token[]): ReadonlySet<number> {
  const glued = new Set<number>();
  tokens.forEach((token, field) => {
    if (kindOf(token) !== 'value' || kindOf(tokens[field + 1]) === null) return;
    const text = tokens.slice(0, field).findLastIndex((before) => kindOf(before) === 'text');
    for (let each = text === -1 ? field : text; each <= field + 1; each++) glued.add(each);
  });
  return glued;
}

/** Groups the tokens: the run at the head, then each text with the run behind it. */
export function toRuns(tokens: readonly Token[]): { head: Run; texts: readonly Text[] } {
  const head: Part[] = [];
  const texts: { field: number; padded: boolean; atom: TextAtom; run: Part[] }[] = [];
  tokens.forEach((token, field) => {
    const run = texts.at(-1)?.run ?? head;
    if (token.kind === 'literal') {
      const literal = Buffer.from(token.text);
      run.push({ literal, atom: null, field, padded: false, expected: `'${token.text}'` });
      return;
    }
    const atom = atomOf(token);
    const { padded } = token;
    if (atom.kind === 'text') texts.push({ field, padded, atom, run: [] });
    else run.push({ literal: NO_LITERAL, atom, field, padded, expected: atom.expected });
  });
  return {
    head,
    texts: texts.map(({ field, padded, atom, run }, index) => ({
      field,
      padded,
      expected: atom.expected,
      run,
      first: run[0]?.literal[0] ?? -1,
      atom,
      isQuoted: run[0]?.literal[0] === QUOTE,
      hasQuote: run.some(({ literal }) => literal.includes(QUOTE)),
      next: texts[index + 1]?.atom ?? null,
      isLimited: atom.limit !== undefined && atom.isHabit !== true && run[0]?.literal[0] !== QUOTE,
      isChecked: atom.endsAt !== undefined || texts[index + 1]?.atom.beginsAt !== undefined,
      isNextPadded: texts[index + 1]?.padded ?? false,
      isLast: index === texts.length - 1,
    })),
  };
}
