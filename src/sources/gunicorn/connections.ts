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
  /** Null when new sockets could not be looked up this time. */
  readonly count: number | null;
  /** Peer of the one that is held longest; null for none, and on unix sockets. */
  readonly clientAddress: string | null;
}

export interface ConnectionsSeen {
  readonly byWorker: ReadonlyMap<number, ClientConnections>;
  /** All workers together; from the tables alone where descriptors may not be read. */
  readonly active: number | null;
}

/** A whole table that took longer than this is read again only after a hundred times as long: 1 % of a core. */
const SLOW_TABLE_MS = 10;
const SLOW_TABLE_FACTOR = 100;
/** A socket that is in no table twice is none of TCP's: the rows of a table may move while it is read. */
const MAX_MISSES = 2;

type Held =
  | { readonly kind: 'client'; readonly address: string | null }
  | { readonly kind: 'other' }
  | { readonly kind: 'new'; misses: number };

/**
 * Tells a worker's sockets apart: accepted from a listener, or something else (a database, a pipe). What a socket is
 * never changes while it is held, so the tables are read only when a worker holds one that was not seen before. That
 * also keeps count of a connection that its client has reset, which is in no table any more, while its request runs on.
 */
export class ConnectionWatch {
  readonly #workers = new Map<number, Map<number, Held>>();
  #nextTableAtMs = Number.NEGATIVE_INFINITY;
  #lastActive: number | null = null;

  /**
   * @param pid any process of the network namespace.
   * @param sockets inodes of the sockets of each worker; null where its descriptors may not be read.
   */
  look(
    pid: number,
    listeners: readonly Listener[],
    sockets: ReadonlyMap<number, readonly number[] | null>,
    unixRows: readonly UnixRow[],
    nowMs: number,
  ): ConnectionsSeen {
    const unknown = this.#note(sockets);
    const isBlind = [...sockets.values()].some((inodes) => inodes === null);
    let isRead = true;
    if (listeners.length > 0 && (unknown.size > 0 || isBlind))
      isRead = this.#readTables(pid, listeners, unixRows, unknown, nowMs);
    if (isRead) this.#giveUp(unknown);

    const byWorker = new Map<number, ClientConnections>();
    let total: number | null = 0;
    for (const [worker, inodes] of sockets) {
      const seen = inodes === null || listeners.length === 0 ? NOTHING_KNOWN : this.#summary(worker, isRead);
      byWorker.set(worker, seen);
      total = total === null || seen.count === null ? null : total + seen.count;
    }
    return { byWorker, active: isBlind ? this.#lastActive : total };
  }

  /** Forgets sockets that were closed; answers with those that are new. */
  #note(sockets: ReadonlyMap<number, readonly number[] | null>): Map<number, Held & { kind: 'new' }> {
    const unknown = new Map<number, Held & { kind: 'new' }>();
    for (const pid of this.#workers.keys()) if (!sockets.has(pid)) this.#workers.delete(pid);
    for (const [pid, inodes] of sockets) {
      const before = this.#workers.get(pid);
      const now = new Map<number, Held>();
      // In the order of arrival: who was there before stays in front.
      const open = new Set(inodes);
      for (const [inode, held] of before ?? []) if (open.has(inode)) now.set(inode, held);
      for (const inode of open) if (!now.has(inode)) now.set(inode, { kind: 'new', misses: 0 });
      for (const [inode, held] of now) if (held.kind === 'new') unknown.set(inode, held);
      this.#workers.set(pid, now);
    }
    return unknown;
  }

  #readTables(
    pid: number,
    listeners: readonly Listener[],
    unixRows: readonly UnixRow[],
    unknown: ReadonlyMap<number, unknown>,
    nowMs: number,
  ): boolean {
    if (nowMs < this.#nextTableAtMs) return false;
    const before = performance.now();
    const clients = new Map<number, string | null>();
    let active = 0;
    for (const family of ['tcp', 'tcp6'] as const) {
      const own = listeners.filter(isTcp).filter((listener) => listener.family === family);
      if (own.length === 0) continue;
      const ports = new Set(own.map(({ port }) => port));
      const isAccepted = (port: number, state: number): boolean =>
        (state === ESTABLISHED || state === CLOSE_WAIT) && ports.has(port);
      walkTcp(`/proc/${pid}/net/${family}`, Number.MAX_SAFE_INTEGER, isAccepted, (row) => {
        if (row.inode === 0 || !own.some((listener) => accepts(listener, row))) return;
        active++;
        if (unknown.has(row.inode)) clients.set(row.inode, formatAddress(row.remoteAddress));
      });
    }
    const paths = new Set(listeners.flatMap((listener) => (isTcp(listener) ? [] : [listener.path])));
    for (const { state, inode, path } of unixRows) {
      if (state !== UNIX_CONNECTED || inode === 0 || !paths.has(path)) continue;
      active++;
      clients.set(inode, null);
    }
    this.#lastActive = active;
    this.#settle(clients);
    const tookMs = performance.now() - before;
    if (tookMs > SLOW_TABLE_MS) this.#nextTableAtMs = nowMs + tookMs * SLOW_TABLE_FACTOR;
    return true;
  }

  #settle(clients: ReadonlyMap<number, string | null>): void {
    for (const sockets of this.#workers.values()) {
      for (const [inode, held] of sockets) {
        const address = clients.get(inode);
        if (held.kind === 'new' && address !== undefined) sockets.set(inode, { kind: 'client', address });
      }
    }
  }

  #giveUp(unknown: ReadonlyMap<number, { misses: number }>): void {
    for (const held of unknown.values()) held.misses++;
    for (const sockets of this.#workers.values()) {
      for (const [inode, held] of sockets) {
        if (held.kind === 'new' && held.misses >= MAX_MISSES) sockets.set(inode, { kind: 'other' });
      }
    }
  }

  #summary(worker: number, isRead: boolean): ClientConnections {
    const held = [...(this.#workers.get(worker)?.values() ?? [])];
    const clients = held.filter((socket) => socket.kind === 'client');
    const isUncertain = !isRead && clients.length === 0 && held.some(({ kind }) => kind === 'new');
    return { count: isUncertain ? null : clients.length, clientAddress: clients[0]?.address ?? null };
  }
}

const NOTHING_KNOWN: ClientConnections = { count: null, clientAddress: null };

const ANY_ADDRESS = /^0+$/;

function accepts({ address, port }: TcpListener, row: TcpRow): boolean {
  return row.localPort === port && (ANY_ADDRESS.test(address) || address === row.localAddress);
}
