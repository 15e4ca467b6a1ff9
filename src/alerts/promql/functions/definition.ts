/** How a function is described, and the shapes that most of them have. */
import type { Call, Expr } from '../ast.ts';
import { PromqlError } from '../errors.ts';
import type { Element, Evaluation, RangeWindow } from '../evaluation.ts';
import type { ValueType } from '../types.ts';

interface Signature {
  readonly required: readonly ValueType[];
  readonly optional: readonly ValueType[];
  /** Type of any number of further arguments. */
  readonly repeated?: ValueType;
}

export type FunctionDefinition = Signature &
  (
    | { readonly returns: 'scalar'; evaluate(call: Call, atMs: number, evaluation: Evaluation): number }
    | { readonly returns: 'vector'; evaluate(call: Call, atMs: number, evaluation: Evaluation): readonly Element[] }
  );

/** Rows of the table of functions, by name. */
export type FunctionRows = Readonly<Record<string, FunctionDefinition>>;

/** An argument that the signature promises. */
export function argument({ args, name, from }: Call, index: number): Expr {
  const expr = args[index];
  if (expr === undefined) throw new PromqlError(`argument ${index + 1} of "${name}" is missing`, from);
  return expr;
}

/** The text of an argument of type string, which is always a literal. */
export function textArgument(call: Call, index: number): string {
  const expr = argument(call, index);
  return expr.kind === 'string' ? expr.value : '';
}

/** The values of the scalars among the arguments, in order. */
function scalarsOf({ args }: Call, atMs: number, evaluation: Evaluation): readonly number[] {
  return args.filter(({ type }) => type === 'scalar').map((expr) => evaluation.scalar(expr, atMs));
}

/** A function of each element's value, such as `abs(v)` or `round(v, to)`. */
export function elementwise(
  apply: (value: number, ...scalars: readonly number[]) => number,
  optional: readonly ValueType[] = [],
): FunctionDefinition {
  return {
    required: ['vector'],
    optional,
    returns: 'vector',
    evaluate: (call, atMs, evaluation) => {
      const scalars = scalarsOf(call, atMs, evaluation);
      return evaluation
        .vector(argument(call, 0), atMs)
        .map(({ labels, value }) => evaluation.renamed(labels, apply(value, ...scalars)));
    },
  };
}

/** What a function of a range may want to know besides the samples. */
export interface RangeContext {
  readonly atMs: number;
  readonly scalars: readonly number[];
}

/**
 * A function of each series' window, such as `rate(m)` or `quantile_over_time(φ, m)`.
 *
 * @param apply null: too few samples, the series has no result.
 */
export function overRange(
  apply: (window: RangeWindow, context: RangeContext) => number | null,
  { required = ['matrix'], keepsName = false }: { required?: readonly ValueType[]; keepsName?: boolean } = {},
): FunctionDefinition {
  const matrix = required.indexOf('matrix');
  return {
    required,
    optional: [],
    returns: 'vector',
    evaluate: (call, atMs, evaluation) => {
      const context = { atMs, scalars: scalarsOf(call, atMs, evaluation) };
      const elements: Element[] = [];
      evaluation.ranges(argument(call, matrix), atMs, (labels, dropName, window) => {
        const value = apply(window, context);
        if (value !== null) elements.push(keepsName ? { labels, value, dropName } : evaluation.renamed(labels, value));
      });
      return elements;
    },
  };
}
