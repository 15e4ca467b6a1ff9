/** Which series and families of metrics an expression looks at. */
import { type Expr, type VectorSelector, walk } from '../promql/ast.ts';
import { aliasOf } from '../series/aliases.ts';
import type { RuleSpec } from './rule.ts';

const SUFFIX = /_(?:bucket|sum|count)$/;

/** Recording rules upon recording rules; more is a circle. */
const MOST_STEPS = 10;

/** What each rule selects in the end: in the place of a name that a recording rule writes, what that rule selects. */
export function selectorsByRule(specs: readonly RuleSpec[]): ReadonlyMap<RuleSpec, readonly VectorSelector[]> {
  const recorded = new Map(specs.filter(({ kind }) => kind === 'record').map(({ name, expr }) => [name, expr]));
  const gather = (expr: Expr, found: Set<VectorSelector>, depth: number): Set<VectorSelector> => {
    for (const selector of selectorsOf(expr)) {
      const inner = selector.metric === null ? undefined : recorded.get(selector.metric);
      if (inner === undefined) found.add(selector);
      else if (depth < MOST_STEPS) gather(inner, found, depth + 1);
    }
    return found;
  };
  return new Map(specs.map((spec) => [spec, [...gather(spec.expr, new Set(), 0)]]));
}

function selectorsOf(expr: Expr): readonly VectorSelector[] {
  const selectors: VectorSelector[] = [];
  walk(expr, (part) => {
    if (part.kind === 'vectorSelector') selectors.push(part);
  });
  return selectors;
}

/** The family of a series, if `isFamily` knows it; aliases resolved. Else the name itself. */
export function familyOf(seriesName: string, isFamily: (name: string) => boolean): string {
  if (isFamily(seriesName)) return seriesName;
  const name = aliasOf(seriesName)?.name ?? seriesName;
  if (isFamily(name)) return name;
  const stem = name.replace(SUFFIX, '');
  return isFamily(stem) ? stem : name;
}

/** How far back an expression looks at most, in milliseconds. */
export function reachOf(expr: Expr): number {
  switch (expr.kind) {
    case 'vectorSelector':
      return expr.offsetMs;
    case 'matrixSelector':
      return expr.rangeMs + expr.selector.offsetMs;
    case 'subquery':
      return expr.rangeMs + expr.offsetMs + reachOf(expr.expr);
    case 'call':
      return Math.max(0, ...expr.args.map(reachOf));
    case 'aggregation':
      return reachOf(expr.expr);
    case 'unary':
      return reachOf(expr.expr);
    case 'binary':
      return Math.max(reachOf(expr.left), reachOf(expr.right));
    case 'number':
    case 'string':
      return 0;
  }
}
