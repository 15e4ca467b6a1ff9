/** Which families of metrics an expression looks at. */
import { type Expr, walk } from '../promql/ast.ts';
import { aliasOf } from '../series/aliases.ts';

const SUFFIX = /_(?:bucket|sum|count)$/;

/** Names of the series that an expression names, each once; selectors without a name are left out. */
export function metricsOf(expr: Expr): readonly string[] {
  const names = new Set<string>();
  walk(expr, (part) => {
    if (part.kind === 'vectorSelector' && part.metric !== null) names.add(part.metric);
  });
  return [...names];
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
