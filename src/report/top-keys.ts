/**
 * Counting by key in bounded memory. It is the space-saving idea done in batches: everything is counted exactly while
 * at most `capacity` keys were seen; then the light half of them is let go at once. That costs one look-up per line,
 * where a heap would cost several moves.
 */
import { DistinctCounter } from '../model/distinct.ts';

export interface TopKeysOptions<Key, Cell> {
  readonly capacity: number;
  create(key: Key): Cell;
  /** By what a key is worth keeping; the heaviest by each of them stay. */
  readonly weights: readonly ((cell: Cell) => number)[];
  /** Gets what is let go. */
  onEvict?(key: Key, cell: Cell): void;
}

export class TopKeys<Key extends string | number, Cell> {
  readonly #options: TopKeysOptions<Key, Cell>;
  #cells = new Map<Key, Cell>();
  #distinct: DistinctCounter | null = null;

  constructor(options: TopKeysOptions<Key, Cell>) {
    this.#options = options;
  }

  /** The key's cell; a key that comes back after it was let go starts anew, so that a cell never holds too much. */
  at(key: Key): Cell {
    return this.#cells.get(key) ?? this.#add(key);
  }

  /** True while nothing was let go: all counts are exact. */
  get exact(): boolean {
    return this.#distinct === null;
  }

  /** Number of distinct keys seen: exact, or estimated (± 2.3 %) once keys were let go. */
  get distinct(): number {
    return this.#distinct?.estimate() ?? this.#cells.size;
  }

  entries(): ReadonlyMap<Key, Cell> {
    return this.#cells;
  }

  cells(): Cell[] {
    return [...this.#cells.values()];
  }

  #add(key: Key): Cell {
    if (this.#cells.size >= this.#options.capacity) this.#shrink();
    const cell = this.#options.create(key);
    this.#cells.set(key, cell);
    this.#distinct?.add(String(key));
    return cell;
  }

  #shrink(): void {
    const { weights, capacity, onEvict } = this.#options;
    if (this.#distinct === null) {
      this.#distinct = new DistinctCounter();
      for (const key of this.#cells.keys()) this.#distinct.add(String(key));
    }
    const kept = new Set<Key>();
    const share = Math.floor(capacity / 2 / weights.length);
    const entries = [...this.#cells];
    for (const weight of weights) {
      entries.sort(([, a], [, b]) => weight(b) - weight(a));
      for (const [key] of entries.slice(0, share)) kept.add(key);
    }
    // What the accumulator still holds of an evicted cell is its own: a new Map, so that the old one can go.
    const cells = new Map<Key, Cell>();
    for (const [key, cell] of this.#cells) {
      if (kept.has(key)) cells.set(key, cell);
      else onEvict?.(key, cell);
    }
    this.#cells = cells;
  }
}
