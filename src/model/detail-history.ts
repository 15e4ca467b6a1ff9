/**
 * The detail of the last days in bounded memory. It gives way where it hurts least: first the oldest minutes keep only
 * their busiest keys, then the oldest seconds become tens of seconds, and these minutes; then new slots keep fewer keys.
 */
import {
  CLIENT_KINDS,
  cellsBeyond,
  cellsOf,
  createDetailSlot,
  DETAIL_SLOTS,
  type DetailSlot,
  hasOverflowed,
  packDetail,
  trimDetail,
} from './detail.ts';
import { TimeSlots } from './time-slots.ts';

/** Cells over all slots, but for what an old minute may keep: 60,000 cost at most some 20 MB. */
const CELL_BUDGET = 60_000;
/** Log lines read back come by the million within one second: the budget is looked at in between. */
const CHECK_RECORDS = 16_384;
/** A record is counted under its route, its worker and four kinds of clients. */
const MOST_CELLS_A_RECORD = 2 + CLIENT_KINDS.length;
const CHECK_SECONDS = 10;
/** The most recent detail stays at one second whatever it costs. */
const FINE_SECONDS = 60;
/** Slots that lines are being added to: workers write theirs a second or two apart. The others are packed. */
const OPEN_SLOTS = 2;
/** Keys of each kind that a slot keeps; fewer, while the newest slots alone pass the budget. */
const SLOT_KEYS = 1024;
const FEWER_SLOT_KEYS = 256;
/** Keys of each kind that an old minute keeps: as many as a table shows. */
const OLD_MINUTE_KEYS = 16;
/** The tier of minutes. */
const MINUTES = 2;
const MINUTE_SECONDS = 60;

export class DetailHistory {
  #slotKeys = SLOT_KEYS;
  /** Cells at the last look, and records since: days that are read back are not counted anew every ten seconds. */
  #cells = 0;
  #unchecked = 0;
  #nowSecond = Number.NEGATIVE_INFINITY;
  /** At most {@link OPEN_SLOTS}. */
  readonly #open: DetailSlot[] = [];
  readonly slots = new TimeSlots<DetailSlot>({ ...DETAIL_SLOTS, create: () => createDetailSlot(this.#slotKeys) });

  /** The slot that takes a record of `second` (epoch); null when that is older than all that is kept. */
  take(second: number): DetailSlot | null {
    if (++this.#unchecked >= CHECK_RECORDS && this.#mayPassBudget) this.#keepBudget();
    const slot = this.slots.at(second);
    if (slot !== null && slot !== this.#open[0]) this.#keepOpen(slot);
    return slot;
  }

  /** The slot taken last comes first; the one that was not taken for longest is packed. */
  #keepOpen(slot: DetailSlot): void {
    const place = this.#open.indexOf(slot);
    if (place >= 0) this.#open.splice(place, 1);
    this.#open.unshift(slot);
    if (this.#open.length <= OPEN_SLOTS) return;
    const packed = this.#open.pop();
    if (packed !== undefined) packDetail(packed);
  }

  advance(nowSecond: number): void {
    this.#nowSecond = nowSecond;
    this.slots.advance(nowSecond);
    if (nowSecond % CHECK_SECONDS === 0 && this.#mayPassBudget) this.#keepBudget();
  }

  get #mayPassBudget(): boolean {
    return this.#slotKeys !== SLOT_KEYS || this.#cells + MOST_CELLS_A_RECORD * this.#unchecked > CELL_BUDGET;
  }

  #keepBudget(): void {
    this.#unchecked = 0;
    this.#cells = this.#countCells();
    if (this.#cells > CELL_BUDGET) {
      this.#trimMinutes(this.#cells - CELL_BUDGET);
      this.#coarsen(0, FINE_SECONDS);
      this.#coarsen(1, 10 * FINE_SECONDS);
      // What has just become minutes.
      this.#trimMinutes(this.#countCells() - CELL_BUDGET);
      this.#cells = this.#countCells();
    }
    if (this.#cells > CELL_BUDGET) this.#slotKeys = FEWER_SLOT_KEYS;
    else if (this.#slotKeys !== SLOT_KEYS && !this.#isVaried()) this.#slotKeys = SLOT_KEYS;
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

  /** The oldest minutes keep only their busiest keys, until so many cells are gone. */
  #trimMinutes(cells: number): void {
    if (cells <= 0) return;
    let left = cells;
    for (const slot of this.slots.oldestFirst(MINUTES)) {
      if (left <= 0) return;
      left -= cellsBeyond(slot, OLD_MINUTE_KEYS);
      trimDetail(slot, OLD_MINUTE_KEYS);
      packDetail(slot);
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

  /** What is left of old minutes is no cell more: three days of them would leave nothing for the last hour. */
  #countCells(): number {
    let cells = 0;
    this.slots.forEach(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, (slot, _, stepSeconds) => {
      cells += stepSeconds === MINUTE_SECONDS ? cellsBeyond(slot, OLD_MINUTE_KEYS) : cellsOf(slot);
    });
    return cells;
  }
}
