/** Who and what: the part of the history that is kept by route, client, worker and single slow request. */
import { type ClientCell, ClientTally } from './client-tally.ts';
import type { AccessRecord } from './facts.ts';
import { SparseHistogram } from './histogram.ts';
import { type CellKind, Tally } from './tally.ts';
import type { SlotKind } from './time-slots.ts';
import type { Cells } from './top.ts';

export const CLIENT_KINDS = ['addresses', 'userAgents', 'methods', 'referrers'] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

export const byKind = <T>(make: (kind: ClientKind) => T): Readonly<Record<ClientKind, T>> =>
  Object.fromEntries(CLIENT_KINDS.map((kind) => [kind, make(kind)])) as Record<ClientKind, T>;

export interface RouteCell {
  readonly method: string;
  readonly route: string;
  count: number;
  errors: number;
  bytes: number;
  /** Of the requests whose duration is true, killed ones included. */
  readonly durations: SparseHistogram;
}

export interface WorkerCell {
  count: number;
  errors: number;
}

export interface SlowCell {
  readonly atMs: number;
  readonly method: string | null;
  readonly path: string | null;
  /** Null for a killed request. */
  readonly status: number | null;
  readonly seconds: number;
  readonly bytes: number | null;
  readonly address: string | null;
  readonly worker: number | null;
}

export const slowCell = (record: AccessRecord, atMs: number): SlowCell => ({
  atMs,
  method: record.method,
  path: record.path,
  status: record.status > 0 ? record.status : null,
  seconds: record.seconds,
  bytes: Number.isNaN(record.bytes) ? null : record.bytes,
  address: isPresent(record.address) ? record.address : null,
  worker: record.worker || null,
});

/** Slowest requests kept per slot: as many as a screen shows. */
export const SLOW_PER_SLOT = 50;

const SEPARATOR = ' ';
export const routeKey = (method: string, route: string): string => method + SEPARATOR + route;

export function createRouteCell(key: string): RouteCell {
  const split = key.indexOf(SEPARATOR);
  return {
    method: key.slice(0, split),
    route: key.slice(split + 1),
    count: 0,
    errors: 0,
    bytes: 0,
    durations: new SparseHistogram(),
  };
}

export function addToRoute(cell: RouteCell, record: AccessRecord, timed: boolean): void {
  cell.count += 1;
  if (record.status >= 500) cell.errors += 1;
  if (record.bytes >= 0) cell.bytes += record.bytes;
  if (timed) cell.durations.add(record.seconds);
}

/** `-` is how Gunicorn logs a header that was not sent. */
export const isPresent = (text: string | null): text is string => text !== null && text !== '-' && text !== '';

export const ROUTE_CELLS: CellKind<RouteCell> = {
  create: createRouteCell,
  merge(into, from) {
    into.count += from.count;
    into.errors += from.errors;
    into.bytes += from.bytes;
    into.durations.merge(from.durations);
  },
  subtract(from, what) {
    from.count -= what.count;
    from.errors -= what.errors;
    from.bytes -= what.bytes;
    from.durations.subtract(what.durations);
  },
};

/** The slowest requests, slowest first, bounded. */
export class SlowList {
  readonly #capacity: number;
  readonly rows: SlowCell[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Whether a request of this length would be kept: asked first, so that most requests cost one comparison. */
  takes(seconds: number): boolean {
    return this.rows.length < this.#capacity || seconds > this.rows[this.rows.length - 1].seconds;
  }

  merge(other: SlowList): void {
    // The slowest come first: behind one that is not slow enough none is.
    for (const row of other.rows) {
      if (!this.takes(row.seconds)) return;
      this.add(row);
    }
  }

  add(row: SlowCell): void {
    if (!this.takes(row.seconds)) return;
    // By hand: `splice` makes an array each time, and most of a quiet second's requests come here.
    let index = Math.min(this.rows.length, this.#capacity - 1);
    for (; index > 0 && this.rows[index - 1].seconds < row.seconds; index--) this.rows[index] = this.rows[index - 1];
    this.rows[index] = row;
  }
}

export interface DetailSlot {
  readonly routes: Tally<RouteCell>;
  readonly clients: Readonly<Record<ClientKind, ClientTally>>;
  readonly workers: Map<number, WorkerCell>;
  readonly slow: SlowList;
}

/** @param keys that are kept of each kind. */
export function createDetailSlot(keys: number): DetailSlot {
  const clients = () => new ClientTally(keys);
  return {
    routes: new Tally(keys, ROUTE_CELLS),
    clients: { addresses: clients(), userAgents: clients(), methods: clients(), referrers: clients() },
    workers: new Map(),
    slow: new SlowList(SLOW_PER_SLOT),
  };
}

function workerCell(workers: Map<number, WorkerCell>, pid: number): WorkerCell {
  let cell = workers.get(pid);
  if (cell === undefined) {
    cell = { count: 0, errors: 0 };
    workers.set(pid, cell);
  }
  return cell;
}

export function addToWorkers(workers: Map<number, WorkerCell>, record: AccessRecord): void {
  const cell = workerCell(workers, record.worker);
  cell.count += 1;
  if (record.status >= 500) cell.errors += 1;
}

function mergeWorkers(into: Map<number, WorkerCell>, from: ReadonlyMap<number, WorkerCell>): void {
  for (const [pid, { count, errors }] of from) {
    const cell = workerCell(into, pid);
    cell.count += count;
    cell.errors += errors;
  }
}

export const DETAIL_SLOTS: Required<Omit<SlotKind<DetailSlot>, 'create'>> = {
  merge(into, from) {
    into.routes.merge(from.routes);
    for (const kind of CLIENT_KINDS) into.clients[kind].merge(from.clients[kind]);
    mergeWorkers(into.workers, from.workers);
    into.slow.merge(from.slow);
  },
  settle(slot) {
    slot.routes.settle();
    for (const kind of CLIENT_KINDS) slot.clients[kind].settle();
    packDetail(slot);
  },
};

/** Nothing is added to the slot for now: it is made small. */
export function packDetail(slot: DetailSlot): void {
  for (const kind of CLIENT_KINDS) slot.clients[kind].pack();
}

/** Takes out of a sum what was merged into it; the list of slow requests, which cannot forget, stays as it is. */
export function subtractDetail(from: DetailSlot, what: DetailSlot): void {
  from.routes.subtract(what.routes);
  for (const kind of CLIENT_KINDS) from.clients[kind].subtract(what.clients[kind]);
  for (const [pid, { count, errors }] of what.workers) {
    const cell = workerCell(from.workers, pid);
    cell.count -= count;
    cell.errors -= errors;
    if (cell.count === 0) from.workers.delete(pid);
  }
}

/** Keeps the busiest keys of each kind; the number of the others stays known. */
export function trimDetail(slot: DetailSlot, keys: number): void {
  slot.routes.trim(keys);
  for (const kind of CLIENT_KINDS) slot.clients[kind].trim(keys);
}

/** Some keys of the slot were turned away. */
export const hasOverflowed = (slot: DetailSlot): boolean =>
  slot.routes.hasOverflowed || CLIENT_KINDS.some((kind) => slot.clients[kind].hasOverflowed);

/** Cells that a slot holds, the measure of its memory. */
export function cellsOf(slot: DetailSlot): number {
  let cells = slot.routes.size + slot.workers.size;
  for (const kind of CLIENT_KINDS) cells += slot.clients[kind].size;
  return cells;
}

/** Cells that {@link trimDetail} would drop. */
export function cellsBeyond(slot: DetailSlot, keys: number): number {
  let cells = Math.max(0, slot.routes.size - keys);
  for (const kind of CLIENT_KINDS) cells += Math.max(0, slot.clients[kind].size - keys);
  return cells;
}

/** All that is known of a window by route, client, worker and request; unsorted but for `slow`. */
export interface Detail {
  readonly routes: Cells<RouteCell>;
  readonly clients: Readonly<Record<ClientKind, Cells<ClientCell>>>;
  readonly distinct: Readonly<Record<ClientKind | 'paths', number>>;
  readonly workers: ReadonlyMap<number, WorkerCell>;
  /** Slowest first. */
  readonly slow: readonly SlowCell[];
}

export const detailOf = ({ routes, clients, workers, slow }: DetailSlot): Detail => ({
  routes: routes.cells,
  clients,
  distinct: { ...byKind((kind) => clients[kind].distinct), paths: routes.distinct },
  workers,
  slow: slow.rows,
});
