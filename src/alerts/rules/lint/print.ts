/** An expression as text again, with as few parentheses as it needs. */
import type { BinaryOperator, Expr, TimeShift, VectorMatching, VectorSelector } from '../../promql/ast.ts';
import { formatValue } from '../../promql/format.ts';
import { METRIC_NAME } from '../../promql/labels.ts';
import type { Matcher } from '../../promql/types.ts';

/** Texts in the place of parts. What is no call or selector must stand in parentheses. */
export type Replacements = ReadonlyMap<Expr, string>;

const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '>': 3,
  '<': 3,
  '>=': 3,
  '<=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 7,
};
const UNARY_PRECEDENCE = 6;
const ATOM = 8;

export function printExpr(expr: Expr, replaced: Replacements = new Map()): string {
  return print(expr, replaced, 0);
}

/** @param least precedence that needs no parentheses here. */
function print(expr: Expr, replaced: Replacements, least: number): string {
  const text = replaced.get(expr);
  if (text !== undefined) return text;
  const [own, precedence] = printBare(expr, replaced);
  return precedence < least ? `(${own})` : own;
}

function printBare(expr: Expr, replaced: Replacements): readonly [string, number] {
  switch (expr.kind) {
    case 'number':
      return [numberText(expr.value), expr.value < 0 ? UNARY_PRECEDENCE : ATOM];
    case 'string':
      return [JSON.stringify(expr.value), ATOM];
    case 'vectorSelector':
      return [selectorText(expr.metric, expr.matchers) + shiftText(expr), ATOM];
    case 'matrixSelector': {
      const { selector, rangeMs } = expr;
      const inner = replaced.get(selector) ?? selectorText(selector.metric, selector.matchers);
      return [`${inner}[${durationText(rangeMs)}]${shiftText(selector)}`, ATOM];
    }
    case 'subquery': {
      const step = expr.stepMs === null ? '' : durationText(expr.stepMs);
      return [`${print(expr.expr, replaced, ATOM)}[${durationText(expr.rangeMs)}:${step}]${shiftText(expr)}`, ATOM];
    }
    case 'call':
      return [`${expr.name}(${expr.args.map((arg) => print(arg, replaced, 0)).join(', ')})`, ATOM];
    case 'aggregation': {
      const { operator, grouping, parameter } = expr;
      const by =
        grouping.kind === 'by' && grouping.labels.length === 0
          ? ''
          : ` ${grouping.kind} (${grouping.labels.map(labelText).join(', ')}) `;
      const args = (parameter === null ? [expr.expr] : [parameter, expr.expr]).map((arg) => print(arg, replaced, 0));
      return [`${operator}${by}(${args.join(', ')})`, ATOM];
    }
    case 'unary':
      return [expr.operator + print(expr.expr, replaced, UNARY_PRECEDENCE), UNARY_PRECEDENCE];
    case 'binary': {
      const precedence = PRECEDENCE[expr.operator];
      const isRightToLeft = expr.operator === '^';
      const left = print(expr.left, replaced, precedence + Number(isRightToLeft));
      const right = print(expr.right, replaced, precedence + Number(!isRightToLeft));
      const operator = `${expr.operator}${expr.bool ? ' bool' : ''}${matchingText(expr.matching)}`;
      return [`${left} ${operator} ${right}`, precedence];
    }
  }
}

/** @param matchers those for the name are left out where the name stands in front. */
export function selectorText(metric: string | null, matchers: readonly Matcher[]): string {
  const isPlain = metric !== null && /^[a-zA-Z_:][\w:]*$/.test(metric);
  const shown = matchers.filter(({ name, op }) => !(isPlain && name === METRIC_NAME && op === '='));
  const inner = shown.map(({ name, op, value }) => `${labelText(name)}${op}${JSON.stringify(value)}`).join(',');
  return (isPlain ? metric : '') + (inner === '' && isPlain ? '' : `{${inner}}`);
}

/** Names that are none of the old kind stand in quotes. */
const labelText = (name: string): string => (/^[a-zA-Z_]\w*$/.test(name) ? name : JSON.stringify(name));

/** `increase(metric[5m])` of a selector, its offset where it belongs. */
export const overFiveMinutes = (name: string, selector: VectorSelector): string =>
  `${name}(${printExpr({ kind: 'matrixSelector', type: 'matrix', selector, rangeMs: 300_000, from: 0, to: 0 })})`;

/** A selector with other matchers. */
export const withMatchers = (
  { metric, matchers }: VectorSelector,
  change: (matcher: Matcher) => Matcher | null,
): string =>
  selectorText(
    metric,
    matchers.flatMap((matcher) => change(matcher) ?? []),
  );

export function shiftText({ at, offsetMs }: TimeShift): string {
  const atText = at === null ? '' : typeof at === 'number' ? ` @ ${at / 1000}` : ` @ ${at}()`;
  if (offsetMs === 0) return atText;
  return `${atText} offset ${offsetMs < 0 ? '-' : ''}${durationText(Math.abs(offsetMs))}`;
}

function matchingText({ kind, labels, group, include }: VectorMatching): string {
  const on = kind === 'on' || labels.length > 0 ? ` ${kind} (${labels.map(labelText).join(', ')})` : '';
  return group === null ? on : `${on} group_${group} (${include.map(labelText).join(', ')})`;
}

const numberText = (value: number): string =>
  Number.isFinite(value) ? formatValue(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? 'Inf' : '-Inf';

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
  [1, 'ms'],
] as const;

/** `1h30m`. */
export function durationText(ms: number): string {
  let rest = ms;
  let text = '';
  for (const [unitMs, unit] of UNITS) {
    const count = Math.floor(rest / unitMs);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs;
  }
  return text || '0s';
}
