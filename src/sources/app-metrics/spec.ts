/** An application's metrics endpoint that is to be read. Plain data: it crosses into the engine's thread. */
export interface EndpointSpec {
  readonly name: string;
  readonly url: string;
  /** A unix socket to go through; null goes by the URL. */
  readonly socket: string | null;
  /** The `Host` header; null takes the URL's. */
  readonly host: string | null;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
}
