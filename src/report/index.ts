/** Reports: the figures of whole logs. */

export { Accumulator, type AccumulatorOptions } from './accumulator.ts';
export { type FinishOptions, finishReport } from './finish.ts';
export type { PackedFigures } from './packed-figures.ts';
export type * from './report.ts';
export { transferable } from './transferable.ts';
