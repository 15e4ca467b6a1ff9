/** Everything since gtop began to read, in bounded memory. */
import type { ClientCell } from './client-tally.ts';
import {
  addToRoute,
  addToWorkers,
  byKind,
  type ClientKind,
  createRouteCell,
  type Detail,
  isPresent,
  type RouteCell,
  SLOW_PER_SLOT,
  type SlowCell,
  SlowList,
  type WorkerCell,
} from './detail.ts';
import type { AccessRecord } from './facts.ts';
import { Histogram } from './histogram.ts';
import { SpaceSaving } from './space-saving.ts';
import { addToVolume, createVolume } from './volume.ts';

/** Keys of each kind that are followed over the whole run. */
const TOTAL_KEYS = 2048;
/** Workers that are told apart over the whole run; the ones longest without a request go first. */
const TOTAL_WORKERS = 4096;

/** A key that takes more than a share of all requests must not be turned away from a full slot. */
export const heavyIn =
  (totals: Pick<SpaceSaving<unknown>, 'get'>) =>
  (key: string): boolean => {
    const counted = totals.get(key);
    return counted !== undefined && counted.count - counted.error > counted.error;
  };

function reuseClientCell(_: string, evicted: ClientCell | null): ClientCell {
  if (evicted === null) return { count: 0, bytes: 0 };
  evicted.count = 0;
  evicted.bytes = 0;
  return evicted;
}

export class TrafficTotals {
  readonly volume = createVolume();
  readonly durations = new Histogram();
  readonly routes = new SpaceSaving<RouteCell>(TOTAL_KEYS, createRouteCell);
  readonly clients = byKind(() => new SpaceSaving<ClientCell>(TOTAL_KEYS, reuseClientCell));
  readonly workers = new Map<number, WorkerCell>();
  readonly slow = new SlowList(SLOW_PER_SLOT);

  /**
   * @param key of the route; null where the line has no path.
   * @param slow the request's row when it is among the slowest.
   */
  add(record: AccessRecord, key: string | null, timed: boolean, slow: SlowCell | null): void {
    addToVolume(this.volume, record);
    if (timed) this.durations.add(record.seconds);
    if (slow !== null) this.slow.add(slow);
    if (key !== null) addToRoute(this.routes.add(key).value, record, timed);
    this.#addClient('addresses', record.address, record);
    this.#addClient('userAgents', record.userAgent, record);
    this.#addClient('methods', record.method, record);
    this.#addClient('referrers', record.referrer, record);
    if (record.worker === 0) return;
    addToWorkers(this.workers, record);
    // A Map keeps the order of insertion: the first key is the pid seen first.
    if (this.workers.size > TOTAL_WORKERS) this.workers.delete(this.workers.keys().next().value ?? 0);
  }

  detail(): Detail {
    return {
      routes: this.routes,
      clients: this.clients,
      distinct: {
        ...byKind((kind) => this.clients[kind].distinct),
        paths: this.routes.distinct,
      },
      workers: this.workers,
      slow: this.slow.rows,
    };
  }

  #addClient(kind: ClientKind, value: string | null, record: AccessRecord): void {
    if (!isPresent(value)) return;
    const cell = this.clients[kind].add(value).value;
    cell.count += 1;
    if (record.bytes >= 0) cell.bytes += record.bytes;
  }
}
