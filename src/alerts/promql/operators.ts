/** What operators do to two numbers. */
import type { ArithmeticOperator, BinaryOperator, ComparisonOperator } from './ast.ts';

const ARITHMETIC: Readonly<Record<ArithmeticOperator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': power,
  atan2: Math.atan2,
};

const COMPARISONS: Readonly<Record<ComparisonOperator, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
};

/** IEEE 754's `pow`, which JavaScript leaves in two places: 1 to any power is 1, -1 to an infinite power too. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  return base ** exponent;
}

export function arithmeticOf(operator: BinaryOperator): ((left: number, right: number) => number) | null {
  return operator in ARITHMETIC ? ARITHMETIC[operator as ArithmeticOperator] : null;
}

export function comparisonOf(operator: BinaryOperator): ((left: number, right: number) => boolean) | null {
  return operator in COMPARISONS ? COMPARISONS[operator as ComparisonOperator] : null;
}
