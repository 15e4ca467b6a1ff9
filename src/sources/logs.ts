/** A log as a source: a follower that feeds a parser, and the account of how reading goes. */
import type { AccessRecord, ErrorEntry, SourceFact } from '../model/facts.ts';
import type { SourceState } from '../model/snapshot.ts';
import { AccessLogParser } from './access-log/index.ts';
import { offsetSince, type TimeOfLine } from './bisect.ts';
import { ErrorLogParser } from './error-log/index.ts';
import {
  createFollower,
  createStdinFollower,
  type Follower,
  type FollowerOptions,
  type LineSink,
  type StartPosition,
} from './follow/index.ts';

/** Of a log whose lines have no time stamps this much is read back: how far it reaches in time nobody can know. */
const UNSTAMPED_HISTORY_BYTES = 16 * 1024 * 1024;

export interface LogSource {
  readonly follower: Follower;
  /** One step of reading; true when more can be read at once. */
  poll(nowMs: number): boolean;
  /**
   * Tells the parser that nothing more came for now: what it held back to decide on is released.
   * @param final true when nothing will ever come again.
   */
  settle(nowMs: number, final: boolean): void;
  /** Reads to the end; an unfinished last line is given up as a line. */
  finish(nowMs: number): void;
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
  readonly heldByWorker?: FollowerOptions['heldByWorker'];
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

function startPosition(options: LogOptions, timeOf: TimeOfLine): StartPosition {
  if (options.fromStart) return 'beginning';
  return ({ fd, size }) =>
    offsetSince(fd, size, options.sinceMs, timeOf) ?? Math.max(0, size - UNSTAMPED_HISTORY_BYTES);
}

async function follow(options: LogOptions, parser: Parser, arrival: Arrival): Promise<Follower> {
  const sink: LineSink = {
    lines(chunk, start, end, live) {
      arrival.arrivalMs = live ? arrival.nowMs : Number.NaN;
      parser.push(chunk, start, end);
    },
  };
  if (options.path === '-') return createStdinFollower({ sink });
  return createFollower({
    path: options.path,
    sink,
    start: startPosition(options, (line) => parser.timeOf(line)),
    backend: options.backend,
    ...(options.heldByWorker ? { heldByWorker: options.heldByWorker } : {}),
  });
}

/** The part that is the same for every kind of log. */
function logSource(
  follower: Follower,
  parser: Parser,
  arrival: Arrival,
  settle: (nowMs: number, final: boolean) => void,
  describe: () => Pick<SourceFact, 'kind' | 'format' | 'durationUnit' | 'durationUnitAssumed'>,
): LogSource {
  /** A file does not end because nobody reads on: its state is the one before. */
  let stateAtFinish: SourceState | null = null;
  return {
    follower,
    poll(nowMs) {
      arrival.nowMs = nowMs;
      return follower.poll(nowMs);
    },
    settle(nowMs, final) {
      arrival.nowMs = nowMs;
      settle(nowMs, final);
    },
    finish(nowMs) {
      arrival.nowMs = nowMs;
      if (follower.path !== '-') stateAtFinish = follower.stats.state;
      follower.finish(nowMs);
      settle(nowMs, true);
    },
    close: () => follower.close(),
    fact() {
      const { stats } = follower;
      return {
        path: follower.path,
        ...stats,
        ...describe(),
        state: stateAtFinish ?? stats.state,
        linesRead: parser.linesParsed + parser.linesRejected,
        linesParsed: parser.linesParsed,
        linesRejected: parser.linesRejected,
        lastLineAtMs: parser.lastLineAtMs,
      };
    },
  };
}

/**
 * @param onRecord gets a flyweight: copy what is kept. `arrivalMs` as in {@link Arrival}.
 */
export async function openAccessLog(
  options: LogOptions & { readonly format: string },
  onRecord: (record: AccessRecord, arrivalMs: number, nowMs: number) => void,
): Promise<LogSource> {
  const arrival: Arrival = { nowMs: 0, arrivalMs: Number.NaN };
  const parser = new AccessLogParser({
    format: options.format,
    onRecord: (record) => onRecord(record, arrival.arrivalMs, arrival.nowMs),
  });
  const follower = await follow(options, parser, arrival);
  return logSource(
    follower,
    parser,
    arrival,
    (_nowMs, final) => parser.settle(final),
    () => {
      const { format, durationUnit, durationUnitAssumed } = parser.info;
      return { kind: 'access', format, durationUnit, durationUnitAssumed };
    },
  );
}

export async function openErrorLog(
  options: LogOptions,
  onEntry: (entry: ErrorEntry, arrivalMs: number, nowMs: number) => void,
): Promise<LogSource> {
  const arrival: Arrival = { nowMs: 0, arrivalMs: Number.NaN };
  const parser = new ErrorLogParser({ onEntry: (entry) => onEntry(entry, arrival.arrivalMs, arrival.nowMs) });
  const follower = await follow(options, parser, arrival);
  return logSource(
    follower,
    parser,
    arrival,
    (nowMs, final) => parser.settle(nowMs, final),
    () => ({ kind: 'error', format: 'gunicorn', durationUnit: null, durationUnitAssumed: false }),
  );
}
