/** Error logs: bytes of whole lines in, entries with their tracebacks out. */
import type { ErrorEntry } from '../../model/facts.ts';
import { type EntryHead, entryHead } from './entries.ts';
import { lifecycleEvent } from './lifecycle.ts';

export { entryHead } from './entries.ts';

const NEWLINE = 0x0a;
/** What is kept of one traceback: enough for its exception and frames. */
const MOST_TRACEBACK_CHARACTERS = 64 * 1024;
/** A line of an error log is read this far; a longer one is no message for people. */
const MOST_LINE_BYTES = 64 * 1024;
/** An entry without a head of its own waits no longer than this for the rest of its lines. */
const QUIET_MS = 200;

export interface ErrorLogOptions {
  onEntry(entry: ErrorEntry): void;
}

export class ErrorLogParser {
  readonly #options: ErrorLogOptions;
  #open: EntryHead | null = null;
  #traceback: string[] = [];
  #tracebackLength = 0;
  #lastPushMs = Number.NaN;
  #grew = false;
  #lastExitCode = '';
  linesParsed = 0;
  linesRejected = 0;
  lastLineAtMs: number | null = null;

  constructor(options: ErrorLogOptions) {
    this.#options = options;
  }

  /** Parses whole lines: bytes [start, end), each closed by a newline. Blank lines count as nothing. */
  push(chunk: Buffer, start: number, end: number): void {
    this.#grew = true;
    for (let lineStart = start; lineStart < end; ) {
      const newline = chunk.indexOf(NEWLINE, lineStart);
      const lineEnd = newline === -1 || newline >= end ? end : newline;
      this.#parse(chunk, lineStart, Math.min(lineEnd, lineStart + MOST_LINE_BYTES));
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
      return;
    }
    this.linesParsed++;
    const head = entryHead(line);
    if (head !== null) this.#begin(head);
    else if (this.#open !== null) this.#extend(line);
    // A line before any entry: text of the application that stands for itself.
    else this.#begin({ atMs: Number.NaN, pid: null, level: null, message: line });
  }

  #begin(head: EntryHead): void {
    this.#close();
    this.#open = head;
    if (head.atMs > (this.lastLineAtMs ?? Number.NEGATIVE_INFINITY)) this.lastLineAtMs = head.atMs;
  }

  #extend(line: string): void {
    if (this.#tracebackLength > MOST_TRACEBACK_CHARACTERS) return;
    this.#traceback.push(line);
    this.#tracebackLength += line.length + 1;
  }

  #close(): void {
    const head = this.#open;
    if (head === null) return;
    const traceback = this.#traceback.length > 0 ? this.#traceback.join('\n') : null;
    this.#open = null;
    this.#traceback = [];
    this.#tracebackLength = 0;
    const event = lifecycleEvent(head.message);
    // 21.0 – 23.0 log every exit code twice, the second time with a full stop.
    const isRepeat = event?.kind === 'worker-exit-code' && head.message === `${this.#lastExitCode}.`;
    if (event?.kind === 'worker-exit-code') this.#lastExitCode = head.message;
    this.#options.onEntry({ ...head, event: isRepeat ? null : event, traceback });
  }
}

/** Bytes that no text log holds in number: one line in a binary file is nearly all of them. */
function isRubbish(line: string): boolean {
  let odd = 0;
  for (let index = 0; index < line.length; index++) {
    const code = line.charCodeAt(index);
    if (code === 0xfffd || (code < 0x20 && code !== 0x09 && code !== 0x1b)) odd++;
  }
  return odd * 4 > line.length;
}
