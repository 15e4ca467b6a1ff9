/** A series under another name: the same samples, other labels. */
import type { Labels, Series } from '../promql/types.ts';

export class RenamedSeries implements Series {
  readonly labels: Labels;
  readonly #own: Series;

  constructor(own: Series, labels: Labels) {
    this.#own = own;
    this.labels = labels;
  }

  get length(): number {
    return this.#own.length;
  }

  timeMsAt(index: number): number {
    return this.#own.timeMsAt(index);
  }

  valueAt(index: number): number {
    return this.#own.valueAt(index);
  }

  isStaleAt(index: number): boolean {
    return this.#own.isStaleAt(index);
  }
}
