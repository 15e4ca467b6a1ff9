/**
 * The detail of the last so many complete seconds, kept up to date: a second that is over is added, one that has become
 * too old is taken out. Adding sixty seconds up anew at every tick costs ten times as much, and as much garbage, with
 * 200 requests a second from as many addresses.
 */
import {
  createDetailSlot,
  DETAIL_SLOTS,
  type DetailSlot,
  hasOverflowed,
  type RouteCell,
  routeKey,
  SLOW_PER_SLOT,
  SlowList,
  subtractDetail,
} from './detail.ts';
import type { TimeSlots } from './time-slots.ts';

export class RunningDetail {
  readonly #seconds: number;
  readonly #slots: TimeSlots<DetailSlot>;
  #sum = createDetailSlot(Number.POSITIVE_INFINITY);
  /** [from, to) is what the sum holds; NaN when it has to be added up anew. */
  #from = Number.NaN;
  #to = Number.NaN;

  constructor(seconds: number, slots: TimeSlots<DetailSlot>) {
    this.#seconds = seconds;
    this.#slots = slots;
  }

  /** Whether the sum holds this second: what is added to that late has to be added here too. */
  holds(second: number): boolean {
    return second >= this.#from && second < this.#to;
  }

  /** What was added up so far, for a late addition. */
  get sum(): DetailSlot {
    return this.#sum;
  }

  /** What is in the slots was changed otherwise than by adding here too. */
  forget(): void {
    this.#from = Number.NaN;
    this.#to = Number.NaN;
  }

  /**
   * The detail of the seconds up to `toSecond` (exclusive). Not to be changed, and true only until the next call.
   * @returns null for a moment before the one asked for last.
   */
  upTo(toSecond: number): DetailSlot | null {
    if (toSecond < this.#to) return null;
    const fromSecond = toSecond - this.#seconds;
    if (this.#canMove(fromSecond)) this.#move(fromSecond, toSecond);
    else this.#addUp(fromSecond, toSecond);
    this.#sum.routes.cells.forEach((cell) => {
      if (cell.durations.hasLostExtreme) this.#findExtremes(cell, fromSecond, toSecond);
    });
    const slow = new SlowList(SLOW_PER_SLOT);
    this.#slots.forEach(fromSecond, toSecond, (slot) => slow.merge(slot.slow));
    return { ...this.#sum, slow };
  }

  /** Every second that has to go is still there to be taken out. */
  #canMove(fromSecond: number): boolean {
    return fromSecond < this.#to && this.#slots.fineFromSecond <= this.#from;
  }

  #move(fromSecond: number, toSecond: number): void {
    const to = this.#to;
    for (let second = this.#from; second < fromSecond; second++) {
      const slot = this.#slots.peek(second);
      if (slot !== undefined) subtractDetail(this.#sum, slot);
    }
    for (let second = to; second < toSecond; second++) {
      const slot = this.#slots.peek(second);
      if (slot !== undefined) this.#add(slot);
    }
    if (Number.isNaN(this.#to)) return;
    this.#from = fromSecond;
    this.#to = toSecond;
  }

  #addUp(fromSecond: number, toSecond: number): void {
    this.#sum = createDetailSlot(Number.POSITIVE_INFINITY);
    this.#from = fromSecond;
    this.#to = toSecond;
    this.#slots.forEach(fromSecond, toSecond, (slot) => this.#add(slot));
  }

  #add(slot: DetailSlot): void {
    DETAIL_SLOTS.merge(this.#sum, slot);
    if (hasOverflowed(slot)) this.forget();
  }

  #findExtremes({ method, route, durations }: RouteCell, fromSecond: number, toSecond: number): void {
    const key = routeKey(method, route);
    let [min, max] = [Number.NaN, Number.NaN];
    this.#slots.forEach(fromSecond, toSecond, (slot) => {
      const part = slot.routes.cells.get(key)?.durations;
      if (part === undefined || part.count === 0) return;
      if (!(min <= part.min)) min = part.min;
      if (!(max >= part.max)) max = part.max;
    });
    durations.setExtremes(min, max);
  }
}
