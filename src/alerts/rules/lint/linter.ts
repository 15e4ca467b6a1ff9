/** Walks an expression and says of each part what its answer can be; notes what is wrong on the way. */

import type { RuleFinding } from '../../../model/snapshot.ts';
import type { Aggregation, Call, Expr, MatrixSelector, Subquery } from '../../promql/ast.ts';
import { MOST_RETENTION_MS } from '../../series/store.ts';
import { binaryShape } from './binary.ts';
import { callShape } from './calls.ts';
import { Catalogue, type CatalogueOptions } from './catalogue.ts';
import { overFiveMinutes, printExpr } from './print.ts';
import { selectorShape } from './selector.ts';
import { constant, type Fix, type Flaw, NO_LABELS, type Shape, someValue, UNKNOWN } from './shape.ts';

export interface LintContext extends CatalogueOptions {
  /** Metrics of applications are read: names that nobody knows may come from there. */
  readonly readsEndpoints: boolean;
  /** How often series are sampled. */
  readonly intervalMs: number;
  /** The route of a path; absent: not known. */
  readonly routeOf?: (path: string) => string;
}

/** Expressions of recording rules by the names that they write, with labels that they add. */
export type Recorded = ReadonlyMap<string, { readonly expr: Expr; readonly labels: readonly string[] }>;

/** Recording rules upon recording rules; more is a circle. */
const MOST_STEPS = 10;

export class Linter {
  readonly context: LintContext;
  readonly catalogue: Catalogue;
  readonly #recorded: Recorded;
  readonly #depth: number;
  readonly flaws: Flaw[] = [];
  /** What is looked at is given to `histogram_quantile()`. */
  isInQuantile = false;

  constructor(context: LintContext, recorded: Recorded, depth = 0) {
    this.context = context;
    this.catalogue = new Catalogue(context);
    this.#recorded = recorded;
    this.#depth = depth;
  }

  /** Names that exist. */
  get names(): readonly string[] {
    return [...this.catalogue.series.keys(), ...this.#recorded.keys()];
  }

  add(kind: RuleFinding['kind'], reason: string, fixes: readonly Fix[]): void {
    if (!this.flaws.some((flaw) => flaw.reason === reason)) this.flaws.push({ kind, reason, fixes });
  }

  /** What a recording rule writes under a name; null where none does. Its flaws are its own. */
  recorded(name: string): Shape | null {
    const rule = this.#recorded.get(name);
    if (rule === undefined) return null;
    if (this.#depth >= MOST_STEPS) return UNKNOWN;
    const shape = new Linter(this.context, this.#recorded, this.#depth + 1).shape(rule.expr);
    return {
      ...shape,
      labels: shape.labels && new Set([...shape.labels, ...rule.labels]),
      // What belongs to the other expression cannot be changed here.
      fixes: [],
      counter: null,
      isPerSeries: false,
    };
  }

  shape(expr: Expr): Shape {
    switch (expr.kind) {
      case 'number':
        return constant(expr.value);
      case 'string':
        return UNKNOWN;
      case 'vectorSelector':
        return this.#withinReach(expr.offsetMs, 0, selectorShape(this, expr, null));
      case 'matrixSelector':
        return this.range(expr, null);
      case 'subquery':
        return this.#subquery(expr);
      case 'unary': {
        const shape = this.shape(expr.expr);
        return expr.operator === '+' ? shape : someValue(shape, { low: -shape.high, high: -shape.low });
      }
      case 'call':
        return callShape(this, expr);
      case 'aggregation':
        return this.#aggregation(expr);
      case 'binary':
        return binaryShape(this, expr);
    }
  }

  /** @param call whose argument it is. */
  range(matrix: MatrixSelector, call: Call | null): Shape {
    const { selector, rangeMs } = matrix;
    return this.#withinReach(selector.offsetMs, rangeMs, selectorShape(this, selector, { matrix, call }));
  }

  #subquery({ expr, offsetMs, rangeMs }: Subquery): Shape {
    return this.#withinReach(offsetMs, rangeMs, this.shape(expr));
  }

  /** What is older than gtop keeps is not there. */
  #withinReach(offsetMs: number, rangeMs: number, shape: Shape): Shape {
    if (offsetMs >= MOST_RETENTION_MS) {
      this.add('never', 'gtop keeps series for one day: a longer offset finds nothing (a Prometheus keeps more)', []);
      return { ...shape, empty: true };
    }
    if (offsetMs + rangeMs > MOST_RETENTION_MS) {
      this.add('unlike', 'gtop keeps series for one day: a longer range sees no more (a Prometheus keeps more)', []);
    }
    return shape;
  }

  #aggregation(aggregation: Aggregation): Shape {
    const { operator, grouping, parameter, expr } = aggregation;
    const inner = this.shape(expr);
    if (parameter !== null) this.shape(parameter);
    if (operator === 'topk' || operator === 'bottomk' || operator === 'limitk') return inner;
    if (operator === 'quantile' && inner.labels?.has('le')) this.#quantileOfBuckets(aggregation, parameter);
    const labels = groupedLabels(inner.labels, grouping);
    const shape = { ...inner, labels, isPerSeries: false, metric: null, isRawBucket: false };
    switch (operator) {
      case 'sum': {
        const high = inner.high > 0 ? Number.POSITIVE_INFINITY : inner.high;
        const low = inner.low < 0 ? Number.NEGATIVE_INFINITY : inner.low;
        const unit = inner.unit === 'flag' ? 'count' : inner.unit;
        const isRawBucket = inner.isRawBucket && (labels?.has('le') ?? false);
        return { ...shape, low, high, unit, isRawBucket, why: inner.high === high ? inner.why : null };
      }
      case 'count':
      case 'count_values':
        return someValue(shape, {
          low: 1,
          unit: 'count',
          why: `${operator}() over nothing is no element at all, so it is never below 1`,
          labels: operator === 'count' ? labels : null,
        });
      case 'group':
        return someValue(shape, { low: 1, high: 1 });
      case 'stddev':
      case 'stdvar':
        return someValue(shape, { low: 0 });
      default:
        return shape;
    }
  }

  /** Buckets hold counts: only `histogram_quantile()` makes times of them. */
  #quantileOfBuckets(part: Aggregation, parameter: Expr | null): void {
    const { grouping, expr } = part;
    const labels = grouping.kind === 'by' ? [...grouping.labels.filter((label) => label !== 'le'), 'le'] : ['le'];
    const buckets = expr.kind === 'vectorSelector' ? overFiveMinutes('rate', expr) : printExpr(expr);
    const quantile = parameter === null ? '0.95' : printExpr(parameter);
    const text = `histogram_quantile(${quantile}, sum by (${labels.join(', ')}) (${buckets}))`;
    this.add('unlike', 'quantile() is of the counts of the buckets; histogram_quantile() is of the times', [
      { part, text },
    ]);
  }
}

function groupedLabels(labels: Shape['labels'], { kind, labels: named }: Aggregation['grouping']): Shape['labels'] {
  if (kind === 'by' && named.length === 0) return NO_LABELS;
  if (labels === null) return null;
  return new Set([...labels].filter((label) => named.includes(label) === (kind === 'by')));
}
