/** The sockets a Gunicorn listens on. */

import type { GunicornSettings } from './command-line.ts';
import { readTable } from './proc.ts';
import { formatListener, LISTEN, parseUnixTable, type UnixRow, walkTcp } from './sockets.ts';

export type TcpFamily = 'tcp' | 'tcp6';

export type Listener =
  | {
      readonly family: TcpFamily;
      readonly address: string;
      readonly port: number;
      readonly label: string;
      /** Of its sockets: with `--reuse-port` each worker has one, else there is one. */
      readonly inodes: readonly number[];
    }
  | { readonly family: 'unix'; readonly path: string; readonly label: string; readonly inodes: readonly number[] };

export type TcpListener = Extract<Listener, { family: TcpFamily }>;

export const isTcp = (listener: Listener): listener is TcpListener => listener.family !== 'unix';

/** Who holds which sockets; null where descriptors may not be read. */
export interface SocketHolders {
  readonly master: ReadonlySet<number> | null;
  readonly workers: readonly ReadonlySet<number>[];
}

/** First read of a table whose listening rows were not counted yet: some 25 rows. */
export const FIRST_BYTES = 4096;

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
  return parseUnixTable(readTable(`/proc/${pid}/net/unix`) ?? '');
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
  for (const { family, address, port, label, inode } of rows) {
    const inodes = [...(listeners.get(label)?.inodes ?? []), inode];
    const listener: Listener =
      family === 'unix' ? { family, path: address, label, inodes } : { family, address, port, label, inodes };
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
