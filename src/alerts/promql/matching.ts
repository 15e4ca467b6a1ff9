/**
 * Which elements of two vectors belong together, and what the labels of their result are. An expression lives as long as
 * its rule, label sets as long as their series: what was worked out for them once is kept with them.
 */
import type { Binary } from './ast.ts';
import { dropLabels, keepLabels, labelsOf, METRIC_NAME, remember, signatureOf, withoutName } from './labels.ts';
import type { Labels } from './types.ts';

export interface Matching {
  /** The labels that elements are matched by. */
  matchLabels(labels: Labels): Labels;
  /** Equal for elements that belong together. */
  keyOf(labels: Labels): string;
  /** @param many labels of the element, @param one those of its partner. */
  resultLabels(many: Labels, one: Labels, dropsName: boolean): Labels;
}

const matchings = new WeakMap<Binary, Matching>();

export function matchingOf(expr: Binary): Matching {
  let matching = matchings.get(expr);
  if (matching === undefined) {
    matching = newMatching(expr);
    matchings.set(expr, matching);
  }
  return matching;
}

function newMatching({ matching: { kind, labels: names, group, include } }: Binary): Matching {
  const ignored = [METRIC_NAME, ...names];
  const matchLabels = remember((labels) => (kind === 'on' ? keepLabels(labels, names) : dropLabels(labels, ignored)));
  const oneToOne = remember((labels) => (kind === 'on' ? keepLabels(labels, names) : dropLabels(labels, names)));
  const keepOrDrop = (labels: Labels, one: Labels): Labels => {
    if (group === null) return oneToOne(labels);
    if (include.length === 0) return labels;
    return labelsOf([...labels, ...include.map((name) => [name, one.get(name) ?? ''] as const)]);
  };
  return {
    matchLabels,
    keyOf: (labels) => signatureOf(matchLabels(labels)),
    resultLabels: (many, one, dropsName) => keepOrDrop(dropsName ? withoutName(many) : many, one),
  };
}
