import type { Expr } from '../../promql/ast.ts';

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
};

/** The number that an expression without series always is, `1024 * 1024`; null where it is not that simple. */
export function constantOf(expr: Expr): number | null {
  if (expr.kind === 'number') return expr.value;
  if (expr.kind === 'unary') {
    const value = constantOf(expr.expr);
    return value === null || expr.operator === '+' ? value : -value;
  }
  if (expr.kind !== 'binary') return null;
  const [left, right] = [constantOf(expr.left), constantOf(expr.right)];
  const apply = Object.hasOwn(ARITHMETIC, expr.operator) ? ARITHMETIC[expr.operator] : undefined;
  return left === null || right === null || apply === undefined ? null : apply(left, right);
}
