/** Access logs: bytes of whole lines in, AccessRecords out. */
import type { AccessRecord } from '../../model/facts.ts';
import type { DurationUnit } from '../../model/snapshot.ts';
import { ESCAPE, withoutColours } from './colours.ts';
import { DoubledLines } from './doubled-lines.ts';
import { openEnvelope } from './envelope.ts';
import { ForeignLines } from './foreign-lines.ts';
import { Line } from './line.ts';
import { type Prefix, prefixOf } from './prefix.ts';
import { formatReader, NAMED_READERS, type Reader } from './readers.ts';
import { RecentFit } from './recent-fit.ts';
import { UnitGate } from './unit-gate.ts';

export { DEFAULT_FORMAT, parseFormat } from './format.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const OPEN_BRACE = 0x7b;
/** Without its newline an empty line would be nothing at all. */
const BLANK_LINE = Buffer.from(' ');
/** Gunicorn's atoms that are whole numbers. */
const BARE_ATOMS: Readonly<Record<DurationUnit, string>> = { microseconds: 'D', milliseconds: 'M', seconds: 'T' };

export interface AccessLogInfo {
  /** The format given, or what the lines turned out to be; null before the first line. */
  readonly format: string | null;
  /** How sure that is, by the lines read last: `998 of the last 1000 lines fit`; null before the first line. */
  readonly confidence: string | null;
  readonly durationUnit: DurationUnit | null;
  /** No format told the unit: it was inferred from the values. */
  readonly durationUnitAssumed: boolean;
  /** Where the first line stopped fitting, while none has fitted: `line 1, column 47: expected …`. */
  readonly misfit: string | null;
}

export interface AccessLogOptions {
  /** Gunicorn's access_log_format verbatim (valid: see parseFormat), or `auto`, `common`, `combined`, `json`, `uvicorn`. */
  readonly format: string;
  /** The unit of a whole-number duration that no format tells, when lines before these have shown it. */
  readonly unit?: DurationUnit | null;
  /** Each record also holds its whole line, as text. Asked of every line: it may change. */
  readonly keepRaw?: boolean | undefined;
  /** Gets a flyweight that the next line overwrites. */
  onRecord(record: AccessRecord): void;
  /** @param reason for example `column 12: expected a status of three digits`. */
  onRejected?(reason: string, line: Buffer): void;
  /**
   * Gets lines of an error log that is mixed into the same stream (`2>&1`, docker logs): bytes of the chunk, without
   * the newline. They count as parsed. Without this they are rejected. Blank lines come here too, and count as nothing.
   */
  onForeign?(line: Buffer): void;
}

/** A parser of one log. It keeps counts, and holds lines back while the unit of their duration is undecided. */
export class AccessLogParser {
  readonly #options: AccessLogOptions;
  readonly #isNamed: boolean;
  readonly #read: Reader;
  readonly #line = new Line();
  readonly #gate: UnitGate;
  readonly #doubled = new DoubledLines();
  readonly #foreign = new ForeignLines();
  readonly #recent = new RecentFit();
  /** What the newest lines told. */
  #shape: string | null = null;
  #durationName: string | null = null;
  #unit: DurationUnit | null = null;
  #unitAssumed = false;
  #showsWorker = false;
  #linesSeen = 0;
  #misfit: string | null = null;
  #linesParsed = 0;
  #linesRejected = 0;
  #lastLineAtMs: number | null = null;

  constructor(options: AccessLogOptions) {
    this.#options = options;
    const named = Object.hasOwn(NAMED_READERS, options.format) ? NAMED_READERS[options.format] : null;
    this.#isNamed = named !== null;
    this.#read = named?.() ?? formatReader(options.format);
    this.#gate = new UnitGate((line) => options.onRecord(line), options.unit);
  }

  get linesParsed(): number {
    return this.#linesParsed;
  }

  get linesRejected(): number {
    return this.#linesRejected;
  }

  /** Lines that count as parsed and are not given out yet. */
  get linesHeld(): number {
    return this.#gate.held;
  }

  /** Time stamp of the newest line. */
  get lastLineAtMs(): number | null {
    return this.#lastLineAtMs;
  }

  get info(): AccessLogInfo {
    return {
      format: this.#isNamed ? this.#describe() : this.#options.format,
      confidence: this.#confidence(),
      durationUnit: this.#unit ?? this.#gate.unit,
      durationUnitAssumed: this.#unit === null ? this.#gate.unit !== null : this.#unitAssumed,
      misfit: this.#shape === null ? this.#misfit : null,
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
    this.#doubled.keep();
  }

  /**
   * Nothing more came for now: lines that wait for the unit of their duration are given out.
   * @param final nothing will ever come: what is undecided is taken for microseconds. Otherwise durations stay unknown
   *   (NaN) until the unit is decided.
   */
  settle(final: boolean): void {
    this.#gate.settle(final);
  }

  /** Epoch milliseconds of a line without its newline; NaN when it has no time stamp or is no access line. */
  timeOf(line: Buffer): number {
    const { start, end } = trimmed(line, 0, line.length);
    const envelope = line[start] === OPEN_BRACE ? openEnvelope(line, start, end) : null;
    if (envelope !== null) {
      const atMs = this.timeOf(envelope.line);
      return Number.isNaN(atMs) ? envelope.atMs : atMs;
    }
    if (this.#readPrefixed(line, start, end, prefixOf(line, start, end)) !== null) return Number.NaN;
    return this.#line.atMs;
  }

  #parse(bytes: Buffer, from: number, to: number): void {
    let bare = from;
    if (this.#linesSeen++ === 0 && bytes.subarray(from, from + 3).equals(BYTE_ORDER_MARK)) bare += 3;
    const { start, end } = trimmed(bytes, bare, to);
    if (start === end) {
      this.#passBlank();
      return;
    }
    this.#line.raw = this.#options.keepRaw ? bytes.toString('utf8', start, end) : null;
    const envelope = bytes[start] === OPEN_BRACE ? openEnvelope(bytes, start, end) : null;
    if (envelope === null) {
      this.#take(bytes, start, end, Number.NaN);
      return;
    }
    const inner = trimmed(envelope.line, 0, envelope.line.length);
    if (inner.start < inner.end) this.#take(envelope.line, inner.start, inner.end, envelope.atMs);
    else this.#passBlank();
  }

  /** It counts as nothing, and may stand in the midst of a traceback. */
  #passBlank(): void {
    this.#options.onForeign?.(BLANK_LINE);
  }

  /** @param arrivedAtMs when a collector got the line: its time where it has none of its own. */
  #take(bytes: Buffer, start: number, end: number, arrivedAtMs: number): void {
    // A colour in front is no part of an address. Elsewhere one may belong to a value: see below.
    const bare = bytes[start] === ESCAPE ? withoutColours(bytes, start, end) : null;
    if (bare !== null) {
      if (isBlank(bare, 0, bare.length)) this.#passBlank();
      else this.#take(bare, 0, bare.length, arrivedAtMs);
      return;
    }
    const prefix = prefixOf(bytes, start, end);
    if (prefix !== null && prefix.outerLength > 0 && isBlank(bytes, start + prefix.outerLength, end)) {
      this.#passBlank();
      return;
    }
    const reason = this.#readPrefixed(bytes, start, end, prefix);
    if (reason === null) {
      if (this.#doubled.isRepeat(bytes, start + (prefix?.length ?? 0), end, prefix !== null)) return;
      this.#linesParsed++;
      this.#recent.add(1);
      if (Number.isNaN(this.#line.atMs)) this.#line.atMs = arrivedAtMs;
      this.#remember();
      this.#gate.accept(this.#line);
    } else if (this.#takesForeign(bytes, start, end, prefix)) {
      this.#linesParsed++;
    } else if (this.#fitsWithoutColours(bytes, start, end)) {
      const plain = withoutColours(bytes, start, end) ?? bytes;
      this.#take(plain, 0, plain.length, arrivedAtMs);
    } else {
      this.#linesRejected++;
      this.#recent.add(0);
      this.#misfit ??= `line ${this.#linesSeen}, ${reason}`;
      this.#options.onRejected?.(reason, bytes.subarray(start, end));
    }
  }

  #fitsWithoutColours(bytes: Buffer, start: number, end: number): boolean {
    const plain = withoutColours(bytes, start, end);
    return plain !== null && this.#readPrefixed(plain, 0, plain.length, prefixOf(plain, 0, plain.length)) === null;
  }

  /** First behind the prefix: a lenient reading could take that for an address and a user. */
  #readPrefixed(bytes: Buffer, start: number, end: number, prefix: Prefix | null): string | null {
    const line = this.#line;
    if (prefix !== null && this.#read(line, bytes, start + prefix.length, end) === null) {
      line.worker ||= prefix.worker;
      if (Number.isNaN(line.atMs)) line.atMs = prefix.atMs;
      return null;
    }
    return this.#read(line, bytes, start, end);
  }

  #remember(): void {
    const line = this.#line;
    this.#shape = line.shape;
    if (line.durationName !== null) {
      this.#durationName = line.durationName;
      this.#unit = line.unit;
      this.#unitAssumed = line.unitAssumed;
    }
    if (line.worker > 0) this.#showsWorker = true;
    if (line.atMs > (this.#lastLineAtMs ?? Number.NEGATIVE_INFINITY)) this.#lastLineAtMs = line.atMs;
  }

  /** Hands on a line of an error log; false when it is none. */
  #takesForeign(bytes: Buffer, start: number, end: number, prefix: Prefix | null): boolean {
    const { onForeign } = this.#options;
    if (onForeign === undefined) return false;
    const from = start + (prefix?.outerLength ?? 0);
    if (!this.#foreign.takes(bytes, from, end)) return false;
    onForeign(bytes.subarray(from, end));
    return true;
  }

  #describe(): string | null {
    if (this.#shape === null) return null;
    const { unit } = this.#gate;
    const name = this.#durationName === '%(D)s' ? `%(${BARE_ATOMS[unit ?? 'microseconds']})s` : this.#durationName;
    const duration = name === null ? '' : ` + ${unit === null && this.#unit === null ? 'duration' : name}`;
    return this.#shape + duration + (this.#showsWorker ? ' + %(p)s' : '');
  }

  #confidence(): string | null {
    const { lines, fitting } = this.#recent;
    if (lines === 0) return null;
    const { count } = this.#doubled;
    const doubled = count > 0 ? `, ${count} came twice and count once: a logging configuration propagates` : '';
    return `${fitting} of the last ${lines} lines fit${doubled}`;
  }
}

/**
 * A line without what does not belong to it: NULs before it are the hole that a truncated file leaves under a writer
 * without O_APPEND, one behind it ends a syslog datagram. Empty when nothing but blanks is left.
 */
function trimmed(bytes: Buffer, from: number, to: number): { start: number; end: number } {
  let start = from;
  let end = to;
  while (start < end && bytes[start] === 0) start++;
  while (end > start && (bytes[end - 1] === CARRIAGE_RETURN || bytes[end - 1] === 0)) end--;
  return { start: isBlank(bytes, start, end) ? end : start, end };
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
  return at === end;
}
