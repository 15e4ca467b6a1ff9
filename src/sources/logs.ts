/** Logs as sources, by kind: each with its parser. */
import type { AccessRecord, AppEntry, ErrorEntry } from '../model/facts.ts';
import { AccessLogParser } from './access-log/index.ts';
import { AppLogParser } from './app-log/index.ts';
import { ErrorLogParser } from './error-log/index.ts';
import { Peers } from './follow/index.ts';
import {
  type Arrival,
  follow,
  type LogOptions,
  type LogSource,
  logSource,
  type Parser,
  type PeersByKind,
  rawWish,
} from './log-source.ts';
import type { RereadSink } from './reread.ts';

export type { LogOptions, LogSource } from './log-source.ts';

/** The logs of one watcher, for the `peers` of each. One that is watched as two kinds is read as both. */
export const followedTogether = (): PeersByKind => ({ access: new Peers(), error: new Peers(), app: new Peers() });

/** Access lines are flyweights: copy what is kept. `arrivalMs` as in {@link Arrival}. */
type OnRecord = (record: AccessRecord, arrivalMs: number, nowMs: number) => void;
type OnEntry<Entry> = (entry: Entry, arrivalMs: number, nowMs: number) => void;

/** Leaves out what is stamped at that moment or later. */
function before<Line extends { readonly atMs: number }>(
  { untilMs }: LogOptions,
  take: (line: Line) => void,
): (line: Line) => void {
  if (untilMs === undefined) return take;
  return (line) => {
    if (!(line.atMs >= untilMs)) take(line);
  };
}

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
  const { onForeign, onRejected, keepForeignRaw = options.keepRaw, keepAll } = options;
  const errors = onForeign
    ? new ErrorLogParser({
        get keepRaw() {
          return keepForeignRaw || rawWish(options);
        },
        keepAll,
        onEntry: before(options, (entry) => onForeign(entry, arrival.arrivalMs, arrival.nowMs)),
      })
    : null;
  const parser = new AccessLogParser({
    format: options.format,
    get keepRaw() {
      return rawWish(options);
    },
    onRecord: before(options, (record) => onRecord(record, arrival.arrivalMs, arrival.nowMs)),
    ...(onRejected ? { onRejected: (reason, line) => onRejected(reason, line, arrival.nowMs) } : {}),
    ...(errors ? { onForeign: (line) => errors.push(line, 0, line.length) } : {}),
  });
  const reading = await follow(options, parser, arrival, 'access', true);
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
    ({ keepRaw, access, error }) => {
      const entries = onForeign ? new ErrorLogParser({ keepRaw, keepAll, onEntry: before(options, error) }) : null;
      const again = new AccessLogParser({
        format: options.format,
        unit: parser.info.durationUnit,
        keepRaw,
        onRecord: before(options, access),
        ...(entries ? { onForeign: (line) => entries.push(line, 0, line.length) } : {}),
      });
      return {
        push: (chunk, start, end) => again.push(chunk, start, end),
        timeOf: (line) => again.timeOf(line),
        finish(isWhole) {
          again.settle(false);
          if (isWhole) entries?.settle(0, true);
        },
      };
    },
  );
}

export function openErrorLog(options: LogOptions, onEntry: OnEntry<ErrorEntry>): Promise<LogSource> {
  return openEntries(
    options,
    (reading) => new ErrorLogParser(reading),
    onEntry,
    ({ error }) => error,
    'error',
    'gunicorn',
  );
}

export function openAppLog(options: LogOptions, onEntry: OnEntry<AppEntry>): Promise<LogSource> {
  return openEntries(
    options,
    (reading) => new AppLogParser(reading),
    onEntry,
    ({ app }) => app,
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

interface EntryOptions<Entry> {
  readonly keepRaw: boolean;
  readonly keepAll: boolean | undefined;
  onEntry(entry: Entry): void;
  onRejected(reason: string, line: Buffer): void;
}

async function openEntries<Entry extends { readonly atMs: number }>(
  options: LogOptions,
  makeParser: (options: EntryOptions<Entry>) => EntryParser,
  onEntry: OnEntry<Entry>,
  entriesOf: (sink: RereadSink) => (entry: Entry) => void,
  kind: 'error' | 'app',
  format: string | null,
): Promise<LogSource> {
  const arrival: Arrival = { nowMs: 0, arrivalMs: Number.NaN };
  const { keepAll } = options;
  const parser = makeParser({
    keepAll,
    get keepRaw() {
      return rawWish(options);
    },
    onEntry: before(options, (entry) => onEntry(entry, arrival.arrivalMs, arrival.nowMs)),
    onRejected: (reason, line) => options.onRejected?.(reason, line, arrival.nowMs),
  });
  const reading = await follow(options, parser, arrival, kind, false);
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
    (sink) => {
      const again = makeParser({
        keepAll,
        keepRaw: sink.keepRaw,
        onEntry: before(options, entriesOf(sink)),
        onRejected: () => {},
      });
      return {
        push: (chunk, start, end) => again.push(chunk, start, end),
        timeOf: (line) => again.timeOf(line),
        finish: (isWhole) => {
          if (isWhole) again.settle(0, true);
        },
      };
    },
  );
}
