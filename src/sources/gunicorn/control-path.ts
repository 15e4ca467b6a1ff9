/** Where a master's control socket is. */
import { basename, isAbsolute, join } from 'node:path';
import { readUnixTable } from './listeners.ts';
import { listDescriptors, readChildren, readDescriptor, socketInode } from './proc.ts';
import { procView } from './process-view.ts';

/**
 * The socket that this master listens on and none of its children holds: it is closed before every fork
 * (gunicorn/ctl/server.py), while the sockets of `--bind` are inherited. So the path is this master's, wherever its
 * settings have put it; by default it is the same for all Gunicorns of a user, who take it from each other.
 *
 * @returns the path as gtop reaches it; null where there is none, or its descriptors may not be read.
 */
export function findControlSocket(masterPid: number): string | null {
  const own = socketsOf(masterPid);
  if (own.size === 0) return null;
  const children = readChildren(masterPid);
  const inherited = new Set(children.flatMap((pid) => [...socketsOf(pid)]));
  const candidates = readUnixTable(masterPid)
    .filter(
      ({ isListening, inode, path }) => isListening && own.has(inode) && !inherited.has(inode) && !path.startsWith('@'),
    )
    .map(({ path }) => path)
    // While no worker lives nothing tells it from a listener, to which one must not speak in another tongue.
    .filter((path) => children.length > 0 || basename(path).endsWith('.ctl'));
  const [path] = candidates.sort((a, b) => Number(b.endsWith('.ctl')) - Number(a.endsWith('.ctl')));
  if (path === undefined) return null;
  const folder = isAbsolute(path) ? '' : procView.workingDirectory(masterPid);
  return folder === null ? null : procView.reach(masterPid, join(folder, path));
}

function socketsOf(pid: number): ReadonlySet<number> {
  const inodes = (listDescriptors(pid) ?? []).map((fd) => socketInode(readDescriptor(pid, fd) ?? ''));
  return new Set(inodes.filter((inode) => inode > 0));
}
