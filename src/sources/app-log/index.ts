/** An application's own log: bytes of whole lines in, entries with their tracebacks out. */
import type { AppEntry } from '../../model/facts.ts';
import { isRubbish } from '../error-log/index.ts';
import type { AppHead } from './entry.ts';
import { jsonHead } from './json-lines.ts';
import { PlainLines } from './plain-lines.ts';

const NEWLINE = 0x0a;
/** An entry that grows beyond this goes on as another one: memory is bounded and nothing is cut off. */
const MOST_FOLDED_CHARACTERS = 64 * 1024;
/** The newest entry waits no longer than this for the rest of its lines. */
const QUIET_MS = 200;
const TRACEBACK_START = 'Traceback (most recent call last):';

export interface AppLogOptions {
  onEntry(entry: AppEntry): void;
  onRejected?(reason: string, line: Buffer): void;
  /** Each entry also holds its lines as they stand. */
  readonly keepRaw?: boolean | undefined;
}

/**
 * JSON lines (python-json-logger, structlog) and the usual plain formats of `logging`, told apart line by line. A
 * traceback, or whatever else follows without a head of its own, belongs to the entry before it. Text without any
 * format stands line by line for itself.
 */
export class AppLogParser {
  readonly #options: AppLogOptions;
  readonly #plain = new PlainLines();
  #open: AppHead | null = null;
  #folded: string[] = [];
  #foldedLength = 0;
  #isInTraceback = false;
  #raw: string[] = [];
  #lastPushMs = Number.NaN;
  #grew = false;
  #begun = 0;
  linesParsed = 0;
  linesRejected = 0;
  lastLineAtMs: number | null = null;

  constructor(options: AppLogOptions) {
    this.#options = options;
  }

  /** Entries so far, the one whose lines may not all have come among them. */
  get entriesBegun(): number {
    return this.#begun;
  }

  get entriesGiven(): number {
    return this.#open === null ? this.#begun : this.#begun - 1;
  }

  /** Parses whole lines: bytes [start, end), each closed by a newline. Blank lines count as nothing. */
  push(chunk: Buffer, start: number, end: number): void {
    this.#grew = true;
    for (let lineStart = start; lineStart < end; ) {
      const newline = chunk.indexOf(NEWLINE, lineStart);
      const lineEnd = newline === -1 || newline >= end ? end : newline;
      this.#parse(chunk.subarray(lineStart, lineEnd));
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
    if (final || !(nowMs - this.#lastPushMs < QUIET_MS)) this.#close();
  }

  /** Epoch milliseconds of a line without its newline; NaN for one of a traceback. */
  timeOf(line: Buffer): number {
    const text = line.toString('utf8').trimEnd();
    return (jsonHead(text) ?? this.#plain.head(text))?.atMs ?? Number.NaN;
  }

  #parse(bytes: Buffer): void {
    const line = bytes.toString('utf8').trimEnd();
    if (line === '') return;
    if (isRubbish(line)) {
      this.linesRejected++;
      this.#options.onRejected?.('not text', bytes);
      return;
    }
    this.linesParsed++;
    const head = jsonHead(line) ?? this.#plain.head(line);
    if (head !== null) this.#begin(head);
    else if (this.#goesOn(line)) this.#fold(line);
    else this.#begin(bare(line));
    this.#isInTraceback = line.startsWith(TRACEBACK_START) || (this.#isInTraceback && /^\s/.test(line));
    if (this.#options.keepRaw) this.#raw.push(line);
  }

  /** Whether a line without a head belongs to the entry before it. */
  #goesOn(line: string): boolean {
    if (this.#open === null || this.#foldedLength > MOST_FOLDED_CHARACTERS) return false;
    return this.#open.mayGoOn || this.#isInTraceback || /^\s/.test(line) || line.startsWith(TRACEBACK_START);
  }

  #begin(head: AppHead): void {
    this.#close();
    this.#open = head;
    this.#begun++;
    if (head.atMs > (this.lastLineAtMs ?? Number.NEGATIVE_INFINITY)) this.lastLineAtMs = head.atMs;
  }

  #fold(line: string): void {
    this.#folded.push(line);
    this.#foldedLength += line.length + 1;
  }

  #close(): void {
    const head = this.#open;
    if (head === null) return;
    const folded = this.#folded.length > 0 ? this.#folded.join('\n') : null;
    const { mayGoOn: _, ...entry } = head;
    const raw = this.#options.keepRaw ? { raw: this.#raw.join('\n') } : {};
    this.#open = null;
    this.#folded = [];
    this.#foldedLength = 0;
    this.#raw = [];
    this.#options.onEntry({
      ...entry,
      fields: folded === null ? head.fields : { ...head.fields, traceback: folded },
      traceback: folded ?? head.traceback,
      ...raw,
    });
  }
}

const bare = (message: string): AppHead => ({
  atMs: Number.NaN,
  level: null,
  logger: null,
  message,
  fields: null,
  traceback: null,
  mayGoOn: false,
});
