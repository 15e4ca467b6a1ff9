/** Functions of a vector as a whole: presence, order, conversion to and from scalars, time. */
import type { Expr } from '../ast.ts';
import type { Element } from '../evaluation.ts';
import { labelsOf, METRIC_NAME, NO_LABELS } from '../labels.ts';
import type { Labels } from '../types.ts';
import { argument, type FunctionDefinition, type FunctionRows } from './definition.ts';

/**
 * What can be known of the labels of something that is not there: those that the selector wants to be equal. One that it
 * names again after that, in whatever way, is not known (`createLabelsForAbsentFunction` in `promql/functions.go`).
 */
function labelsOfAbsent(expr: Expr): Labels {
  const selector = expr.kind === 'matrixSelector' ? expr.selector : expr;
  if (selector.kind !== 'vectorSelector') return NO_LABELS;
  const known = new Map<string, string>();
  const named = new Set<string>();
  for (const { name, op, value } of selector.matchers.filter((matcher) => matcher.name !== METRIC_NAME)) {
    if (op === '=' && !named.has(name)) {
      known.set(name, value);
      named.add(name);
    } else known.delete(name);
  }
  return labelsOf(known);
}

const absent = (expr: Expr): readonly Element[] => [{ labels: labelsOfAbsent(expr), value: 1, dropName: false }];

/** By value; NaN is last either way. */
function sorting(direction: 1 | -1): FunctionDefinition {
  return {
    required: ['vector'],
    optional: [],
    returns: 'vector',
    evaluate: (call, atMs, evaluation) =>
      [...evaluation.vector(argument(call, 0), atMs)].sort((a, b) => {
        if (Number.isNaN(a.value) || Number.isNaN(b.value)) {
          return Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value));
        }
        return direction * (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);
      }),
  };
}

export const VECTOR_FUNCTIONS: FunctionRows = {
  absent: {
    required: ['vector'],
    optional: [],
    returns: 'vector',
    evaluate: (call, atMs, evaluation) => {
      const expr = argument(call, 0);
      return evaluation.vector(expr, atMs).length > 0 ? [] : absent(expr);
    },
  },
  absent_over_time: {
    required: ['matrix'],
    optional: [],
    returns: 'vector',
    evaluate: (call, atMs, evaluation) => {
      const expr = argument(call, 0);
      let isPresent = false;
      evaluation.ranges(expr, atMs, () => {
        isPresent = true;
      });
      return isPresent ? [] : absent(expr);
    },
  },
  pi: { required: [], optional: [], returns: 'scalar', evaluate: () => Math.PI },
  scalar: {
    required: ['vector'],
    optional: [],
    returns: 'scalar',
    evaluate: (call, atMs, evaluation) => {
      const [first, second] = evaluation.vector(argument(call, 0), atMs);
      return first === undefined || second !== undefined ? Number.NaN : first.value;
    },
  },
  sort: sorting(1),
  sort_desc: sorting(-1),
  time: { required: [], optional: [], returns: 'scalar', evaluate: (_call, atMs) => atMs / 1000 },
  timestamp: {
    required: ['vector'],
    optional: [],
    returns: 'vector',
    evaluate: (call, atMs, evaluation) => {
      const expr = argument(call, 0);
      // A selector knows when its samples were taken; what was worked out is as old as the evaluation.
      if (expr.kind === 'vectorSelector') {
        return evaluation.found(expr, atMs).map(({ labels, timeMs }) => evaluation.renamed(labels, timeMs / 1000));
      }
      return evaluation.vector(expr, atMs).map(({ labels }) => evaluation.renamed(labels, atMs / 1000));
    },
  },
  vector: {
    required: ['scalar'],
    optional: [],
    returns: 'vector',
    evaluate: (call, atMs, evaluation) => [
      { labels: NO_LABELS, value: evaluation.scalar(argument(call, 0), atMs), dropName: false },
    ],
  },
};
