/** Operators between scalars, between a vector and a scalar, between two vectors. */
import type { Binary } from './ast.ts';
import { PromqlError } from './errors.ts';
import type { Element, Evaluation } from './evaluation.ts';
import { formatLabels, signatureOf } from './labels.ts';
import { type Matching, matchingOf } from './matching.ts';
import { arithmeticOf, comparisonOf } from './operators.ts';

/** What an operator makes of two values; null: a comparison that does not hold, and filters. */
type Operation = (left: number, right: number) => number | null;

function operationOf({ operator, bool }: Pick<Binary, 'operator' | 'bool'>): Operation {
  const arithmetic = arithmeticOf(operator);
  if (arithmetic !== null) return arithmetic;
  const comparison = comparisonOf(operator);
  if (comparison === null) throw new PromqlError(`operator "${operator}" is not supported`);
  if (bool) return (left, right) => (comparison(left, right) ? 1 : 0);
  return (left, right) => (comparison(left, right) ? left : null);
}

/** Comparisons that filter keep the metric as it is; all other operations make another of it. */
const changesMetric = ({ operator, bool }: Binary): boolean => bool || arithmeticOf(operator) !== null;

/** Between two numbers a comparison is 1 or 0. */
export function scalarBinary(expr: Binary, left: number, right: number): number {
  return operationOf({ operator: expr.operator, bool: true })(left, right) ?? Number.NaN;
}

export function vectorBinary(expr: Binary, atMs: number, evaluation: Evaluation): readonly Element[] {
  const { left, right, operator } = expr;
  if (left.type === 'scalar') {
    return withScalar(expr, evaluation.vector(right, atMs), evaluation.scalar(left, atMs), true, evaluation);
  }
  if (right.type === 'scalar') {
    return withScalar(expr, evaluation.vector(left, atMs), evaluation.scalar(right, atMs), false, evaluation);
  }
  const leftElements = evaluation.vector(left, atMs);
  const rightElements = evaluation.vector(right, atMs);
  const matching = matchingOf(expr);
  const keysOf = (elements: readonly Element[]): Set<string> =>
    new Set(elements.map(({ labels }) => matching.keyOf(labels)));
  switch (operator) {
    case 'and': {
      const present = keysOf(rightElements);
      return leftElements.filter(({ labels }) => present.has(matching.keyOf(labels)));
    }
    case 'unless': {
      const present = keysOf(rightElements);
      return leftElements.filter(({ labels }) => !present.has(matching.keyOf(labels)));
    }
    case 'or': {
      const present = keysOf(leftElements);
      return [...leftElements, ...rightElements.filter(({ labels }) => !present.has(matching.keyOf(labels)))];
    }
    default:
      return evaluation.unique(join(expr, matching, leftElements, rightElements));
  }
}

function withScalar(
  expr: Binary,
  elements: readonly Element[],
  scalar: number,
  scalarIsLeft: boolean,
  evaluation: Evaluation,
): readonly Element[] {
  const operation = operationOf(expr);
  const changes = changesMetric(expr);
  const result: Element[] = [];
  for (const element of elements) {
    const value = scalarIsLeft ? operation(scalar, element.value) : operation(element.value, scalar);
    if (value === null) continue;
    // A comparison that filters answers with the vector's value, on whichever side it stands.
    result.push(changes ? evaluation.renamed(element.labels, value) : element);
  }
  return changes ? evaluation.unique(result) : result;
}

/** Each element of the "many" side (the left one, unless `group_right`) with its partner on the "one" side. */
function join(
  expr: Binary,
  matching: Matching,
  leftElements: readonly Element[],
  rightElements: readonly Element[],
): readonly Element[] {
  const { group } = expr.matching;
  if (leftElements.length === 0 || rightElements.length === 0) return [];
  const [many, one] = group === 'right' ? [rightElements, leftElements] : [leftElements, rightElements];
  const partners = partnersOf(one, matching, group === 'right' ? 'left' : 'right');
  const operation = operationOf(expr);
  const dropsName = changesMetric(expr);
  const matched = new Set<string>();
  const result: Element[] = [];
  for (const element of many) {
    const key = matching.keyOf(element.labels);
    const partner = partners.get(key);
    if (partner === undefined) continue;
    const labels = matching.resultLabels(element.labels, partner.labels, dropsName);
    const once = group === null ? key : `${key} ${signatureOf(labels)}`;
    if (matched.has(once)) {
      throw new PromqlError(
        group === null
          ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
          : 'multiple matches for labels: grouping labels must ensure unique matches',
        expr.from,
      );
    }
    // Also where the comparison leaves the element out: before version 3 Prometheus passed over those.
    matched.add(once);
    const value = group === 'right' ? operation(partner.value, element.value) : operation(element.value, partner.value);
    if (value !== null) result.push({ labels, value, dropName: element.dropName && !dropsName });
  }
  return result;
}

function partnersOf(one: readonly Element[], matching: Matching, side: 'left' | 'right'): Map<string, Element> {
  const partners = new Map<string, Element>();
  for (const element of one) {
    const key = matching.keyOf(element.labels);
    const other = partners.get(key);
    if (other !== undefined) {
      const both = [formatLabels(other.labels), formatLabels(element.labels)].sort().join(', ');
      throw new PromqlError(
        `found duplicate series for the match group ${formatLabels(matching.matchLabels(element.labels))} on the ${side} hand-side of the operation: [${both}];many-to-many matching not allowed: matching labels must be unique on one side`,
      );
    }
    partners.set(key, element);
  }
  return partners;
}
