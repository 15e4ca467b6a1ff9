/** Reports: the figures of whole logs. */

export type { PackedFigures } from './accumulator.ts';
export { Accumulator, type AccumulatorOptions } from './accumulator.ts';
export { type FinishOptions, finishReport } from './finish.ts';
export type * from './report.ts';
export { transferable } from './transferable.ts';
