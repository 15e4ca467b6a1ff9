/** The files beside a log that rotation made of it: its earlier generations and copies. */
import { type BigIntStats, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { FileIdentity } from './open-log.ts';

export interface Sibling extends FileIdentity {
  readonly path: string;
  readonly mtimeNs: bigint;
  /** False when only the beginning of the name says that it has to do with the log: `access.log.save`. */
  readonly hasRotatedName: boolean;
}

/** What compressors leave: never text. */
const COMPRESSED = /\.(?:gz|tgz|bz2|xz|lzma|zst|zstd|lz4|lzo|br|zip|7z|Z)$/;
/** logrotate's numbers and dates (`.1`, `-20261121`, `-20261121-1795000000`, `.2026-11-21_04`) and the usual words. */
const ROTATED = /^(?:[-._]?\d[-._:T\d]*Z?|[-._](?:old|prev))$/;
/** A date in the midst of a name: `access-20261121.log`. A shorter number may be that of a port or an instance. */
const DATED = /\d{6}|\d{4}-\d{2}/;
/** While files are being renamed the folder is listed again, at most so often. */
const MAX_LISTINGS = 5;
/** A link that is switched leaves a target behind that may have just been rotated itself. */
const MAX_TARGETS = 4;

interface Place {
  readonly folder: string;
  readonly base: string;
}

const placeOf = (path: string): Place => ({ folder: dirname(path), base: basename(path) });
const isSamePlace = (a: Place, b: Place): boolean => a.folder === b.folder && a.base === b.base;

/**
 * Whether `name` looks like an earlier generation of the log `base`: `access.log.1`, `access.log-20261121`,
 * `access-20261121.log`, `access.1.log`.
 */
export function isRotatedName(name: string, base: string): boolean {
  if (name.startsWith(base)) return isRotation(base, name.slice(base.length));
  const extension = extname(base);
  const stem = base.slice(0, base.length - extension.length);
  return (
    extension !== '' &&
    name.startsWith(stem) &&
    name.endsWith(extension) &&
    isRotation(stem, name.slice(stem.length, name.length - extension.length))
  );
}

/** `access.log.10` comes after `access.log.1`, and is none of it. */
const isRotation = (kept: string, added: string): boolean =>
  ROTATED.test(added) && !(/\d$/.test(kept) && /^\d/.test(added));

/** Whether `name` is one that only rotation gives. */
export const isPastName = (name: string, base: string): boolean =>
  isRotatedName(name, base) && (name.startsWith(base) || DATED.test(name));

/** Whether a file of this name may have been made of the log `base`, by rotation or by hand: `access.log.save`. */
export const couldBeMadeOf = (name: string, base: string): boolean =>
  name !== base && (name.startsWith(base) || isRotatedName(name, base));

const statOrNull = (path: string): BigIntStats | null => {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
};

const entries = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** What lies beside a log, and beside the file behind it when the log is a symbolic link. */
export class Siblings {
  readonly #path: string;
  /** Names that the log goes by, and went by lately, folder by folder. */
  #places: readonly Place[] = [];
  /** The folders' mtimes at the last listing. */
  #stamp = '';

  constructor(path: string) {
    this.#path = path;
    this.#addPlaces();
  }

  /** Whether an entry came, went or changed its name since the last listing. */
  haveChanged(): boolean {
    return this.#readStamp() !== this.#stamp;
  }

  /** All siblings that are regular files and no compressed ones, the oldest first. */
  list(): readonly Sibling[] {
    this.#addPlaces();
    for (let attempt = 1; ; attempt++) {
      this.#stamp = this.#readStamp();
      const found = this.#places.flatMap(({ folder, base }) =>
        entries(folder).flatMap((name) => toSibling(folder, name, base)),
      );
      // A rename meanwhile may have moved a file from a name not looked at yet to one already passed.
      if (attempt < MAX_LISTINGS && this.haveChanged()) continue;
      return found.sort((a, b) => Number(a.birthtimeNs - b.birthtimeNs || a.mtimeNs - b.mtimeNs));
    }
  }

  #addPlaces(): void {
    const named = placeOf(this.#path);
    const earlier = this.#places.filter((place) => !isSamePlace(place, named));
    try {
      const target = placeOf(realpathSync(this.#path));
      const folder = realpathSync(named.folder);
      if (!isSamePlace(target, { ...named, folder }) && !earlier.some((place) => isSamePlace(place, target))) {
        earlier.push(target);
      }
    } catch {
      // Nothing there yet, or not to be seen: what is known so far is all.
    }
    this.#places = [named, ...earlier.slice(-MAX_TARGETS)];
  }

  #readStamp(): string {
    return this.#places.map(({ folder }) => statOrNull(folder)?.mtimeNs ?? '-').join(' ');
  }
}

function toSibling(folder: string, name: string, base: string): Sibling[] {
  const hasRotatedName = isRotatedName(name, base);
  if (!hasRotatedName && (name === base || !name.startsWith(base) || COMPRESSED.test(name))) return [];
  const path = join(folder, name);
  const stat = statOrNull(path);
  if (!stat?.isFile()) return [];
  const { dev, ino, birthtimeNs, mtimeNs } = stat;
  return [{ path, dev, ino, birthtimeNs, mtimeNs, hasRotatedName }];
}
