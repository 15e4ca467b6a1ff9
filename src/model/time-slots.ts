/**
 * History of bounded size: slots of one second, and coarser ones for what is older. A slot that grows too old for its
 * tier is merged into the next one, so that nothing is counted twice and late lines find their place.
 */

interface Tier {
  readonly stepSeconds: number;
  readonly keepSeconds: number;
}

/** 1 s for 15 min, 10 s for 3 h, 1 min for 3 days. */
const TIERS: readonly Tier[] = [
  { stepSeconds: 1, keepSeconds: 900 },
  { stepSeconds: 10, keepSeconds: 10_800 },
  { stepSeconds: 60, keepSeconds: 259_200 },
];

export interface SlotKind<S> {
  create(): S;
  /** Adds all of `from` to `into`; `from` is not used afterwards. */
  merge(into: S, from: S): void;
  /** Nothing more is merged into `slot` for now: it is brought back to its bounds. */
  settle?(slot: S): void;
}

interface TierState<S> extends Tier {
  readonly slots: Map<number, S>;
  /** Earliest second that this tier still takes; what is older goes to the next tier. */
  fromSecond: number;
}

export class TimeSlots<S> {
  readonly #kind: SlotKind<S>;
  readonly #tiers: readonly TierState<S>[];
  #nowSecond = Number.NEGATIVE_INFINITY;

  constructor(kind: SlotKind<S>, tiers: readonly Tier[] = TIERS) {
    this.#kind = kind;
    this.#tiers = tiers.map((tier) => ({ ...tier, slots: new Map(), fromSecond: Number.NEGATIVE_INFINITY }));
  }

  /** The slot that holds `second` (epoch), made when it is not there; null when that is older than all that is kept. */
  at(second: number): S | null {
    for (const tier of this.#tiers) {
      if (second >= tier.fromSecond) return this.#slot(tier, second);
    }
    return null;
  }

  /** The slot of one second; undefined when nothing was added to it, or only a coarser one is left. */
  peek(second: number): S | undefined {
    return this.#tiers[0].slots.get(second);
  }

  /** From this second on the finest resolution is left. */
  get fineFromSecond(): number {
    return this.#tiers[0].fromSecond;
  }

  /** Moves on to `nowSecond`: merges what has grown too old into coarser slots. Going back does nothing. */
  advance(nowSecond: number): void {
    if (nowSecond <= this.#nowSecond) return;
    this.#nowSecond = nowSecond;
    for (let index = 0; index < this.#tiers.length; index++) {
      this.#raise(index, nowSecond - this.#tiers[index].keepSeconds);
    }
  }

  /**
   * Gives up fine resolution early: everything before `second` leaves the given tier for the next coarser one.
   * @returns whether a slot moved.
   */
  coarsen(tierIndex: number, second: number): boolean {
    const before = this.#tiers[tierIndex].slots.size;
    this.#raise(tierIndex, second);
    return this.#tiers[tierIndex].slots.size < before;
  }

  /** First second of the oldest slot of a tier; null when it is empty. */
  oldest(tierIndex: number): number | null {
    const { slots } = this.#tiers[tierIndex];
    let oldest: number | null = null;
    for (const start of slots.keys()) if (oldest === null || start < oldest) oldest = start;
    return oldest;
  }

  /** The slots of a tier. */
  oldestFirst(tierIndex: number): readonly S[] {
    return [...this.#tiers[tierIndex].slots].sort(([a], [b]) => a - b).map(([, slot]) => slot);
  }

  /**
   * Visits the slots of [fromSecond, toSecond), in no order. Where only coarser slots are left, the range begins at
   * the edge of the one that holds `fromSecond`.
   */
  forEach(
    fromSecond: number,
    toSecond: number,
    visit: (slot: S, startSecond: number, stepSeconds: number) => void,
  ): void {
    for (const { slots, stepSeconds } of this.#tiers) {
      const first = Math.floor(fromSecond / stepSeconds) * stepSeconds;
      if ((toSecond - first) / stepSeconds <= slots.size) {
        for (let start = first; start < toSecond; start += stepSeconds) {
          const slot = slots.get(start);
          if (slot !== undefined) visit(slot, start, stepSeconds);
        }
      } else {
        for (const [start, slot] of slots) if (start >= first && start < toSecond) visit(slot, start, stepSeconds);
      }
    }
  }

  #slot(tier: TierState<S>, second: number): S {
    const start = Math.floor(second / tier.stepSeconds) * tier.stepSeconds;
    let slot = tier.slots.get(start);
    if (slot === undefined) {
      slot = this.#kind.create();
      tier.slots.set(start, slot);
    }
    return slot;
  }

  #raise(tierIndex: number, second: number): void {
    const tier = this.#tiers[tierIndex];
    // On an edge of the next tier's slots, so that a coarse slot is never half in two tiers.
    const coarser = this.#tiers[tierIndex + 1];
    const edge = coarser ? Math.floor(second / coarser.stepSeconds) * coarser.stepSeconds : second;
    if (edge <= tier.fromSecond) return;
    tier.fromSecond = edge;
    const grown = new Set<S>();
    for (const [start, slot] of tier.slots) {
      if (start >= edge) continue;
      tier.slots.delete(start);
      if (!coarser || start < coarser.fromSecond) continue;
      const into = this.#slot(coarser, start);
      this.#kind.merge(into, slot);
      grown.add(into);
    }
    // Once for each: ten seconds of a busy site pass the bounds at the fifth already.
    for (const slot of grown) this.#kind.settle?.(slot);
  }
}
