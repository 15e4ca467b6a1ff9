/** Functions of one number. */
import { argument, elementwise, type FunctionDefinition, type FunctionRows } from './definition.ts';

const { NEGATIVE_INFINITY, POSITIVE_INFINITY } = Number;
/** Go's `math.Min` and `math.Max`: of NaN and the infinity beyond which there is nothing the infinity is taken. */
const least = (a: number, b: number): number =>
  a === NEGATIVE_INFINITY || b === NEGATIVE_INFINITY ? NEGATIVE_INFINITY : Math.min(a, b);
const most = (a: number, b: number): number =>
  a === POSITIVE_INFINITY || b === POSITIVE_INFINITY ? POSITIVE_INFINITY : Math.max(a, b);

/** NaN stays NaN, but beside an infinite bound; where the bounds are the wrong way round there is no result. */
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
      return elements.map(({ labels, value }) => evaluation.renamed(labels, most(min, least(max, value))));
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
  clamp_max: clamping(1, (max = Number.NaN) => [NEGATIVE_INFINITY, max]),
  clamp_min: clamping(1, (min = Number.NaN) => [min, POSITIVE_INFINITY]),
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
