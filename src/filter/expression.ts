/** A filter as it was read: what is compared with what, and where that stands. */

export const OPERATORS = ['=', '!=', '>', '>=', '<', '<=', '~', '!~', '~*', '!~*'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Comparison {
  readonly kind: 'comparison';
  /** As it was written: a field's name or another name for it. */
  readonly field: string;
  readonly operator: Operator;
  /** Without the quotes. */
  readonly value: string;
  /** Characters before the name, and before the value. */
  readonly at: number;
  readonly valueAt: number;
}

/** Plain text: a part of the path, or of an entry's message. */
export interface PlainText {
  readonly kind: 'text';
  readonly text: string;
}

export type Expression =
  | Comparison
  | PlainText
  | { readonly kind: 'not'; readonly part: Expression }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] };
