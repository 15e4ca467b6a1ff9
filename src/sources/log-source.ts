/** What the sources of all kinds of logs have in common: a follower that feeds a parser, and the account of how reading goes. */
import type { SourceFact } from '../model/facts.ts';
import type { SourceState } from '../model/snapshot.ts';
import {
  createFollower,
  createStdinFollower,
  type Follower,
  type FollowerOptions,
  type GiveUp,
  type LineSink,
  type Peers,
  type StartPosition,
} from './follow/index.ts';
import { History } from './history.ts';
import { Reread, type RereadParser, type RereadSink } from './reread.ts';

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
  /** Nothing of what was there before is still to be read. */
  readonly hasReadHistory: boolean;
  /**
   * What was handed on up to now, to be read once more: lines that come later are not in it. Null where that cannot be:
   * standard input, the package `tail`.
   */
  reread(sink: RereadSink): Reread | null;
  /** @returns what tells, later, whether everything that was read up to now has been given out. */
  mark(): () => boolean;
  close(): void;
  fact(): SourceFact;
}

/** The logs that are followed together, by kind. */
export type PeersByKind = Readonly<Record<'access' | 'error' | 'app', Peers>>;

export interface LogOptions {
  /** A path, or `-` for standard input. */
  readonly path: string;
  readonly backend: 'generations' | 'tail';
  readonly fromStart: boolean;
  /** The logs that are followed together with this one, which is among them; absent: it is alone. */
  readonly peers?: PeersByKind;
  /** Lines stamped before this moment are not read (unless `fromStart`). */
  readonly sinceMs: number;
  /** Lines stamped at this moment or later are left out; absent: none are. */
  readonly untilMs?: number | undefined;
  /** History is read back over rotated and compressed siblings too. */
  readonly siblings?: boolean;
  /** History is read in its order, also where lines do not depend on those before them. */
  readonly inOrder?: boolean;
  /** Is waited for between two slices of history. */
  readonly pace?: () => Promise<void>;
  readonly heldByWorker?: FollowerOptions['heldByWorker'];
  /** Nothing that is there at the start is read (unless `fromStart`). */
  readonly fromEnd?: boolean;
  readonly resumeFrom?: FollowerOptions['resumeFrom'];
  readonly onPlaceGone?: FollowerOptions['onPlaceGone'];
  /** Records and entries also hold their lines. */
  readonly keepRaw?: boolean;
  /** As `keepRaw`, asked of every line. */
  readonly wantsRaw?: () => boolean;
  /** Nothing of an entry is cut off, however long. */
  readonly keepAll?: boolean;
  /** A line that could not be parsed. */
  readonly onRejected?: (reason: string, line: Buffer, nowMs: number) => void;
}

/** Where the line just handed over comes from: `arrivalMs` is NaN for a line that was there before gtop. */
export type Arrival = { nowMs: number; arrivalMs: number };

/** The counters that every parser keeps. */
export interface Parser {
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

export interface Reading {
  readonly options: LogOptions;
  readonly startedAtMs: number;
  readonly follower: Follower;
  readonly history: History;
}

/** For a parser that looks at its option at every line. */
export const rawWish = ({ keepRaw, wantsRaw }: LogOptions): boolean => keepRaw === true || wantsRaw?.() === true;

/**
 * @param kind of the log: those of one kind that are followed together know of each other.
 * @param newestFirst lines of the log do not depend on those before them.
 */
export async function follow(
  options: LogOptions,
  parser: Parser,
  arrival: Arrival,
  kind: keyof PeersByKind,
  newestFirst: boolean,
): Promise<Reading> {
  const sink: LineSink = {
    lines(chunk, start, end, live) {
      arrival.arrivalMs = live ? arrival.nowMs : Number.NaN;
      parser.push(chunk, start, end);
    },
  };
  const startedAtMs = Date.now();
  let follower: Follower;
  const history = new History({
    path: options.path,
    sinceMs: options.sinceMs,
    siblings: options.siblings ?? false,
    isElsewhere: (file) => follower.isOfPeer?.(file) ?? false,
    newestFirst: newestFirst && !options.inOrder,
    timeOf: (line) => parser.timeOf(line),
    sink,
    pace: options.pace,
  });
  if (options.path === '-') {
    follower = createStdinFollower({
      sink: {
        lines(chunk, start, end, live) {
          // Nobody polls for these: they come between two polls, and before the first one.
          arrival.nowMs = Date.now();
          sink.lines(chunk, start, end, live);
        },
      },
    });
    return { options, startedAtMs, follower, history };
  }
  follower = await createFollower({
    path: options.path,
    sink,
    start: startPosition(options, history),
    backend: options.backend,
    resumeFrom: options.resumeFrom,
    onPlaceGone: options.onPlaceGone,
    peers: options.peers?.[kind],
    ...(options.heldByWorker ? { heldByWorker: options.heldByWorker } : {}),
  });
  return { options, startedAtMs, follower, history };
}

/** The part that is the same for every kind of log. */
export function logSource(
  reading: Reading,
  parser: Parser,
  arrival: Arrival,
  settle: (nowMs: number, final: boolean) => void,
  mark: LogSource['mark'],
  describe: () => Pick<SourceFact, 'kind' | 'format' | 'durationUnit' | 'durationUnitAssumed'> & {
    message?: string | null;
  },
  makeAgain: (sink: RereadSink) => RereadParser,
): LogSource {
  const { follower, history } = reading;
  /** A file does not end because nobody reads on: its state is the one before. */
  let stateAtFinish: SourceState | null = null;
  let hasLooked = false;
  return {
    follower,
    poll(nowMs, budgetBytes) {
      arrival.nowMs = nowMs;
      // Opened first: only then it is known what was before, and whether that is to be read before it.
      if (!hasLooked && reading.options.siblings) follower.poll(nowMs, 0);
      hasLooked = true;
      return !history.comesFirst && follower.poll(nowMs, budgetBytes);
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
    get hasReadHistory() {
      return history.isDone;
    },
    reread: (sink) => readAgain(reading, !mark()(), () => makeAgain(sink)),
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

function readAgain(reading: Reading, isPending: boolean, makeParser: () => RereadParser): Reread | null {
  const { follower, history, startedAtMs, options } = reading;
  const checkpoint = follower.checkpoint();
  // Whoever began at the end handed nothing on that was there before, wherever that is now.
  if (checkpoint === null || options.fromEnd) return null;
  const sinceMs = options.fromStart ? Number.NEGATIVE_INFINITY : options.sinceMs;
  const readsSiblings = options.siblings === true && !options.fromStart;
  const { path, stats } = follower;
  return new Reread({
    path,
    checkpoint,
    stats,
    first: history.first,
    startedAtMs,
    sinceMs,
    readsSiblings,
    isPending,
    isElsewhere: (file) => follower.isOfPeer?.(file) ?? false,
    makeParser,
  });
}
