/**
 * What a Snapshot shows with a filter: traffic and errors of the lines that pass, beside the unfiltered ones, which
 * alerts, verdict and workers go on to look at.
 */
import type { Filter, FilteredEntry } from '../filter/index.ts';
import type { Detail } from './detail.ts';
import { Errors, requestOf } from './errors/index.ts';
import type { AccessRecord, AppEntry, ErrorEntry } from './facts.ts';
import type { Population } from './histogram.ts';
import { createRouter, type RouteOptions } from './routes.ts';
import { TrafficHistory, type TrafficSeries } from './series.ts';
import type { ErrorGroup, ErrorTotals, EventRow, HeatMap } from './snapshot.ts';
import { type KilledRecord, type Measures, type Span, TrafficModel } from './traffic.ts';
import type { Volume } from './volume.ts';

/** Since when a filtered picture is whole. */
export interface Coverage {
  /** Epoch milliseconds; null: as far back as gtop has read. */
  readonly fromMs: number | null;
  /** More of the past is being looked through. */
  readonly isReading: boolean;
}

/** The unfiltered traffic, as far as the filtered one goes by it. */
export interface Unfiltered {
  span(windowSeconds: number | null, atMs: number): Span | null;
  readonly coveredFromSecond: number;
}

const LEVELS: Readonly<Record<EventRow['level'], string>> = {
  ok: 'info',
  warning: 'warning',
  critical: 'critical',
  unknown: 'info',
};

export class FilteredView {
  readonly filter: Filter;
  /** As the reading of the past goes on. */
  coverage: Coverage;
  readonly #unfiltered: Unfiltered;
  readonly #traffic: TrafficModel;
  readonly #history: TrafficHistory;
  readonly #errors: Errors;

  constructor(filter: Filter, unfiltered: Unfiltered, options: RouteOptions & { readonly startedAtMs: number }) {
    this.filter = filter;
    this.coverage = { fromMs: null, isReading: false };
    this.#unfiltered = unfiltered;
    this.#traffic = new TrafficModel(options);
    this.#errors = new Errors({ route: createRouter(options), onEvent: () => {} });
    const traffic = this.#traffic;
    const coveredFromSecond = (): number => this.coveredFromSecond;
    this.#history = new TrafficHistory({
      forEachVolume: (from, to, visit) => traffic.forEachVolume(from, to, visit),
      get coveredFromSecond() {
        return coveredFromSecond();
      },
    });
  }

  /** The first whole second for which every line was looked at. */
  get coveredFromSecond(): number {
    const { fromMs } = this.coverage;
    const unfiltered = this.#unfiltered.coveredFromSecond;
    return fromMs === null ? unfiltered : Math.max(unfiltered, Math.ceil(fromMs / 1000));
  }

  addAccess(record: AccessRecord, arrivalMs: number, nowMs: number): void {
    if (this.filter.request(record)) this.#traffic.add(record, arrivalMs, nowMs);
  }

  /** An entry stays unless the filter rules it out: it knows less than an access line. */
  addError(entry: ErrorEntry, arrivalMs: number): void {
    if (this.filter.mayConcern('error', withRequest(entry))) this.#errors.addError(entry, arrivalMs);
  }

  addApp(entry: AppEntry, arrivalMs: number): void {
    if (this.filter.mayConcern('app', withRequest(entry))) this.#errors.addApp(entry, arrivalMs);
  }

  killed(request: KilledRecord, nowMs: number): void {
    const { atMs, method, path, seconds, address } = request;
    const line = { atMs, method, path, target: path, seconds, address, worker: request.worker ?? 0, ...NOT_LOGGED };
    if (this.filter.request(line)) this.#traffic.killed(request, nowMs);
  }

  /** Requests that pass, per the same time as all requests. */
  measure(windowSeconds: number | null, atMs: number): Measures {
    const measures = this.#traffic.measure(windowSeconds, atMs);
    const span = this.#unfiltered.span(windowSeconds, atMs);
    if (span === null) return { ...measures, coveredSeconds: 0 };
    const from = Math.max(span.fromMs, this.coverage.fromMs ?? span.fromMs);
    const coveredSeconds = Math.max(0, Math.min(span.coveredSeconds, (span.toMs - from) / 1000));
    return { ...measures, ...span, coveredSeconds: from > span.fromMs ? coveredSeconds : span.coveredSeconds };
  }

  detail(windowSeconds: number | null, atMs: number): Detail {
    return this.#traffic.detail(windowSeconds, atMs);
  }

  get totals(): Readonly<Volume> {
    return this.#traffic.totals;
  }

  series(windowSeconds: number | null, atMs: number): TrafficSeries {
    return this.#history.series(windowSeconds, atMs);
  }

  heatMap(windowSeconds: number | null, atMs: number, durations: Population): HeatMap {
    return this.#history.heatMap(windowSeconds, atMs, durations);
  }

  errorRows(): readonly ErrorGroup[] {
    return this.#errors.rows();
  }

  errorTotals(): ErrorTotals {
    return this.#errors.totals();
  }

  /** Events that the filter does not rule out. */
  eventsOf(rows: readonly EventRow[]): readonly EventRow[] {
    return rows.filter((row) =>
      this.filter.mayConcern('event', {
        atMs: Date.parse(row.at),
        level: LEVELS[row.level],
        message: row.text,
        traceback: row.details,
        pid: row.worker,
        event: { kind: row.kind, method: row.method, target: row.path },
      }),
    );
  }
}

/** An entry with the request that its words name: `Error handling request GET /users/1`. */
function withRequest<Entry extends ErrorEntry | AppEntry>(
  entry: Entry,
): Entry | (Entry & Pick<FilteredEntry, 'request'>) {
  const request = requestOf(entry);
  return request === null ? entry : { ...entry, request: { method: request.method, target: request.path } };
}

/** What the log of errors does not tell of a request that died with its worker. */
const NOT_LOGGED = {
  protocol: null,
  status: Number.NaN,
  bytes: Number.NaN,
  user: null,
  referrer: null,
  userAgent: null,
} as const;
