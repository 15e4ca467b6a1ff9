/**
 * Which unit a whole-number duration has when no format tells: `%(D)s` is usual, `%(T)s` possible. Until that is
 * decided lines wait here, in their order.
 */
import type { DurationUnit } from '../../model/snapshot.ts';
import { type Line, PER_SECOND } from './line.ts';

/** After this many values that all stay below LEAST_MICROSECONDS the number is whole seconds. */
const VALUES_TO_DECIDE = 100;
/** No application answers in less than this many microseconds, and hardly any takes as many seconds. */
const LEAST_MICROSECONDS = 20;
/** Lines that wait at most: those without a duration wait behind the others. */
const MOST_HELD = 100;

export class UnitGate {
  readonly #onLine: (line: Line) => void;
  /** Copies that wait for the decision; null once nothing waits any more. */
  #held: Line[] | null = [];
  #values = 0;
  #unit: DurationUnit | null = null;

  /** @param decided what the lines before these told already. */
  constructor(onLine: (line: Line) => void, decided: DurationUnit | null = null) {
    this.#onLine = onLine;
    this.#unit = decided;
    if (decided !== null) this.#held = null;
  }

  /** The unit of `unitless` numbers; null while undecided, or when there was none. */
  get unit(): DurationUnit | null {
    return this.#unit;
  }

  /** Lines that wait. */
  get held(): number {
    return this.#held?.length ?? 0;
  }

  /** Gives the line on, now or when the unit of its duration is decided. */
  accept(line: Line): void {
    const isUnitless = !Number.isNaN(line.unitless);
    if (isUnitless) this.#look(line);
    if (this.#held !== null && (isUnitless || this.#held.length > 0)) {
      this.#held.push(this.#unit === null ? line.copy() : line);
      if (this.#unit !== null || this.#held.length >= MOST_HELD) this.settle(false);
      return;
    }
    this.#give(line);
  }

  /**
   * Nothing more came for now: what waits is given on.
   * @param final nothing will ever come: what is undecided is taken for microseconds. Otherwise durations stay unknown
   *   until the unit is decided.
   */
  settle(final: boolean): void {
    const held = this.#held;
    if (held === null || held.length === 0) return;
    if (final) this.#unit ??= 'microseconds';
    this.#held = null;
    for (const line of held) this.#give(line);
  }

  #look({ unitless: value, pairedSeconds }: Line): void {
    // `1/1100` is `%(T)s/%(M)s`, for sure: in microseconds it would have seven digits.
    if (pairedSeconds >= 1) this.#unit = Math.floor(value / 1e3) === pairedSeconds ? 'milliseconds' : 'microseconds';
    if (this.#unit !== null) return;
    this.#values++;
    if (value >= LEAST_MICROSECONDS) this.#unit = 'microseconds';
    else if (this.#values >= VALUES_TO_DECIDE) this.#unit = 'seconds';
  }

  #give(line: Line): void {
    if (this.#unit !== null && !Number.isNaN(line.unitless)) {
      line.setSeconds(line.unitless / PER_SECOND[this.#unit]);
      // Judged again: only with its duration can a line be known as made up.
      line.judge();
    }
    this.#onLine(line);
  }
}
