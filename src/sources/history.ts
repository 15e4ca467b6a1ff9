/**
 * What a log holds from before gtop came, read in slices between other work, over the rotated and compressed siblings if
 * they are asked for. Access lines come in any order: the newest are left to the follower, so that a screen has
 * something to show at once; what is older follows here, the newest sibling first. Entries tell of starts and ends, which
 * have an order: their siblings are read here, the oldest first, and the log itself waits for that.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import type { BatchInput } from './batch/input.ts';
import { offsetSince, stampedLineAt, type TimeOfLine } from './bisect.ts';
import { openEarlierGenerations } from './earlier-generations.ts';
import { bytesAt, HEAD_BYTES } from './follow/generation.ts';
import type { FileIdentity, LineSink } from './follow/index.ts';
import { LineSplitter } from './follow/index.ts';

/** Of a log whose lines have no time stamps this much is read back: how far it reaches in time nobody can know. */
const UNSTAMPED_BYTES = 16 * 1024 * 1024;
/**
 * Enough for a first picture, which waits for them: before anything is compiled 64 KiB, some 400 lines, take 20 ms. Of a
 * busy log fewer will do: windows are of whole seconds, so that its last whole one gives a picture.
 */
const NEWEST_BYTES = 64 * 1024;
const LEAST_NEWEST_BYTES = 32 * 1024;
/** A slice costs a few milliseconds. */
const SLICE_BYTES = 256 * 1024;
/** `[pid] [LEVEL]`: entries of an error log among the access lines, which have to be read in their order. */
const MIXED = Buffer.from('] [');
const NEWLINE = 0x0a;
const EMPTY = Buffer.alloc(0);

export interface HistoryOptions {
  readonly path: string;
  /** Lines stamped before this moment are not read. */
  readonly sinceMs: number;
  /** Read back over rotated and compressed siblings too. */
  readonly siblings: boolean;
  /** Whether a sibling is itself a log that is followed. */
  readonly isElsewhere: (file: FileIdentity) => boolean;
  /** Whether the newest lines may be handed on before older ones. */
  readonly newestFirst: boolean;
  readonly timeOf: TimeOfLine;
  readonly sink: LineSink;
  /** Is waited for between two slices of a sibling; a turn of the event loop, when there is none. */
  readonly pace?: (() => Promise<void>) | undefined;
}

/** A part of the log's own file that is still to be read. */
interface Owed {
  readonly fd: number;
  offset: number;
  readonly end: number;
}

export class History {
  readonly #options: HistoryOptions;
  readonly #lines: LineSplitter;
  #owed: Owed | null = null;
  /** For one slice after another: each of its own would stay until the garbage is collected. */
  #slice: Buffer = EMPTY;
  #files: BatchInput[] = [];
  #bytesRead = 0;
  #linesTruncated = 0;
  #closed = false;
  #comesFirst = false;
  /** A sibling is being read. */
  #isReading = false;
  /** A line that is young enough was found in a sibling: all behind it are. */
  #reached = false;
  #first: { readonly head: Buffer; readonly offset: number } | null = null;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#lines = new LineSplitter({ sink: options.sink, onTruncated: () => this.#linesTruncated++ });
  }

  /** Where the follower is to begin in the file as it stands; what lies before, and is wanted, is owed from now on. */
  begin({ fd, size }: { readonly fd: number; readonly size: number }): number {
    const { sinceMs, timeOf, newestFirst, path, siblings, isElsewhere } = this.#options;
    const oldest = offsetSince(fd, size, sinceMs, timeOf) ?? Math.max(0, size - UNSTAMPED_BYTES);
    this.#first = { head: bytesAt(fd, 0, Math.min(size, HEAD_BYTES)), offset: oldest };
    const newest = newestFirst ? this.#newest(fd, size) : oldest;
    if (siblings && oldest === 0) {
      this.#files = openEarlierGenerations(path, fstatSync(fd, { bigint: true }), sinceMs, isElsewhere);
      this.#comesFirst = !newestFirst || holdsEntries(fd, size);
      if (this.#comesFirst) this.#files.reverse();
    }
    if (newest <= oldest) return oldest;
    const own = reopen(path, fd);
    if (own === null) return oldest;
    this.#owed = { fd: own, offset: oldest, end: newest };
    return newest;
  }

  /** How the file that was there first begins, and where reading it began; null when there was none. */
  get first(): { readonly head: Buffer; readonly offset: number } | null {
    return this.#first;
  }

  /** The log itself is to be read behind what is left to be read here. */
  get comesFirst(): boolean {
    return this.#comesFirst && !this.isDone;
  }

  get isDone(): boolean {
    return this.#closed || (this.#owed === null && this.#files.length === 0 && !this.#isReading);
  }

  /** Bytes that were read so far; of compressed files, of what was in them. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Bytes of the log's own file that are still owed. */
  get lagBytes(): number {
    return this.#owed === null ? 0 : this.#owed.end - this.#owed.offset;
  }

  get linesTruncated(): number {
    return this.#linesTruncated;
  }

  /** Reads one slice. @returns whether there is more. */
  async step(): Promise<boolean> {
    if (this.#owed !== null) this.#readOwn(this.#owed);
    else if (!this.#closed) await this.#readFile(this.#files.shift());
    return !this.isDone;
  }

  close(): void {
    if (this.#owed !== null) closeSync(this.#owed.fd);
    this.#owed = null;
    for (const file of this.#files) file.close();
    this.#files = [];
    this.#closed = true;
  }

  /**
   * Where the newest lines begin: with a new time stamp, because the two lines of a doubled one have the same. 0 where
   * everything has to be read in its order.
   */
  #newest(fd: number, size: number): number {
    const from = size - NEWEST_BYTES;
    if (from <= 0 || holdsEntries(fd, size)) return 0;
    const { timeOf } = this.#options;
    const first = stampedLineAt(fd, from, size, timeOf);
    if (first === null) return 0;
    const last = stampedLineAt(fd, size - LEAST_NEWEST_BYTES, size, timeOf) ?? first;
    const lastWholeMs = startOfSecond(Date.now()) - 1000;
    const seamMs = Math.max(startOfSecond(first.timeMs) + 1000, Math.min(startOfSecond(last.timeMs), lastWholeMs));
    const seam = offsetSince(fd, size, seamMs, timeOf);
    return seam === null || seam === size ? first.offset : seam;
  }

  #readOwn(owed: Owed): void {
    const wanted = Math.min(SLICE_BYTES, owed.end - owed.offset);
    if (this.#slice.length < wanted) this.#slice = Buffer.allocUnsafeSlow(wanted);
    const length = tryRead(owed.fd, this.#slice.subarray(0, wanted), owed.offset);
    owed.offset += length;
    this.#bytesRead += length;
    this.#lines.push(this.#slice.subarray(0, length), false);
    // A file that was truncated meanwhile ends here.
    if (length > 0 && owed.offset < owed.end) return;
    this.#lines.giveUp(false);
    closeSync(owed.fd);
    this.#owed = null;
    this.#slice = EMPTY;
  }

  /** A damaged file is read as far as it goes. */
  async #readFile(file: BatchInput | undefined): Promise<void> {
    if (file === undefined) return;
    const { sinceMs, timeOf, sink, newestFirst } = this.#options;
    // What stands before the first entry goes on with one of the file before: it is wanted where that was read.
    let reached = (this.#comesFirst && this.#reached) || (newestFirst && file.fd !== null);
    const lines = new LineSplitter({
      sink: {
        lines: (chunk, start, end) => {
          const from = reached ? start : firstSince(chunk, start, end, sinceMs, timeOf);
          if (from === null) return;
          reached = true;
          this.#reached = true;
          sink.lines(chunk, from, end, false);
        },
      },
      atFileStart: true,
      onTruncated: () => this.#linesTruncated++,
    });
    const push = (chunk: Buffer): boolean => {
      this.#bytesRead += chunk.length;
      lines.push(chunk, false);
      return !this.#closed;
    };
    this.#isReading = true;
    try {
      if (file.fd === null) await file.read(0, push, undefined, undefined, this.#options.pace);
      else await this.#readPlain(file, offsetSince(file.fd, file.sizeBytes ?? 0, sinceMs, timeOf), push);
    } catch {
      // What it still held was handed on.
    } finally {
      lines.giveUp(false);
      file.close();
      this.#isReading = false;
    }
  }

  /** In slices, to its end, where somebody may write on. */
  async #readPlain(file: BatchInput, begin: number | null, push: (chunk: Buffer) => boolean): Promise<void> {
    let offset = begin ?? file.sizeBytes ?? 0;
    for (let taken = 1; taken > 0 && !this.#closed; offset += taken) {
      const before = this.#bytesRead;
      await file.read(offset, push, undefined, offset + SLICE_BYTES);
      taken = this.#bytesRead - before;
      await (this.#options.pace ?? eventLoopTurn)();
    }
  }
}

/** Stamps are whole seconds; and the two lines of one that came twice have the same. */
export const startOfSecond = (timeMs: number): number => Math.floor(timeMs / 1000) * 1000;

/** Whether entries of an error log stand among the newest access lines. */
const holdsEntries = (fd: number, size: number): boolean =>
  bytesAt(fd, Math.max(0, size - NEWEST_BYTES), Math.min(size, NEWEST_BYTES)).includes(MIXED);

/** Where the first line stamped at or after `sinceMs` begins; null when there is none. */
export function firstSince(
  chunk: Buffer,
  start: number,
  end: number,
  sinceMs: number,
  timeOf: TimeOfLine,
): number | null {
  for (let at = start; at < end; ) {
    const newline = chunk.indexOf(NEWLINE, at);
    const lineEnd = newline === -1 || newline >= end ? end : newline;
    if (timeOf(chunk.subarray(at, lineEnd)) >= sinceMs) return at;
    at = lineEnd + 1;
  }
  return null;
}

function tryRead(fd: number, into: Buffer, offset: number): number {
  try {
    return readSync(fd, into, 0, into.length, offset);
  } catch {
    return 0;
  }
}

/** A descriptor of our own, because the follower closes its when the log is rotated; null when it just was. */
function reopen(path: string, fd: number): number | null {
  try {
    const own = openSync(path, 'r');
    const [a, b] = [fstatSync(own, { bigint: true }), fstatSync(fd, { bigint: true })];
    if (a.dev === b.dev && a.ino === b.ino) return own;
    closeSync(own);
  } catch {
    // Rotated away this moment: the follower reads it all.
  }
  return null;
}
