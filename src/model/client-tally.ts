/**
 * Requests and bytes by client for one slot of time: bounded, exact until full.
 *
 * Each second has hundreds of these, most of them seen once, and hours of seconds are kept. So they are numbers in one
 * array instead of an object each, and a slot that nothing is added to has no index: 24 bytes a client instead of 120.
 */
import { DistinctCounter } from './distinct.ts';
import type { Cells } from './top.ts';

export interface ClientCell {
  count: number;
  bytes: number;
}

/** Numbers a client: requests, bytes. */
const WIDTH = 2;
const NO_NUMBERS = new Float64Array(0);
/** Up to 64 bytes V8 keeps in the array itself. */
const FIRST_CLIENTS = 4;

export class ClientTally implements Cells<ClientCell> {
  readonly #capacity: number;
  #keys: string[] = [];
  #numbers = NO_NUMBERS;
  /** Where in `#keys` a key stands; null when packed. */
  #places: Map<string, number> | null = null;
  #distinct: DistinctCounter | null = null;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Number of clients that are kept. */
  get size(): number {
    return this.#keys.length;
  }

  /** What is kept of a client; undefined of one that is not. */
  get(key: string): Readonly<ClientCell> | undefined {
    const place = this.#index().get(key);
    if (place === undefined) return undefined;
    return { count: this.#numbers[WIDTH * place], bytes: this.#numbers[WIDTH * place + 1] };
  }

  /**
   * Counts one request.
   * @param bytes NaN where the log does not tell.
   * @param isHeavy whether a key matters over the whole run: only such ones get in when full.
   */
  add(key: string, bytes: number, isHeavy: (key: string) => boolean): void {
    const place = this.#index().get(key);
    const known = bytes >= 0 ? bytes : 0;
    if (place !== undefined) this.#addTo(place, 1, known);
    else if (this.#keys.length < this.#capacity) this.#append(key, 1, known);
    else {
      this.#overflow().add(key);
      if (isHeavy(key)) this.#append(key, 1, known);
    }
  }

  /** Adds all of `other`, which stays as it is, however many keys there are then: {@link settle} drops the rarest. */
  merge(other: ClientTally): void {
    const places = this.#index();
    for (let index = 0; index < other.#keys.length; index++) {
      const key = other.#keys[index];
      const count = other.#numbers[WIDTH * index];
      const bytes = other.#numbers[WIDTH * index + 1];
      const place = places.get(key);
      if (place === undefined) this.#append(key, count, bytes);
      else this.#addTo(place, count, bytes);
    }
    if (other.#distinct) this.#overflow().merge(other.#distinct);
  }

  /** Takes out what was merged in; keys that come to nothing go. */
  subtract(other: ClientTally): void {
    const places = this.#index();
    for (let index = 0; index < other.#keys.length; index++) {
      const place = places.get(other.#keys[index]);
      if (place === undefined) continue;
      this.#addTo(place, -other.#numbers[WIDTH * index], -other.#numbers[WIDTH * index + 1]);
      if (this.#numbers[WIDTH * place] === 0) this.#remove(place, places);
    }
  }

  /** Some keys were turned away: what is known of them, their number, cannot be taken out of a sum again. */
  get hasOverflowed(): boolean {
    return this.#distinct !== null;
  }

  /** Drops the rarest keys beyond the capacity. */
  settle(): void {
    this.trim(this.#capacity);
  }

  /** Drops the rarest keys until so many are left. */
  trim(most: number): void {
    if (this.#keys.length <= most) return;
    const [keys, numbers] = [this.#keys, this.#numbers];
    const ranked = Uint32Array.from(keys.keys()).sort((a, b) => numbers[WIDTH * b] - numbers[WIDTH * a] || a - b);
    for (const place of ranked.subarray(most)) this.#overflow().add(keys[place]);
    this.#keys = [];
    this.#numbers = new Float64Array(WIDTH * most);
    this.#places = null;
    for (const place of ranked.subarray(0, most)) {
      const at = WIDTH * this.#keys.length;
      this.#keys.push(keys[place]);
      this.#numbers[at] = numbers[WIDTH * place];
      this.#numbers[at + 1] = numbers[WIDTH * place + 1];
    }
  }

  /** Nothing is added for now: takes the least memory. */
  pack(): void {
    if (this.#places === null) return;
    this.#places = null;
    this.#keys = this.#keys.slice();
    this.#numbers = this.#numbers.slice(0, WIDTH * this.#keys.length);
  }

  /** Number of different keys seen: exact while none was turned away. */
  get distinct(): number {
    if (!this.#distinct) return this.size;
    const all = new DistinctCounter();
    all.merge(this.#distinct);
    for (const key of this.#keys) all.add(key);
    return all.estimate();
  }

  forEach(visit: (cell: Readonly<ClientCell>, key: string) => void): void {
    const cell = { count: 0, bytes: 0 };
    for (let place = 0; place < this.#keys.length; place++) {
      cell.count = this.#numbers[WIDTH * place];
      cell.bytes = this.#numbers[WIDTH * place + 1];
      visit(cell, this.#keys[place]);
    }
  }

  #index(): Map<string, number> {
    if (this.#places === null) {
      this.#places = new Map();
      for (let place = 0; place < this.#keys.length; place++) this.#places.set(this.#keys[place], place);
    }
    return this.#places;
  }

  #addTo(place: number, count: number, bytes: number): void {
    this.#numbers[WIDTH * place] += count;
    this.#numbers[WIDTH * place + 1] += bytes;
  }

  #append(key: string, count: number, bytes: number): void {
    const place = this.#keys.length;
    this.#index().set(key, place);
    if (WIDTH * place === this.#numbers.length) {
      const grown = new Float64Array(WIDTH * Math.max(FIRST_CLIENTS, 2 * place));
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#keys.push(key);
    this.#numbers[WIDTH * place] = count;
    this.#numbers[WIDTH * place + 1] = bytes;
  }

  /** The last one takes its place. */
  #remove(place: number, places: Map<string, number>): void {
    places.delete(this.#keys[place]);
    const last = this.#keys.pop();
    if (last === undefined || place === this.#keys.length) return;
    this.#keys[place] = last;
    this.#numbers.copyWithin(WIDTH * place, WIDTH * this.#keys.length, WIDTH * (this.#keys.length + 1));
    places.set(last, place);
  }

  #overflow(): DistinctCounter {
    this.#distinct ??= new DistinctCounter();
    return this.#distinct;
  }
}
