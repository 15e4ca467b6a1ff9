/**
 * Logs of one kind that are followed together. Rotation may make one out of another (`-l access.log -l access.log.1`):
 * what one of them reads, or has read, none of the others reads again.
 */
import { basename, dirname, resolve } from 'node:path';
import { startsAlike } from './heads.ts';
import { type FileId, type FileIdentity, isProblem, isSameFile, statLog } from './open-log.ts';
import { couldBeMadeOf, isPastName, Siblings } from './siblings.ts';

export interface Peer {
  readonly path: string;
  /** Whether it reads the file, or has read of it. */
  reads(file: FileIdentity): boolean;
  /** The first bytes of the files that it reads, or has read of. */
  readonly heads: readonly Buffer[];
}

export class Peers {
  readonly #all = new Set<Peer>();

  join(peer: Peer): void {
    this.#all.add(peer);
  }

  leave(peer: Peer): void {
    this.#all.delete(peer);
  }

  /** Whether another one reads the file, or has read of it. */
  isRead(file: FileIdentity, self: Peer): boolean {
    return this.#others(self).some((peer) => peer.reads(file));
  }

  /** Whether the name of another one leads to the file. */
  isNamed(file: FileId, self: Peer): boolean {
    return this.#namedBy(file, self).length > 0;
  }

  /** Whether it is another log of its own, whatever its name looks like: `access-8001.log` beside `access.log`. */
  isLogOfItsOwn(file: FileId, self: Peer): boolean {
    return this.#namedBy(file, self).some((peer) => !this.isPast(peer));
  }

  /** Whether a file that came up under the name of `self` is a copy of what another one reads: made by copytruncate. */
  isCopy(head: Buffer, self: Peer): boolean {
    return this.#originals(self, couldBeMadeOf).some(({ heads }) => heads.some((other) => startsAlike(head, other)));
  }

  /** Whether `self` goes by a name that only rotation gives, to the log of another one. */
  isPast(self: Peer): boolean {
    return this.#originals(self, isPastName).length > 0;
  }

  /** What lies beside the logs that `self` may be made of: rotation moves on what it was. */
  besideOriginals(self: Peer): readonly string[] {
    return this.#originals(self, couldBeMadeOf).flatMap(({ path }) =>
      new Siblings(path).list().map((sibling) => sibling.path),
    );
  }

  #namedBy(file: FileId, self: Peer): readonly Peer[] {
    return this.#others(self).filter(({ path }) => {
      const named = statLog(path);
      return !isProblem(named) && isSameFile(named, file);
    });
  }

  #others(self: Peer): readonly Peer[] {
    return this.#all.size < 2 ? [] : [...this.#all].filter((peer) => peer !== self);
  }

  #originals({ path }: Peer, isMade: (name: string, base: string) => boolean): readonly Peer[] {
    const folder = dirname(resolve(path));
    return [...this.#all].filter(
      (peer) => dirname(resolve(peer.path)) === folder && isMade(basename(path), basename(peer.path)),
    );
  }
}
