import type { Binary } from '../../promql/ast.ts';
import { type Shape, someValue } from './shape.ts';

/** What is known of elements that two sides make together. */
export function joined(expr: Binary, left: Shape, right: Shape, rest: Partial<Shape>): Shape {
  const isVector = (side: Binary['left']): boolean => side.type === 'vector';
  const many = expr.matching.group === 'right' || !isVector(expr.left) ? right : left;
  return someValue(many, { labels: many.labels, filters: left.filters || right.filters, ...rest });
}
