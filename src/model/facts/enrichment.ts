/** What answers when it is asked, or sends by itself: probes, metrics endpoints, StatsD, the control socket. */
import type { CustomMetric, HealthRow } from '../snapshot.ts';

/** What a probe knows of its target. */
export interface ProbeFact {
  readonly name: string;
  /** For people: URL without its query, or address. */
  readonly target: string;
  readonly kind: 'http' | 'tcp';
  /** Null before the first result. That one counts at once; a change takes as many results as the probe asks for. */
  readonly up: boolean | null;
  /** It failed as many times in a row as it takes to be sure. */
  readonly isFailing: boolean;
  /** Failures in a row, up to now. */
  readonly failures: number;
  /** The newest result; null before the first. */
  readonly last: ProbeResult | null;
  /** When the newest began, epoch milliseconds. */
  readonly checkedAtMs: number | null;
}

/** One look of a probe at its target. */
export interface ProbeResult {
  readonly ok: boolean;
  readonly status: HealthRow['status'];
  readonly statusCode: number | null;
  /** Null where nothing came back. */
  readonly seconds: number | null;
  /** One sentence; null when all is well. */
  readonly error: string | null;
  /** The target took the connection and did not answer in time, or a proxy says so: a sign of a queue. */
  readonly isUnanswered: boolean;
  readonly checks: HealthRow['checks'];
}

/** An application's metrics endpoint, as it was read last. */
export interface EndpointFact {
  readonly name: string;
  /** For people: URL without its query. */
  readonly target: string;
  /** Null before the first answer that could be read. */
  readonly form: 'prometheus' | 'json' | null;
  readonly checkedAtMs: number | null;
  /** Time of the newest reading. */
  readonly seconds: number | null;
  /** Empty after a reading that failed: old numbers would pass for new ones. */
  readonly series: readonly CustomMetric[];
  /** Series beyond the limit, and lines that could not be read. */
  readonly dropped: number;
  readonly rejected: number;
  /** Why it could not be read; null when it could. */
  readonly error: string | null;
}

/** One number that Gunicorn sent by StatsD (`gunicorn/instrument/statsd.py`). */
export type StatsdMetric =
  | { readonly kind: 'requests'; readonly count: number }
  | { readonly kind: 'duration'; readonly seconds: number }
  | { readonly kind: 'status'; readonly code: number; readonly count: number }
  | { readonly kind: 'log'; readonly level: StatsdLogLevel; readonly count: number }
  | { readonly kind: 'workers' | 'backlog'; readonly value: number };

export type StatsdLogLevel = 'critical' | 'error' | 'exception' | 'warning';

/** How listening for StatsD goes. Counters only grow. */
export interface StatsdFact {
  /** `127.0.0.1:8125`. */
  readonly address: string;
  readonly packets: number;
  /** Well-formed numbers that are not Gunicorn's. */
  readonly foreign: number;
  /** Rubbish. */
  readonly rejected: number;
  /** Why nothing can be heard; null when it listens. */
  readonly error: string | null;
}

/** What a master says of itself through its control socket (`gunicorn/ctl/`, since 25.1). */
export interface ControlFact {
  readonly atMs: number;
  /** As gtop reaches it; null while none was found. */
  readonly path: string | null;
  /** Null while it has not answered. */
  readonly answer: ControlAnswer | null;
  /** Why there is none: `permission denied`, `belongs to master 4711`. */
  readonly error: string | null;
}

export interface ControlAnswer {
  readonly masterPid: number;
  readonly uptimeSeconds: number | null;
  readonly workersTarget: number | null;
  /** Since the start of the master. */
  readonly workersSpawned: number | null;
  /** Ended by the master with TERM or KILL; ends by ABRT are not in it. */
  readonly workersKilled: number | null;
  readonly reloads: number | null;
  /** Null: none runs. */
  readonly dirtyArbiterPid: number | null;
  readonly dirtyApps: readonly string[];
  readonly workers: readonly ControlWorker[];
}

export interface ControlWorker {
  readonly pid: number;
  /** Its number: how many workers the master had started when this one came. */
  readonly age: number | null;
  /** The master has sent it ABRT: it was silent for longer than the timeout. */
  readonly isAborted: boolean;
  readonly heartbeatAgeSeconds: number | null;
}
