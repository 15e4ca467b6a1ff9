/**
 * Label sets and what is derived from them. A signature is a text that is equal for equal sets and for no others. It is
 * cached with its set, as are the sets derived from one, so that rules that look at the same series again and again
 * pay once.
 */
import type { Labels } from './types.ts';

export const METRIC_NAME = '__name__';
export const BUCKET_LABEL = 'le';
export const NO_LABELS: Labels = new Map();

/** What describes the metric and not what was measured: an operation on the value takes it off (Prometheus 3). */
const METADATA: readonly string[] = [METRIC_NAME, '__type__', '__unit__'];

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A label set as the rest of the house wants it: sorted by name, without empty values. Of one name given twice the last counts. */
export function labelsOf(pairs: Iterable<readonly [string, string]>): Labels {
  const unique = new Map(pairs);
  return new Map([...unique].filter(([, value]) => value !== '').sort(([a], [b]) => compareText(a, b)));
}

const signatures = new WeakMap<Labels, string>();

export function signatureOf(labels: Labels): string {
  let signature = signatures.get(labels);
  if (signature === undefined) {
    signature = '';
    // The lengths say where a value ends, whatever it holds.
    for (const [name, value] of labels) signature += `${name.length}:${name}${value.length}:${value}`;
    signatures.set(labels, signature);
  }
  return signature;
}

/** The labels with these names. */
export function keepLabels(labels: Labels, names: readonly string[]): Labels {
  return new Map([...labels].filter(([name]) => names.includes(name)));
}

/** All labels but those with these names; the same set where none has one. */
export function dropLabels(labels: Labels, names: readonly string[]): Labels {
  if (!names.some((name) => labels.has(name))) return labels;
  return new Map([...labels].filter(([name]) => !names.includes(name)));
}

/** One label set, taken away where the value is empty. */
export function withLabel(labels: Labels, name: string, value: string): Labels {
  return labelsOf([...labels, [name, value]]);
}

/** A function of a label set that is worked out once for each, for as long as the set lives. */
export function remember(derive: (labels: Labels) => Labels): (labels: Labels) => Labels {
  const derived = new WeakMap<Labels, Labels>();
  return (labels) => {
    let result = derived.get(labels);
    if (result === undefined) {
      result = derive(labels);
      derived.set(labels, result);
    }
    return result;
  };
}

/** The labels without the metric's name. */
export const withoutName = remember((labels) => dropLabels(labels, METADATA));

/** Order of a range query's lines: by the first label that differs, its name before its value. */
export function compareLabels(a: Labels, b: Labels): number {
  const left = [...a];
  const right = [...b];
  for (let index = 0; index < left.length && index < right.length; index++) {
    const [leftName, leftValue] = left[index] ?? ['', ''];
    const [rightName, rightValue] = right[index] ?? ['', ''];
    const order = compareText(leftName, rightName) || compareText(leftValue, rightValue);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** As Prometheus writes them in messages: `{__name__="a", b="c"}`. */
export function formatLabels(labels: Labels): string {
  return `{${[...labels].map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}
