/** Figures and rows of the Snapshot from what the traffic model measured. Pure functions. */
import type { ClientKind, Detail, RouteCell } from './detail.ts';
import type { RouteMeasures } from './service-view.ts';
import type { Clients, Latency, PathRow, ServedBy, SlowRequest, StatusSummary, Traffic } from './snapshot.ts';
import { topCells } from './top.ts';
import type { Measures } from './traffic.ts';
import { countCodes, type Volume } from './volume.ts';

const perSecond = (count: number, coveredSeconds: number): number | null =>
  coveredSeconds > 0 ? count / coveredSeconds : null;

const isoOrNull = (atMs: number): string | null => (Number.isNaN(atMs) ? null : new Date(atMs).toISOString());

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

export function trafficOf(totals: Readonly<Volume>, measures: Measures): Omit<Traffic, 'activeConnections'> {
  const requestsPerSecond = perSecond(measures.requests, measures.coveredSeconds);
  return {
    requestsTotal: totals.requests,
    errorsTotal: countCodes(totals.codes, 500, 600),
    bytesTotal: totals.bytes,
    requests: measures.requests,
    requestsPerSecond,
    requestsPerMinute: requestsPerSecond === null ? null : requestsPerSecond * 60,
    bytes: measures.bytes,
    bytesPerSecond: perSecond(measures.bytes, measures.coveredSeconds),
  };
}

/** Null when no line of the window carries a duration and no request was killed. */
export function latencyOf({ durations, excluded }: Measures): Latency | null {
  if (durations.count === 0 && excluded === 0) return null;
  return {
    count: durations.count,
    excluded,
    minSeconds: orNull(durations.min),
    meanSeconds: durations.mean,
    p50Seconds: durations.quantile(0.5),
    p90Seconds: durations.quantile(0.9),
    p95Seconds: durations.quantile(0.95),
    p99Seconds: durations.quantile(0.99),
    maxSeconds: orNull(durations.max),
  };
}

export function statusOf({ codes, requests, timeouts }: Measures): StatusSummary {
  const byClass = (first: number) => countCodes(codes, first * 100, first * 100 + 100);
  const share = (count: number) => (requests > 0 ? count / requests : null);
  const sorted = [...codes].sort(([a], [b]) => a - b);
  return {
    classes: { '1xx': byClass(1), '2xx': byClass(2), '3xx': byClass(3), '4xx': byClass(4), '5xx': byClass(5) },
    codes: Object.fromEntries(sorted.map(([code, count]) => [String(code), count])),
    clientErrorRatio: share(byClass(4)),
    serverErrorRatio: share(byClass(5)),
    timeouts,
    timeoutRatio: requests + timeouts > 0 ? Math.min(1, timeouts / Math.max(requests, timeouts)) : null,
  };
}

/** The routes that take most of the workers' time first; by count where durations are unknown. */
export function pathRows(detail: Detail, coveredSeconds: number, limit: number): PathRow[] {
  let allSeconds = 0;
  let isTimed = false;
  detail.routes.forEach(({ durations }) => {
    allSeconds += durations.sum;
    isTimed ||= durations.count > 0;
  });
  const ranked = topCells(detail.routes, limit, (a, b) => b.durations.sum - a.durations.sum || b.count - a.count);
  return ranked.map(({ cell: { method, route, count, bytes, errors, durations } }) => ({
    method,
    path: route,
    count,
    requestsPerSecond: perSecond(count, coveredSeconds),
    bytes,
    errorRatio: count > 0 ? errors / count : 0,
    p50Seconds: durations.quantile(0.5),
    p95Seconds: durations.quantile(0.95),
    maxSeconds: orNull(durations.max),
    timeRatio: isTimed ? (allSeconds > 0 ? durations.sum / allSeconds : 0) : null,
  }));
}

/** The routes that stand out: with most of the workers' time, and with most 5xx; null where there is none of either. */
export function outstandingRoutes(detail: Detail): { slowest: RouteMeasures | null; failing: RouteMeasures | null } {
  let allSeconds = 0;
  let slowest: RouteCell | null = null as RouteCell | null;
  let failing: RouteCell | null = null as RouteCell | null;
  detail.routes.forEach((cell) => {
    allSeconds += cell.durations.sum;
    if (cell.durations.sum > (slowest?.durations.sum ?? 0)) slowest = cell;
    if (cell.errors > (failing?.errors ?? 0)) failing = cell;
  });
  const measures = (cell: RouteCell): RouteMeasures => ({
    method: cell.method,
    path: cell.route,
    requests: cell.count,
    serverErrors: cell.errors,
    timeRatio: allSeconds > 0 ? cell.durations.sum / allSeconds : null,
  });
  return { slowest: slowest && measures(slowest), failing: failing && measures(failing) };
}

export function clientsOf(detail: Detail, limit: number): Clients {
  const top = (kind: ClientKind) =>
    topCells(detail.clients[kind], limit, (a, b) => b.count - a.count).map(({ key, cell: { count, bytes } }) => ({
      value: key,
      count,
      bytes,
    }));
  return {
    addresses: top('addresses'),
    userAgents: top('userAgents'),
    methods: top('methods'),
    referrers: top('referrers'),
    distinct: detail.distinct,
  };
}

export const slowRows = (detail: Detail, limit: number): SlowRequest[] =>
  detail.slow.slice(0, limit).map(({ atMs, ...row }) => ({ at: isoOrNull(atMs), ...row }));

export const servedByRows = (detail: Detail, limit: number): ServedBy[] =>
  [...detail.workers]
    .map(([worker, { count, errors }]) => ({ worker, count, errors }))
    .sort((a, b) => b.count - a.count || a.worker - b.worker)
    .slice(0, limit);
