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

/** The cells and what is known of the keys let go, as plain data. */
export interface PackedKeys<Key, Cell> {
  readonly cells: ReadonlyMap<Key, Cell>;
  /** Registers of the distinct counter; null while everything is exact. */
  readonly distinct: Uint8Array | null;
}

export class TopKeys<Key extends string | number, Cell> {
  readonly #options: TopKeysOptions<Key, Cell>;
  #cells = new Map<Key, Cell>();
  #distinct: DistinctCounter | null = null;
  #lastKey: Key | null = null;
  #lastCell: Cell | null = null;

  constructor(options: TopKeysOptions<Key, Cell>) {
    this.#options = options;
  }

  /** The key's cell; a key that comes back after it was let go starts anew, so that a cell never holds too much. */
  at(key: Key): Cell {
    return this.#cells.get(key) ?? this.#add(key);
  }

  /** The same for keys that mostly repeat from line to line (methods, protocols): the key before costs no look-up. */
  atRepeated(key: Key): Cell {
    if (key === this.#lastKey && this.#lastCell !== null) return this.#lastCell;
    const cell = this.at(key);
    this.#lastKey = key;
    this.#lastCell = cell;
    return cell;
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

  /** @param packCell makes a cell plain data. */
  pack<Packed>(packCell: (cell: Cell) => Packed): PackedKeys<Key, Packed> {
    const cells = new Map<Key, Packed>();
    for (const [key, cell] of this.#cells) cells.set(key, packCell(cell));
    return { cells, distinct: this.#distinct?.registers ?? null };
  }

  /** Adds what was counted elsewhere. */
  merge<Packed>({ cells, distinct }: PackedKeys<Key, Packed>, mergeCells: (into: Cell, from: Packed) => void): void {
    for (const [key, cell] of cells) mergeCells(this.at(key), cell);
    if (distinct === null) return;
    this.#distinct ??= this.#countKeys();
    this.#distinct.merge(new DistinctCounter(distinct));
  }

  #countKeys(): DistinctCounter {
    const distinct = new DistinctCounter();
    for (const key of this.#cells.keys()) distinct.add(String(key));
    return distinct;
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
    this.#distinct ??= this.#countKeys();
    const share = Math.floor(capacity / 2 / weights.length);
    const places = weights.map((weight) => new Places([...this.#cells.values()].map(weight), share));
    // What the accumulator still holds of an evicted cell is its own: a new Map, so that the old one can go.
    const cells = new Map<Key, Cell>();
    for (const [key, cell] of this.#cells) {
      const stays = places.filter((place, index) => place.take(weights[index](cell)));
      if (stays.length > 0) cells.set(key, cell);
      else onEvict?.(key, cell);
    }
    this.#cells = cells;
    this.#lastCell = null;
  }
}

/** Gives a number of places to the greatest weights. Numbers are sorted, not cells: a tenth of the time. */
class Places {
  readonly #least: number;
  /** Places for those that weigh just the least. */
  #left: number;

  constructor(weights: readonly number[], places: number) {
    const sorted = Float64Array.from(weights).sort();
    this.#least = sorted[sorted.length - places];
    this.#left = places;
    for (let index = sorted.length - 1; sorted[index] > this.#least; index--) this.#left--;
  }

  take(weight: number): boolean {
    if (weight > this.#least) return true;
    return weight === this.#least && this.#left-- > 0;
  }
}
