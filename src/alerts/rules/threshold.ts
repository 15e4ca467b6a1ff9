/** The number that a rule compares with, where there is one. */
import type { Expr } from '../promql/ast.ts';
import { constantOf } from './lint/constant.ts';

const COMPARISONS: readonly string[] = ['==', '!=', '>', '<', '>=', '<='];

/** Null where the last comparison is not with one constant. */
export function thresholdOf(expr: Expr): number | null {
  if (expr.kind !== 'binary') return null;
  if (COMPARISONS.includes(expr.operator)) return constantOf(expr.right) ?? constantOf(expr.left);
  // `a > 5 and b`: what comes out is the left side.
  return expr.operator === 'and' || expr.operator === 'unless' ? thresholdOf(expr.left) : null;
}
