/** What answers when it is asked, or sends by itself: probes, metrics endpoints, StatsD, the control socket. */
import type { IsoTime } from './scalars.ts';

/** One probe. */
export interface HealthRow {
  /** Name of the probe. */
  readonly name: string;
  /** URL or address probed. */
  readonly target: string;
  /** Whether it counts as up; null before the first result. */
  readonly up: boolean | null;
  /** What the answer said. */
  readonly status: 'ok' | 'degraded' | 'error' | 'unknown';
  /** HTTP status. */
  readonly statusCode: number | null;
  /** Time it took. */
  readonly seconds: number | null;
  /** When it was probed. */
  readonly checkedAt: IsoTime | null;
  /** Why it failed. */
  readonly error: string | null;
  /** Parts that the answer names. */
  readonly checks: readonly HealthCheck[];
}

/** A part of a health answer. */
export interface HealthCheck {
  /** Its name. */
  readonly name: string;
  /** As the answer says it: `healthy`, `disconnected`. */
  readonly status: string;
  /** What that means. */
  readonly level: 'ok' | 'degraded' | 'error' | 'unknown';
  /** What else the answer says. */
  readonly message: string | null;
}

/** One number of the application's own. */
export interface CustomMetric {
  /** Endpoint it was read from. */
  readonly source: string;
  /** Name of the metric. */
  readonly name: string;
  /** Its labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its value. */
  readonly value: number | null;
}

/** A metrics endpoint of the application. */
export interface EndpointRow {
  /** Its name: the `source` of its numbers. */
  readonly name: string;
  /** URL, without its query. */
  readonly target: string;
  /** What it answers with, told by looking; null while that is not known. */
  readonly form: 'prometheus' | 'json' | null;
  /** Numbers read. */
  readonly series: number;
  /** Numbers beyond the limit of 500. */
  readonly dropped: number;
  /** Lines that could not be read. */
  readonly rejected: number;
  /** Time it took. */
  readonly seconds: number | null;
  /** When it was read. */
  readonly checkedAt: IsoTime | null;
  /** Why it could not be read. */
  readonly error: string | null;
}

/** What Gunicorn sends by StatsD, since gtop began to listen. */
export interface StatsdInfo {
  /** Where gtop listens. */
  readonly address: string;
  /** Why nothing can be heard. */
  readonly error: string | null;
  /** Datagrams received. */
  readonly packets: number;
  /** Well-formed numbers that are not Gunicorn's. */
  readonly foreign: number;
  /** Lines that are no StatsD. */
  readonly rejected: number;
  /** Requests counted. */
  readonly requestsTotal: number;
  /** Mean of the last 10 complete seconds; null before anything came. */
  readonly requestsPerSecond: number | null;
  /** Requests by status. */
  readonly codes: Readonly<Record<string, number>>;
  /** Of all durations received, made-up ones of failed requests included; null below 2. */
  readonly p50Seconds: number | null;
  /** Null below 20. */
  readonly p95Seconds: number | null;
  /** Lines of the error log by level. */
  readonly logs: Readonly<Record<'critical' | 'error' | 'exception' | 'warning', number>>;
  /** Workers, as the master said last: it says so only when their number changes. */
  readonly workers: number | null;
  /** Connections that wait to be accepted (`--enable-backlog-metric`); null when it was not said for 5 s. */
  readonly backlog: number | null;
  /** When Gunicorn's last number came. */
  readonly lastAt: IsoTime | null;
}

/** What a master says of itself through its control socket (Gunicorn 25.1 and later). */
export interface ControlInfo {
  /** The socket; null where none was found. */
  readonly path: string | null;
  /** Why there is no answer. */
  readonly error: string | null;
  /** When it was asked. */
  readonly at: IsoTime;
  /** Workers it wants to have. */
  readonly workersTarget: number | null;
  /** Workers started since the start of the master. */
  readonly workersSpawned: number | null;
  /** Workers it ended with TERM or KILL. */
  readonly workersKilled: number | null;
  /** Reloads (HUP). */
  readonly reloads: number | null;
  /** Its dirty arbiter; null without one. */
  readonly dirtyArbiterPid: number | null;
  /** Applications of the dirty workers. */
  readonly dirtyApps: readonly string[];
  /** Its workers, as it knows them. */
  readonly workers: readonly {
    readonly pid: number;
    /** Its number: how many workers the master had started when this one came. */
    readonly age: number | null;
    /** The master has sent it ABRT: it was silent for longer than the timeout. */
    readonly isAborted: boolean;
    readonly heartbeatAgeSeconds: number | null;
  }[];
}
