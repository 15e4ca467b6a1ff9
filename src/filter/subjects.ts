/** What filters look at: the parts of lines that they name. Shapes, so that this folder depends on no other. */

/** A line of an access log. Unknown numbers are NaN, an unknown worker 0, unknown texts null. */
export interface FilteredRequest {
  readonly atMs: number;
  readonly method: string | null;
  readonly target: string | null;
  readonly path: string | null;
  readonly protocol: string | null;
  readonly status: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly address: string | null;
  readonly user: string | null;
  readonly referrer: string | null;
  readonly userAgent: string | null;
  readonly worker: number;
}

/** An entry of an error log or of an application's log, or an event. What an entry cannot have may be absent. */
export interface FilteredEntry {
  /** Epoch milliseconds; NaN unknown. */
  readonly atMs: number;
  readonly level: string | null;
  readonly message: string | null;
  readonly traceback: string | null;
  readonly logger?: string | null;
  readonly pid?: number | null;
  readonly fields?: Readonly<Record<string, unknown>> | null;
  readonly event?: FilteredEvent | null;
  /** The request that an entry without an event names. */
  readonly request?: Pick<FilteredEvent, 'method' | 'target'> | null;
}

/** What is known of an entry's request, if it is about one. */
export interface FilteredEvent {
  readonly kind: string;
  readonly method?: string | null;
  readonly target?: string | null;
  readonly address?: string | null;
}
