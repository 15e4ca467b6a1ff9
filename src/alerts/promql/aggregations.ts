/** Aggregations over the elements of a vector: one row of a table for each. */
import type { Aggregation, Grouping } from './ast.ts';
import { PromqlError } from './errors.ts';
import type { Element, Evaluation } from './evaluation.ts';
import { formatValue } from './format.ts';
import { dropLabels, keepLabels, METRIC_NAME, NO_LABELS, remember, signatureOf, withLabel } from './labels.ts';
import { maxOf, meanOf, minOf, quantileOf, sumOf, varianceOf } from './statistics.ts';
import type { Labels } from './types.ts';

interface AggregationDefinition {
  /** Type of the parameter in front of the vector; null: it takes none. */
  readonly parameter: 'scalar' | 'string' | null;
  evaluate(expr: Aggregation, atMs: number, evaluation: Evaluation): readonly Element[];
}

export function aggregate(expr: Aggregation, atMs: number, evaluation: Evaluation): readonly Element[] {
  const definition = AGGREGATIONS.get(expr.operator);
  if (definition === undefined) throw new PromqlError(`aggregation "${expr.operator}" is not supported`, expr.from);
  return definition.evaluate(expr, atMs, evaluation);
}

interface Group {
  readonly labels: Labels;
  readonly elements: Element[];
}

const groupings = new WeakMap<Grouping, (labels: Labels) => Labels>();

/** The labels of the group that a label set falls into. */
function groupLabelsOf(grouping: Grouping): (labels: Labels) => Labels {
  let groupOf = groupings.get(grouping);
  if (groupOf === undefined) {
    const { kind, labels: names } = grouping;
    const dropped = [...names, METRIC_NAME];
    if (kind === 'without') groupOf = remember((labels) => dropLabels(labels, dropped));
    else groupOf = names.length === 0 ? () => NO_LABELS : remember((labels) => keepLabels(labels, names));
    groupings.set(grouping, groupOf);
  }
  return groupOf;
}

function groupsOf(elements: readonly Element[], groupOf: (labels: Labels) => Labels): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const element of elements) {
    const labels = groupOf(element.labels);
    const key = signatureOf(labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labels, elements: [element] });
    else group.elements.push(element);
  }
  return groups.values();
}

const parameterOf = ({ parameter }: Aggregation, atMs: number, evaluation: Evaluation): number =>
  parameter === null ? Number.NaN : evaluation.scalar(parameter, atMs);

/** One number for the numbers of each group. */
function reducing(
  parameter: 'scalar' | null,
  reduce: (values: Float64Array, parameter: number) => number,
): AggregationDefinition {
  return {
    parameter,
    evaluate: (expr, atMs, evaluation) => {
      const argument = parameterOf(expr, atMs, evaluation);
      const elements = evaluation.vector(expr.expr, atMs);
      return Array.from(groupsOf(elements, groupLabelsOf(expr.grouping)), ({ labels, elements: members }) => ({
        labels,
        value: reduce(
          Float64Array.from(members, ({ value }) => value),
          argument,
        ),
        dropName: members.some(({ dropName }) => dropName),
      }));
    },
  };
}

const MAX_INT64 = 2 ** 63;

/** The first `k` elements of each group, by value; NaN comes last either way. */
function selecting(compare: (a: number, b: number) => number): AggregationDefinition {
  const order = (a: Element, b: Element): number =>
    Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value)) || compare(a.value, b.value);
  return {
    parameter: 'scalar',
    evaluate: (expr, atMs, evaluation) => {
      const count = parameterOf(expr, atMs, evaluation);
      const elements = evaluation.vector(expr.expr, atMs);
      if (count < 1 && count > -MAX_INT64) return [];
      if (Number.isNaN(count)) throw new PromqlError('Parameter value is NaN', expr.from);
      if (count <= -MAX_INT64) throw new PromqlError(`Scalar value ${formatValue(count)} underflows int64`, expr.from);
      if (count >= MAX_INT64) throw new PromqlError(`Scalar value ${formatValue(count)} overflows int64`, expr.from);
      return Array.from(groupsOf(elements, groupLabelsOf(expr.grouping))).flatMap((group) =>
        group.elements.sort(order).slice(0, Math.trunc(count)),
      );
    },
  };
}

/** How many elements of a group have one value: the value becomes a label. */
const countValues: AggregationDefinition = {
  parameter: 'string',
  evaluate: ({ parameter, grouping, expr }, atMs, evaluation) => {
    const label = parameter?.kind === 'string' ? parameter.value : '';
    if (label === '') throw new PromqlError('invalid label name ""', parameter?.from ?? null);
    const { kind, labels: names } = grouping;
    const groupOf = groupLabelsOf(kind === 'by' ? { kind, labels: [...names, label] } : grouping);
    const valued = evaluation.vector(expr, atMs).map((element) => ({
      ...element,
      labels: withLabel(element.labels, label, formatValue(element.value)),
    }));
    return Array.from(groupsOf(valued, groupOf), ({ labels, elements }) => ({
      labels,
      value: elements.length,
      dropName: false,
    }));
  },
};

const compareNumbers = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
const listOf = (values: Float64Array) => ({ values, length: values.length });

/** By name; what is not here is refused by name. */
export const AGGREGATIONS: ReadonlyMap<string, AggregationDefinition> = new Map<string, AggregationDefinition>([
  ['sum', reducing(null, (values) => sumOf(listOf(values)))],
  ['avg', reducing(null, (values) => meanOf(listOf(values)))],
  ['min', reducing(null, (values) => minOf(listOf(values)))],
  ['max', reducing(null, (values) => maxOf(listOf(values)))],
  ['count', reducing(null, (values) => values.length)],
  ['group', reducing(null, () => 1)],
  ['stddev', reducing(null, (values) => Math.sqrt(varianceOf(listOf(values))))],
  ['stdvar', reducing(null, (values) => varianceOf(listOf(values)))],
  ['quantile', reducing('scalar', (values, quantile) => quantileOf(quantile, listOf(values)))],
  ['topk', selecting((a, b) => compareNumbers(b, a))],
  ['bottomk', selecting(compareNumbers)],
  ['count_values', countValues],
]);
