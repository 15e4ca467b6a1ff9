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
 *
 * Where a text without quotes could end at another place as well (a user name with a comma, between commas), nobody can
 * tell what it was: nothing is claimed of it, nor of what stands behind it up to the next place that is certain.
 */
import type { DurationUnit } from '../../model/snapshot.ts';
import { ATOMS, type Atom, DURATION_ATOMS } from './atoms.ts';
import { BACKSLASH, findByte, QUOTE, SPACE } from './bytes.ts';
import type { Token } from './format.ts';
import type { Line } from './line.ts';
import { atomOf, gluedFields, type Part, type Run, type Text, toRuns } from './runs.ts';

/**
 * Work spent on other readings of a line, in bytes looked at: it suffices for four texts of 8 KiB, the longest request
 * line that Gunicorn takes, and is a fraction of a millisecond.
 */
const WORK_LIMIT = 100_000;
/** As much in the usual reading: tens of thousands of places where a text could end are not those of a log line. */
const MOST_WORK = 400_000;
/** What it costs to try a run at all, however early it fails. */
const TRY_WORK = 16;
/** Where and why a line does not fit. */
export interface Failure {
  readonly offset: number;
  readonly expected: string;
}

interface Store {
  readonly atom: Atom;
  readonly field: number;
  /** Of a text its number; of a value that of the text before its run, -1 at the head. */
  readonly text: number;
}

export class Scanner {
  /** Of the finest duration in the format; null when it has none. */
  readonly durationUnit: DurationUnit | null;
  /** `%(D)s` or the like; null without a duration. */
  readonly durationName: string | null;
  readonly #isOpen: boolean;
  readonly #head: Run;
  readonly #texts: readonly Text[];
  /** A request line stands between quotes, or there is none. */
  readonly #isLenient: boolean;
  readonly #stores: readonly Store[];
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #values: Float64Array;
  /** By text: where the run behind it begins and ends, and the last place where it could. */
  readonly #runStarts: Int32Array;
  readonly #runEnds: Int32Array;
  readonly #lastStarts: Int32Array;
  readonly #lastEnds: Int32Array;
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #work = 0;
  /** A request line has to look like one. */
  #isStrict = true;
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
    this.#isLenient = texts.every(
      ({ atom, run, isLast, isQuoted }) => isQuoted || !atom.endsAt || (isLast && run.length === 0),
    );
    this.#runStarts = new Int32Array(texts.length);
    this.#runEnds = new Int32Array(texts.length);
    this.#lastStarts = new Int32Array(texts.length);
    this.#lastEnds = new Int32Array(texts.length);
    const isIdle = (name: string): boolean =>
      !(name in ATOMS) || (name !== duration?.name && DURATION_ATOMS.some((other) => other.name === name));
    const glued = gluedFields(tokens);
    const stores = names.flatMap((name, field) =>
      name === null || isIdle(name) || glued.has(field) ? [] : [{ name, field }],
    );
    // A query is put behind its path, wherever it stands.
    this.#stores = [...stores.filter(({ name }) => name !== 'q'), ...stores.filter(({ name }) => name === 'q')].map(
      ({ field }) => ({
        atom: atomOf(tokens[field]),
        field,
        text: texts.findLastIndex((text) => text.field <= field),
      }),
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
    this.#isStrict = true;
    let anyQuote = false;
    let behind = this.#matchTexts(behindHead);
    if (behind === -1) {
      anyQuote = true;
      behind = this.#matchTextsAnyhow(0, behindHead);
    }
    if (behind === -1 && this.#isLenient && this.#work <= WORK_LIMIT) {
      // What a client sent instead of a request line; other servers write that as it came.
      this.#isStrict = false;
      behind = this.#matchTexts(behindHead);
      anyQuote = behind === -1;
      if (behind === -1) behind = this.#matchTextsAnyhow(0, behindHead);
    }
    if (behind === -1) return -1;
    const isSure = this.#isOpen || this.#texts.length === 0 || this.#isOnlyReading(behindHead, anyQuote);
    const stores = this.#stores;
    for (let index = 0; index < stores.length; index++) {
      const { atom, field, text } = stores[index];
      if (!isSure && this.#isUnsure(atom, text)) continue;
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
      this.#runStarts[index] = this.#endedAt;
      this.#runEnds[index] = behind;
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
      this.#runStarts[index] = this.#endedAt;
      this.#runEnds[index] = behind;
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
    const { run, first, field, isLast, isChecked } = text;
    const bytes = this.#bytes;
    this.#starts[field] = start;
    if (run.length === 0) {
      // At the end of the line, or with another text directly behind it: where that begins nobody can tell.
      this.#ends[field] = isLast ? this.#end : start;
      this.#endedAt = this.#ends[field];
      if (isLast && !this.#isPlausible(text, start, this.#end, this.#end)) {
        this.#failure = { offset: start, expected: text.expected };
        this.#work += 8 * TRY_WORK;
        return -1;
      }
      if (text.padded) this.#trim(field);
      return this.#endedAt;
    }
    const end = text.isLimited ? Math.min(this.#end, this.#limitOf(text, start) + 1) : this.#end;
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
      if (
        behind !== -1 &&
        (!isLast || this.#mayEnd(behind)) &&
        (!isChecked || this.#isPlausible(text, start, at, behind))
      ) {
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
      // Where a value stands directly behind the text every byte is a place to try.
      if (this.#work > (anyQuote || first === -1 ? WORK_LIMIT : MOST_WORK)) return -1;
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

  /** The last place where a text that begins at `start` can end, with the blanks that it may be padded with. */
  #limitOf({ atom, padded, isQuoted }: Text, start: number): number {
    if (atom.limit === undefined || isQuoted) return this.#end;
    const bytes = this.#bytes;
    let from = start;
    while (padded && from < this.#end && bytes[from] === SPACE) from++;
    let limit = atom.limit(bytes, from, this.#end);
    while (padded && limit < this.#end && bytes[limit] === SPACE) limit++;
    return limit;
  }

  /** Whether a text may end at `at`, and the one behind its run begin at `behind`. */
  #isPlausible({ atom, next, padded, isNextPadded }: Text, start: number, at: number, behind: number): boolean {
    if (!this.#isStrict) return true;
    const bytes = this.#bytes;
    if (atom.endsAt !== undefined) {
      let from = start;
      let to = at;
      while (padded && from < to && bytes[from] === SPACE) from++;
      while (padded && to > from && bytes[to - 1] === SPACE) to--;
      if (!atom.endsAt(bytes, from, to)) return false;
    }
    if (next?.beginsAt === undefined) return true;
    let from = behind;
    while (isNextPadded && from < this.#end && bytes[from] === SPACE) from++;
    return next.beginsAt(bytes, from, this.#end);
  }

  /**
   * Whether the line can be read in no other way. The last place where each run could begin is looked for from the end:
   * a text is certain where that is the place where its run was found first.
   */
  #isOnlyReading(behindHead: number, anyQuote: boolean): boolean {
    const texts = this.#texts;
    let isOnly = true;
    for (let index = texts.length - 1; index >= 0; index--) {
      const before = index + 1 < texts.length ? this.#lastStarts[index + 1] : this.#end;
      this.#lastStarts[index] = this.#lastStart(index, before, anyQuote);
      if (this.#lastStarts[index] !== this.#runStarts[index]) isOnly = false;
    }
    if (isOnly) return true;
    // A text that begins at a certain place ends before anything that cannot be in it.
    isOnly = true;
    for (let index = 0; index < texts.length; index++) {
      const isBeginSure = index === 0 || this.#lastStarts[index - 1] === this.#runStarts[index - 1];
      if (isBeginSure && this.#lastStarts[index] !== this.#runStarts[index]) {
        const start = index === 0 ? behindHead : this.#runEnds[index - 1];
        const limit = this.#limitOf(texts[index], start);
        if (limit < this.#lastStarts[index]) {
          const before = index + 1 < texts.length ? this.#lastStarts[index + 1] : this.#end;
          this.#lastStarts[index] = this.#lastStart(index, before, anyQuote, limit);
        }
      }
      if (this.#lastStarts[index] !== this.#runStarts[index]) isOnly = false;
    }
    return isOnly;
  }

  /** The last place up to `limit` where the run behind a text could begin, and end at `next` or sooner. */
  #lastStart(index: number, next: number, anyQuote: boolean, limit = next): number {
    const text = this.#texts[index];
    const { run, first, isLast, isQuoted, hasQuote, padded, isNextPadded } = text;
    const found = this.#runStarts[index];
    this.#lastEnds[index] = run.length === 0 ? next : this.#runEnds[index];
    if (run.length === 0) return isLast ? found : next;
    // No quote that is not escaped stands in what Gunicorn prints between quotes.
    if (isQuoted && !anyQuote) return found;
    const isInRun = hasQuote && !isQuoted && this.#texts[index + 1]?.isQuoted;
    const before = isInRun ? Math.min(next, this.#runEnds[index]) : next;
    const bytes = this.#bytes;
    const start = this.#starts[text.field];
    let last = found;
    let hasTried = false;
    // Where a padded value begins among its blanks makes no difference.
    let least = found;
    if (padded || run[0].padded || run[1]?.padded || isNextPadded) {
      while (least < limit && bytes[least] === SPACE) least++;
    }
    const most = Math.min(limit, before, this.#end - 1);
    if (first !== -1 && findByte(bytes, first, least + 1, most + 1) === -1) return found;
    for (let at = most; at > least; at--) {
      if (first !== -1 && bytes[at] !== first) continue;
      if (this.#work > WORK_LIMIT) {
        last = at;
        this.#lastEnds[index] = next;
        break;
      }
      const behind = this.#matchRun(run, at);
      hasTried = true;
      this.#work += TRY_WORK + (behind === -1 ? this.#failedAt : behind) - at;
      if (behind === -1 || behind > before || (isLast && behind !== this.#end)) continue;
      if (!this.#isPlausible(text, start, at, behind)) continue;
      last = at;
      this.#lastEnds[index] = behind;
      break;
    }
    // The trials have put their values where those of the run belong.
    if (hasTried) this.#matchRun(run, found);
    return last;
  }

  #isUnsure(atom: Atom, text: number): boolean {
    const isShifted = (index: number): boolean => index >= 0 && this.#lastStarts[index] !== this.#runStarts[index];
    return (
      isShifted(text) || (atom.kind === 'text' && text > 0 && this.#lastEnds[text - 1] !== this.#runEnds[text - 1])
    );
  }
}
