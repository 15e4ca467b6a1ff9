/** Series in memory, and an index of series by the metric's name. */
import { METRIC_NAME } from './labels.ts';
import type { Labels, Matcher, Series, SeriesSource } from './types.ts';

/** A series that grows at its end and never forgets. */
export class MemorySeries implements Series {
  readonly labels: Labels;
  readonly #timesMs: number[] = [];
  readonly #values: number[] = [];
  readonly #stale: boolean[] = [];

  constructor(labels: Labels) {
    this.labels = labels;
  }

  get length(): number {
    return this.#timesMs.length;
  }

  timeMsAt(index: number): number {
    return this.#timesMs[index] ?? Number.NaN;
  }

  valueAt(index: number): number {
    return this.#values[index] ?? Number.NaN;
  }

  isStaleAt(index: number): boolean {
    return this.#stale[index] === true;
  }

  /** @param value null is a stale marker. A sample of a time that is there already takes its place. */
  add(timeMs: number, value: number | null): void {
    const index = lastAtOrBefore(this, timeMs);
    const replaced = index >= 0 && this.timeMsAt(index) === timeMs ? 1 : 0;
    const at = index + 1 - replaced;
    this.#timesMs.splice(at, replaced, timeMs);
    this.#values.splice(at, replaced, value ?? Number.NaN);
    this.#stale.splice(at, replaced, value === null);
  }
}

/** Index of the newest sample that is not younger than a moment; -1 when all are. */
export function lastAtOrBefore(series: Series, timeMs: number): number {
  let above = series.length;
  // Most questions are about now.
  if (above === 0 || series.timeMsAt(above - 1) <= timeMs) return above - 1;
  let below = -1;
  while (above - below > 1) {
    const middle = (above + below) >>> 1;
    if (series.timeMsAt(middle) <= timeMs) below = middle;
    else above = middle;
  }
  return below;
}

/** Series by the metric's name: a selector that names its metric looks at that metric's series and no others. */
export class SeriesIndex implements SeriesSource {
  readonly #byName = new Map<string, Set<Series>>();

  add(series: Series): void {
    const name = series.labels.get(METRIC_NAME) ?? '';
    const named = this.#byName.get(name);
    if (named === undefined) this.#byName.set(name, new Set([series]));
    else named.add(series);
  }

  delete(series: Series): void {
    const name = series.labels.get(METRIC_NAME) ?? '';
    const named = this.#byName.get(name);
    if (named?.delete(series) && named.size === 0) this.#byName.delete(name);
  }

  select(matchers: readonly Matcher[]): readonly Series[] {
    const selected: Series[] = [];
    const rest = matchers.filter(({ name }) => name !== METRIC_NAME);
    for (const candidates of this.#candidates(matchers.filter(({ name }) => name === METRIC_NAME))) {
      for (const series of candidates) {
        if (rest.every((matcher) => matcher.matches(series.labels.get(matcher.name) ?? ''))) selected.push(series);
      }
    }
    return selected;
  }

  #candidates(nameMatchers: readonly Matcher[]): readonly Iterable<Series>[] {
    const equal = nameMatchers.find(({ op }) => op === '=');
    if (equal !== undefined && nameMatchers.length === 1) return [this.#byName.get(equal.value) ?? []];
    return [...this.#byName]
      .filter(([name]) => nameMatchers.every((matcher) => matcher.matches(name)))
      .map(([, series]) => series);
  }
}
