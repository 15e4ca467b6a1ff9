/** The logs of `gtop stream`, each with a parser whose output goes to one writer. */
import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { StreamPrinter } from '../../output/stream/index.ts';
import { type Checkpoint, checkpointFromJson, isRotatedName, sameFile } from '../../sources/follow/index.ts';
import { isOpenForWriting } from '../../sources/gunicorn/writers.ts';
import { followedTogether, type LogSource, openAccessLog, openAppLog, openErrorLog } from '../../sources/logs.ts';
import { expandGlob } from '../globs.ts';
import { Place } from './place.ts';
import { Remarks, say } from './remarks.ts';

/** A line whose duration has no known unit waits this long for one that tells it. */
const SETTLE_MS = 1_000;

const KINDS = ['access', 'error', 'app'] as const;
type LogKind = (typeof KINDS)[number];

export interface StreamOrder {
  /** Paths. */
  readonly logs: Readonly<Record<LogKind, readonly string[]>>;
  /** Names as they were given, which may be patterns: what they match later is streamed, too. */
  readonly names: Readonly<Record<LogKind, readonly string[]>>;
  readonly logFormat: string;
  readonly fromStart: boolean;
  /** Lines stamped from then on are read back first, over rotated and compressed files too; null: none are. */
  readonly sinceMs: number | null;
  /** Lines stamped at this moment or later are left out; undefined: none are. */
  readonly untilMs: number | undefined;
  /** Waits until the reader has taken what was read back so far. */
  readonly pace: () => Promise<void>;
  readonly follow: 'generations' | 'tail';
  readonly raw: boolean;
}

/** Places of an earlier run by the absolute path of their log. */
export type Places = ReadonlyMap<string, Checkpoint>;

/** @throws TypeError or SyntaxError when it is not what {@link placesToJson} made. */
export function placesFromJson(json: unknown): Places {
  if (json === null) return new Map();
  if (!Array.isArray(json)) throw new TypeError('not a list');
  return new Map(json.map(({ path, place }) => [String(path), checkpointFromJson(place)]));
}

export const placesToJson = (logs: readonly StreamedLog[]): unknown =>
  logs.flatMap(({ path, place }) => {
    const json = place.toJson();
    return json === null ? [] : [{ path: resolve(path), place: json }];
  });

export class StreamedLog {
  readonly path: string;
  readonly source: LogSource;
  readonly place: Place;
  readonly #remarks: Remarks;
  readonly #settleMs: number;
  #settledMs = 0;

  constructor(source: LogSource, resumedFrom: Checkpoint | null, settleMs: number) {
    this.path = source.follower.path;
    this.source = source;
    this.place = new Place(source, resumedFrom);
    this.#remarks = new Remarks(source.follower);
    this.#settleMs = settleMs;
  }

  get hasEnded(): boolean {
    return this.source.follower.stats.state === 'ended';
  }

  /** @returns true when more can be read at once. */
  poll(nowMs: number, budgetBytes: number): boolean {
    const more = this.source.poll(nowMs, budgetBytes);
    if (nowMs - this.#settledMs >= this.#settleMs) {
      this.source.settle(nowMs, false);
      this.#settledMs = nowMs;
    }
    this.#remarks.look(nowMs);
    return more;
  }
}

export interface StreamedLogs {
  /** Grows. */
  readonly all: readonly StreamedLog[];
  /** Opens what the patterns match by now; what came later is read from its first byte. */
  openAppeared(): Promise<void>;
}

/** Opens every log of the order. @param add takes the lines of the stream. */
export async function openLogs(
  order: StreamOrder,
  places: Places,
  printer: StreamPrinter,
  add: (line: string) => void,
): Promise<StreamedLogs> {
  const print = (line: string | null): void => {
    if (line !== null) add(line);
  };
  const peers = followedTogether();
  const optionsFor = (path: string, fromStart: boolean) => ({
    path,
    backend: order.follow,
    peers,
    fromStart,
    fromEnd: order.sinceMs === null,
    sinceMs: order.sinceMs ?? Number.NaN,
    untilMs: order.untilMs,
    siblings: order.sinceMs !== null,
    inOrder: true,
    pace: order.pace,
    keepRaw: order.raw,
    keepAll: true,
    heldByWorker: isOpenForWriting,
    resumeFrom: places.get(resolve(path)),
    onPlaceGone: () =>
      say(`${path}: the file that was read last is gone: what came into it after the last run is lost`),
    onRejected: (reason: string, line: Buffer, nowMs: number) =>
      print(printer.rejected(line.toString('utf8'), reason, path, nowMs)),
  });
  const sources: Record<LogKind, (path: string, fromStart: boolean) => Promise<LogSource>> = {
    access: (path, fromStart) =>
      openAccessLog(
        {
          ...optionsFor(path, fromStart),
          format: order.logFormat,
          onForeign: (entry, _arrivalMs, nowMs) => print(printer.error(entry, path, nowMs)),
        },
        (record, _arrivalMs, nowMs) => print(printer.access(record, path, nowMs)),
      ),
    error: (path, fromStart) =>
      openErrorLog(optionsFor(path, fromStart), (entry, _arrivalMs, nowMs) => print(printer.error(entry, path, nowMs))),
    app: (path, fromStart) =>
      openAppLog(optionsFor(path, fromStart), (entry, _arrivalMs, nowMs) => print(printer.app(entry, path, nowMs))),
  };
  const all: StreamedLog[] = [];
  const open = async (kind: LogKind, path: string, fromStart: boolean): Promise<void> => {
    const source = await sources[kind](path, fromStart);
    all.push(new StreamedLog(source, places.get(resolve(path)) ?? null, kind === 'access' ? SETTLE_MS : 0));
  };
  for (const kind of KINDS) {
    for (const path of order.logs[kind]) await open(kind, path, order.fromStart);
  }
  return {
    all,
    async openAppeared() {
      for (const kind of KINDS) {
        const appeared = order.names[kind]
          .flatMap(matchesNow)
          .filter((path) => !all.some((log) => isPartOf(path, log)));
        for (const path of appeared) await open(kind, path, true);
      }
    },
  };
}

/** What a pattern matches; a name without one is a log from the start, whether it is there or not. */
const matchesNow = (name: string): readonly string[] => expandGlob(name).filter((path) => path !== name);

/** Whether a file is a log that is streamed already, or what a rotation made of it. */
function isPartOf(path: string, { path: logPath, source }: StreamedLog): boolean {
  if (path === logPath || sameFile(path, logPath)) return true;
  const isBeside = resolve(dirname(path)) === resolve(dirname(logPath));
  return (isBeside && isRotatedName(basename(path), basename(logPath))) || reads(source, path);
}

function reads({ follower }: LogSource, path: string): boolean {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat !== undefined && follower.openFiles.some(({ dev, ino }) => dev === stat.dev && ino === stat.ino);
}
