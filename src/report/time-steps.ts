/** Requests over time, in steps that grow with the span of the log so that their number stays bounded. */
import { Durations, type PackedDurations } from './durations.ts';

/** Seconds, second to (52-week) year; each divides the next, so that cells can be merged. */
const STEPS_SECONDS = [1, 10, 60, 300, 900, 3600, 10_800, 21_600, 86_400, 604_800, 31_449_600] as const;
/** Cells kept while reading: 12 MB when all of them are dense. */
const MOST_CELLS = 1440;
/** Points of the finished series: as many as a chart of any report has columns. */
const MOST_POINTS = 240;

export interface StepCell {
  requests: number;
  bytes: number;
  clientErrors: number;
  serverErrors: number;
  readonly durations: Durations;
}

const createCell = (): StepCell => ({
  requests: 0,
  bytes: 0,
  clientErrors: 0,
  serverErrors: 0,
  durations: new Durations(),
});

function mergeCells(into: StepCell, from: StepCell): void {
  into.requests += from.requests;
  into.bytes += from.bytes;
  into.clientErrors += from.clientErrors;
  into.serverErrors += from.serverErrors;
  into.durations.merge(from.durations);
}

/** A cell as plain data. */
type PackedStepCell = Omit<StepCell, 'durations'> & { readonly durations: PackedDurations };

export interface PackedSteps {
  /** Index into STEPS_SECONDS. */
  readonly step: number;
  readonly cells: ReadonlyMap<number, PackedStepCell>;
}

export interface Steps {
  readonly stepSeconds: number;
  /** Epoch second of the first step, a multiple of the step; null without any. */
  readonly fromSecond: number | null;
  /** One for each step from the first to the last; null where nothing came. */
  readonly cells: readonly (StepCell | null)[];
}

export class TimeSteps {
  #step = 0;
  /** By number of the step since 1970. */
  #cells = new Map<number, StepCell>();

  /** The cell of an epoch second. A cell handed out before may since have been merged into another: ask again. */
  at(second: number): StepCell {
    const number = Math.floor(second / STEPS_SECONDS[this.#step]);
    const known = this.#cells.get(number);
    if (known !== undefined) return known;
    if (this.#cells.size >= MOST_CELLS && this.#step < STEPS_SECONDS.length - 1) {
      this.#coarsen();
      return this.at(second);
    }
    const cell = createCell();
    this.#cells.set(number, cell);
    return cell;
  }

  pack(): PackedSteps {
    const cells = new Map<number, PackedStepCell>();
    for (const [number, cell] of this.#cells) cells.set(number, { ...cell, durations: cell.durations.pack() });
    return { step: this.#step, cells };
  }

  /** Adds what was counted elsewhere, in the coarser step of the two. */
  merge(packed: PackedSteps): void {
    while (this.#step < packed.step) this.#coarsen();
    const other = new TimeSteps();
    other.#step = packed.step;
    for (const [number, cell] of packed.cells) {
      other.#cells.set(number, { ...cell, durations: Durations.unpack(cell.durations) });
    }
    while (other.#step < this.#step) other.#coarsen();
    for (const [number, cell] of other.#cells) {
      const into = this.#cells.get(number);
      if (into === undefined) this.#cells.set(number, cell);
      else mergeCells(into, cell);
    }
    while (this.#cells.size > MOST_CELLS && this.#step < STEPS_SECONDS.length - 1) this.#coarsen();
  }

  /** Everything in the finest step with at most 240 points. */
  finish(): Steps {
    const [first, last] = this.#edges();
    if (first > last) return { stepSeconds: STEPS_SECONDS[this.#step], fromSecond: null, cells: [] };
    if (last - first >= MOST_POINTS && this.#step < STEPS_SECONDS.length - 1) {
      this.#coarsen();
      return this.finish();
    }
    const stepSeconds = STEPS_SECONDS[this.#step];
    const cells = Array.from({ length: last - first + 1 }, (_, index) => this.#cells.get(first + index) ?? null);
    return { stepSeconds, fromSecond: first * stepSeconds, cells };
  }

  /** Numbers of the first and the last step; first > last when there is none. */
  #edges(): readonly [first: number, last: number] {
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (const number of this.#cells.keys()) {
      first = Math.min(first, number);
      last = Math.max(last, number);
    }
    return [first, last];
  }

  #coarsen(): void {
    const factor = STEPS_SECONDS[this.#step + 1] / STEPS_SECONDS[this.#step];
    this.#step++;
    const finer = this.#cells;
    this.#cells = new Map();
    for (const [number, cell] of finer) {
      const into = this.#cells.get(Math.floor(number / factor));
      if (into === undefined) this.#cells.set(Math.floor(number / factor), cell);
      else mergeCells(into, cell);
    }
  }
}
