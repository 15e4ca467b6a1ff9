/**
 * Requests counted for good, by method, endpoint and status. What comes out of a log is written by whoever sends
 * requests, so every label is bounded, and by rules that never take a value back: a counter never goes down.
 */
import { visible } from '../../text/visible.ts';
import type { AccessRecord } from '../facts.ts';
import { BucketCounts } from './bucket-counts.ts';
import type { MetricLabels, MetricSample } from './family.ts';
import type { MetricsOptions } from './options.ts';

/** Endpoints told apart; all further ones are `__other__`. */
export const MOST_ENDPOINTS = 200;
/**
 * Endpoints that may come in by a refusal (4xx): a scanner that asks for a million paths that are not there must not
 * take the places of those that are.
 */
export const MOST_REFUSED_ENDPOINTS = 100;
/** A longer route is nobody's route, and every scrape would carry it. */
const LONGEST_ENDPOINT = 512;

export const OTHER_ENDPOINT = '__other__';
/** A method outside the known ones, a status that is none. */
export const OTHER = 'OTHER';

/** RFC 9110 and RFC 5789. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);
const NO_STATUS = 0;

/** Requests of one method to one endpoint. */
interface Cell {
  readonly labels: MetricLabels;
  /** 5xx. */
  errors: number;
  readonly statuses: Map<number, { readonly labels: MetricLabels; value: number }>;
  readonly durations: BucketCounts;
}

interface Endpoint {
  readonly label: string;
  readonly cells: Map<string, Cell>;
}

const statusLabel = (status: number): string => (status === NO_STATUS ? OTHER : String(status));

const endpointOf = (label: string): Endpoint => ({ label, cells: new Map() });

export class RequestCounters {
  readonly #options: MetricsOptions;
  readonly #byRoute = new Map<string, Endpoint>();
  readonly #others = endpointOf(OTHER_ENDPOINT);
  /** Two routes may look alike once what hides in them is made visible: they are one endpoint. */
  readonly #byLabel = new Map([[OTHER_ENDPOINT, this.#others]]);
  readonly #durations: BucketCounts;
  #responses = 0;
  #responseBytes = 0;
  #lost = 0;
  #dropped = 0;

  constructor(options: MetricsOptions) {
    this.#options = options;
    this.#durations = new BucketCounts({}, options.buckets);
  }

  /** One line of an access log; `route` is null where it has no path. Called for every line: costs some 0.1 µs. */
  add(record: AccessRecord, route: string | null): void {
    const { status, bytes, seconds } = record;
    const cell = this.#cell(this.#endpoint(route, status), record.method);
    // NaN is in no range.
    const known = status >= 100 && status <= 599 ? status : NO_STATUS;
    const counted = cell.statuses.get(known);
    if (counted !== undefined) counted.value += 1;
    else cell.statuses.set(known, { labels: { ...cell.labels, status: statusLabel(known) }, value: 1 });
    if (known >= 500) cell.errors += 1;
    if (bytes >= 0) {
      this.#responses += 1;
      this.#responseBytes += bytes;
    }
    if (seconds >= 0 && !record.excluded) this.#durationsOf(cell).add(seconds);
  }

  /** A request that died with its worker: at least this long (NaN unknown), answered by nobody. */
  addLost(method: string | null, route: string | null, seconds: number): void {
    this.#lost += 1;
    if (!(seconds >= 0)) return;
    if (this.#options.perEndpoint) this.#cell(this.#endpoint(route, NO_STATUS), method).durations.add(seconds);
    else this.#durations.add(seconds);
  }

  /** Requests that died with their worker. */
  get lost(): number {
    return this.#lost;
  }

  /** How often a label's value was replaced by `__other__` or `OTHER`. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether any duration is known. */
  get isTimed(): boolean {
    return this.#durations.count > 0 || this.#cells().some(({ durations }) => durations.count > 0);
  }

  requests(): MetricSample[] {
    return this.#cells().flatMap(({ statuses }) => Array.from(statuses.values(), (counted) => ({ ...counted })));
  }

  /** 0 where there was none yet: from there on `increase()` sees the first one. */
  errors(): MetricSample[] {
    return this.#cells()
      .filter(({ statuses }) => statuses.size > 0)
      .map(({ labels, errors }) => ({ labels, value: errors }));
  }

  durations(): MetricSample[] {
    if (!this.#options.perEndpoint) return this.#durations.samples();
    return this.#cells().flatMap(({ durations }) => (durations.count > 0 ? durations.samples() : []));
  }

  responseSizes(): MetricSample[] {
    return [
      { suffix: '_sum', labels: {}, value: this.#responseBytes },
      { suffix: '_count', labels: {}, value: this.#responses },
    ];
  }

  #cells(): Cell[] {
    return [...this.#byLabel.values()].flatMap(({ cells }) => [...cells.values()]);
  }

  #durationsOf(cell: Cell): BucketCounts {
    return this.#options.perEndpoint ? cell.durations : this.#durations;
  }

  #endpoint(route: string | null, status: number): Endpoint {
    if (route === null) return this.#others;
    const known = this.#byRoute.get(route);
    if (known !== undefined) return known;
    const most = status >= 400 && status <= 499 ? MOST_REFUSED_ENDPOINTS : MOST_ENDPOINTS;
    if (this.#byRoute.size >= most || route.length > LONGEST_ENDPOINT) {
      this.#dropped += 1;
      return this.#others;
    }
    const label = visible(route);
    const endpoint = this.#byLabel.get(label) ?? endpointOf(label);
    this.#byRoute.set(route, endpoint);
    this.#byLabel.set(label, endpoint);
    return endpoint;
  }

  #cell(endpoint: Endpoint, method: string | null): Cell {
    const known = endpoint.cells.get(method ?? OTHER);
    if (known !== undefined) return known;
    const name = method !== null && METHODS.has(method) ? method : OTHER;
    if (method !== null && name === OTHER) this.#dropped += 1;
    let cell = endpoint.cells.get(name);
    if (cell === undefined) {
      const labels = { method: name, endpoint: endpoint.label };
      const durations = new BucketCounts(labels, this.#options.perEndpoint ? this.#options.buckets : []);
      cell = { labels, errors: 0, statuses: new Map(), durations };
      endpoint.cells.set(name, cell);
    }
    return cell;
  }
}
