/**
 * The figures of a whole log, gathered in one pass. Unlike the live model it keeps no slots of time for every route and
 * client: a report asks about all of them over one span. Space is bounded, whatever the log holds.
 */
import { compileFilter } from '../filter/index.ts';
import { SlowList } from '../model/detail.ts';
import type { AccessRecord } from '../model/facts.ts';
import { bucketOf } from '../model/histogram.ts';
import { createRouter, type RouteOptions } from '../model/routes.ts';
import {
  createHourCell,
  createValueCell,
  createWorkerCell,
  type HourCell,
  mergeHours,
  mergeRoutes,
  mergeValues,
  mergeWorkers,
  type ValueCell,
  type WorkerCell,
} from './cells.ts';
import { addToDay, createDay, type Day, HOUR_MS, mergeDays, startOfHour, type Zone } from './day.ts';
import { Durations } from './durations.ts';
import { addToFamilies, createFamilies, type Families, mergeFamilies } from './families.ts';
import { type PackedFigures, SUMS, VALUES } from './packed-figures.ts';
import { RouteTable } from './route-table.ts';
import { type StepCell, TimeSteps } from './time-steps.ts';
import { TopKeys } from './top-keys.ts';

const CLIENT_VALUES = 8192;
const NOT_FOUND_PATHS = 4096;
/** Verbs and protocols are few, unless somebody invents them. */
const WORDS = 256;
const WORKERS = 4096;
/** Two years of hours. */
const HOURS = 17_568;
const NOT_FOUND = 404;

export interface AccumulatorOptions extends RouteOptions {
  /** Requests of this length and more are slow. */
  readonly slowSeconds: number;
  /** Slow requests kept. */
  readonly top: number;
  /** Records stamped before are not in the report; -Infinity for all. */
  readonly sinceMs: number;
  /** Records stamped at this moment or later are not in the report; Infinity for all. */
  readonly untilMs: number;
  /** Records that do not pass are not in the report; null for all. */
  readonly filter: string | null;
  /** Whose hours of the day are counted. */
  readonly zone: Zone;
}

type Passes = (record: AccessRecord) => boolean;

/** Null where all do. */
const predicateOf = ({ filter, zone, ...routes }: AccumulatorOptions): Passes | null =>
  filter === null ? null : compileFilter(filter, { zone, route: createRouter(routes) }).request;

const values = (capacity: number, onEvict?: (value: string, cell: ValueCell) => void): TopKeys<string, ValueCell> =>
  new TopKeys({
    capacity,
    create: createValueCell,
    weights: [(cell) => cell.count],
    ...(onEvict ? { onEvict } : {}),
  });

export class Accumulator {
  /** Of every record, also of those outside since … until, and of those that the filter leaves out. */
  requestsTotal = 0;
  errorsTotal = 0;
  bytesTotal = 0;

  /** From here on: of the records inside. */
  requests = 0;
  bytes = 0;
  /** Requests whose duration Gunicorn made up. */
  excluded = 0;
  /** Without a time stamp. */
  undated = 0;
  firstAtMs = Number.POSITIVE_INFINITY;
  lastAtMs = Number.NEGATIVE_INFINITY;
  slowCount = 0;
  /** Requests by status; 0 for none. */
  readonly codes = new Float64Array(1000);
  readonly durations = new Durations();
  readonly steps = new TimeSteps();
  readonly slow: SlowList;
  readonly routes: RouteTable;
  readonly addresses = values(CLIENT_VALUES);
  readonly userAgents = values(CLIENT_VALUES, (_, cell) => addToFamilies(this.#evictedFamilies, cell));
  readonly referrers = values(CLIENT_VALUES);
  readonly methods = values(WORDS);
  readonly protocols = values(WORDS);
  readonly notFound = values(NOT_FOUND_PATHS);
  readonly workers = new TopKeys<number, WorkerCell>({
    capacity: WORKERS,
    create: createWorkerCell,
    weights: [(cell) => cell.count],
  });
  /** By their start: where the clock strikes, which in India is not where it does in Greenwich. */
  readonly hours = new TopKeys<number, HourCell>({
    capacity: HOURS,
    create: createHourCell,
    weights: [(cell) => cell.requests],
    onEvict: (_, cell) => addToDay(this.#evictedHoursOfDay, cell, this.#options.zone),
  });

  readonly #options: AccumulatorOptions;
  readonly #passes: Passes | null;
  readonly #evictedHoursOfDay = createDay();
  readonly #evictedFamilies = createFamilies();
  /** The newest time stamp and what lines with the same one share. */
  #atMs = Number.NaN;
  #step: StepCell | null = null;
  #hour: HourCell | null = null;

  constructor(options: AccumulatorOptions) {
    this.#options = options;
    this.#passes = predicateOf(options);
    this.routes = new RouteTable(options);
    this.slow = new SlowList(options.top);
  }

  /** Takes a flyweight: nothing of it is kept but its strings. */
  add(record: AccessRecord): void {
    const { atMs, status } = record;
    const bytes = record.bytes > 0 ? record.bytes : 0;
    this.requestsTotal++;
    this.bytesTotal += bytes;
    const isError = status >= 500 && status < 600;
    if (isError) this.errorsTotal++;
    if (!this.#isInside(atMs)) return;
    if (this.#passes?.(record) === false) {
      // Rates are per the whole time that was looked at.
      this.#cover(atMs);
      return;
    }

    this.requests++;
    this.bytes += bytes;
    this.codes[status > 0 && status < 1000 ? status : 0]++;
    if (Number.isNaN(atMs)) {
      this.undated++;
      this.#step = null;
      this.#hour = null;
      this.#atMs = Number.NaN;
    } else if (atMs !== this.#atMs) this.#moveTo(atMs);
    const step = this.#step;
    if (step !== null) {
      step.requests++;
      step.bytes += bytes;
      if (isError) step.serverErrors++;
      else if (status >= 400 && status < 500) step.clientErrors++;
    }
    const hour = this.#hour;
    if (hour !== null) {
      hour.requests++;
      hour.bytes += bytes;
      if (isError) hour.errors++;
    }
    const route = record.path === null ? null : this.routes.at(record.method ?? '-', record.path);
    if (route !== null) {
      route.count++;
      route.bytes += bytes;
      if (isError) route.serverErrors++;
      else if (status >= 400 && status < 500) route.clientErrors++;
      if (status === NOT_FOUND && record.path !== null) count(this.notFound, record.path, bytes);
    }
    const worker = record.worker > 0 ? this.workers.at(record.worker) : null;
    if (worker !== null) {
      worker.count++;
      worker.bytes += bytes;
      if (isError) worker.errors++;
    }
    count(this.addresses, record.address, bytes);
    count(this.userAgents, record.userAgent, bytes);
    count(this.referrers, record.referrer, bytes);
    if (record.method !== null) countCell(this.methods.atRepeated(record.method), bytes);
    if (record.protocol !== null) countCell(this.protocols.atRepeated(record.protocol), bytes);

    const { seconds } = record;
    if (record.excluded) this.excluded++;
    else if (seconds >= 0) {
      const bucket = bucketOf(seconds);
      const microseconds = Math.round(seconds * 1e6);
      this.durations.addTo(bucket, seconds);
      step?.durations.addTo(bucket, seconds);
      route?.durations.addTo(bucket, seconds);
      if (hour !== null) {
        hour.microseconds += microseconds;
        hour.timed++;
      }
      if (worker !== null) {
        worker.microseconds += microseconds;
        worker.timed++;
      }
      if (seconds >= this.#options.slowSeconds) this.#addSlow(record);
    }
  }

  hoursOfDay(): Day {
    const day = createDay();
    mergeDays(day, this.#evictedHoursOfDay);
    for (const cell of this.hours.cells()) addToDay(day, cell, this.#options.zone);
    return day;
  }

  families(): Families {
    const families = createFamilies();
    mergeFamilies(families, this.#evictedFamilies);
    for (const cell of this.userAgents.cells()) addToFamilies(families, cell);
    return families;
  }

  /** Everything as plain data. */
  pack(): PackedFigures {
    return {
      sums: Object.fromEntries(SUMS.map((name) => [name, this[name]])) as PackedFigures['sums'],
      firstAtMs: this.firstAtMs,
      lastAtMs: this.lastAtMs,
      codes: this.codes,
      durations: this.durations.pack(),
      steps: this.steps.pack(),
      slow: this.slow.rows,
      routes: this.routes.cells.pack((cell) => ({ ...cell, durations: cell.durations.pack() })),
      values: Object.fromEntries(
        VALUES.map((name) => [name, this[name].pack((cell) => cell)]),
      ) as PackedFigures['values'],
      workers: this.workers.pack((cell) => cell),
      hours: this.hours.pack((cell) => cell),
      evictedHoursOfDay: this.#evictedHoursOfDay,
      evictedFamilies: this.#evictedFamilies,
    };
  }

  /** Adds what was gathered from another part of the logs. */
  merge(other: PackedFigures): void {
    for (const name of SUMS) this[name] += other.sums[name];
    this.firstAtMs = Math.min(this.firstAtMs, other.firstAtMs);
    this.lastAtMs = Math.max(this.lastAtMs, other.lastAtMs);
    other.codes.forEach((count, code) => {
      this.codes[code] += count;
    });
    this.durations.merge(Durations.unpack(other.durations));
    this.steps.merge(other.steps);
    for (const row of other.slow) this.slow.add(row);
    this.routes.cells.merge(other.routes, mergeRoutes);
    for (const name of VALUES) this[name].merge(other.values[name], mergeValues);
    this.workers.merge(other.workers, mergeWorkers);
    this.hours.merge(other.hours, mergeHours);
    mergeDays(this.#evictedHoursOfDay, other.evictedHoursOfDay);
    mergeFamilies(this.#evictedFamilies, other.evictedFamilies);
  }

  #isInside(atMs: number): boolean {
    const { sinceMs, untilMs } = this.#options;
    if (Number.isNaN(atMs)) return sinceMs === Number.NEGATIVE_INFINITY && untilMs === Number.POSITIVE_INFINITY;
    return atMs >= sinceMs && atMs < untilMs;
  }

  #cover(atMs: number): void {
    if (atMs < this.firstAtMs) this.firstAtMs = atMs;
    if (atMs > this.lastAtMs) this.lastAtMs = atMs;
  }

  #moveTo(atMs: number): void {
    this.#atMs = atMs;
    this.#cover(atMs);
    this.#step = this.steps.at(Math.floor(atMs / 1000));
    // To ask for the zone takes as long as half a line.
    if (this.#hour === null || atMs < this.#hour.startMs || atMs >= this.#hour.startMs + HOUR_MS) {
      this.#hour = this.hours.at(startOfHour(atMs, this.#options.zone));
    }
  }

  #addSlow(record: AccessRecord): void {
    this.slowCount++;
    if (!this.slow.takes(record.seconds)) return;
    this.slow.add({
      atMs: record.atMs,
      method: record.method,
      path: record.path,
      status: record.status > 0 ? record.status : null,
      seconds: record.seconds,
      bytes: Number.isNaN(record.bytes) ? null : record.bytes,
      address: record.address,
      worker: record.worker || null,
    });
  }
}

function count(cells: TopKeys<string, ValueCell>, value: string | null, bytes: number): void {
  if (value !== null) countCell(cells.at(value), bytes);
}

function countCell(cell: ValueCell, bytes: number): void {
  cell.count++;
  cell.bytes += bytes;
}
