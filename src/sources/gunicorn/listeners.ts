/** The sockets a Gunicorn listens on, and how many connections wait in their accept queues. */

import type { GunicornSettings } from './command-line.ts';
import { readSmall } from './proc.ts';
import {
  formatListener,
  LISTEN,
  parseUnixTable,
  type TcpRow,
  UNIX_CONNECTING,
  type UnixRow,
  walkTcp,
} from './sockets.ts';

export type TcpFamily = 'tcp' | 'tcp6';

export type Listener =
  | {
      readonly family: TcpFamily;
      readonly address: string;
      readonly port: number;
      readonly label: string;
      readonly sockets: number;
    }
  | { readonly family: 'unix'; readonly path: string; readonly label: string; readonly sockets: number };

export type TcpListener = Extract<Listener, { family: TcpFamily }>;

export const isTcp = (listener: Listener): listener is TcpListener => listener.family !== 'unix';

/** Who holds which sockets; null where descriptors may not be read. */
export interface SocketHolders {
  readonly master: ReadonlySet<number> | null;
  readonly workers: readonly ReadonlySet<number>[];
}

/** First read of a table whose listening rows were not counted yet: some 25 rows. */
const FIRST_BYTES = 4096;

interface Listening {
  readonly inode: number;
  readonly family: Listener['family'];
  readonly address: string;
  readonly port: number;
  readonly label: string;
}

/** Every listening socket of a network namespace, by the pid of any process in it. */
function listListening(pid: number): Listening[] {
  const rows: Listening[] = [];
  for (const family of ['tcp', 'tcp6'] as const) {
    walkTcp(
      `/proc/${pid}/net/${family}`,
      FIRST_BYTES,
      () => true,
      ({ state, inode, localAddress, localPort }) => {
        if (state !== LISTEN) return false;
        const label = formatListener(localAddress, localPort);
        rows.push({ inode, family, address: localAddress, port: localPort, label });
      },
    );
  }
  for (const { isListening, inode, path } of readUnixTable(pid)) {
    if (isListening) rows.push({ inode, family: 'unix', address: path, port: 0, label: `unix:${path}` });
  }
  return rows;
}

export function readUnixTable(pid: number): readonly UnixRow[] {
  return parseUnixTable(readWhole(`/proc/${pid}/net/unix`));
}

function readWhole(path: string): string {
  return readSmall(path) ?? '';
}

/**
 * Finds the listeners of a master: the listening sockets that it shares with its workers; with `--reuse-port` those of
 * the workers (the master has none then, and each worker its own); without permission to read descriptors those that
 * the command line binds. The control socket (since 25.1) is the master's alone, and is none.
 */
export function findListeners(pid: number, holders: SocketHolders, settings: GunicornSettings): readonly Listener[] {
  const control = settings.controlSocket ?? 'gunicorn.ctl';
  const rows = listListening(pid).filter(({ label }) => !label.endsWith(control));
  const { master, workers } = holders;
  if (master === null && workers.length === 0) return group(rows.filter(isBound(settings.bind ?? [])));
  const holderCount = ({ inode }: Listening): number => workers.filter((sockets) => sockets.has(inode)).length;
  const inherited = rows.filter(
    (row) => master?.has(row.inode) === true && (workers.length === 0 || holderCount(row) > 0),
  );
  if (inherited.length > 0) return group(inherited);
  // The application may listen on ports of its own in one worker or another; Gunicorn's are held by most of them.
  const held = group(rows.filter((row) => holderCount(row) > 0));
  const holdersOf = ({ label }: Listener): number =>
    workers.filter((sockets) => rows.some((row) => row.label === label && sockets.has(row.inode))).length;
  const most = Math.max(0, ...held.map(holdersOf));
  return held.filter((listener) => holdersOf(listener) === most);
}

/** One listener for all sockets of the same address. */
function group(rows: readonly Listening[]): readonly Listener[] {
  const listeners = new Map<string, Listener>();
  for (const { family, address, port, label } of rows) {
    const sockets = (listeners.get(label)?.sockets ?? 0) + 1;
    const listener: Listener =
      family === 'unix' ? { family, path: address, label, sockets } : { family, address, port, label, sockets };
    listeners.set(label, listener);
  }
  return [...listeners.values()];
}

/** Whether a socket is one that `--bind` names: `HOST:PORT`, `:PORT`, `[HOST]:PORT`, `HOST`, `unix:PATH` (gunicorn/util.py, parse_address). */
function isBound(binds: readonly string[]): (row: Listening) => boolean {
  const wanted = new Set(
    binds.map((bind) => {
      const plain = bind.replace(/^(tcp|http|https):\/\//, '');
      if (/^unix:/.test(plain)) return `unix:${plain.slice(5).replace(/^\/\/(?=\/)/, '')}`;
      const address = /:\d+$/.test(plain) ? plain : `${plain}:8000`;
      return address.replace(/^:/, '0.0.0.0:').replace(/^localhost:/, '127.0.0.1:');
    }),
  );
  return ({ label }) => wanted.has(label);
}

/** Reads the accept queues of known listeners without touching more of the tables than their rows. */
export class AcceptQueues {
  /** Bytes of each table up to the last row that was needed. */
  readonly #extent = new Map<TcpFamily, number>();

  /**
   * Connections that wait to be accepted, by the label of the listener; null when a table cannot be read or a listener is
   * missing from it, in which case the listeners should be looked for anew.
   */
  count(pid: number, listeners: readonly Listener[], unixRows: readonly UnixRow[]): ReadonlyMap<string, number> | null {
    const waiting = new Map(listeners.map(({ label }) => [label, 0]));
    for (const family of ['tcp', 'tcp6'] as const) {
      const own = listeners.filter(isTcp).filter((listener) => listener.family === family);
      if (own.length > 0 && !this.#countTcp(pid, family, own, waiting)) return null;
    }
    for (const listener of listeners) {
      if (isTcp(listener)) continue;
      const rows = unixRows.filter(({ path }) => path === listener.path);
      if (!rows.some(({ isListening }) => isListening)) return null;
      waiting.set(listener.label, rows.filter(({ state, inode }) => state === UNIX_CONNECTING && inode === 0).length);
    }
    return waiting;
  }

  /** Adds to `waiting`. @returns whether every listener was there. */
  #countTcp(pid: number, family: TcpFamily, listeners: readonly TcpListener[], waiting: Map<string, number>): boolean {
    let missing = listeners.reduce((sum, { sockets }) => sum + sockets, 0);
    const ownerOf = ({ localAddress, localPort }: TcpRow): TcpListener | undefined =>
      listeners.find(({ address, port }) => port === localPort && address === localAddress);
    const path = `/proc/${pid}/net/${family}`;
    const consumed = walkTcp(
      path,
      this.#extent.get(family) ?? FIRST_BYTES,
      () => true,
      (row) => {
        if (row.state !== LISTEN) return false;
        const owner = ownerOf(row);
        if (owner === undefined) return true;
        waiting.set(owner.label, (waiting.get(owner.label) ?? 0) + row.receiveQueue);
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
