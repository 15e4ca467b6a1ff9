/** One generation of a log: one file between two rotations, open from its first byte read to its last. */
import { type BigIntStats, closeSync, fstatSync, readSync } from 'node:fs';
import type { LineSink } from './follower.ts';
import { areZero, zerosAhead } from './holes.ts';
import { LineSplitter } from './lines.ts';
import type { FileIdentity, OpenLog } from './open-log.ts';

const NEWLINE = 0x0a;
/** So many bytes before the place of reading are remembered: the end of an access line, with its time and size. */
const MARKER_BYTES = 64;
/** So many bytes of a file's beginning are remembered: two or three lines. */
export const HEAD_BYTES = 512;
/** Fewer equal bytes than this prove nothing about a file that goes by another inode, or was there before. */
export const PROOF_BYTES = 64;
const CHUNK_BYTES = 256 * 1024;
/** So much of a hole is passed over in one step: a few milliseconds. */
const HOLE_BYTES = 64 * 1024 * 1024;
/** How far back the start of a line is looked for. */
const LOOK_BACK_BYTES = 4 * 1024 * 1024;

/** One buffer for all: reading is synchronous and no line is kept in it. */
const buffer = Buffer.allocUnsafe(MARKER_BYTES + CHUNK_BYTES);
const EMPTY = Buffer.alloc(0);

const isSparse = ({ blocks, size }: BigIntStats): boolean => blocks * 512n < size;

/** Bytes of an open file; fewer at its end. */
export function bytesAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, position));
}

/** Where the line around `offset` starts; null when it is longer than {@link LOOK_BACK_BYTES}. */
function lineStart(fd: number, offset: number): number | null {
  for (let end = offset; end > 0 && offset - end < LOOK_BACK_BYTES; ) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const newline = bytesAt(fd, start, end - start).lastIndexOf(NEWLINE);
    if (newline !== -1) return start + newline + 1;
    if (start === 0) return 0;
    end = start;
  }
  return offset === 0 ? 0 : null;
}

/** Where reading of a file stands, and how to tell that its bytes are still those that were read. */
export interface Place {
  readonly offset: number;
  /** The bytes before `offset`. */
  readonly marker: Buffer;
  /** The file's first bytes; empty when they were never looked at. */
  readonly head: Buffer;
}

export const BEGINNING: Place = { offset: 0, marker: EMPTY, head: EMPTY };

/** Whether a file holds, up to `place`, what was read there. A place at the very start fits every file. */
export function holdsPlace(fd: number, place: Place): boolean {
  const { offset, marker, head } = place;
  return bytesAt(fd, 0, head.length).equals(head) && bytesAt(fd, offset - marker.length, marker.length).equals(marker);
}

/**
 * - `rewritten`: shorter than what was read of it, or other bytes there: truncated, perhaps refilled;
 * - `begun`: it was empty and has been written to: what is there now may be no longer what was written first;
 * - `same`: all else.
 */
export type Look = 'same' | 'begun' | 'rewritten';

export interface GenerationOptions {
  readonly sink: LineSink;
  readonly onTruncated: () => void;
  /** Where to go on; the beginning by default. */
  readonly place?: Place;
  /** The unfinished line that belongs before `place`. */
  readonly lines?: LineSplitter;
  /** Lines below this offset are history. */
  readonly liveFrom?: number;
  /** A copy that copytruncate made: complete from the start, so it is closed at its end. */
  readonly isCopy?: boolean;
}

export class Generation {
  readonly fd: number;
  readonly identity: FileIdentity;
  readonly isCopy: boolean;
  /** When it last gave bytes, or when it was replaced. */
  quietSinceMs = 0;
  /** Size at the last look. */
  size: number;
  /** 0 once its last name is gone. */
  links: number;

  readonly #options: GenerationOptions;
  #liveFrom: number;
  #lines: LineSplitter;
  #offset: number;
  readonly #marker = Buffer.allocUnsafe(MARKER_BYTES);
  #markerLength = 0;
  #head: Buffer;
  #isSparse: boolean;
  /** At the last look. */
  #mtimeNs: bigint;

  constructor({ fd, stat }: OpenLog, options: GenerationOptions) {
    const { place = BEGINNING, liveFrom = 0, isCopy = false } = options;
    this.fd = fd;
    this.identity = { dev: stat.dev, ino: stat.ino, birthtimeNs: stat.birthtimeNs };
    this.size = Number(stat.size);
    this.links = Number(stat.nlink);
    this.isCopy = isCopy;
    this.#options = options;
    this.#liveFrom = liveFrom;
    this.#offset = place.offset;
    this.#mtimeNs = stat.mtimeNs;
    this.#isSparse = isSparse(stat);
    this.#head = place.head.length > 0 ? place.head : bytesAt(fd, 0, HEAD_BYTES);
    this.#markerLength = place.marker.copy(this.#marker);
    this.#lines = options.lines ?? this.#newLines(place.offset === 0);
  }

  /**
   * Opens at `offset`, or at the start of the line around it: nothing before it is handed on, and no half line.
   * @param options.liveFrom everything below is history.
   */
  static at(offset: number, log: OpenLog, options: GenerationOptions): Generation {
    const asked = Math.max(0, Math.min(Number(log.stat.size), offset));
    const start = lineStart(log.fd, asked);
    const from = start ?? asked;
    const markerLength = Math.min(MARKER_BYTES, from);
    return new Generation(log, {
      ...options,
      place: {
        offset: from,
        marker: bytesAt(log.fd, from - markerLength, markerLength),
        head: EMPTY,
      },
      lines: new LineSplitter({ ...options, atFileStart: from === 0, insideLine: start === null }),
    });
  }

  /** Goes on where an earlier run of gtop stood. What the file holds there now is not trusted before the first look. */
  static resume(place: Place, insideLine: boolean, log: OpenLog, options: GenerationOptions): Generation {
    const lines = new LineSplitter({ ...options, atFileStart: place.offset === 0, insideLine });
    const generation = new Generation(log, { ...options, place, lines });
    generation.#head = place.head;
    generation.#mtimeNs = -1n;
    return generation;
  }

  /** Bytes that were there at the last look and are not read yet. */
  get lag(): number {
    return Math.max(0, this.size - this.#offset);
  }

  get isUnread(): boolean {
    return this.#offset === 0;
  }

  get isHistory(): boolean {
    return this.#offset < this.#liveFrom;
  }

  get place(): Place {
    return {
      offset: this.#offset,
      marker: Buffer.from(this.#marker.subarray(0, this.#markerLength)),
      head: this.#head,
    };
  }

  /** Where every line that was handed on ends: the start of an unfinished one, or, of one too long, where it was left. */
  get placeOfLine(): { readonly place: Place; readonly insideLine: boolean } {
    const insideLine = this.#lines.isPassingOver;
    const unfinished = this.#lines.unfinishedBytes;
    if (unfinished === 0) return { place: this.place, insideLine };
    const offset = this.#offset - unfinished;
    const markerLength = Math.min(MARKER_BYTES, offset);
    const marker = bytesAt(this.fd, offset - markerLength, markerLength);
    return { place: { offset, marker, head: this.#head }, insideLine };
  }

  /** Looks at the open file; `size`, `links` and `lag` are those of the last look. */
  look(): Look {
    const stat: BigIntStats = fstatSync(this.fd, { bigint: true });
    this.size = Number(stat.size);
    this.links = Number(stat.nlink);
    this.#isSparse = isSparse(stat);
    if (this.size < Math.max(this.#offset, this.#head.length)) return 'rewritten';
    if (this.size === this.#offset && stat.mtimeNs === this.#mtimeNs) return 'same';
    if (this.#offset === 0 && this.#head.length === 0) return 'begun';
    // Whoever has not dealt with it yet finds it again at the next look.
    if (!this.#holdsMarker(this.#readAtMarker(this.#offset === 0 ? this.#head.length : 0))) return 'rewritten';
    this.#mtimeNs = stat.mtimeNs;
    return 'same';
  }

  /**
   * Hands on what is there, at most `budget` bytes.
   * The marker is read together with the bytes behind it, so that a truncation in the midst of a step is not read over.
   * @returns the bytes read.
   */
  read(budget: number): number {
    let taken = 0;
    while (taken < budget) {
      const untilLive = this.#liveFrom - this.#offset;
      const wanted = Math.min(CHUNK_BYTES, budget - taken, untilLive > 0 ? untilLive : CHUNK_BYTES);
      const marker = this.#markerLength;
      const length = this.#readAtMarker(wanted);
      const fresh = length - marker;
      if (fresh <= 0 || !this.#holdsMarker(length)) break;
      taken += fresh;
      this.#offset += fresh;
      this.#lines.push(buffer.subarray(marker, length), untilLive <= 0);
      this.#markerLength = buffer.copy(this.#marker, 0, Math.max(0, length - MARKER_BYTES), length);
      if (fresh < wanted) break;
      if (fresh === CHUNK_BYTES && areZero(buffer, marker, length)) taken += this.#passOverHole();
    }
    this.size = Math.max(this.size, this.#offset);
    if (taken > 0 && this.#head.length < HEAD_BYTES) this.#head = this.readHead();
    return taken;
  }

  /** A step through a hole may be longer than the budget: nothing of it is handed on. @returns the bytes passed over. */
  #passOverHole(): number {
    if (!this.#isSparse || this.#lines.isInsideLine) return 0;
    const untilLive = this.#liveFrom - this.#offset;
    const zeros = zerosAhead(this.fd, this.#offset, untilLive > 0 ? Math.min(untilLive, HOLE_BYTES) : HOLE_BYTES);
    this.#offset += zeros;
    return zeros;
  }

  /** The first bytes that the file has now. */
  readHead(): Buffer {
    return bytesAt(this.fd, 0, HEAD_BYTES);
  }

  /** Hands on the unfinished line, if there is one. */
  giveUpLine(): void {
    this.#lines.giveUp(this.#offset > this.#liveFrom);
  }

  /**
   * Starts again at the first byte; what comes is new.
   * @param head the file's first bytes as {@link readHead} gave them: should they change before they are read, that is
   * another truncation.
   */
  restart(head: Buffer): void {
    this.#offset = 0;
    this.#markerLength = 0;
    this.#head = head;
    this.#liveFrom = 0;
    this.#lines = this.#newLines(true);
  }

  /** A copy of this file takes over where this one stood, unfinished line and all; this one is to {@link restart}. */
  continueIn(copy: OpenLog): Generation {
    return new Generation(copy, {
      ...this.#options,
      place: this.place,
      lines: this.#lines,
      liveFrom: this.#liveFrom,
      isCopy: true,
    });
  }

  close(): void {
    closeSync(this.fd);
  }

  #newLines(atFileStart: boolean): LineSplitter {
    const { sink, onTruncated } = this.#options;
    return new LineSplitter({ sink, onTruncated, atFileStart });
  }

  /** Reads the marker's place and up to `more` bytes behind it. @returns the bytes read. */
  #readAtMarker(more: number): number {
    return readSync(this.fd, buffer, 0, this.#markerLength + more, this.#offset - this.#markerLength);
  }

  /** Whether the first `length` bytes of the buffer are the marker; at the start of a file, what is known of its head. */
  #holdsMarker(length: number): boolean {
    const isAtStart = this.#markerLength === 0;
    const expected = isAtStart ? this.#head.subarray(0, length) : this.#marker.subarray(0, this.#markerLength);
    return length >= expected.length && buffer.compare(expected, 0, expected.length, 0, expected.length) === 0;
  }
}
