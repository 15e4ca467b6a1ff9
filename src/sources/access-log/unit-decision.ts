/** Which unit a whole-number duration has when no format tells: `%(D)s` is usual, `%(T)s` possible. */
import type { DurationUnit } from '../../model/snapshot.ts';

/** After this many lines that all stay below LEAST_MICROSECONDS the number is whole seconds. */
const LINES_TO_DECIDE = 100;
/** No application answers in less than this many microseconds, and hardly any takes as many seconds. */
const LEAST_MICROSECONDS = 20;

export class UnitDecision {
  #lines = 0;
  #unit: DurationUnit | null = null;

  get unit(): DurationUnit | null {
    return this.#unit;
  }

  /** Looks at one more value; answers with the unit as soon as that is decided. */
  look(value: number): DurationUnit | null {
    if (this.#unit !== null) return this.#unit;
    this.#lines++;
    if (value >= LEAST_MICROSECONDS) this.#unit = 'microseconds';
    else if (this.#lines >= LINES_TO_DECIDE) this.#unit = 'seconds';
    return this.#unit;
  }

  /** Nothing more will come: what was not decided is taken for the usual. */
  assume(): DurationUnit {
    this.#unit ??= 'microseconds';
    return this.#unit;
  }
}

export const secondsOf = (value: number, unit: DurationUnit): number =>
  unit === 'microseconds' ? value / 1e6 : unit === 'milliseconds' ? value / 1e3 : value;
