/** All functions. A new one is one row in the file of its kind. */
import { DATE_FUNCTIONS } from './dates.ts';
import type { FunctionDefinition } from './definition.ts';
import { HISTOGRAM_FUNCTIONS } from './histogram.ts';
import { LABEL_FUNCTIONS } from './labels.ts';
import { MATH_FUNCTIONS } from './math.ts';
import { OVER_TIME_FUNCTIONS } from './over-time.ts';
import { RATE_FUNCTIONS } from './rate.ts';
import { VECTOR_FUNCTIONS } from './vector.ts';

/** By name; what is not here is refused by name. */
export const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  Object.entries({
    ...DATE_FUNCTIONS,
    ...HISTOGRAM_FUNCTIONS,
    ...LABEL_FUNCTIONS,
    ...MATH_FUNCTIONS,
    ...OVER_TIME_FUNCTIONS,
    ...RATE_FUNCTIONS,
    ...VECTOR_FUNCTIONS,
  }),
);
