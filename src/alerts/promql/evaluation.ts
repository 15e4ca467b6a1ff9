/** What the parts of the evaluator share: operators, aggregations and functions see this and not each other. */
import type { Expr, VectorSelector } from './ast.ts';
import { PromqlError } from './errors.ts';
import { signatureOf, withoutName } from './labels.ts';
import type { Labels } from './types.ts';

/** One element of an instant vector on its way. */
export interface Element {
  readonly labels: Labels;
  readonly value: number;
  /** The name is still there and goes at the end (delayed name removal). */
  readonly dropName: boolean;
}

/** The samples of one series in a range, oldest first, stale markers left out. Reused: read it before the next one comes. */
export interface RangeWindow {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  /** How many of them count. */
  readonly length: number;
  /** The range: after this moment … */
  readonly fromMs: number;
  /** … and up to and with this one. */
  readonly toMs: number;
}

/** A sample as a selector finds it, with the time that it was taken. */
export interface FoundSample {
  readonly labels: Labels;
  readonly timeMs: number;
  readonly value: number;
}

export interface Evaluation {
  /** @param expr of type scalar. */
  scalar(expr: Expr, atMs: number): number;
  /** @param expr of type vector. */
  vector(expr: Expr, atMs: number): readonly Element[];
  /** Shows the window of each series that has a sample in the range. @param expr of type matrix. */
  ranges(expr: Expr, atMs: number, visit: (labels: Labels, dropName: boolean, window: RangeWindow) => void): void;
  /** What a selector finds, with the samples' own times. */
  found(selector: VectorSelector, atMs: number): readonly FoundSample[];
  /** Counts samples read or made against the limit. */
  spend(samples: number): void;
  /** An element whose value is no longer the metric's: its name goes, now or at the end. */
  renamed(labels: Labels, value: number): Element;
  /** Refuses a vector with one label set twice. Names that go at the end are looked at then. */
  unique(elements: readonly Element[]): readonly Element[];
}

export const SAME_LABELSET = 'vector cannot contain metrics with the same labelset';

/** @throws PromqlError where one label set comes twice. */
export function refuseDuplicates(elements: readonly Element[]): void {
  if (elements.length < 2) return;
  const seen = new Set<string>();
  for (const { labels } of elements) seen.add(signatureOf(labels));
  if (seen.size < elements.length) throw new PromqlError(SAME_LABELSET);
}

/** Takes the names away that were to go. */
export function withoutDroppedNames(elements: readonly Element[]): readonly Element[] {
  return elements.map((element) =>
    element.dropName ? { labels: withoutName(element.labels), value: element.value, dropName: false } : element,
  );
}
