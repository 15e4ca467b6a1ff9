/** Rows of the Report from what was counted. Pure functions. */
import { Histogram } from '../model/histogram.ts';
import type { ClientRow } from '../model/snapshot.ts';
import type { HourCell, RouteCell, ValueCell, WorkerCell } from './cells.ts';
import type { HourOfDayRow, HourRow, PathRankings, ReportPath, WorkerShare } from './report.ts';

const HOUR_MS = 3_600_000;

export const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
export const iso = (atMs: number): string => new Date(atMs).toISOString();

const meanOf = (microseconds: number, timed: number): number | null => (timed > 0 ? microseconds / timed / 1e6 : null);

/** The first rows by each of these, the next one where they are equal. */
function ranked<T>(rows: readonly T[], top: number, ...orders: ((row: T) => number | string)[]): T[] {
  const compare = (a: T, b: T): number => {
    for (const order of orders) {
      const left = order(a);
      const right = order(b);
      if (left === right) continue;
      if (typeof left === 'number' && typeof right === 'number') return right - left;
      return String(left) < String(right) ? -1 : 1;
    }
    return 0;
  };
  return [...rows].sort(compare).slice(0, top);
}

export const valueRows = (cells: Iterable<ValueCell>, top: number): ClientRow[] =>
  ranked(
    [...cells],
    top,
    (cell) => cell.count,
    (cell) => cell.bytes,
    (cell) => cell.value,
  ).map(({ value, count, bytes }) => ({ value, count, bytes }));

export interface PathTables {
  readonly paths: readonly ReportPath[];
  readonly pathsBy: PathRankings;
}

/** @param allSeconds Σ request time of the window. */
export function pathTables(
  cells: readonly RouteCell[],
  coveredSeconds: number,
  allSeconds: number,
  isTimed: boolean,
  top: number,
): PathTables {
  const histogram = new Histogram();
  const quantile = (cell: RouteCell, q: number): number | null => {
    histogram.clear();
    histogram.merge(cell.durations);
    return histogram.quantile(q);
  };
  const row = (cell: RouteCell): ReportPath => {
    histogram.clear();
    histogram.merge(cell.durations);
    return {
      method: cell.method,
      path: cell.route,
      count: cell.count,
      requestsPerSecond: coveredSeconds > 0 ? cell.count / coveredSeconds : null,
      bytes: cell.bytes,
      errorRatio: cell.count > 0 ? cell.serverErrors / cell.count : 0,
      p50Seconds: histogram.quantile(0.5),
      p95Seconds: histogram.quantile(0.95),
      maxSeconds: orNull(histogram.max),
      timeRatio: !isTimed ? null : allSeconds > 0 ? cell.durations.sum / allSeconds : 0,
      meanSeconds: histogram.mean,
      p99Seconds: histogram.quantile(0.99),
      sumSeconds: isTimed ? cell.durations.sum : null,
      clientErrors: cell.clientErrors,
      serverErrors: cell.serverErrors,
    };
  };
  const count = (cell: RouteCell): number => cell.count;
  const name = (cell: RouteCell): string => `${cell.route} ${cell.method}`;
  const tailed = cells
    .filter((cell) => cell.durations.count >= 20)
    .map((cell) => ({ cell, p95: quantile(cell, 0.95) ?? 0 }));
  const failing = cells.filter((cell) => cell.serverErrors + cell.clientErrors > 0);
  return {
    paths: ranked(cells, top, (cell) => cell.durations.sum, count, name).map(row),
    pathsBy: {
      count: ranked(cells, top, count, name).map(row),
      p95: ranked(
        tailed,
        top,
        ({ p95 }) => p95,
        ({ cell }) => cell.count,
      ).map(({ cell }) => row(cell)),
      errors: ranked(
        failing,
        top,
        (cell) => cell.serverErrors,
        (cell) => cell.clientErrors,
        name,
      ).map(row),
      bytes: ranked(cells, top, (cell) => cell.bytes, count, name).map(row),
    },
  };
}

export function workerShares(cells: readonly WorkerCell[], coveredSeconds: number, top: number): WorkerShare[] {
  const all = cells.reduce((sum, cell) => sum + cell.count, 0);
  return ranked(
    cells,
    top,
    (cell) => cell.count,
    (cell) => -cell.pid,
  ).map((cell) => ({
    pid: cell.pid,
    count: cell.count,
    bytes: cell.bytes,
    errorRatio: cell.errors / cell.count,
    meanSeconds: meanOf(cell.microseconds, cell.timed),
    countRatio: cell.count / all,
    erlangs: cell.timed > 0 && coveredSeconds > 0 ? cell.microseconds / 1e6 / coveredSeconds : null,
  }));
}

/** The first and the last hour are covered in part: their time is divided by that part. */
export function hourRows(cells: readonly HourCell[], fromMs: number, toMs: number): HourRow[] {
  return [...cells]
    .sort((a, b) => a.startMs - b.startMs)
    .map((cell) => {
      const coveredMs = Math.min(toMs, cell.startMs + HOUR_MS) - Math.max(fromMs, cell.startMs);
      return {
        at: iso(cell.startMs),
        requests: cell.requests,
        bytes: cell.bytes,
        serverErrorRatio: cell.errors / cell.requests,
        meanSeconds: meanOf(cell.microseconds, cell.timed),
        erlangs: cell.timed > 0 && coveredMs > 0 ? cell.microseconds / 1000 / coveredMs : null,
      };
    });
}

export const hourOfDayRows = (cells: readonly HourCell[]): HourOfDayRow[] =>
  cells.map((cell, hour) => ({
    hour,
    requests: cell.requests,
    bytes: cell.bytes,
    serverErrorRatio: cell.requests > 0 ? cell.errors / cell.requests : null,
    meanSeconds: meanOf(cell.microseconds, cell.timed),
  }));
