/** Sums, means and quantiles with the rounding that Prometheus has (`promql/functions.go`, `util/kahansum`). */

/** A list of values of which the first `length` count. */
export interface Values {
  readonly values: ArrayLike<number>;
  readonly length: number;
}

const valueAt = (list: Values, index: number): number => list.values[index] ?? Number.NaN;

/** A running sum that carries what rounding lost (Kahan, with Neumaier's improvement). */
export class KahanSum {
  sum = 0;
  compensation = 0;

  add(value: number): void {
    const sum = this.sum + value;
    if (sum === Number.POSITIVE_INFINITY || sum === Number.NEGATIVE_INFINITY) this.compensation = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) this.compensation += this.sum - sum + value;
    else this.compensation += value - sum + this.sum;
    this.sum = sum;
  }

  get total(): number {
    return this.sum + this.compensation;
  }
}

export function sumOf(list: Values): number {
  const sum = new KahanSum();
  for (let index = 0; index < list.length; index++) sum.add(valueAt(list, index));
  return sum.total;
}

/** The sum by the count, or where the sum overflows a mean that is moved by each value. */
export function meanOf(list: Values): number {
  const sum = new KahanSum();
  let incremental = false;
  for (let index = 0; index < list.length; index++) {
    const value = valueAt(list, index);
    const count = index + 1;
    if (!incremental) {
      const { sum: before, compensation } = sum;
      sum.add(value);
      if (index === 0 || Math.abs(sum.sum) !== Number.POSITIVE_INFINITY) continue;
      incremental = true;
      sum.sum = before / index;
      sum.compensation = compensation / index;
    }
    const weight = (count - 1) / count;
    sum.sum *= weight;
    sum.compensation *= weight;
    sum.add(value / count);
  }
  return incremental ? sum.total : sum.sum / list.length + sum.compensation / list.length;
}

/** The least value; NaN only where all are. */
export function minOf(list: Values): number {
  let min = valueAt(list, 0);
  for (let index = 1; index < list.length; index++) {
    const value = valueAt(list, index);
    if (value < min || Number.isNaN(min)) min = value;
  }
  return min;
}

/** The greatest value; NaN only where all are. */
export function maxOf(list: Values): number {
  let max = valueAt(list, 0);
  for (let index = 1; index < list.length; index++) {
    const value = valueAt(list, index);
    if (value > max || Number.isNaN(max)) max = value;
  }
  return max;
}

/** Population variance (Welford's, compensated). */
export function varianceOf(list: Values): number {
  const mean = new KahanSum();
  const squares = new KahanSum();
  for (let index = 0; index < list.length; index++) {
    const value = valueAt(list, index);
    const delta = value - mean.total;
    mean.add(delta / (index + 1));
    squares.add(delta * (value - mean.total));
  }
  return squares.total / list.length;
}

/** The φ-quantile, linear between neighbours; NaN counts as the least of all values. ±Inf for φ outside 0…1. */
export function quantileOf(quantile: number, list: Values): number {
  if (list.length === 0 || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const sorted = Float64Array.from({ length: list.length }, (_, index) => valueAt(list, index)).sort();
  // A typed array sorts NaN to the end.
  const firstNaN = sorted.findIndex(Number.isNaN);
  const nans = firstNaN < 0 ? 0 : sorted.length - firstNaN;
  const at = (index: number): number => (index < nans ? Number.NaN : (sorted[index - nans] ?? Number.NaN));
  const rank = quantile * (sorted.length - 1);
  const lower = Math.floor(rank);
  const weight = rank - lower;
  return at(lower) * (1 - weight) + at(Math.min(sorted.length - 1, lower + 1)) * weight;
}
