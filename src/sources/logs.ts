/** A log as a source: a follower that feeds a parser, and the account of how reading goes. */
import type { AccessRecord, AppEntry, ErrorEntry, SourceFact } from '../model/facts.ts';
import type { SourceState } from '../model/snapshot.ts';
import { AccessLogParser } from './access-log/index.ts';
import { AppLogParser } from './app-log/index.ts';
import { ErrorLogParser } from './error-log/index.ts';
import {
  createFollower,
  createStdinFollower,
  type Follower,
  type FollowerOptions,
  type GiveUp,
  type LineSink,
  type StartPosition,
} from './follow/index.ts';
import { History } from './history.ts';

export interface LogSource {
  readonly follower: Follower;
  /** One step of reading, at most `budgetBytes`; true when more can be read at once. */
  poll(nowMs: number, budgetBytes?: number): boolean;
  /** Reads a slice of what was there before, beside the newest lines. @returns whether there is more. */
  readHistory(nowMs: number): Promise<boolean>;
  /**
   * Tells the parser that nothing more came for now: what it held back to decide on is released.
   * @param final true when nothing will ever come again.
   */
  settle(nowMs: number, final: boolean): void;
  /** Reads to the end; an unfinished last line is given up as a line, or as `giveUp` says. */
  finish(nowMs: number, giveUp?: GiveUp): void;
  /** @returns what tells, later, whether everything that was read up to now has been given out. */
  mark(): () => boolean;
  close(): void;
  fact(): SourceFact;
}

export interface LogOptions {
  /** A path, or `-` for standard input. */
  readonly path: string;
  readonly backend: 'generations' | 'tail';
  readonly fromStart: boolean;
  /** Lines stamped before this moment are not read (unless `fromStart`). */
  readonly sinceMs: number;
  /** History is read back over rotated and compressed siblings too. */
  readonly siblings?: boolean;
  readonly heldByWorker?: FollowerOptions['heldByWorker'];
  /** Nothing that is there at the start is read (unless `fromStart`). */
  readonly fromEnd?: boolean;
  readonly resumeFrom?: FollowerOptions['resumeFrom'];
  readonly onPlaceGone?: FollowerOptions['onPlaceGone'];
  /** Records and entries also hold their lines. */
  readonly keepRaw?: boolean;
  /** Nothing of an entry is cut off, however long. */
  readonly keepAll?: boolean;
  /** A line that could not be parsed. */
  readonly onRejected?: (reason: string, line: Buffer, nowMs: number) => void;
}

/** Where the line just handed over comes from: `arrivalMs` is NaN for a line that was there before gtop. */
export type Arrival = { nowMs: number; arrivalMs: number };

/** The counters that every parser keeps. */
interface Parser {
  push(chunk: Buffer, start: number, end: number): void;
  timeOf(line: Buffer): number;
  readonly linesParsed: number;
  readonly linesRejected: number;
  readonly lastLineAtMs: number | null;
}

function startPosition(options: LogOptions, history: History): StartPosition {
  if (options.fromStart) return 'beginning';
  if (options.fromEnd) return 'end';
  return (file) => history.begin(file);
}

interface Reading {
  readonly follower: Follower;
  readonly history: History;
}

/** @param newestFirst lines of the log do not depend on those before them. */
async function follow(options: LogOptions, parser: Parser, arrival: Arrival, newestFirst: boolean): Promise<Reading> {
  const sink: LineSink = {
    lines(chunk, start, end, live) {
      arrival.arrivalMs = live ? arrival.nowMs : Number.NaN;
      parser.push(chunk, start, end);
    },
  };
  const history = new History({
    path: options.path,
    sinceMs: options.sinceMs,
    siblings: options.siblings ?? false,
    newestFirst,
    timeOf: (line) => parser.timeOf(line),
    sink,
  });
  if (options.path === '-') {
    const follower = createStdinFollower({
      sink: {
        lines(chunk, start, end, live) {
          // Nobody polls for these: they come between two polls, and before the first one.
          arrival.nowMs = Date.now();
          sink.lines(chunk, start, end, live);
        },
      },
    });
    return { follower, history };
  }
  const follower = await createFollower({
    path: options.path,
    sink,
    start: startPosition(options, history),
    backend: options.backend,
    resumeFrom: options.resumeFrom,
    onPlaceGone: options.onPlaceGone,
    ...(options.heldByWorker ? { heldByWorker: options.heldByWorker } : {}),
  });
  return { follower, history };
}

/** The part that is the same for every kind of log. */
function logSource(
  { follower, history }: Reading,
  parser: Parser,
  arrival: Arrival,
  settle: (nowMs: number, final: boolean) => void,
  mark: LogSource['mark'],
  describe: () => Pick<SourceFact, 'kind' | 'format' | 'durationUnit' | 'durationUnitAssumed'> & {
    message?: string | null;
  },
): LogSource {
  /** A file does not end because nobody reads on: its state is the one before. */
  let stateAtFinish: SourceState | null = null;
  return {
    follower,
    poll(nowMs, budgetBytes) {
      arrival.nowMs = nowMs;
      return follower.poll(nowMs, budgetBytes);
    },
    readHistory(nowMs) {
      arrival.nowMs = nowMs;
      return history.step();
    },
    settle(nowMs, final) {
      arrival.nowMs = nowMs;
      settle(nowMs, final);
    },
    mark,
    finish(nowMs, giveUp) {
      arrival.nowMs = nowMs;
      if (follower.path !== '-') stateAtFinish = follower.stats.state;
      follower.finish(nowMs, giveUp);
      settle(nowMs, true);
    },
    close() {
      history.close();
      follower.close();
    },
    fact() {
      const { stats } = follower;
      return {
        path: follower.path,
        ...stats,
        bytesRead: stats.bytesRead + history.bytesRead,
        lagBytes: stats.lagBytes === null ? null : stats.lagBytes + history.lagBytes,
        linesTruncated: stats.linesTruncated + history.linesTruncated,
        ...describe(),
        state: stateAtFinish ?? (stats.state === 'live' && !history.isDone ? 'reading' : stats.state),
        linesRead: parser.linesParsed + parser.linesRejected,
        linesParsed: parser.linesParsed,
        linesRejected: parser.linesRejected,
        lastLineAtMs: parser.lastLineAtMs,
      };
    },
  };
}

/** Access lines are flyweights: copy what is kept. `arrivalMs` as in {@link Arrival}. */
type OnRecord = (record: AccessRecord, arrivalMs: number, nowMs: number) => void;
type OnEntry<Entry> = (entry: Entry, arrivalMs: number, nowMs: number) => void;

/** Entries of an error log go to `onForeign`, when they are mixed into the access log (`2>&1`); else they are rejected. */
export async function openAccessLog(
  options: LogOptions & {
    readonly format: string;
    readonly onForeign?: OnEntry<ErrorEntry>;
    /** These entries hold their lines, whatever `keepRaw` says of the records. */
    readonly keepForeignRaw?: boolean;
  },
  onRecord: OnRecord,
): Promise<LogSource> {
  const arrival: Arrival = { nowMs: 0, arrivalMs: Number.NaN };
  const { onForeign, onRejected, keepRaw, keepForeignRaw = keepRaw, keepAll } = options;
  const errors = onForeign
    ? new ErrorLogParser({
        keepRaw: keepForeignRaw,
        keepAll,
        onEntry: (entry) => onForeign(entry, arrival.arrivalMs, arrival.nowMs),
      })
    : null;
  const parser = new AccessLogParser({
    format: options.format,
    keepRaw,
    onRecord: (record) => onRecord(record, arrival.arrivalMs, arrival.nowMs),
    ...(onRejected ? { onRejected: (reason, line) => onRejected(reason, line, arrival.nowMs) } : {}),
    ...(errors ? { onForeign: (line) => errors.push(line, 0, line.length) } : {}),
  });
  const reading = await follow(options, parser, arrival, true);
  const { follower } = reading;
  return logSource(
    reading,
    parser,
    arrival,
    (nowMs, final) => {
      parser.settle(final);
      errors?.settle(nowMs, final);
    },
    () => {
      const { linesParsed } = parser;
      const entries = errors?.entriesBegun ?? 0;
      return () => parser.linesParsed - parser.linesHeld >= linesParsed && (errors?.entriesGiven ?? 0) >= entries;
    },
    () => {
      const { format, durationUnit, durationUnitAssumed, misfit } = parser.info;
      const message = follower.stats.message ?? (misfit && `format does not fit: ${misfit}`);
      return { kind: 'access', format, durationUnit, durationUnitAssumed, message };
    },
  );
}

export function openErrorLog(options: LogOptions, onEntry: OnEntry<ErrorEntry>): Promise<LogSource> {
  const { keepRaw, keepAll } = options;
  return openEntries(
    options,
    (callbacks) => new ErrorLogParser({ ...callbacks, keepRaw, keepAll }),
    onEntry,
    'error',
    'gunicorn',
  );
}

export function openAppLog(options: LogOptions, onEntry: OnEntry<AppEntry>): Promise<LogSource> {
  const { keepRaw, keepAll } = options;
  return openEntries(
    options,
    (callbacks) => new AppLogParser({ ...callbacks, keepRaw, keepAll }),
    onEntry,
    'app',
    null,
  );
}

/** A parser of entries that may be several lines long. */
interface EntryParser extends Parser {
  settle(nowMs: number, final: boolean): void;
  readonly entriesBegun: number;
  readonly entriesGiven: number;
}

interface EntryCallbacks<Entry> {
  onEntry(entry: Entry): void;
  onRejected(reason: string, line: Buffer): void;
}

async function openEntries<Entry>(
  options: LogOptions,
  makeParser: (callbacks: EntryCallbacks<Entry>) => EntryParser,
  onEntry: OnEntry<Entry>,
  kind: 'error' | 'app',
  format: string | null,
): Promise<LogSource> {
  const arrival: Arrival = { nowMs: 0, arrivalMs: Number.NaN };
  const parser = makeParser({
    onEntry: (entry) => onEntry(entry, arrival.arrivalMs, arrival.nowMs),
    onRejected: (reason, line) => options.onRejected?.(reason, line, arrival.nowMs),
  });
  const reading = await follow(options, parser, arrival, false);
  return logSource(
    reading,
    parser,
    arrival,
    (nowMs, final) => parser.settle(nowMs, final),
    () => {
      const entries = parser.entriesBegun;
      return () => parser.entriesGiven >= entries;
    },
    () => ({ kind, format, durationUnit: null, durationUnitAssumed: false }),
  );
}
