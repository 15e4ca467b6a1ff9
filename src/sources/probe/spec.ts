/** What a probe is to do. Plain data: it crosses into the engine's thread. */

/** When it runs, and how many results in a row make it change its mind. */
export interface ProbeSchedule {
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** After the start of gtop, for a service that starts with it. */
  readonly initialDelaySeconds: number;
  /** Failures in a row that make an up target down. */
  readonly failures: number;
  /** Successes in a row that make a down target up. */
  readonly successes: number;
}

export interface HttpProbe extends ProbeSchedule {
  readonly kind: 'http';
  readonly name: string;
  readonly url: string;
  /** A unix socket to go through; null goes by the URL. */
  readonly socket: string | null;
  /** The `Host` header; null takes the URL's. */
  readonly host: string | null;
  /** `200`, `2xx`: statuses that are a success. */
  readonly statuses: readonly string[];
  /** Values that fields of a JSON answer must have, by their dotted path. */
  readonly json: Readonly<Record<string, string | number | boolean>>;
}

export interface TcpProbe extends ProbeSchedule {
  readonly kind: 'tcp';
  readonly name: string;
  /** `127.0.0.1:5432`, `unix:/run/redis.sock`. */
  readonly address: string;
}

export type ProbeSpec = HttpProbe | TcpProbe;
