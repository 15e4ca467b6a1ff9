/** Requests: how many, how fast, with what answer, for whom and by which worker. */
import type { IsoTime } from './scalars.ts';

/** Requests and bytes. */
export interface Traffic {
  /** Access lines parsed since gtop began to read. */
  readonly requestsTotal: number;
  /** Of these, the ones with a 5xx status. */
  readonly errorsTotal: number;
  /** Body bytes of all access lines. */
  readonly bytesTotal: number;
  /** Requests in the window. */
  readonly requests: number;
  /** requests ÷ length of the window (÷ time covered, while that is shorter); null before anything was covered. */
  readonly requestsPerSecond: number | null;
  /** 60 × requestsPerSecond. */
  readonly requestsPerMinute: number | null;
  /** Body bytes in the window. */
  readonly bytes: number;
  /** bytes ÷ length of the window. */
  readonly bytesPerSecond: number | null;
  /** Accepted connections of all workers. */
  readonly activeConnections: number | null;
}

/** Request times of the window: from the headers read to the last byte handed over; waiting to be accepted is not in them. */
export interface Latency {
  /** Lines with a duration − excluded + timeouts. */
  readonly count: number;
  /** Lines whose duration Gunicorn made up; kept out of the percentiles. */
  readonly excluded: number;
  /** Shortest; exact. */
  readonly minSeconds: number | null;
  /** Arithmetic mean; exact. */
  readonly meanSeconds: number | null;
  /** Null below 2 samples; nearest rank, at most 1 % off. */
  readonly p50Seconds: number | null;
  /** Null below 10 samples. */
  readonly p90Seconds: number | null;
  /** Null below 20 samples. */
  readonly p95Seconds: number | null;
  /** Null below 100 samples. */
  readonly p99Seconds: number | null;
  /** Longest; exact. */
  readonly maxSeconds: number | null;
}

/** Response codes. */
export interface StatusSummary {
  /** Requests of the window by the first digit of their status. */
  readonly classes: Readonly<Record<'1xx' | '2xx' | '3xx' | '4xx' | '5xx', number>>;
  /** Requests of the window by status. */
  readonly codes: Readonly<Record<string, number>>;
  /** 4xx ÷ all; null without requests. */
  readonly clientErrorRatio: number | null;
  /** 5xx ÷ all; null without requests. */
  readonly serverErrorRatio: number | null;
  /** Requests killed by a worker timeout in the window. */
  readonly timeouts: number;
  /** timeouts ÷ requests of the window, at most 1; null without either. */
  readonly timeoutRatio: number | null;
}

/** One route. */
export interface PathRow {
  /** Request method. */
  readonly method: string;
  /** The route: `/users/{id}`; null where Gunicorn did not log the path of a killed request. */
  readonly path: string | null;
  /** Requests in the window. */
  readonly count: number;
  /** count ÷ length of the window. */
  readonly requestsPerSecond: number | null;
  /** Body bytes in the window. */
  readonly bytes: number;
  /** 5xx ÷ all of this route. */
  readonly errorRatio: number;
  /** Null below 2 samples. */
  readonly p50Seconds: number | null;
  /** Null below 20 samples. */
  readonly p95Seconds: number | null;
  /** Longest; exact. */
  readonly maxSeconds: number | null;
  /** Share of the window's whole request time that this route took; null when durations are unknown. */
  readonly timeRatio: number | null;
}

/** One client value. */
export interface ClientRow {
  /** The address, agent, method or referrer. */
  readonly value: string;
  /** Requests in the window. */
  readonly count: number;
  /** Body bytes in the window. */
  readonly bytes: number;
}

/** Who asked. */
export interface Clients {
  /** By `%(h)s`. */
  readonly addresses: readonly ClientRow[];
  /** By `%(a)s`. */
  readonly userAgents: readonly ClientRow[];
  /** By request method. */
  readonly methods: readonly ClientRow[];
  /** By `%(f)s`. */
  readonly referrers: readonly ClientRow[];
  /** Estimated number of distinct values in the window. */
  readonly distinct: {
    readonly addresses: number;
    readonly userAgents: number;
    readonly methods: number;
    readonly referrers: number;
    readonly paths: number;
  };
}

/** One slow request. */
export interface SlowRequest {
  /** When it ended. */
  readonly at: IsoTime | null;
  /** Request method; null where Gunicorn did not log it. */
  readonly method: string | null;
  /** As sent, without the query. */
  readonly path: string | null;
  /** Null for a request that was killed and never logged. */
  readonly status: number | null;
  /** For a killed request: at least this long. */
  readonly seconds: number;
  /** Body bytes. */
  readonly bytes: number | null;
  /** Client address. */
  readonly address: string | null;
  /** Pid of its worker; null when the log has no `%(p)s`. */
  readonly worker: number | null;
}

/** What one worker served; it may have ended since. */
export interface ServedBy {
  /** Its pid. */
  readonly worker: number;
  /** Requests in the window. */
  readonly count: number;
  /** Of these, the ones with a 5xx status. */
  readonly errors: number;
}
