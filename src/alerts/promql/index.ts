/**
 * PromQL as Prometheus 3 defines it, over series that the caller holds. Heavy (it brings a parser): load it with
 * `await import()`.
 *
 * `parseExpr` reads an expression once, `evaluate` answers it for a moment, `evaluateRange` for many. What is not built is
 * refused by name when it is parsed.
 */
export * from './ast.ts';
export { PromqlError } from './errors.ts';
export { evaluate, evaluateRange } from './evaluate.ts';
export { formatValue } from './format.ts';
export { labelsOf } from './labels.ts';
export { matcherOf } from './matcher.ts';
export { parseExpr } from './parse/index.ts';
export { MemorySeries, SeriesIndex } from './series.ts';
export * from './types.ts';
