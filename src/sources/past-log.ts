/** A log of the past, plain or gzip, read ahead a little and handed out line by line as its clock goes on. */
import type { AccessRecord, ErrorEntry, SourceFact } from '../model/facts.ts';
import { AccessLogParser } from './access-log/index.ts';
import { chunksOf } from './batch/chunks.ts';
import { ErrorLogParser } from './error-log/index.ts';
import { LineSplitter } from './follow/index.ts';

/** Lines that wait to become due: reading goes on when fewer are left. */
const LEAST_WAITING = 2000;
/** So many lines in a row may be of another time than those around them; a clock that was set back wrote more. */
const MOST_ASTRAY = 100;
/** At the very beginning there are none around them: a clock set back by summer time is no line from the future. */
const ASTRAY_MS = 3 * 3_600_000;

export type PastLine =
  | { readonly kind: 'access'; readonly atMs: number; readonly record: AccessRecord }
  | { readonly kind: 'error'; readonly atMs: number; readonly entry: ErrorEntry };

export interface PastLogOptions {
  readonly path: string;
  readonly kind: 'access' | 'error';
  /** As the access-log parser takes it. */
  readonly format: string;
  /** The lines handed out hold their text. */
  readonly keepRaw?: boolean;
}

export class PastLog {
  readonly #options: PastLogOptions;
  readonly #chunks: AsyncGenerator<Buffer>;
  readonly #access: AccessLogParser;
  readonly #errors: ErrorLogParser;
  readonly #lines: LineSplitter;
  #waiting: PastLine[] = [];
  #unstamped: PastLine[] = [];
  #taken = 0;
  #linesTaken = 0;
  #lastAtMs = Number.NaN;
  #bytesRead = 0;
  #linesTruncated = 0;
  #isRead = false;

  constructor(options: PastLogOptions) {
    this.#options = options;
    this.#chunks = chunksOf(options.path);
    const isError = options.kind === 'error';
    const { keepRaw = false } = options;
    this.#errors = new ErrorLogParser({
      keepRaw,
      onEntry: (entry) => this.#wait({ kind: 'error', atMs: entry.atMs, entry }),
    });
    this.#access = new AccessLogParser({
      format: options.format,
      keepRaw,
      onRecord: (record) => this.#wait({ kind: 'access', atMs: record.atMs, record: copyOf(record) }),
      onForeign: (line) => this.#errors.push(line, 0, line.length),
    });
    this.#lines = new LineSplitter({
      sink: { lines: (chunk, start, end) => (isError ? this.#errors : this.#access).push(chunk, start, end) },
      atFileStart: true,
      onTruncated: () => this.#linesTruncated++,
    });
  }

  /** Epoch milliseconds of the next line; NaN when none is left. */
  get nextAtMs(): number {
    return this.#waiting[this.#taken]?.atMs ?? Number.NaN;
  }

  /** Lines, or entries of several lines, handed out so far. */
  get linesTaken(): number {
    return this.#linesTaken;
  }

  get hasEnded(): boolean {
    return this.#isRead && this.#taken >= this.#waiting.length;
  }

  /** Reads on until enough lines wait. @throws the system's error. */
  async fill(): Promise<void> {
    while (!this.#isRead && this.#waiting.length - this.#taken < LEAST_WAITING) {
      const { value, done } = await this.#chunks.next();
      if (this.#taken > 0) this.#waiting = this.#waiting.slice(this.#taken);
      this.#taken = 0;
      if (done) {
        this.#lines.giveUp(false);
        this.#access.settle(true);
        this.#errors.settle(0, true);
        this.#isRead = true;
      } else {
        this.#bytesRead += value.length;
        this.#lines.push(value, false);
      }
    }
  }

  /** Hands out the waiting lines stamped up to `untilMs`, and before `otherMs` where another log goes on. */
  *take(untilMs: number, otherMs: number): Generator<PastLine> {
    for (let line = this.#waiting[this.#taken]; line !== undefined; line = this.#waiting[this.#taken]) {
      if (line.atMs > untilMs || line.atMs > otherMs) return;
      this.#taken++;
      this.#linesTaken++;
      yield line;
    }
  }

  close(): void {
    void this.#chunks.return(undefined);
  }

  fact(): SourceFact {
    const { kind, path } = this.#options;
    const { format, durationUnit, durationUnitAssumed, misfit } = this.#access.info;
    const isError = kind === 'error';
    const parsers = isError ? [this.#errors] : [this.#access];
    const sum = (part: (parser: AccessLogParser | ErrorLogParser) => number): number =>
      parsers.reduce((all, parser) => all + part(parser), 0);
    return {
      path,
      kind,
      state: this.hasEnded ? 'ended' : 'live',
      message: !isError && misfit !== null ? `format does not fit: ${misfit}` : null,
      format: isError ? 'gunicorn' : format,
      durationUnit: isError ? null : durationUnit,
      durationUnitAssumed: isError ? false : durationUnitAssumed,
      bytesRead: this.#bytesRead,
      lagBytes: 0,
      linesRead: sum((parser) => parser.linesParsed + parser.linesRejected),
      linesParsed: sum((parser) => parser.linesParsed),
      linesRejected: sum((parser) => parser.linesRejected),
      linesTruncated: this.#linesTruncated,
      rotations: 0,
      truncations: 0,
      possiblyLostBytes: 0,
      lastLineAtMs: Number.isNaN(this.#lastAtMs) ? null : this.#lastAtMs,
    };
  }

  /** A line without a time stamp comes with the one before it, at the beginning with the first that has one. */
  #wait(line: PastLine): void {
    const atMs = Number.isNaN(line.atMs) ? this.#lastAtMs : line.atMs;
    if (Number.isNaN(atMs)) {
      if (this.#unstamped.length < LEAST_WAITING) this.#unstamped.push(line);
      return;
    }
    this.#lastAtMs = atMs;
    this.#pullBack(atMs);
    for (const earlier of this.#unstamped) this.#waiting.push({ ...earlier, atMs });
    this.#unstamped = [];
    this.#waiting.push({ ...line, atMs });
  }

  /**
   * Lines from the future would hold up all behind them: a few in a row come with the next that is not. A clock that was
   * set back is none: more lines are ahead then.
   */
  #pullBack(atMs: number): void {
    const last = this.#waiting.length - 1;
    let first = last + 1;
    while (first > this.#taken && last - first < MOST_ASTRAY && this.#waiting[first - 1].atMs > atMs) first--;
    const before = first > this.#taken ? this.#waiting[first - 1] : undefined;
    if (first > last || (before !== undefined && before.atMs > atMs)) return;
    if (before === undefined && !(this.#waiting[first].atMs - atMs > ASTRAY_MS)) return;
    for (let index = first; index <= last; index++) this.#waiting[index] = { ...this.#waiting[index], atMs };
  }
}

/** Of a flyweight; its target is worked out only here. */
const copyOf = (record: AccessRecord): AccessRecord => ({ ...record, target: record.target });
