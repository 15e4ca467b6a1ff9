/**
 * The detail of the last days in bounded memory. It gives way where it hurts least: first the oldest seconds become tens
 * of seconds, and these minutes; then new slots keep fewer keys, and the oldest minutes only their busiest.
 */
import { cellsOf, createDetailSlot, DETAIL_SLOTS, type DetailSlot, hasOverflowed, trimDetail } from './detail.ts';
import { TimeSlots } from './time-slots.ts';

/** Cells over all slots: 60,000 cost at most some 20 MB. */
const CELL_BUDGET = 60_000;
/** Log lines read back come by the million within one second: the budget is looked at in between. */
const CHECK_RECORDS = 16_384;
const CHECK_SECONDS = 10;
/** The most recent detail stays at one second whatever it costs. */
const FINE_SECONDS = 60;
/** Keys of each kind that a slot keeps; fewer, while the budget is passed by the newest slots alone. */
const SLOT_KEYS = 1024;
const FEWER_SLOT_KEYS = 256;
/** Keys of each kind that an old minute keeps: as many as a table shows. */
const OLD_MINUTE_KEYS = 16;
const MINUTES = 2;

export class DetailHistory {
  #slotKeys = SLOT_KEYS;
  #unchecked = 0;
  #nowSecond = Number.NEGATIVE_INFINITY;
  readonly slots = new TimeSlots<DetailSlot>({ ...DETAIL_SLOTS, create: () => createDetailSlot(this.#slotKeys) });

  /** A record is about to be added. */
  count(): void {
    if (++this.#unchecked >= CHECK_RECORDS) this.#keepBudget();
  }

  advance(nowSecond: number): void {
    this.#nowSecond = nowSecond;
    this.slots.advance(nowSecond);
    if (nowSecond % CHECK_SECONDS === 0) this.#keepBudget();
  }

  #keepBudget(): void {
    this.#unchecked = 0;
    this.#coarsen(0, FINE_SECONDS);
    this.#coarsen(1, 10 * FINE_SECONDS);
    const excess = this.#countCells() - CELL_BUDGET;
    if (excess > 0) {
      this.#trimMinutes(excess);
      this.#slotKeys = FEWER_SLOT_KEYS;
    } else if (this.#slotKeys !== SLOT_KEYS && !this.#isVaried()) {
      this.#slotKeys = SLOT_KEYS;
    }
  }

  /** Seconds become tens of seconds, these minutes. */
  #coarsen(tier: number, keepSeconds: number): void {
    const keepFrom = this.#nowSecond - keepSeconds;
    while (this.#countCells() > CELL_BUDGET) {
      const oldest = this.slots.oldest(tier);
      if (oldest === null || oldest >= keepFrom) return;
      // In strides of a tenth of what is there, so that counting anew stays rare.
      const moved = this.slots.coarsen(tier, Math.min(keepFrom, oldest + Math.max(60, (keepFrom - oldest) / 10)));
      if (!moved) return;
    }
  }

  #trimMinutes(excess: number): void {
    let left = excess;
    for (const slot of this.slots.oldestFirst(MINUTES)) {
      if (left <= 0) return;
      left -= cellsOf(slot);
      trimDetail(slot, OLD_MINUTE_KEYS);
      left += cellsOf(slot);
    }
  }

  /** The last seconds still have more keys than they keep. */
  #isVaried(): boolean {
    let isVaried = false;
    this.slots.forEach(this.#nowSecond - CHECK_SECONDS, this.#nowSecond, (slot) => {
      isVaried ||= hasOverflowed(slot);
    });
    return isVaried;
  }

  #countCells(): number {
    let cells = 0;
    this.slots.forEach(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, (slot) => {
      cells += cellsOf(slot);
    });
    return cells;
  }
}
