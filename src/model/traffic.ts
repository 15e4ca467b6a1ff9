/**
 * Traffic: folds access records into totals and slots of time, and answers for any window.
 *
 * A window of W seconds is the last W complete seconds by the lines' own time stamps; `all` (null) is every line read,
 * the running second included. Windows of up to 15 minutes are exact to the second, longer ones to the slots that are
 * left (10 s, then 1 min).
 */
import {
  addToRoute,
  addToWorkers,
  type ClientKind,
  createDetailSlot,
  DETAIL_SLOTS,
  type Detail,
  type DetailSlot,
  detailOf,
  hasOverflowed,
  isPresent,
  ROUTE_CELLS,
  type RouteCell,
  routeKey,
  type SlowCell,
  slowCell,
  type WorkerCell,
} from './detail.ts';
import { DetailHistory } from './detail-history.ts';
import type { AccessRecord } from './facts.ts';
import { Histogram } from './histogram.ts';
import { createRouter, type RouteOptions } from './routes.ts';
import { RunningDetail } from './running-detail.ts';
import { Tally } from './tally.ts';
import { TimeSlots } from './time-slots.ts';
import { heavyIn, TrafficTotals } from './traffic-totals.ts';
import { addCodes, addToVolume, createVolume, VOLUME_SLOTS, type Volume } from './volume.ts';
import { WindowMemo } from './window-memo.ts';

/** A line stamped further ahead than this is a clock's mistake: it counts in the totals, but in no window. */
const FUTURE_TOLERANCE_MS = 5000;
/** Windows kept up to date at the same time: one for the alerts, one for the screen. */
const RUNNING_WINDOWS = 2;

export interface TrafficOptions extends RouteOptions {
  /** When gtop began to watch. */
  readonly startedAtMs: number;
  /** Nobody asks for rows by route, client and worker: only totals and windows are kept. */
  readonly withoutDetail?: boolean;
}

/** A request that ended with its worker, known from the error log; of a piece with access records: unknown is NaN. */
export interface KilledRecord {
  readonly atMs: number;
  readonly method: string | null;
  /** As sent, without the query; null where Gunicorn did not log it. */
  readonly path: string | null;
  /** At least how long it had run; NaN when nobody knows. */
  readonly seconds: number;
  readonly worker: number | null;
  readonly address: string | null;
}

/** A window's edges: [fromMs, toMs). */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  /** Time that rates are divided by: the window's length, or what of it gtop has data for; 0 before that. */
  readonly coveredSeconds: number;
}

/** The figures of a window for everything together. */
export interface Measures extends Span {
  readonly requests: number;
  readonly bytes: number;
  readonly codes: ReadonlyMap<number, number>;
  readonly excluded: number;
  readonly timeouts: number;
  /** True durations and killed requests; its sum is the time that workers spent. */
  readonly durations: Histogram;
}

export class TrafficModel {
  readonly #route: (path: string) => string;
  readonly #startedAtMs: number;
  readonly #withoutDetail: boolean;
  readonly #volumes = new TimeSlots(VOLUME_SLOTS);
  readonly #history = new DetailHistory();
  readonly #details = this.#history.slots;
  readonly #totals = new TrafficTotals();
  readonly #isHeavyRoute = heavyIn(this.#totals.routes);
  readonly #isHeavyClient = {
    addresses: heavyIn(this.#totals.clients.addresses),
    userAgents: heavyIn(this.#totals.clients.userAgents),
    methods: heavyIn(this.#totals.clients.methods),
    referrers: heavyIn(this.#totals.clients.referrers),
  };
  #firstAtMs = Number.NaN;
  #lastAtMs = Number.NaN;
  #nowSecond = Number.NEGATIVE_INFINITY;
  /** Grows whenever something is added to a second that is over. */
  #pastVersion = 0;
  readonly #measured = new WindowMemo<Measures>();
  readonly #detailed = new WindowMemo<Detail>();
  /** By length in seconds; the one asked for last comes last. */
  readonly #running = new Map<number, RunningDetail>();

  constructor(options: TrafficOptions) {
    this.#route = createRouter(options);
    this.#startedAtMs = options.startedAtMs;
    this.#withoutDetail = options.withoutDetail ?? false;
  }

  /** Time stamp of the newest line, or when it came where it has none; NaN before the first. */
  get lastLineAtMs(): number {
    return this.#lastAtMs;
  }

  /** Everything since gtop began to read. */
  get totals(): Readonly<Volume> {
    return this.#totals.volume;
  }

  /** The route of a path, as it stands in `paths()`. */
  routeOf(path: string): string {
    return this.#route(path);
  }

  /**
   * Folds one access record.
   * @param arrivalMs when the line came; NaN for a line that was there before gtop. Stands in for a missing time stamp.
   */
  add(record: AccessRecord, arrivalMs: number, nowMs: number): void {
    const atMs = Number.isNaN(record.atMs) ? arrivalMs : record.atMs;
    this.#advance(nowMs);
    this.#extend(atMs, nowMs);

    const second = atMs <= nowMs + FUTURE_TOLERANCE_MS ? Math.floor(atMs / 1000) : Number.NaN;
    const timed = !record.excluded && record.seconds >= 0;
    const key = record.path === null ? null : routeKey(record.method ?? '-', this.#route(record.path));
    const row = timed && this.#totals.slow.takes(record.seconds) ? slowCell(record, atMs) : null;
    this.#totals.add(record, key, timed, row);
    if (Number.isNaN(second)) return;

    const volume = this.#volumes.at(second);
    if (volume) {
      addToVolume(volume, record);
      if (timed) volume.durations.add(record.seconds);
    }
    const detail = this.#withoutDetail ? null : this.#history.take(second);
    if (!detail) return;
    this.#addTo(detail, record, key, timed);
    if (timed && detail.slow.takes(record.seconds)) detail.slow.add(row ?? slowCell(record, atMs));
    if (second < this.#nowSecond) this.#addLate(second, detail, record, key, timed);
  }

  /** Brings what is kept of windows up to date with a line of a second that is over. */
  #addLate(second: number, slot: DetailSlot, record: AccessRecord, key: string | null, timed: boolean): void {
    this.#pastVersion++;
    for (const running of this.#running.values()) {
      if (!running.holds(second)) continue;
      if (hasOverflowed(slot)) running.forget();
      else this.#addTo(running.sum, record, key, timed);
    }
  }

  #addTo(detail: DetailSlot, record: AccessRecord, key: string | null, timed: boolean): void {
    if (key !== null) {
      const cell = detail.routes.at(key, this.#isHeavyRoute);
      if (cell) addToRoute(cell, record, timed);
    }
    this.#addClient(detail, 'addresses', record.address, record);
    this.#addClient(detail, 'userAgents', record.userAgent, record);
    this.#addClient(detail, 'methods', record.method, record);
    this.#addClient(detail, 'referrers', record.referrer, record);
    if (record.worker > 0) addToWorkers(detail.workers, record);
  }

  #addClient(detail: DetailSlot, kind: ClientKind, value: string | null, record: AccessRecord): void {
    if (!isPresent(value)) return;
    detail.clients[kind].add(value, record.bytes, this.#isHeavyClient[kind]);
  }

  /** Folds a request that the access log does not tell of: it enters the latencies, not the requests. */
  killed(request: KilledRecord, nowMs: number): void {
    this.#advance(nowMs);
    const second = Math.floor(request.atMs / 1000);
    this.#pastVersion++;
    for (const running of this.#running.values()) running.forget();
    const volume = this.#volumes.at(second);
    const detail = this.#history.take(second);
    this.#totals.volume.timeouts += 1;
    if (volume) volume.timeouts += 1;
    if (Number.isNaN(request.seconds)) return;

    this.#totals.durations.add(request.seconds);
    volume?.durations.add(request.seconds);
    const row: SlowCell = { ...request, status: null, bytes: null };
    this.#totals.slow.add(row);
    detail?.slow.add(row);
    if (request.path !== null) {
      const key = routeKey(request.method ?? '-', this.#route(request.path));
      this.#totals.routes.get(key)?.value.durations.add(request.seconds);
      detail?.routes.at(key, this.#isHeavyRoute)?.durations.add(request.seconds);
    }
  }

  /** The edges of a window; null when `all` is asked for and nothing was read. */
  span(windowSeconds: number | null, atMs: number): Span | null {
    if (windowSeconds === null) {
      if (Number.isNaN(this.#firstAtMs)) return null;
      const lengthSeconds = (this.#lastAtMs - this.#firstAtMs) / 1000;
      // Time stamps are whole seconds: lines of one second have been coming for up to that second.
      return { fromMs: this.#firstAtMs, toMs: this.#lastAtMs, coveredSeconds: Math.max(1, lengthSeconds) };
    }
    const toSecond = Math.floor(atMs / 1000);
    const fromSecond = toSecond - windowSeconds;
    return {
      fromMs: fromSecond * 1000,
      toMs: toSecond * 1000,
      coveredSeconds: Math.max(0, toSecond - Math.max(fromSecond, this.coveredFromSecond)),
    };
  }

  /** The first whole second that gtop has data for. */
  get coveredFromSecond(): number {
    const watching = Math.ceil(this.#startedAtMs / 1000);
    return Number.isNaN(this.#firstAtMs) ? watching : Math.min(watching, Math.floor(this.#firstAtMs / 1000));
  }

  /** The figures of a window; cheap enough for every rule at every tick. Not to be changed: the value is shared. */
  measure(windowSeconds: number | null, atMs: number): Measures {
    return this.#measured.get(windowSeconds, atMs, this.#pastVersion, () => this.#measure(windowSeconds, atMs));
  }

  #measure(windowSeconds: number | null, atMs: number): Measures {
    const span = this.span(windowSeconds, atMs) ?? { fromMs: Number.NaN, toMs: Number.NaN, coveredSeconds: 0 };
    const durations = new Histogram();
    if (windowSeconds === null) {
      durations.merge(this.#totals.durations);
      return { ...span, ...this.#totals.volume, durations };
    }
    const sum = { requests: 0, bytes: 0, excluded: 0, timeouts: 0, codes: new Map<number, number>() };
    this.#volumes.forEach(span.fromMs / 1000, span.toMs / 1000, (volume) => {
      sum.requests += volume.requests;
      sum.bytes += volume.bytes;
      sum.excluded += volume.excluded;
      sum.timeouts += volume.timeouts;
      addCodes(sum.codes, volume.codes);
      durations.merge(volume.durations);
    });
    return { ...span, ...sum, durations };
  }

  /** The routes of [fromSecond, toSecond), added up anew: for stretches of time that nobody looks at all the time. */
  routesBetween(fromSecond: number, toSecond: number): readonly RouteCell[] {
    const routes = new Tally(Number.POSITIVE_INFINITY, ROUTE_CELLS);
    this.#details.forEach(fromSecond, toSecond, (slot) => routes.merge(slot.routes));
    return [...routes.cells.values()];
  }

  /** The volume of [fromSecond, toSecond), likewise. */
  volumeBetween(fromSecond: number, toSecond: number): Volume {
    const sum = createVolume();
    this.#volumes.forEach(fromSecond, toSecond, (volume) => VOLUME_SLOTS.merge(sum, volume));
    return sum;
  }

  /** Visits the slots of everything together, for the charts. */
  forEachVolume(fromSecond: number, toSecond: number, visit: (volume: Volume, startSecond: number) => void): void {
    this.#volumes.forEach(fromSecond, toSecond, visit);
  }

  /** All detail of a window, without a bound on its keys. Not to be changed, and true only until the next line. */
  detail(windowSeconds: number | null, atMs: number): Detail {
    return this.#detailed.get(windowSeconds, atMs, this.#pastVersion, () => this.#detail(windowSeconds, atMs));
  }

  #detail(windowSeconds: number | null, atMs: number): Detail {
    if (windowSeconds === null) return this.#totals.detail();
    const toSecond = Math.floor(atMs / 1000);
    return detailOf(this.#runningOf(windowSeconds).upTo(toSecond) ?? this.#addedUp(toSecond - windowSeconds, toSecond));
  }

  #runningOf(windowSeconds: number): RunningDetail {
    const running = this.#running.get(windowSeconds) ?? new RunningDetail(windowSeconds, this.#details);
    this.#running.delete(windowSeconds);
    this.#running.set(windowSeconds, running);
    for (const [seconds] of this.#running) if (this.#running.size > RUNNING_WINDOWS) this.#running.delete(seconds);
    return running;
  }

  /** A window of the past, for a picture that was paused. */
  #addedUp(fromSecond: number, toSecond: number): DetailSlot {
    const sum = createDetailSlot(Number.POSITIVE_INFINITY);
    this.#details.forEach(fromSecond, toSecond, (slot) => DETAIL_SLOTS.merge(sum, slot));
    return sum;
  }

  /** Requests by worker since gtop began to read; empty when the log has no `%(p)s`. */
  get workerTotals(): ReadonlyMap<number, WorkerCell> {
    return this.#totals.workers;
  }

  #advance(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    if (second <= this.#nowSecond) return;
    this.#nowSecond = second;
    this.#volumes.advance(second);
    this.#history.advance(second);
  }

  #extend(atMs: number, nowMs: number): void {
    if (Number.isNaN(atMs) || atMs > nowMs + FUTURE_TOLERANCE_MS) return;
    if (!(this.#firstAtMs <= atMs)) this.#firstAtMs = atMs;
    if (!(this.#lastAtMs >= atMs)) this.#lastAtMs = atMs;
  }
}
