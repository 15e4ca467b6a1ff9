/** Error logs: bytes of whole lines in, entries with their tracebacks out. */
import type { ErrorEntry } from '../../model/facts.ts';
import { type EntryHead, entryHead } from './entries.ts';
import { lifecycleEvent } from './lifecycle.ts';
import { isRubbish } from './rubbish.ts';

export { entryHead, parseTime } from './entries.ts';
export { readIdentities } from './identities.ts';
export { isRubbish } from './rubbish.ts';

const NEWLINE = 0x0a;
/** What is kept of one traceback: enough for its exception and frames. */
const MOST_TRACEBACK_CHARACTERS = 64 * 1024;
/** A line of an error log is read this far; a longer one is no message for people. */
const MOST_LINE_BYTES = 64 * 1024;
/** An entry without a head of its own waits no longer than this for the rest of its lines. */
const QUIET_MS = 200;

export interface ErrorLogOptions {
  onEntry(entry: ErrorEntry): void;
  onRejected?(reason: string, line: Buffer): void;
  /** Each entry also holds its lines as they stand. */
  readonly keepRaw?: boolean | undefined;
  /** Nothing is cut off: lines are read whole, and a traceback that grows too long goes on as an entry of its own. */
  readonly keepAll?: boolean | undefined;
}

export class ErrorLogParser {
  readonly #options: ErrorLogOptions;
  #open: EntryHead | null = null;
  #raw: string[] = [];
  #traceback: string[] = [];
  #tracebackLength = 0;
  #lastPushMs = Number.NaN;
  #grew = false;
  #lastExitCode = '';
  linesParsed = 0;
  linesRejected = 0;
  lastLineAtMs: number | null = null;

  #begun = 0;

  constructor(options: ErrorLogOptions) {
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
    if (final || !(nowMs - this.#lastPushMs < QUIET_MS)) this.#close();
  }

  /** Epoch milliseconds of a line without its newline; NaN for one of a traceback. */
  timeOf(line: Buffer): number {
    return entryHead(line.toString('utf8', 0, Math.min(line.length, 200)))?.atMs ?? Number.NaN;
  }

  #parse(bytes: Buffer, from: number, to: number): void {
    let start = from;
    while (start < to && bytes[start] === 0) start++;
    const line = bytes.toString('utf8', start, to).trimEnd();
    if (line === '') return;
    if (isRubbish(line)) {
      this.linesRejected++;
      this.#options.onRejected?.('not text', bytes.subarray(start, to));
      return;
    }
    this.linesParsed++;
    const head = entryHead(line);
    if (head !== null) this.#begin(head);
    else if (this.#open !== null) this.#extend(line);
    // A line before any entry: text of the application that stands for itself.
    else this.#begin({ atMs: Number.NaN, pid: null, level: null, message: line });
    if (this.#options.keepRaw) this.#raw.push(line);
  }

  #begin(head: EntryHead): void {
    this.#close();
    this.#open = head;
    this.#begun++;
    if (head.atMs > (this.lastLineAtMs ?? Number.NEGATIVE_INFINITY)) this.lastLineAtMs = head.atMs;
  }

  #extend(line: string): void {
    if (this.#tracebackLength > MOST_TRACEBACK_CHARACTERS) {
      if (this.#options.keepAll) this.#begin({ atMs: Number.NaN, pid: null, level: null, message: line });
      return;
    }
    this.#traceback.push(line);
    this.#tracebackLength += line.length + 1;
  }

  #close(): void {
    const head = this.#open;
    if (head === null) return;
    const traceback = this.#traceback.length > 0 ? this.#traceback.join('\n') : null;
    const raw = this.#options.keepRaw ? { raw: this.#raw.join('\n') } : {};
    this.#open = null;
    this.#raw = [];
    this.#traceback = [];
    this.#tracebackLength = 0;
    const event = lifecycleEvent(head.message);
    // 21.0 – 23.0 log every exit code twice, the second time with a full stop.
    const isRepeat = event?.kind === 'worker-exit-code' && head.message === `${this.#lastExitCode}.`;
    if (event?.kind === 'worker-exit-code') this.#lastExitCode = head.message;
    this.#options.onEntry({ ...head, event: isRepeat ? null : event, traceback, ...raw });
  }
}
