/** The files beside a log that are not to be read (again), and how far each was read. */
import { BEGINNING, holdsPlace, type Place } from './generation.ts';
import { type FileIdentity, isSameIdentity, type OpenLog } from './open-log.ts';

/** More than any rotation keeps. */
const MAX_KNOWN = 1_000;

export class KnownFiles {
  #files: readonly (FileIdentity & { readonly place: Place })[] = [];

  get all(): readonly (FileIdentity & { readonly place: Place })[] {
    return this.#files;
  }

  has(file: FileIdentity): boolean {
    return this.#files.some((known) => isSameIdentity(known, file));
  }

  /** A file that was read up to `place`; one that was never read, and is not to be, stands at its beginning. */
  add({ dev, ino, birthtimeNs }: FileIdentity, place: Place = BEGINNING): void {
    const file = { dev, ino, birthtimeNs, place };
    this.#files = [...this.#files.filter((known) => !isSameIdentity(known, file)), file].slice(-MAX_KNOWN);
  }

  /** Where to go on in a file that comes back under the log's name: where it was left, if it still holds what was read. */
  placeIn({ fd, stat }: OpenLog): Place {
    const known = this.#files.find((file) => isSameIdentity(file, stat));
    return known && holdsPlace(fd, known.place) ? known.place : BEGINNING;
  }
}
