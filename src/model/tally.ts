/** Cells by key for one slot of time: bounded, exact until full. */
import { DistinctCounter } from './distinct.ts';

export interface Tallied {
  count: number;
}

/** What a tally does with its cells. */
export interface CellKind<C extends Tallied> {
  create(key: string): C;
  /** Adds `from`, which stays as it is. */
  merge(into: C, from: C): void;
  /** Takes out what was merged in. */
  subtract(from: C, what: C): void;
}

/**
 * A bounded map of cells. When it is full only keys that matter over the whole run (`isHeavy`) still get in; the rest
 * is known by number only.
 */
export class Tally<C extends Tallied> {
  readonly cells = new Map<string, C>();
  readonly #capacity: number;
  readonly #kind: CellKind<C>;
  #distinct: DistinctCounter | null = null;

  constructor(capacity: number, kind: CellKind<C>) {
    this.#capacity = capacity;
    this.#kind = kind;
  }

  /** Number of cells. */
  get size(): number {
    return this.cells.size;
  }

  /** The cell of a key; null when there is no room for it. */
  at(key: string, isHeavy: (key: string) => boolean): C | null {
    const cell = this.cells.get(key);
    if (cell !== undefined) return cell;
    if (this.cells.size >= this.#capacity) {
      this.#overflow().add(key);
      if (!isHeavy(key)) return null;
    }
    const created = this.#kind.create(key);
    this.cells.set(key, created);
    return created;
  }

  /** Adds all of `other`, which stays as it is, however many cells there are then: {@link settle} drops the rarest. */
  merge(other: Tally<C>): void {
    other.cells.forEach((cell, key) => {
      let mine = this.cells.get(key);
      if (mine === undefined) {
        mine = this.#kind.create(key);
        this.cells.set(key, mine);
      }
      this.#kind.merge(mine, cell);
    });
    if (other.#distinct) this.#overflow().merge(other.#distinct);
  }

  /** Takes out what was merged in; cells that come to nothing go. */
  subtract(other: Tally<C>): void {
    other.cells.forEach((cell, key) => {
      const mine = this.cells.get(key);
      if (mine === undefined) return;
      this.#kind.subtract(mine, cell);
      if (mine.count === 0) this.cells.delete(key);
    });
  }

  /** Some keys were turned away: what is known of them, their number, cannot be taken out of a sum again. */
  get hasOverflowed(): boolean {
    return this.#distinct !== null;
  }

  /** Drops the rarest cells beyond the capacity. */
  settle(): void {
    this.trim(this.#capacity);
  }

  /** Drops the rarest cells until so many are left. */
  trim(most: number): void {
    if (this.cells.size <= most) return;
    const ranked = [...this.cells].sort(([, a], [, b]) => b.count - a.count);
    for (const [key] of ranked.slice(most)) {
      this.#overflow().add(key);
      this.cells.delete(key);
    }
  }

  /** Number of different keys seen: exact while none was turned away. */
  get distinct(): number {
    if (!this.#distinct) return this.cells.size;
    const all = new DistinctCounter();
    all.merge(this.#distinct);
    for (const key of this.cells.keys()) all.add(key);
    return all.estimate();
  }

  #overflow(): DistinctCounter {
    this.#distinct ??= new DistinctCounter();
    return this.#distinct;
  }
}
