/**
 * The most frequent keys of an endless stream in bounded memory: the space-saving algorithm (Metwally, Agrawal and
 * El Abbadi, 2005). Exact while at most `capacity` keys were seen; then a newcomer takes the place and the count of
 * the rarest key, so that every key with more than total ÷ capacity occurrences is present.
 */
import { DistinctCounter } from './distinct.ts';

/** Not to be kept: the entry of a key that gave way becomes the one of the next newcomer. */
export interface Counted<T> {
  readonly key: string;
  /** Never less than the true count. */
  count: number;
  /** How much of `count` may belong to keys that were here before. */
  error: number;
  value: T;
}

interface Entry<T> extends Counted<T> {
  key: string;
  position: number;
}

export class SpaceSaving<T> {
  readonly #capacity: number;
  readonly #create: (key: string, evicted: T | null) => T;
  readonly #entries = new Map<string, Entry<T>>();
  /** From the first eviction on a binary heap with the rarest key on top; until then in order of arrival. */
  readonly #heap: Entry<T>[] = [];
  /** Of all keys, those that gave way included; null before the first does, when the entries tell. */
  #distinct: DistinctCounter | null = null;

  /**
   * @param create makes the value that travels with a key; a key that comes back after an eviction starts anew. It may
   * make it of the value of the key that gave way: where most keys are new each line would leave one as garbage.
   */
  constructor(capacity: number, create: (key: string, evicted: T | null) => T) {
    this.#capacity = capacity;
    this.#create = create;
  }

  /** Counts one occurrence and returns the key's entry. */
  add(key: string): Counted<T> {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = this.#heap.length < this.#capacity ? this.#grow(key) : this.#replace(key);
      this.#entries.set(key, entry);
    }
    entry.count += 1;
    if (this.#distinct !== null) this.#sink(entry);
    return entry;
  }

  get(key: string): Counted<T> | undefined {
    return this.#entries.get(key);
  }

  /** Visits the values in no order, as a Map does. */
  forEach(visit: (value: T, key: string) => void): void {
    for (const entry of this.#heap) visit(entry.value, entry.key);
  }

  get size(): number {
    return this.#heap.length;
  }

  /** True while no key was ever evicted: all counts are exact. */
  get exact(): boolean {
    return this.#distinct === null;
  }

  /** Different keys seen: exact until one gave way, then within some 2 %. */
  get distinct(): number {
    return Math.max(this.size, this.#distinct?.estimate() ?? 0);
  }

  entries(): readonly Counted<T>[] {
    return this.#heap;
  }

  #grow(key: string): Entry<T> {
    const entry = { key, count: 0, error: 0, value: this.#create(key, null), position: this.#heap.length };
    this.#heap.push(entry);
    return entry;
  }

  #replace(key: string): Entry<T> {
    this.#distinct ??= this.#heapify();
    this.#distinct.add(key);
    const rarest = this.#heap[0];
    this.#entries.delete(rarest.key);
    rarest.key = key;
    rarest.error = rarest.count;
    rarest.value = this.#create(key, rarest.value);
    return rarest;
  }

  /** Floyd's way: every parent sinks, the last one first. @returns a counter of the keys so far. */
  #heapify(): DistinctCounter {
    for (let parent = (this.#heap.length >> 1) - 1; parent >= 0; parent--) this.#sink(this.#heap[parent]);
    const distinct = new DistinctCounter();
    for (const { key } of this.#heap) distinct.add(key);
    return distinct;
  }

  #sink(entry: Entry<T>): void {
    for (;;) {
      let least = entry.position;
      for (let child = 2 * entry.position + 1; child <= 2 * entry.position + 2; child++) {
        if (child < this.#heap.length && this.#heap[child].count < this.#heap[least].count) least = child;
      }
      if (least === entry.position) return;
      this.#swap(entry.position, least);
    }
  }

  #swap(a: number, b: number): void {
    const entry = this.#heap[a];
    const other = this.#heap[b];
    this.#heap[a] = other;
    this.#heap[b] = entry;
    other.position = a;
    entry.position = b;
  }
}
