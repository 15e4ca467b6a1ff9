/** One number for the samples of each series in a range. */
import { maxOf, meanOf, minOf, quantileOf, sumOf, varianceOf } from '../statistics.ts';
import { type FunctionRows, overRange } from './definition.ts';

export const OVER_TIME_FUNCTIONS: FunctionRows = {
  avg_over_time: overRange(meanOf),
  count_over_time: overRange(({ length }) => length),
  first_over_time: overRange(({ values }) => values[0] ?? null, { keepsName: true }),
  last_over_time: overRange(({ values, length }) => values[length - 1] ?? null, { keepsName: true }),
  max_over_time: overRange(maxOf),
  min_over_time: overRange(minOf),
  present_over_time: overRange(() => 1),
  quantile_over_time: overRange((window, { scalars: [quantile = Number.NaN] }) => quantileOf(quantile, window), {
    required: ['scalar', 'matrix'],
  }),
  stddev_over_time: overRange((window) => Math.sqrt(varianceOf(window))),
  stdvar_over_time: overRange(varianceOf),
  sum_over_time: overRange(sumOf),
};
