/**
 * A format compiled to a scanner: over bytes, without regular expressions, in time linear in the line.
 *
 * A format is texts with runs between them. A *run* is literals and values whose bytes show where they end, such as
 * `" %(s)s %(b)s "`; a *text* (`%(r)s`) ends at the first place where the run behind it fits as a whole. So a user name
 * with blanks ends at ` [21/Nov/2026:…`, and a path with quotes at `" 200 12 "`, whatever they hold.
 *
 * Gunicorn escapes `"` as `\"` but leaves `\` alone (`gunicorn/glogging.py`, SafeAtoms), so `\"` can also be the end of
 * a text that closes with a backslash. The first pass takes `\"` for an escaped quote, which it nearly always is; only
 * when the line does not fit that way are the other readings tried, within a bounded amount of work.
 */
import type { DurationUnit } from '../../model/snapshot.ts';
import { ATOMS, type Atom, DURATION_ATOMS, OTHER_ATOM, type TextAtom, type ValueAtom } from './atoms.ts';
import { BACKSLASH, findByte, QUOTE, SPACE } from './bytes.ts';
import type { Token } from './format.ts';
import type { Line } from './line.ts';

/**
 * Work spent on other readings of a line, in bytes looked at: it suffices for four texts of 8 KiB, the longest request
 * line that Gunicorn takes, and is a fraction of a millisecond.
 */
const WORK_LIMIT = 100_000;
/** What it costs to try a run at all, however early it fails. */
const TRY_WORK = 16;
/** Conversions after which a number is no number for us any more: hexadecimal, octal, a character. */
const UNREADABLE_CONVERSIONS = 'xXoc';

/** A literal, or a value. */
interface Part {
  readonly literal: Uint8Array;
  readonly atom: ValueAtom | null;
  readonly field: number;
  readonly padded: boolean;
  readonly expected: string;
}

type Run = readonly Part[];

interface Text {
  readonly field: number;
  readonly padded: boolean;
  readonly expected: string;
  /** What stands behind the text. */
  readonly run: Run;
  /** First byte of that; -1 when a value follows directly. */
  readonly first: number;
  readonly isWord: boolean;
  readonly isLast: boolean;
}

/** Where and why a line does not fit. */
export interface Failure {
  readonly offset: number;
  readonly expected: string;
}

interface Store {
  readonly atom: Atom;
  readonly field: number;
}

const NO_LITERAL = new Uint8Array(0);

export class Scanner {
  /** Of the finest duration in the format; null when it has none. */
  readonly durationUnit: DurationUnit | null;
  /** `%(D)s` or the like; null without a duration. */
  readonly durationName: string | null;
  readonly #isOpen: boolean;
  readonly #head: Run;
  readonly #texts: readonly Text[];
  readonly #stores: readonly Store[];
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #values: Float64Array;
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #work = 0;
  /** Where the run behind the text that was ended last begins. */
  #endedAt = 0;
  /** How the run that was tried last failed. */
  #failedPart = 0;
  #failedAt = 0;
  #failure: Failure = { offset: 0, expected: '' };

  /** @param isOpen whether a line may go on behind the format, after a blank. */
  constructor(tokens: readonly Token[], isOpen = false) {
    const names = tokens.map((token) => (token.kind === 'atom' ? token.name : null));
    const duration = DURATION_ATOMS.find(({ name }) => names.includes(name));
    this.durationUnit = duration?.unit ?? null;
    this.durationName = duration ? `%(${duration.name})s` : null;
    this.#isOpen = isOpen;
    const { head, texts } = toRuns(tokens);
    this.#head = head;
    this.#texts = texts;
    this.#starts = new Int32Array(tokens.length);
    this.#ends = new Int32Array(tokens.length);
    this.#values = new Float64Array(tokens.length);
    const isIdle = (name: string): boolean =>
      !(name in ATOMS) || (name !== duration?.name && DURATION_ATOMS.some((other) => other.name === name));
    const stores = names.flatMap((name, field) => (name === null || isIdle(name) ? [] : [{ name, field }]));
    // A query is put behind its path, wherever it stands.
    this.#stores = [...stores.filter(({ name }) => name !== 'q'), ...stores.filter(({ name }) => name === 'q')].map(
      ({ field }) => ({ atom: atomOf(tokens[field]), field }),
    );
  }

  /** Where and why the last line did not fit. */
  get failure(): Failure {
    return this.#failure;
  }

  /**
   * Fills `line` from bytes [start, end).
   * @returns the offset behind the format (`end`, unless it is open), or -1: then `failure` tells.
   */
  scan(line: Line, bytes: Buffer, start: number, end: number): number {
    this.#bytes = bytes;
    this.#end = end;
    this.#work = 0;
    const behindHead = this.#matchRun(this.#head, start);
    if (behindHead === -1 || (this.#texts.length === 0 && !this.#mayEnd(behindHead))) {
      const part = this.#head[this.#failedPart];
      this.#failure =
        behindHead === -1
          ? { offset: this.#failedAt, expected: part.expected }
          : { offset: behindHead, expected: 'the end of the line' };
      return -1;
    }
    let behind = this.#matchTexts(behindHead);
    if (behind === -1) behind = this.#matchTextsAnyhow(0, behindHead);
    if (behind === -1) return -1;
    const stores = this.#stores;
    for (let index = 0; index < stores.length; index++) {
      const { atom, field } = stores[index];
      if (atom.kind === 'value') atom.store(line, this.#values, field);
      else atom.store(line, bytes, this.#starts[field], this.#ends[field]);
    }
    return behind;
  }

  #mayEnd(offset: number): boolean {
    return offset === this.#end || (this.#isOpen && this.#bytes[offset] === SPACE);
  }

  /** @returns the offset behind the run, or -1. */
  #matchRun(run: Run, start: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = start;
    for (let index = 0; index < run.length; index++) {
      const { literal, atom, field, padded } = run[index];
      let behind = at;
      if (atom === null) {
        behind = at + literal.length;
        if (behind > end) behind = -1;
        else {
          for (let offset = 0; offset < literal.length; offset++) {
            if (bytes[at + offset] === literal[offset]) continue;
            behind = -1;
            break;
          }
        }
      } else {
        if (padded) while (at < end && bytes[at] === SPACE) at++;
        behind = atom.read(bytes, at, end, this.#values, field);
        if (padded && behind !== -1) behind = this.#skipPadding(run[index + 1], behind);
      }
      if (behind === -1) {
        this.#failedPart = index;
        this.#failedAt = at;
        return -1;
      }
      at = behind;
    }
    return at;
  }

  /** Blanks behind a padded value, but for the one that the next literal begins with. */
  #skipPadding(next: Part | undefined, from: number): number {
    let at = from;
    while (at < this.#end && this.#bytes[at] === SPACE) at++;
    return at > from && next?.literal[0] === SPACE ? at - 1 : at;
  }

  /** The usual reading: every text ends at the first place that fits, and `\"` ends none. */
  #matchTexts(start: number): number {
    let at = start;
    for (let index = 0; index < this.#texts.length; index++) {
      const text = this.#texts[index];
      const behind = this.#endText(text, at, at, false);
      if (behind === -1) return -1;
      at = behind;
    }
    return at;
  }

  /** Every other reading, the shortest texts first. */
  #matchTextsAnyhow(index: number, start: number): number {
    if (index === this.#texts.length) return start;
    const text = this.#texts[index];
    const { failure } = this;
    for (let from = start; ; ) {
      const behind = this.#endText(text, start, from, true);
      // Where the usual reading stopped is what a person wants to hear.
      this.#failure = failure;
      if (behind === -1) return -1;
      const next = this.#endedAt + 1;
      const matched = this.#matchTextsAnyhow(index + 1, behind);
      if (matched !== -1) return matched;
      from = next;
      if (this.#work > WORK_LIMIT || text.run.length === 0) return -1;
    }
  }

  /**
   * Ends a text that begins at `start` at the first place from `from` on where its run fits.
   * @returns the offset behind the run, or -1.
   */
  #endText(text: Text, start: number, from: number, anyQuote: boolean): number {
    const { run, first, field, isLast, isWord } = text;
    const bytes = this.#bytes;
    this.#starts[field] = start;
    if (run.length === 0) {
      // At the end of the line, or with another text directly behind it: where that begins nobody can tell.
      this.#ends[field] = isLast ? this.#end : start;
      return this.#ends[field];
    }
    // A word ends at its first blank or before; it may be padded with some.
    const blank = isWord && !text.padded ? findByte(bytes, SPACE, start, this.#end) : -1;
    const end = blank === -1 ? this.#end : blank + 1;
    let bestPart = -1;
    let at = from;
    if (text.padded && first === SPACE) at = this.#lastBlankBeforeText(start, from);
    for (; at < end; at++) {
      if (first !== -1) {
        at = findByte(bytes, first, at, end);
        if (at === -1) break;
        if (first === QUOTE && !anyQuote && at > start && bytes[at - 1] === BACKSLASH) continue;
        if (text.padded && first === SPACE && bytes[at + 1] === SPACE && at + 1 < end) continue;
      }
      const behind = this.#matchRun(run, at);
      this.#work += TRY_WORK + (behind === -1 ? this.#failedAt : behind) - at;
      if (behind !== -1 && (!isLast || this.#mayEnd(behind))) {
        this.#ends[field] = at;
        this.#endedAt = at;
        if (text.padded) this.#trim(field);
        this.#work += at - from;
        return behind;
      }
      const failedPart = behind === -1 ? this.#failedPart : run.length;
      if (failedPart > bestPart) {
        bestPart = failedPart;
        this.#failure =
          behind === -1
            ? { offset: this.#failedAt, expected: run[failedPart].expected }
            : { offset: behind, expected: 'the end of the line' };
      }
      if (anyQuote && this.#work > WORK_LIMIT) return -1;
    }
    this.#work += end - from;
    if (bestPart <= 0) this.#failure = { offset: start, expected: `${text.expected} and ${run[0].expected} behind it` };
    return -1;
  }

  /** A padded text before a blank: its padding is no end of it, but an empty text is nothing but padding. */
  #lastBlankBeforeText(start: number, from: number): number {
    if (from > start) return from;
    let at = start;
    while (at < this.#end && this.#bytes[at] === SPACE) at++;
    return at;
  }

  #trim(field: number): void {
    while (this.#ends[field] > this.#starts[field] && this.#bytes[this.#ends[field] - 1] === SPACE) this.#ends[field]--;
    while (this.#starts[field] < this.#ends[field] && this.#bytes[this.#starts[field]] === SPACE) this.#starts[field]++;
  }
}

function atomOf(token: Token): Atom {
  if (token.kind === 'literal') return OTHER_ATOM;
  return UNREADABLE_CONVERSIONS.includes(token.conversion) ? OTHER_ATOM : (ATOMS[token.name] ?? OTHER_ATOM);
}

/** Groups the tokens: the run at the head, then each text with the run behind it. */
function toRuns(tokens: readonly Token[]): { head: Run; texts: readonly Text[] } {
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
      isWord: atom.isWord ?? false,
      isLast: index === texts.length - 1,
    })),
  };
}
