/**
 * The Report: what `gtop report` says about whole logs. Where it means the same as a Snapshot it has the same names;
 * the rest are sections of its own. `schema/report.schema.json` is generated from this file (`npm run schema`).
 */
import type {
  ClientRow,
  Clients,
  Ingest,
  IsoTime,
  Latency,
  PathRow,
  Series,
  SlowRequest,
  StatusSummary,
  Traffic,
} from '../model/snapshot.ts';

/** The time that the figures cover. Rates are per the whole of it, the second of the last time stamp included. */
export interface ReportWindow {
  /** Length asked for; null where `--since` or `--until` is open. */
  readonly seconds: number | null;
  /** First time stamp; null when no line has one. */
  readonly from: IsoTime | null;
  /** Last time stamp; null when no line has one. */
  readonly to: IsoTime | null;
}

export interface Report {
  /** Version of this shape; raised only when a field is renamed or removed. */
  readonly schemaVersion: 1;
  /** Who wrote it. */
  readonly gtop: {
    /** Version of gtop. */
    readonly version: string;
  };
  /** The moment this was made. */
  readonly generatedAt: IsoTime;
  /** What the figures cover. */
  readonly window: ReportWindow;
  /** The filter that the lines have passed; null when there was none. */
  readonly filter: string | null;
  /** Requests and bytes; the totals also count lines outside the window. */
  readonly traffic: Traffic;
  /** Null when no line of the window carries a duration. */
  readonly latency: ReportLatency | null;
  /** Response codes. */
  readonly status: StatusSummary;
  /** Routes, most worker time first (most requests first when durations are unknown). */
  readonly paths: readonly ReportPath[];
  /** The same routes in other orders. */
  readonly pathsBy: PathRankings;
  /** Who asked. */
  readonly clients: ReportClients;
  /** The slowest of the requests over the threshold, slowest first. */
  readonly slow: readonly SlowRequest[];
  /** All requests over the threshold. */
  readonly slowRequests: SlowRequests;
  /** Requests that were answered with 404. */
  readonly notFound: NotFound;
  /** By worker, most requests first; empty when the log has no `%(p)s`. */
  readonly workerShares: readonly WorkerShare[];
  /** By hour of the time zone's clock, oldest first. At most two years of hours are kept, the busiest. */
  readonly hours: readonly HourRow[];
  /** By hour of the day, 0 to 23. */
  readonly hoursOfDay: readonly HourOfDayRow[];
  /** Time zone of `hoursOfDay`, an IANA name or `UTC`. */
  readonly timeZone: string;
  /** The busiest step of the series; null without time stamps. */
  readonly peak: Peak | null;
  /** History; its step grows with the span, to at most 240 steps. What only a live look knows is null. */
  readonly series: Series;
  /** How reading went. */
  readonly ingest: Ingest;
}

/** Request times, with what only a whole log can tell. */
export interface ReportLatency extends Latency {
  /** Null below 1,000 samples. */
  readonly p999Seconds: number | null;
  /** Σ request time. */
  readonly sumSeconds: number;
  /** Requests by duration, shortest first, without gaps; the edges go 1, 2, 5, 10, …. */
  readonly histogram: readonly HistogramBin[];
}

/** One bin of the histogram. */
export interface HistogramBin {
  /** Lower edge, inclusive. */
  readonly fromSeconds: number;
  /** Upper edge, exclusive (at most 1 % off); null for the last. */
  readonly toSeconds: number | null;
  /** Requests. */
  readonly count: number;
}

/** One route. */
export interface ReportPath extends PathRow {
  /** Arithmetic mean; exact. */
  readonly meanSeconds: number | null;
  /** Null below 100 samples. */
  readonly p99Seconds: number | null;
  /** Σ request time: what it took of the workers; null when durations are unknown. */
  readonly sumSeconds: number | null;
  /** Answers with 4xx. */
  readonly clientErrors: number;
  /** Answers with 5xx. */
  readonly serverErrors: number;
}

/** Routes in other orders. */
export interface PathRankings {
  /** Most requests first. */
  readonly count: readonly ReportPath[];
  /** Highest 95th percentile first; only routes with at least 20 samples. */
  readonly p95: readonly ReportPath[];
  /** Most 5xx first, then 4xx; only routes with errors. */
  readonly errors: readonly ReportPath[];
  /** Most body bytes first. */
  readonly bytes: readonly ReportPath[];
}

/** Who asked. */
export interface ReportClients extends Clients {
  /** By protocol, for example `HTTP/1.1`. */
  readonly protocols: readonly ClientRow[];
  /** Families of browsers, tools and libraries. */
  readonly browsers: readonly ClientRow[];
  /** Families of operating systems, where the user agent tells. */
  readonly operatingSystems: readonly ClientRow[];
  /** Families of crawlers and monitors. */
  readonly bots: readonly ClientRow[];
  /** False when there were too many distinct values to count them all: then counts of rare ones may be too low. */
  readonly exact: boolean;
}

/** Requests over the threshold. */
export interface SlowRequests {
  /** As given by --slow. */
  readonly thresholdSeconds: number;
  /** Requests that took at least as long. */
  readonly count: number;
}

/** Requests that were answered with 404. */
export interface NotFound {
  /** All of them. */
  readonly count: number;
  /** By path as sent, without the query; most requests first. */
  readonly paths: readonly ClientRow[];
}

/** One worker's part. */
export interface WorkerShare {
  /** Process id. */
  readonly pid: number;
  /** Requests. */
  readonly count: number;
  /** Body bytes. */
  readonly bytes: number;
  /** 5xx ÷ all of this worker. */
  readonly errorRatio: number;
  /** Arithmetic mean of its request times. */
  readonly meanSeconds: number | null;
  /** Share of all requests with a worker's pid. */
  readonly countRatio: number;
  /** Σ of its request times ÷ the time covered: how busy it was, on average. */
  readonly erlangs: number | null;
}

/** One hour. */
export interface HourRow {
  /** Its start. */
  readonly at: IsoTime;
  /** Requests. */
  readonly requests: number;
  /** Body bytes. */
  readonly bytes: number;
  /** 5xx ÷ all. */
  readonly serverErrorRatio: number;
  /** Arithmetic mean of request times. */
  readonly meanSeconds: number | null;
  /** Σ request time ÷ the part of the hour that the window covers: the mean number of requests in service. */
  readonly erlangs: number | null;
}

/** One hour of the day, all days together. */
export interface HourOfDayRow {
  /** 0 to 23. */
  readonly hour: number;
  /** Requests. */
  readonly requests: number;
  /** Body bytes. */
  readonly bytes: number;
  /** 5xx ÷ all; null without requests. */
  readonly serverErrorRatio: number | null;
  /** Arithmetic mean of request times. */
  readonly meanSeconds: number | null;
}

/** The busiest step of the series. */
export interface Peak {
  /** Its start. */
  readonly at: IsoTime;
  /** Its length. */
  readonly stepSeconds: number;
  /** Its requests. */
  readonly requests: number;
  /** requests ÷ step. */
  readonly requestsPerSecond: number;
}
