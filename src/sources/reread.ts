/**
 * What was read of a log, once more: for a filter that was not asked for when it was read the first time. Memory holds
 * no lines; the files still do. The newest are read first, as far back as somebody looks, in slices between other work.
 *
 * Exactly what was handed on before a moment, the seam, is read again: the follower knows how far it has read which
 * file. What is gone (a rotated log that was deleted, a truncation without a copy) bounds how far back that is.
 */
import { readSync } from 'node:fs';
import type { AccessRecord, AppEntry, ErrorEntry } from '../model/facts.ts';
import type { BatchInput } from './batch/input.ts';
import { offsetSince, type TimeOfLine } from './bisect.ts';
import { LineSplitter } from './follow/index.ts';
import { firstSince, startOfSecond } from './history.ts';
import { findParts, type HandedOn, type Part } from './reread-parts.ts';

/** A slice costs a few milliseconds. */
const SLICE_BYTES = 256 * 1024;

/** Gets what is read again. Access records are flyweights. */
export interface RereadSink {
  access(record: AccessRecord): void;
  error(entry: ErrorEntry): void;
  app(entry: AppEntry): void;
  /** Records and entries also hold their lines. */
  readonly keepRaw: boolean;
}

/** A new parser, as the first one was. */
export interface RereadParser {
  push(chunk: Buffer, start: number, end: number): void;
  timeOf(line: Buffer): number;
  /** @param isWhole false: the newest entry had not been handed on at the seam, and is not to be. */
  finish(isWhole: boolean): void;
}

export interface RereadOptions extends HandedOn {
  /** The newest entry is not yet handed on. */
  readonly isPending: boolean;
  readonly makeParser: () => RereadParser;
}

/** Bytes of a part that are being read. */
interface Range {
  readonly part: Part;
  readonly parser: RereadParser;
  readonly lines: LineSplitter;
  readonly isWhole: boolean;
  offset: number;
  readonly end: number;
}

export class Reread {
  readonly #options: RereadOptions;
  readonly #timeOf: TimeOfLine;
  /** The newest first. */
  readonly #parts: readonly Part[];
  /** What is older is out of reach. */
  readonly #limitMs: number;
  #coveredFromMs = Number.POSITIVE_INFINITY;
  #stage: { readonly sinceMs: number; readonly ranges: Range[] } | null = null;

  constructor(options: RereadOptions) {
    this.#options = options;
    const parser = options.makeParser();
    this.#timeOf = (line) => parser.timeOf(line);
    const { parts, limitMs } = findParts(options, this.#timeOf);
    this.#parts = parts;
    this.#limitMs = limitMs;
  }

  /**
   * Every line stamped from then on that was handed on before the seam was read again. Infinity: none was; -Infinity:
   * all were.
   */
  get coveredFromMs(): number {
    return this.#coveredFromMs;
  }

  /** Whether there is something to read to reach back so far. */
  owes(sinceMs: number): boolean {
    return this.#stage !== null || Math.max(startOfSecond(sinceMs), this.#limitMs) < this.#coveredFromMs;
  }

  /** Reads one slice. @returns as {@link owes}. */
  async step(sinceMs: number): Promise<boolean> {
    if (!this.owes(sinceMs)) return false;
    this.#stage ??= this.#plan(Math.max(startOfSecond(sinceMs), this.#limitMs));
    const { ranges } = this.#stage;
    const [range] = ranges;
    if (range !== undefined && (await this.#read(range))) {
      range.lines.giveUp(false);
      range.parser.finish(range.isWhole);
      ranges.shift();
    }
    if (ranges.length === 0) {
      const isAll = this.#parts.every(({ begin, end }) => begin >= end) && this.#limitMs === Number.NEGATIVE_INFINITY;
      this.#coveredFromMs = isAll ? Number.NEGATIVE_INFINITY : this.#stage.sinceMs;
      this.#stage = null;
    }
    return this.owes(sinceMs);
  }

  close(): void {
    for (const { input } of this.#parts) input.close();
  }

  #plan(sinceMs: number): { readonly sinceMs: number; readonly ranges: Range[] } {
    const ranges: Range[] = [];
    for (const part of this.#parts) {
      const { input, begin, end, mtimeMs, isOpen } = part;
      // What is compressed can be read only from its beginning: it is read whole, or not yet.
      if (begin >= end || (input.fd === null && mtimeMs < sinceMs)) continue;
      const from =
        input.fd === null ? begin : Math.max(begin, offsetSince(input.fd, end, sinceMs, this.#timeOf) ?? begin);
      if (from >= end) continue;
      const isNewest = isOpen && !ranges.some((range) => range.part.isOpen);
      const parser = this.#options.makeParser();
      const lines = new LineSplitter({
        sink: { lines: since(part, this.#timeOf, (chunk, start, stop) => parser.push(chunk, start, stop)) },
        atFileStart: from === 0,
      });
      // Only at the seam itself an entry may be unfinished: every later range ends before one begins.
      const isWhole = !(isNewest && this.#options.isPending && this.#coveredFromMs === Number.POSITIVE_INFINITY);
      ranges.push({ part, parser, lines, isWhole, offset: from, end });
      part.end = from;
    }
    return { sinceMs, ranges };
  }

  /** @returns whether the range was read to its end. */
  async #read(range: Range): Promise<boolean> {
    const { input } = range.part;
    if (input.fd === null) {
      await readFrom(input, range.offset, (chunk) => range.lines.push(chunk, false));
      return true;
    }
    const slice = Buffer.allocUnsafe(Math.min(SLICE_BYTES, range.end - range.offset));
    const length = readSync(input.fd, slice, 0, slice.length, range.offset);
    range.offset += length;
    range.lines.push(slice.subarray(0, length), false);
    // A file that was truncated meanwhile ends here.
    return length === 0 || range.offset >= range.end;
  }
}

type Push = (chunk: Buffer, start: number, end: number) => void;

/** Leaves out what stands before the first line that is young enough. */
function since({ fromMs }: Part, timeOf: TimeOfLine, push: Push): Push {
  if (fromMs === null) return push;
  let isReached = false;
  return (chunk, start, end) => {
    const from = isReached ? start : firstSince(chunk, start, end, fromMs, timeOf);
    if (from === null) return;
    isReached = true;
    push(chunk, from, end);
  };
}

/** A damaged file is read as far as it goes. */
async function readFrom(input: BatchInput, offset: number, take: (chunk: Buffer) => void): Promise<void> {
  let passed = 0;
  try {
    await input.read(0, (chunk) => {
      const from = Math.min(chunk.length, Math.max(0, offset - passed));
      passed += chunk.length;
      take(chunk.subarray(from));
      return true;
    });
  } catch {
    // What it still held was handed on.
  }
}
