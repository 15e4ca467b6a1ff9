/** Logs whose entries may be several lines long: bytes of whole lines in, entries with what follows them out. */
import { isDigit } from '../access-log/bytes.ts';
import { openEnvelope } from '../access-log/envelope.ts';
import { prefixOf } from '../access-log/prefix.ts';
import type { Head } from './head.ts';
import { isRubbish } from './rubbish.ts';

const NEWLINE = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const OPEN_BRACE = 0x7b;
/** An entry that grows beyond this goes on as another one: memory is bounded and nothing is cut off. */
const MOST_FOLDED_CHARACTERS = 64 * 1024;
/** A line is read this far; a longer one is no message for people. */
const MOST_LINE_BYTES = 64 * 1024;
/** Blank lines kept between two lines of an entry. */
const MOST_BLANK_LINES = 100;
/** The newest entry waits no longer than this for the rest of its lines. */
const QUIET_MS = 200;

/** Lines at the left margin that go on with a traceback, whatever stood before them (Python's traceback module). */
const TRACEBACK_LINES = [
  'Traceback (most recent call last):',
  'During handling of the above exception, another exception occurred:',
  'The above exception was the direct cause of the following exception:',
];
/** The last line of a traceback: `SystemExit: 1`, `app.errors.Boom`. */
const EXCEPTION = /^[\p{L}_][\p{L}\p{N}_.<>]*(?:: |:?$)/u;

/** What tells one format of entries from another. */
export interface EntryFormat<H extends Head> {
  /** The head of an entry; null for a line that begins none. */
  head(line: string): H | null;
  /** The head for a line that neither begins an entry nor belongs to one. */
  bare(line: string): H;
  /** @param folded the lines that followed the head, joined with newlines; null when there were none. */
  give(head: H, folded: string | null, raw: string | null): void;
}

export interface ReadingOptions {
  onRejected?(reason: string, line: Buffer): void;
  /** Each entry also holds its lines as they stand. */
  readonly keepRaw?: boolean | undefined;
  /** Lines are read whole, however long. */
  readonly keepAll?: boolean | undefined;
}

interface Line<H> {
  readonly line: string;
  /** Null for one that begins no entry. */
  readonly head: H | null;
  /** Whose prefix was left out. */
  readonly collector: string | null;
}

/** An entry that may still grow. */
interface Open<H> {
  readonly head: H;
  readonly folded: string[];
  readonly raw: string[];
  length: number;
  /** A traceback has begun and its exception has not come. */
  isInTraceback: boolean;
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
/** A head that has no time of its own gets the collector's. */
const timed = <H extends Head>(head: H, atMs: number): H => (Number.isNaN(head.atMs) ? { ...head, atMs } : head);
const isIndented = (line: string): boolean => line.charCodeAt(0) === SPACE || line.charCodeAt(0) === TAB;

/**
 * Folds what follows a head into its entry: a traceback, a message's further lines, text of the application. Where
 * another worker's entry falls into a traceback (which is written line by line to standard error), the rest of the
 * traceback still finds the entry that it belongs to. Entries come out in the order of their heads.
 */
export class EntryReader<H extends Head> {
  readonly #format: EntryFormat<H>;
  readonly #options: ReadingOptions;
  #open: Open<H> | null = null;
  /** The entry before `#open`, when its traceback was interrupted. */
  #cut: Open<H> | null = null;
  /** Whose prefix stood before the newest head. */
  #collector: string | null = null;
  #lastPushMs = Number.NaN;
  #grew = false;
  /** Blank lines since the last one that was none: chained exceptions have some in between. */
  #blankLines = 0;
  #begun = 0;
  linesParsed = 0;
  linesRejected = 0;
  lastLineAtMs: number | null = null;

  constructor(format: EntryFormat<H>, options: ReadingOptions) {
    this.#format = format;
    this.#options = options;
  }

  /** Entries so far, those whose lines may not all have come among them. */
  get entriesBegun(): number {
    return this.#begun;
  }

  get entriesGiven(): number {
    return this.#begun - (this.#open === null ? 0 : 1) - (this.#cut === null ? 0 : 1);
  }

  /** Parses whole lines: bytes [start, end), each closed by a newline. Blank lines count as nothing. */
  push(chunk: Buffer, start: number, end: number): void {
    this.#grew = true;
    for (let lineStart = start; lineStart < end; ) {
      const newline = chunk.indexOf(NEWLINE, lineStart);
      const lineEnd = newline === -1 || newline >= end ? end : newline;
      this.#parse(chunk, lineStart, this.#options.keepAll ? lineEnd : Math.min(lineEnd, lineStart + MOST_LINE_BYTES));
      lineStart = lineEnd + 1;
    }
  }

  /**
   * Gives out the last entry when nothing more came for it: a traceback is written line by line.
   * @param final nothing will ever come.
   */
  settle(nowMs: number, final: boolean): void {
    if (this.#grew) this.#lastPushMs = nowMs;
    this.#grew = false;
    if (!final && nowMs - this.#lastPushMs < QUIET_MS) return;
    this.#giveCut();
    if (this.#open !== null) this.#give(this.#open);
    this.#open = null;
  }

  /** Epoch milliseconds of a line without its newline; NaN for one that begins no entry or has no time. */
  timeOf(line: Buffer): number {
    return this.#read(line, 0, Math.min(line.length, MOST_LINE_BYTES)).head?.atMs ?? Number.NaN;
  }

  /**
   * What journald, a container's runtime and their like put around a line is left out where an entry begins behind it,
   * or has begun: a format of `logging`, and text of the application, may begin as theirs do.
   */
  #read(bytes: Buffer, start: number, end: number): Line<H> {
    const envelope = bytes[start] === OPEN_BRACE ? openEnvelope(bytes, start, end) : null;
    if (envelope !== null) {
      const { line, head } = this.#read(envelope.line, 0, envelope.line.length);
      return { line, head: head && timed(head, envelope.atMs), collector: null };
    }
    const line = bytes.toString('utf8', start, end).trimEnd();
    const bare = { line, head: isIndented(line) ? null : this.#format.head(line), collector: null };
    if (bare.head !== null && !isDigit(bytes[start])) return bare;
    const prefix = prefixOf(bytes, start, end);
    if (prefix === null || prefix.collector === null) return bare;
    const { collector } = prefix;
    const rest = bytes.toString('utf8', start + prefix.outerLength, end).trimEnd();
    const head = isIndented(rest) ? null : this.#format.head(rest);
    const isPart = head === null ? collector === this.#collector : bare.head === null || collector === 'container';
    return isPart ? { line: rest, head: head && timed(head, prefix.atMs), collector } : bare;
  }

  #parse(bytes: Buffer, from: number, to: number): void {
    let start = from;
    while (start < to && bytes[start] === 0) start++;
    const { line, head, collector } = this.#read(bytes, start, to);
    if (head !== null) this.#collector = collector;
    if (line === '') {
      this.#blankLines = Math.min(this.#blankLines + 1, MOST_BLANK_LINES);
      return;
    }
    if (isRubbish(line)) {
      this.linesRejected++;
      this.#options.onRejected?.('not text', bytes.subarray(start, to));
      return;
    }
    this.linesParsed++;
    const entry = head === null ? this.#entryOf(line) : null;
    const raw = this.#options.keepRaw ? withoutReturn(bytes.toString('utf8', start, to)) : line;
    if (entry === null) this.#begin(head ?? this.#format.bare(line), line, raw);
    else this.#fold(entry, line, raw);
    this.#blankLines = 0;
  }

  /** The entry that a line without a head belongs to; null for one that stands for itself. */
  #entryOf(line: string): Open<H> | null {
    const open = this.#open;
    if (open === null || open.length > MOST_FOLDED_CHARACTERS) return null;
    if (open.isInTraceback) return open;
    const isRest = isIndented(line) || (open.folded.length === 0 && EXCEPTION.test(line));
    if (this.#cut !== null && isRest) return this.#cut;
    const goesOn = open.head.mayGoOn || isIndented(line) || TRACEBACK_LINES.some((start) => line.startsWith(start));
    return goesOn ? open : null;
  }

  #begin(head: H, line: string, raw: string): void {
    this.#giveCut();
    if (this.#open?.isInTraceback) this.#cut = this.#open;
    else if (this.#open !== null) this.#give(this.#open);
    this.#open = { head, folded: [], raw: [], length: 0, isInTraceback: false };
    this.#begun++;
    if (head.atMs > (this.lastLineAtMs ?? Number.NEGATIVE_INFINITY)) this.lastLineAtMs = head.atMs;
    this.#note(this.#open, line, raw);
  }

  #fold(entry: Open<H>, line: string, raw: string): void {
    for (let blank = 0; blank < this.#blankLines; blank++) {
      // The first line behind the head is that of a traceback, or of a message.
      if (entry.folded.length > 0) entry.folded.push('');
      if (this.#options.keepRaw) entry.raw.push('');
    }
    entry.folded.push(line);
    entry.length += this.#blankLines + line.length + 1;
    this.#note(entry, line, raw);
    if (entry === this.#cut && (!entry.isInTraceback || entry.length > MOST_FOLDED_CHARACTERS)) this.#giveCut();
  }

  #note(entry: Open<H>, line: string, raw: string): void {
    entry.isInTraceback = line.startsWith(TRACEBACK_LINES[0]) || (entry.isInTraceback && isIndented(line));
    if (this.#options.keepRaw) entry.raw.push(raw);
  }

  #giveCut(): void {
    if (this.#cut !== null) this.#give(this.#cut);
    this.#cut = null;
  }

  #give({ head, folded, raw }: Open<H>): void {
    this.#format.give(
      head,
      folded.length > 0 ? folded.join('\n') : null,
      this.#options.keepRaw ? raw.join('\n') : null,
    );
  }
}
