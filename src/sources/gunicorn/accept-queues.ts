/** How many connections wait in the accept queues of a Gunicorn's listeners. */

import { FIRST_BYTES, isTcp, type Listener, type TcpFamily, type TcpListener } from './listeners.ts';
import { LISTEN, type TcpRow, UNIX_CONNECTING, type UnixRow, walkTcp } from './sockets.ts';

/** The accept queue of one listening socket. */
export interface AcceptQueue {
  readonly inode: number;
  /** Connections that wait in it. */
  readonly waiting: number;
}

/** By the label of their listener: one socket each, or with `--reuse-port` one for each worker. */
export type Queues = ReadonlyMap<string, readonly AcceptQueue[]>;

/** Connections that wait in any of them. */
export const waitingIn = (queues: readonly AcceptQueue[]): number =>
  queues.reduce((sum, { waiting }) => sum + waiting, 0);

/**
 * Connections that wait for one worker alone; null where its sockets cannot be read, or where it shares its queues with
 * the others.
 */
export function waitingFor(sockets: readonly number[] | null, queues: Queues | null): number | null {
  if (sockets === null || queues === null) return null;
  const unshared = [...queues.values()].filter(({ length }) => length > 1).flat();
  const own = unshared.filter(({ inode }) => sockets.includes(inode));
  return own.length === 0 ? null : waitingIn(own);
}

/** Reads the accept queues of known listeners without touching more of the tables than their rows. */
export class AcceptQueues {
  /** Bytes of each table up to the last row that was needed. */
  readonly #extent = new Map<TcpFamily, number>();

  /**
   * The queues by the label of their listener; null when a table cannot be read or a socket is missing from it, in which
   * case the listeners should be looked for anew.
   */
  count(pid: number, listeners: readonly Listener[], unixRows: readonly UnixRow[]): Queues | null {
    const queues = new Map(listeners.map(({ label }): [string, AcceptQueue[]] => [label, []]));
    for (const family of ['tcp', 'tcp6'] as const) {
      const own = listeners.filter(isTcp).filter((listener) => listener.family === family);
      if (own.length > 0 && !this.#countTcp(pid, family, own, queues)) return null;
    }
    for (const listener of listeners) {
      if (isTcp(listener)) continue;
      const rows = unixRows.filter(({ path }) => path === listener.path);
      const socket = rows.find(({ isListening }) => isListening);
      if (socket === undefined) return null;
      const waiting = rows.filter(({ state, inode }) => state === UNIX_CONNECTING && inode === 0).length;
      queues.get(listener.label)?.push({ inode: socket.inode, waiting });
    }
    return queues;
  }

  /** Adds to `queues`. @returns whether every socket was there. */
  #countTcp(
    pid: number,
    family: TcpFamily,
    listeners: readonly TcpListener[],
    queues: ReadonlyMap<string, AcceptQueue[]>,
  ): boolean {
    let missing = listeners.reduce((sum, { inodes }) => sum + inodes.length, 0);
    // Another Gunicorn may listen on the same port by `--reuse-port`: its sockets are not meant.
    const ownerOf = ({ inode, localPort }: TcpRow): TcpListener | undefined =>
      listeners.find(({ port, inodes }) => port === localPort && inodes.includes(inode));
    const path = `/proc/${pid}/net/${family}`;
    const consumed = walkTcp(
      path,
      this.#extent.get(family) ?? FIRST_BYTES,
      () => true,
      (row) => {
        if (row.state !== LISTEN) return false;
        const owner = ownerOf(row);
        if (owner === undefined) return true;
        queues.get(owner.label)?.push({ inode: row.inode, waiting: row.receiveQueue });
        missing--;
        return missing > 0;
      },
    );
    if (consumed === null || missing > 0) {
      this.#extent.delete(family);
      return false;
    }
    this.#extent.set(family, consumed);
    return true;
  }
}
