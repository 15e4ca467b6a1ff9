/** The client connections that workers hold. */

import { isTcp, type Listener, type TcpListener } from './listeners.ts';
import {
  CLOSE_WAIT,
  ESTABLISHED,
  formatAddress,
  type TcpRow,
  UNIX_CONNECTED,
  type UnixRow,
  walkTcp,
} from './sockets.ts';

export interface ClientConnections {
  /** Null where descriptors may not be read, or while new sockets wait to be looked up. */
  readonly count: number | null;
  /** Sockets that wait to be looked up. */
  readonly unsettled: number;
  /** The most that `count` can be, once they are; null where descriptors may not be read. */
  readonly most: number | null;
  /** Inodes of those that do not rest. */
  readonly inService: readonly number[];
  /** Peer of the one of these that is held longest; null for none, and on unix sockets. */
  readonly clientAddress: string | null;
  /** Those with a request that no thread has begun to read; 0 also when not asked for. */
  readonly unread: number;
}

export interface ConnectionsSeen {
  readonly byWorker: ReadonlyMap<number, ClientConnections>;
  /** All workers together; from the tables alone where descriptors may not be read. */
  readonly active: number | null;
  /** The same by the label of the listener; null where `active` is. */
  readonly activeByListener: ReadonlyMap<string, number> | null;
  /** Accepted connections with a request that no thread has begun to read; null when not asked for. */
  readonly unread: number | null;
}

/**
 * A table of connections costs 2 µs a row, and a busy server keeps a minute's worth of closed ones in it. When a read
 * took more CPU time than this, the next one waits a hundred times as long (1 % of a core), but no longer than the limit.
 * CPU time, because on a busy machine the clock also counts the time that others had the core.
 */
const SLOW_TABLE_MS = 10;
const SLOW_TABLE_FACTOR = 100;
const MAX_WAIT_MS = 3000;
/** A socket that is in no table twice is no client's: rows may move while a table is read, so once is not enough. */
const MAX_MISSES = 2;

/** A client's goodbye counts as a byte that was not read (net/ipv4/tcp_ipv4.c, get_tcp4_sock). */
const CLOSING_BYTES = 1;

interface Held {
  kind: 'new' | 'client' | 'other';
  address: string | null;
  /** Label of the listener that it was accepted from; null until that is known. */
  listener: string | null;
  misses: number;
  /** Position in the order of first sight. */
  readonly order: number;
}

/**
 * Tells the workers' sockets apart: accepted from a listener, or something else (a database, a pipe). What a socket is
 * never changes while it is held, so the tables are read only when a worker holds one that was not seen before. That
 * also keeps count of a connection that its client has reset, which is in no table any more, while its request runs on.
 */
export class ConnectionWatch {
  #sockets = new Map<number, Held>();
  #order = 0;
  #nextTableAtMs = Number.NEGATIVE_INFINITY;
  #lastActive: ReadonlyMap<string, number> | null = null;
  #lastUnread: ReadonlySet<number> = new Set();

  /**
   * @param pid any process of the network namespace.
   * @param sockets inodes of the sockets of each worker; null where its descriptors may not be read.
   * @param resting sockets of each worker, where that is known, that wait for their client's next request.
   * @param withUnread reads the whole tables for the sake of `unread`, as often as their price allows.
   */
  look(
    pid: number,
    listeners: readonly Listener[],
    sockets: ReadonlyMap<number, readonly number[] | null>,
    unixRows: readonly UnixRow[],
    nowMs: number,
    resting: ReadonlyMap<number, ReadonlySet<number>>,
    withUnread = false,
  ): ConnectionsSeen {
    if (listeners.length === 0) return { byWorker: new Map(), active: null, activeByListener: null, unread: null };
    const isBlind = [...sockets.values()].some((inodes) => inodes === null);
    const unsettled = this.#note(sockets);
    const wantsAll = isBlind || withUnread;
    if ((unsettled > 0 || wantsAll) && nowMs >= this.#nextTableAtMs) {
      this.#lookUp(pid, listeners, unixRows, wantsAll ? Number.POSITIVE_INFINITY : unsettled, nowMs);
    }
    const byWorker = new Map<number, ClientConnections>();
    let total: number | null = 0;
    for (const [worker, inodes] of sockets) {
      const seen = this.#summary(inodes, resting.get(worker) ?? NONE, withUnread);
      byWorker.set(worker, seen);
      total = total === null || seen.count === null ? null : total + seen.count;
    }
    const settled = total === null ? null : this.#heldByListener(listeners);
    return {
      byWorker,
      active: isBlind ? sumOf(this.#lastActive) : total,
      activeByListener: isBlind ? this.#lastActive : settled,
      unread: withUnread ? this.#lastUnread.size : null,
    };
  }

  #heldByListener(listeners: readonly Listener[]): ReadonlyMap<string, number> {
    const counts = zeroes(listeners);
    for (const { kind, listener } of this.#sockets.values()) {
      if (kind === 'client' && listener !== null) counts.set(listener, (counts.get(listener) ?? 0) + 1);
    }
    return counts;
  }

  /** Forgets sockets that were closed; answers how many are not told apart yet. */
  #note(sockets: ReadonlyMap<number, readonly number[] | null>): number {
    const now = new Map<number, Held>();
    let unsettled = 0;
    for (const inodes of sockets.values()) {
      for (const inode of inodes ?? []) {
        if (now.has(inode)) continue;
        const held = this.#sockets.get(inode) ?? {
          kind: 'new',
          address: null,
          listener: null,
          misses: 0,
          order: this.#order++,
        };
        now.set(inode, held);
        if (held.kind === 'new') unsettled++;
      }
    }
    this.#sockets = now;
    return unsettled;
  }

  /** @param wanted how many sockets are looked for; once they are found the rest of the tables is not read. */
  #lookUp(
    pid: number,
    listeners: readonly Listener[],
    unixRows: readonly UnixRow[],
    wanted: number,
    nowMs: number,
  ): void {
    const before = process.cpuUsage();
    let missing = wanted;
    const active = zeroes(listeners);
    const unread = new Set<number>();
    const settle = (inode: number, address: string | null, { label }: Listener): void => {
      active.set(label, (active.get(label) ?? 0) + 1);
      const held = this.#sockets.get(inode);
      if (held?.kind !== 'new') return;
      held.kind = 'client';
      held.address = address;
      held.listener = label;
      missing--;
    };
    const byPath = new Map(
      listeners.flatMap((listener) => (isTcp(listener) ? [] : [[listener.path, listener] as const])),
    );
    for (const { state, inode, path } of unixRows) {
      const listener = byPath.get(path);
      if (state === UNIX_CONNECTED && inode !== 0 && listener) settle(inode, null, listener);
    }
    for (const family of ['tcp', 'tcp6'] as const) {
      const own = listeners.filter(isTcp).filter((listener) => listener.family === family);
      if (own.length === 0) continue;
      const ports = new Set(own.map(({ port }) => port));
      const isOpen = (port: number, state: number): boolean =>
        (state === ESTABLISHED || state === CLOSE_WAIT) && ports.has(port);
      walkTcp(`/proc/${pid}/net/${family}`, Number.MAX_SAFE_INTEGER, isOpen, (row) => {
        const listener = row.inode === 0 ? undefined : own.find((candidate) => accepts(candidate, row));
        if (listener === undefined) return true;
        if (row.receiveQueue > (row.state === CLOSE_WAIT ? CLOSING_BYTES : 0)) unread.add(row.inode);
        settle(row.inode, formatAddress(row.remoteAddress), listener);
        return missing > 0;
      });
    }
    this.#lastActive = active;
    this.#lastUnread = unread;
    for (const held of this.#sockets.values()) {
      if (held.kind === 'new' && ++held.misses >= MAX_MISSES) held.kind = 'other';
    }
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1000;
    const waitMs = tookMs > SLOW_TABLE_MS ? Math.min(tookMs * SLOW_TABLE_FACTOR, MAX_WAIT_MS) : 0;
    this.#nextTableAtMs = nowMs + waitMs;
  }

  #summary(inodes: readonly number[] | null, resting: ReadonlySet<number>, withUnread: boolean): ClientConnections {
    if (inodes === null) {
      return { count: null, unsettled: 0, most: null, inService: [], clientAddress: null, unread: 0 };
    }
    let count = 0;
    let unsettled = 0;
    let oldest: Held | null = null;
    const inService: number[] = [];
    for (const inode of inodes) {
      const held = this.#sockets.get(inode);
      // Looked for once and not found: most likely no client's.
      if (held?.kind === 'new' && held.misses === 0) unsettled++;
      if (held?.kind !== 'client') continue;
      count++;
      if (resting.has(inode)) continue;
      inService.push(inode);
      if (oldest === null || held.order < oldest.order) oldest = held;
    }
    return {
      count: unsettled > 0 ? null : count,
      unsettled,
      most: count + unsettled,
      inService,
      clientAddress: oldest?.address ?? null,
      unread: withUnread ? inodes.filter((inode) => this.#lastUnread.has(inode)).length : 0,
    };
  }
}

const NONE: ReadonlySet<number> = new Set();

const zeroes = (listeners: readonly Listener[]): Map<string, number> =>
  new Map(listeners.map(({ label }) => [label, 0]));

/** All listeners together; null for what is not known. */
function sumOf(byListener: ReadonlyMap<string, number> | null): number | null {
  return byListener && [...byListener.values()].reduce((sum, count) => sum + count, 0);
}

const ANY_ADDRESS = /^0+$/;

function accepts({ address, port }: TcpListener, row: TcpRow): boolean {
  return row.localPort === port && (ANY_ADDRESS.test(address) || address === row.localAddress);
}
