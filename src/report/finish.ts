/** The Report from the figures gathered. */
import { Histogram } from '../model/histogram.ts';
import type { Ingest, Series, StatusSummary } from '../model/snapshot.ts';
import type { Accumulator } from './accumulator.ts';
import { latencyOf } from './latency.ts';
import type { Peak, Report, ReportClients } from './report.ts';
import { hourOfDayRows, hourRows, iso, pathTables, valueRows, workerShares } from './rows.ts';
import type { StepCell, Steps } from './time-steps.ts';

export interface FinishOptions {
  readonly version: string;
  readonly nowMs: number;
  readonly timeZone: string;
  readonly slowSeconds: number;
  /** Rows of each table. */
  readonly top: number;
  /** The span asked for; the infinities where none was. */
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly filter: string | null;
  readonly ingest: Ingest;
}

const perSecond = (count: number, seconds: number): number | null => (seconds > 0 ? count / seconds : null);

export function finishReport(figures: Accumulator, options: FinishOptions): Report {
  const { top } = options;
  const isDated = figures.firstAtMs <= figures.lastAtMs;
  // A stamp of whole seconds stands for all of its second: what is covered goes on to its end.
  const coveredToMs = (Math.floor(figures.lastAtMs / 1000) + 1) * 1000;
  const coveredSeconds = isDated ? (coveredToMs - figures.firstAtMs) / 1000 : 0;
  const requestsPerSecond = perSecond(figures.requests, coveredSeconds);
  const isTimed = figures.durations.count > 0;
  const steps = figures.steps.finish();
  return {
    schemaVersion: 1,
    gtop: { version: options.version },
    generatedAt: iso(options.nowMs),
    window: {
      seconds:
        Number.isFinite(options.sinceMs) && Number.isFinite(options.untilMs)
          ? (options.untilMs - options.sinceMs) / 1000
          : null,
      from: isDated ? iso(figures.firstAtMs) : null,
      to: isDated ? iso(figures.lastAtMs) : null,
    },
    filter: options.filter,
    traffic: {
      requestsTotal: figures.requestsTotal,
      errorsTotal: figures.errorsTotal,
      bytesTotal: figures.bytesTotal,
      requests: figures.requests,
      requestsPerSecond,
      requestsPerMinute: requestsPerSecond === null ? null : requestsPerSecond * 60,
      bytes: figures.bytes,
      bytesPerSecond: perSecond(figures.bytes, coveredSeconds),
      activeConnections: null,
    },
    latency: latencyOf(figures.durations, figures.excluded),
    status: statusOf(figures),
    ...pathTables(figures.routes.cells.cells(), coveredSeconds, figures.durations.sum, isTimed, top),
    clients: clientsOf(figures, top),
    slow: figures.slow.rows.map(({ atMs, ...row }) => ({ at: Number.isNaN(atMs) ? null : iso(atMs), ...row })),
    slowRequests: { thresholdSeconds: options.slowSeconds, count: figures.slowCount },
    notFound: { count: figures.codes[404], paths: valueRows(figures.notFound.cells(), top) },
    workerShares: workerShares(figures.workers.cells(), coveredSeconds, top),
    hours: hourRows(figures.hours.cells(), figures.firstAtMs, coveredToMs),
    hoursOfDay: hourOfDayRows(figures.hoursOfDay()),
    timeZone: options.timeZone,
    peak: peakOf(steps),
    series: seriesOf(steps),
    ingest: options.ingest,
  };
}

function statusOf({ codes, requests }: Accumulator): StatusSummary {
  const byClass = (first: number): number => codes.subarray(first * 100, first * 100 + 100).reduce((a, b) => a + b, 0);
  const share = (count: number): number | null => (requests > 0 ? count / requests : null);
  return {
    classes: { '1xx': byClass(1), '2xx': byClass(2), '3xx': byClass(3), '4xx': byClass(4), '5xx': byClass(5) },
    codes: Object.fromEntries([...codes.entries()].filter(([code, count]) => code > 0 && count > 0)),
    clientErrorRatio: share(byClass(4)),
    serverErrorRatio: share(byClass(5)),
    timeouts: 0,
    timeoutRatio: share(0),
  };
}

function clientsOf(figures: Accumulator, top: number): ReportClients {
  const { addresses, userAgents, methods, referrers, protocols } = figures;
  const families = figures.families();
  return {
    addresses: valueRows(addresses.cells(), top),
    userAgents: valueRows(userAgents.cells(), top),
    methods: valueRows(methods.cells(), top),
    referrers: valueRows(referrers.cells(), top),
    distinct: {
      addresses: addresses.distinct,
      userAgents: userAgents.distinct,
      methods: methods.distinct,
      referrers: referrers.distinct,
      paths: figures.routes.cells.distinct,
    },
    protocols: valueRows(protocols.cells(), top),
    browsers: valueRows(families.browsers.values(), top),
    operatingSystems: valueRows(families.systems.values(), top),
    bots: valueRows(families.bots.values(), top),
    exact: addresses.exact && userAgents.exact && methods.exact && referrers.exact,
  };
}

function peakOf({ stepSeconds, fromSecond, cells }: Steps): Peak | null {
  if (fromSecond === null) return null;
  let peak = 0;
  cells.forEach((cell, index) => {
    if ((cell?.requests ?? 0) > (cells[peak]?.requests ?? 0)) peak = index;
  });
  const requests = cells[peak]?.requests ?? 0;
  const at = iso((fromSecond + peak * stepSeconds) * 1000);
  return { at, stepSeconds, requests, requestsPerSecond: requests / stepSeconds };
}

/** Steps without requests are 0 for rates: a log that is there and silent says so. */
function seriesOf({ stepSeconds, fromSecond, cells }: Steps): Series {
  const histogram = new Histogram();
  const quantiles = cells.map((cell) => {
    if (cell === null) return { p50: null, p90: null, p95: null, p99: null };
    histogram.clear();
    histogram.merge(cell.durations);
    return {
      p50: histogram.quantile(0.5),
      p90: histogram.quantile(0.9),
      p95: histogram.quantile(0.95),
      p99: histogram.quantile(0.99),
    };
  });
  const ratio = (part: (cell: StepCell) => number) =>
    cells.map((cell) => (cell === null ? null : part(cell) / cell.requests));
  return {
    stepSeconds,
    from: fromSecond === null ? null : iso(fromSecond * 1000),
    requestsPerSecond: cells.map((cell) => (cell?.requests ?? 0) / stepSeconds),
    bytesPerSecond: cells.map((cell) => (cell?.bytes ?? 0) / stepSeconds),
    p50Seconds: quantiles.map(({ p50 }) => p50),
    p90Seconds: quantiles.map(({ p90 }) => p90),
    p95Seconds: quantiles.map(({ p95 }) => p95),
    p99Seconds: quantiles.map(({ p99 }) => p99),
    clientErrorRatio: ratio((cell) => cell.clientErrors),
    serverErrorRatio: ratio((cell) => cell.serverErrors),
    busyWorkers: cells.map(() => null),
    backlog: cells.map(() => null),
  };
}
