/** What is counted for one route, client value, worker or hour. */
import { Durations, type PackedDurations } from './durations.ts';

export interface RouteCell {
  readonly method: string;
  readonly route: string;
  count: number;
  clientErrors: number;
  serverErrors: number;
  bytes: number;
  readonly durations: Durations;
}

/** An address, user agent, path, …. */
export interface ValueCell {
  readonly value: string;
  count: number;
  bytes: number;
}

export interface WorkerCell {
  readonly pid: number;
  count: number;
  errors: number;
  bytes: number;
  /** Σ request time of `timed` requests: whole, so that sums are exact in any order. */
  microseconds: number;
  timed: number;
}

export interface HourCell {
  /** Epoch milliseconds of its start. */
  readonly startMs: number;
  requests: number;
  errors: number;
  bytes: number;
  /** Σ request time of `timed` requests: whole, so that sums are exact in any order. */
  microseconds: number;
  timed: number;
}

export const createRouteCell = (method: string, route: string): RouteCell => ({
  method,
  route,
  count: 0,
  clientErrors: 0,
  serverErrors: 0,
  bytes: 0,
  durations: new Durations(),
});

export const createValueCell = (value: string): ValueCell => ({ value, count: 0, bytes: 0 });

export const createWorkerCell = (pid: number): WorkerCell => ({
  pid,
  count: 0,
  errors: 0,
  bytes: 0,
  microseconds: 0,
  timed: 0,
});

export const createHourCell = (startMs: number): HourCell => ({
  startMs,
  requests: 0,
  errors: 0,
  bytes: 0,
  microseconds: 0,
  timed: 0,
});

export function mergeHours(into: HourCell, from: HourCell): void {
  into.requests += from.requests;
  into.errors += from.errors;
  into.bytes += from.bytes;
  into.microseconds += from.microseconds;
  into.timed += from.timed;
}

export type PackedRouteCell = Omit<RouteCell, 'durations'> & { readonly durations: PackedDurations };

export function mergeRoutes(into: RouteCell, from: PackedRouteCell): void {
  into.count += from.count;
  into.clientErrors += from.clientErrors;
  into.serverErrors += from.serverErrors;
  into.bytes += from.bytes;
  into.durations.merge(Durations.unpack(from.durations));
}

export function mergeValues(into: ValueCell, from: ValueCell): void {
  into.count += from.count;
  into.bytes += from.bytes;
}

export function mergeWorkers(into: WorkerCell, from: WorkerCell): void {
  into.count += from.count;
  into.errors += from.errors;
  into.bytes += from.bytes;
  into.microseconds += from.microseconds;
  into.timed += from.timed;
}
