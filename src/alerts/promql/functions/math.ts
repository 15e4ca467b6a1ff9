/** Functions of one number. */
import { argument, elementwise, type FunctionDefinition, type FunctionRows } from './definition.ts';

/** NaN stays NaN; where the bounds are the wrong way round there is no result. */
function clamping(
  scalars: 1 | 2,
  boundsOf: (...scalars: readonly number[]) => readonly [number, number],
): FunctionDefinition {
  return {
    required: ['vector', ...Array.from({ length: scalars }, () => 'scalar' as const)],
    optional: [],
    returns: 'vector',
    evaluate: (call, atMs, evaluation) => {
      const elements = evaluation.vector(argument(call, 0), atMs);
      const [min, max] = boundsOf(...call.args.slice(1).map((expr) => evaluation.scalar(expr, atMs)));
      if (max < min) return [];
      return elements.map(({ labels, value }) => evaluation.renamed(labels, Math.max(min, Math.min(max, value))));
    },
  };
}

/** To the nearest multiple, ties upward. The inverse costs fewer roundings than the number itself (`funcRound`). */
function round(value: number, nearest = 1): number {
  const inverse = 1 / nearest;
  return Math.floor(value * inverse + 0.5) / inverse;
}

export const MATH_FUNCTIONS: FunctionRows = {
  abs: elementwise(Math.abs),
  acos: elementwise(Math.acos),
  acosh: elementwise(Math.acosh),
  asin: elementwise(Math.asin),
  asinh: elementwise(Math.asinh),
  atan: elementwise(Math.atan),
  atanh: elementwise(Math.atanh),
  ceil: elementwise(Math.ceil),
  clamp: clamping(2, (min = Number.NaN, max = Number.NaN) => [min, max]),
  clamp_max: clamping(1, (max = Number.NaN) => [Number.NEGATIVE_INFINITY, max]),
  clamp_min: clamping(1, (min = Number.NaN) => [min, Number.POSITIVE_INFINITY]),
  cos: elementwise(Math.cos),
  cosh: elementwise(Math.cosh),
  deg: elementwise((value) => (value * 180) / Math.PI),
  exp: elementwise(Math.exp),
  floor: elementwise(Math.floor),
  ln: elementwise(Math.log),
  log10: elementwise(Math.log10),
  log2: elementwise(Math.log2),
  rad: elementwise((value) => (value * Math.PI) / 180),
  round: elementwise(round, ['scalar']),
  sgn: elementwise(Math.sign),
  sin: elementwise(Math.sin),
  sinh: elementwise(Math.sinh),
  sqrt: elementwise(Math.sqrt),
  tan: elementwise(Math.tan),
  tanh: elementwise(Math.tanh),
};
