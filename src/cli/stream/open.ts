/** The logs of `gtop stream`, each with a parser whose output goes to one writer. */
import { resolve } from 'node:path';
import type { StreamPrinter } from '../../output/stream/index.ts';
import { type Checkpoint, checkpointFromJson } from '../../sources/follow/index.ts';
import { isOpenForWriting } from '../../sources/gunicorn/writers.ts';
import { type LogSource, openAccessLog, openAppLog, openErrorLog } from '../../sources/logs.ts';
import { Place } from './place.ts';
import { Remarks, say } from './remarks.ts';

/** A line whose duration has no known unit waits this long for one that tells it. */
const SETTLE_MS = 1_000;

export interface StreamOrder {
  readonly accessLogs: readonly string[];
  readonly errorLogs: readonly string[];
  readonly appLogs: readonly string[];
  readonly logFormat: string;
  readonly fromStart: boolean;
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

/** Opens every log of the order. @param add takes the lines of the stream. */
export async function openLogs(
  order: StreamOrder,
  places: Places,
  printer: StreamPrinter,
  add: (line: string) => void,
): Promise<readonly StreamedLog[]> {
  const print = (line: string | null): void => {
    if (line !== null) add(line);
  };
  const optionsFor = (path: string) => {
    const resumeFrom = places.get(resolve(path));
    return {
      path,
      backend: order.follow,
      fromStart: order.fromStart,
      fromEnd: true,
      sinceMs: Number.NaN,
      keepRaw: order.raw,
      keepAll: true,
      heldByWorker: isOpenForWriting,
      resumeFrom,
      onPlaceGone: () =>
        say(`${path}: the file that was read last is gone: what came into it after the last run is lost`),
      onRejected: (reason: string, line: Buffer, nowMs: number) =>
        print(printer.rejected(line.toString('utf8'), reason, path, nowMs)),
    };
  };
  const open = async (paths: readonly string[], one: (path: string) => Promise<LogSource>, settleMs: number) => {
    const logs: StreamedLog[] = [];
    for (const path of paths) logs.push(new StreamedLog(await one(path), places.get(resolve(path)) ?? null, settleMs));
    return logs;
  };
  return [
    ...(await open(
      order.accessLogs,
      (path) =>
        openAccessLog(
          {
            ...optionsFor(path),
            format: order.logFormat,
            onForeign: (entry, _arrivalMs, nowMs) => print(printer.error(entry, path, nowMs)),
          },
          (record, _arrivalMs, nowMs) => print(printer.access(record, path, nowMs)),
        ),
      SETTLE_MS,
    )),
    ...(await open(
      order.errorLogs,
      (path) => openErrorLog(optionsFor(path), (entry, _arrivalMs, nowMs) => print(printer.error(entry, path, nowMs))),
      0,
    )),
    ...(await open(
      order.appLogs,
      (path) => openAppLog(optionsFor(path), (entry, _arrivalMs, nowMs) => print(printer.app(entry, path, nowMs))),
      0,
    )),
  ];
}
