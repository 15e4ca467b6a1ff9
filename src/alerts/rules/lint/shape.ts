/** What can be said of an expression's answer without any data. */

import type { RuleFinding } from '../../../model/snapshot.ts';
import type { Expr, VectorSelector } from '../../promql/ast.ts';
import type { Unit } from './catalogue.ts';

/** A part of an expression and the text that should stand there. */
export interface Fix {
  readonly part: Expr;
  readonly text: string;
}

/** Something that is wrong. */
export interface Flaw {
  readonly kind: RuleFinding['kind'];
  /** A sentence without a full stop. */
  readonly reason: string;
  readonly fixes: readonly Fix[];
}

export interface Shape {
  /** There can never be an element. */
  readonly empty: boolean;
  /** Labels that every element has; null: not known. */
  readonly labels: ReadonlySet<string> | null;
  /** Bounds of the values. */
  readonly low: number;
  readonly high: number;
  /** Why they are so: `is a share from 0 to 1`; null where the numbers say enough. */
  readonly why: string | null;
  /** What makes the values what was probably meant. */
  readonly fixes: readonly Fix[];
  /** Null: not known, or none. */
  readonly unit: Unit | null;
  /** A counter's count since the beginning, not what came to it of late; the part that gives it. */
  readonly counter: VectorSelector | null;
  /** Buckets of a histogram, counted likewise. */
  readonly isRawBucket: boolean;
  /** Only requests that failed. */
  readonly isFailures: boolean;
  /** Elements are as many as the labels of the series make them: nobody chose by which to tell them apart. */
  readonly isPerSeries: boolean;
  /** Elements may be left out for their value: there is a condition. */
  readonly filters: boolean;
  /** Of what kind the series are, where the answer is a series as it stands. */
  readonly metric: string | null;
}

export const UNKNOWN: Shape = {
  empty: false,
  labels: null,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  why: null,
  fixes: [],
  unit: null,
  counter: null,
  isRawBucket: false,
  isFailures: false,
  isPerSeries: false,
  filters: false,
  metric: null,
};

export const NO_LABELS: ReadonlySet<string> = new Set();

/** One number without labels. */
export const constant = (value: number): Shape => ({ ...UNKNOWN, labels: NO_LABELS, low: value, high: value });

/** The same elements with values that nothing is known of. */
export const someValue = (shape: Shape, rest: Partial<Shape> = {}): Shape => ({
  ...UNKNOWN,
  empty: shape.empty,
  labels: shape.labels,
  isFailures: shape.isFailures,
  isPerSeries: shape.isPerSeries,
  filters: shape.filters,
  ...rest,
});
