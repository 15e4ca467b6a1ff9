/** Access logs: bytes of whole lines in, AccessRecords out. */
import type { AccessRecord } from '../../model/facts.ts';
import type { DurationUnit } from '../../model/snapshot.ts';
import { Line } from './line.ts';
import { prefixOf } from './prefix.ts';
import { combinedReader, formatReader, jsonReader, type Reader, uvicornReader } from './readers.ts';
import { StampReader } from './timestamp.ts';
import { secondsOf, UnitDecision } from './unit-decision.ts';

export { DEFAULT_FORMAT, parseFormat } from './format.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BRACE = 0x7b;
const BLANKS = [0x20, 0x09];
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** Formats by name: one row to add one. `auto` tries them all. */
const READERS: Readonly<Record<string, () => Reader>> = {
  common: combinedReader,
  combined: combinedReader,
  json: jsonReader,
  uvicorn: uvicornReader,
};

export interface AccessLogInfo {
  /** The format given, or what the lines turned out to be; null before the first line. */
  readonly format: string | null;
  readonly durationUnit: DurationUnit | null;
  /** No format told the unit: it was inferred from the values. */
  readonly durationUnitAssumed: boolean;
}

export interface AccessLogOptions {
  /** Gunicorn's access_log_format verbatim, or `auto`, `common`, `combined`, `json`, `uvicorn`. */
  readonly format: string;
  /** Gets a flyweight that the next line overwrites. */
  onRecord(record: AccessRecord): void;
  /** @param reason for example `column 12: expected a status of three digits`. */
  onRejected?(reason: string, line: Buffer): void;
}

interface HeldRecord extends AccessRecord {
  readonly unitless: number;
}

/** A parser of one log. It keeps counts, and holds records back while the unit of their duration is undecided. */
export class AccessLogParser {
  readonly #options: AccessLogOptions;
  readonly #isAuto: boolean;
  readonly #readers: Reader[];
  readonly #stamps = new StampReader();
  readonly #line = new Line();
  readonly #decision = new UnitDecision();
  /** Copies that wait for the decision; null once nothing waits any more. */
  #held: HeldRecord[] | null = [];
  #hasUnitless = false;
  #isFirstLine = true;
  #hasMatched = false;
  linesParsed = 0;
  linesRejected = 0;
  lastLineAtMs: number | null = null;

  constructor(options: AccessLogOptions) {
    this.#options = options;
    this.#isAuto = options.format === 'auto';
    if (this.#isAuto) this.#readers = [combinedReader(), jsonReader(), uvicornReader()];
    else this.#readers = [READERS[options.format]?.() ?? formatReader(options.format)];
  }

  get info(): AccessLogInfo {
    const reader = this.#readers[0];
    const isVerbatim = !this.#isAuto && !(this.#options.format in READERS);
    return {
      format: isVerbatim ? this.#options.format : this.#hasMatched ? this.#describe(reader) : null,
      durationUnit: reader.unit ?? (this.#hasUnitless ? this.#decision.unit : null),
      durationUnitAssumed: reader.unit === null && this.#hasUnitless,
    };
  }

  /** Parses whole lines: bytes [start, end), each closed by a newline. Blank lines count as nothing. */
  push(chunk: Buffer, start: number, end: number): void {
    for (let lineStart = start; lineStart < end; ) {
      const newline = chunk.indexOf(NEWLINE, lineStart);
      const lineEnd = newline === -1 || newline >= end ? end : newline;
      this.#parse(chunk, lineStart, lineEnd);
      lineStart = lineEnd + 1;
    }
  }

  /**
   * Nothing more came for now.
   * @param final nothing will ever come: what is undecided is taken for microseconds. Otherwise what was held back is
   *   given out without its duration, which is not known yet.
   */
  settle(final: boolean): void {
    if (this.#held === null) return;
    if (final && this.#hasUnitless) this.#decision.assume();
    const held = this.#held;
    this.#held = this.#hasUnitless ? null : held;
    for (const record of held) this.#release(record);
    held.length = 0;
  }

  /** Epoch milliseconds of a line without its newline; NaN when it has no time stamp or is no access line. */
  timeOf(line: Buffer): number {
    return this.#read(line, 0, line.length) === null ? this.#line.atMs : Number.NaN;
  }

  #describe(reader: Reader): string {
    const unit = this.#decision.unit;
    if (!this.#hasUnitless || unit === null) return reader.format;
    return reader.format.replace(' + duration', unit === 'seconds' ? ' + %(T)s' : ' + %(D)s');
  }

  #parse(bytes: Buffer, from: number, to: number): void {
    let start = from;
    let end = to;
    if (this.#isFirstLine) {
      this.#isFirstLine = false;
      if (bytes.subarray(start, start + 3).equals(BYTE_ORDER_MARK)) start += 3;
    }
    // NULs are the hole that a truncated file leaves under a writer without O_APPEND, or the end of a syslog datagram.
    while (start < end && bytes[start] === 0) start++;
    while (end > start && (bytes[end - 1] === CARRIAGE_RETURN || bytes[end - 1] === 0)) end--;
    if (isBlank(bytes, start, end)) return;

    const reason = this.#read(bytes, start, end);
    if (reason !== null) {
      this.linesRejected++;
      this.#options.onRejected?.(reason, bytes.subarray(start, end));
      return;
    }
    this.linesParsed++;
    this.#hasMatched = true;
    const line = this.#line;
    if (!Number.isNaN(line.atMs) && !(this.lastLineAtMs !== null && line.atMs < this.lastLineAtMs)) {
      this.lastLineAtMs = line.atMs;
    }
    this.#emit(line);
  }

  /** Fills the flyweight. @returns why no reader can, or null. */
  #read(bytes: Buffer, start: number, end: number): string | null {
    // First without its prefix: a lenient reading could take that for an address and a user.
    const prefix = this.#isAuto ? prefixOf(bytes, start, end) : null;
    if (prefix !== null && this.#readBare(bytes, start + prefix.length, end) === null) return null;
    return this.#readBare(bytes, start, end);
  }

  #readBare(bytes: Buffer, start: number, end: number): string | null {
    const line = this.#line;
    let first: string | null = null;
    for (let index = 0; index < this.#readers.length; index++) {
      const reader = this.#readers[index];
      if (this.#isAuto && reader.format === 'json' && bytes[start] !== BRACE) continue;
      line.reset();
      const reason = reader.read(line, bytes, start, end, this.#stamps);
      if (reason === null) {
        // The reader that fitted goes first from now on: logs change their format rarely.
        if (index > 0) this.#readers.unshift(...this.#readers.splice(index, 1));
        return null;
      }
      first ??= reason;
    }
    return first ?? 'column 1: no access line of a known format';
  }

  #emit(line: Line): void {
    if (!Number.isNaN(line.unitless)) {
      this.#hasUnitless = true;
      const unit = this.#decision.look(line.unitless);
      if (unit !== null) {
        this.#resolve(line, unit);
        this.settle(false);
      } else if (this.#held !== null) {
        this.#held.push(copyOf(line));
        return;
      }
    } else if (this.#held !== null && this.#held.length > 0) {
      this.#held.push(copyOf(line));
      return;
    }
    this.#options.onRecord(line);
  }

  #release(record: HeldRecord): void {
    const { unit } = this.#decision;
    const line = new Line();
    Object.assign(line, record);
    if (unit !== null && !Number.isNaN(line.unitless)) this.#resolve(line, unit);
    this.#options.onRecord(line);
  }

  #resolve(line: Line, unit: DurationUnit): void {
    line.setSeconds(secondsOf(line.unitless, unit));
    // Judged again: only with its duration can a line be known as made up.
    line.judge();
  }
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (!BLANKS.includes(bytes[index])) return false;
  return true;
}

function copyOf(line: Line): HeldRecord {
  const { atMs, method, target, path, protocol, status, bytes, seconds, address, user } = line;
  const { referrer, userAgent, worker, excluded, unitless } = line;
  const request = { atMs, method, target, path, protocol, status, bytes, seconds };
  return { ...request, address, user, referrer, userAgent, worker, excluded, unitless };
}
