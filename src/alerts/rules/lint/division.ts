/** One thing divided by another: shares, means, and what always is 1. */
import { type Binary, type Expr, type VectorSelector, walk } from '../../promql/ast.ts';
import { METRIC_NAME } from '../../promql/labels.ts';
import { parseExpr } from '../../promql/parse/index.ts';
import { aliasOf } from '../../series/aliases.ts';
import type { Unit } from './catalogue.ts';
import { joined } from './pair.ts';
import { printExpr } from './print.ts';
import type { Fix, Shape } from './shape.ts';

/** An expression about one selector: what is done with it, and what it leaves out. */
interface About {
  readonly selector: VectorSelector;
  /** The expression without its matchers. */
  readonly form: string;
  /** Its matchers but for the name, as they are written. */
  readonly picks: readonly string[];
  /** Labels of these. */
  readonly pickedLabels: readonly string[];
}

function aboutOf(expr: Expr): About | null {
  const selectors: VectorSelector[] = [];
  walk(expr, (part) => {
    if (part.kind === 'vectorSelector') selectors.push(part);
  });
  const [selector] = selectors;
  if (selector === undefined || selectors.length > 1 || selector.metric === null) return null;
  const matchers = selector.matchers.filter(({ name }) => name !== METRIC_NAME);
  return {
    selector,
    form: printExpr(expr, new Map([[selector, canonical(selector.metric)]])),
    picks: matchers.map(({ name, op, value }) => `${name}${op}${value}`),
    pickedLabels: matchers.map(({ name }) => name),
  };
}

/** Errors are requests, busy workers are workers, and what is in a bucket is among all that were counted. */
const canonical = (metric: string): string =>
  (aliasOf(metric)?.name ?? metric)
    .replace(/^gunicorn_errors_total$/, 'gunicorn_requests_total')
    .replace(/^gunicorn_workers_busy$/, 'gunicorn_worker_processes')
    .replace(/_bucket$/, '_count');

const aliasFree = ({ selector: { metric } }: About): string | null =>
  metric === null ? null : (aliasOf(metric)?.name ?? metric);

export function divisionShape(expr: Binary, left: Shape, right: Shape): Shape {
  const [part, whole] = [aboutOf(expr.left), aboutOf(expr.right)];
  const isSameForm = part !== null && whole !== null && part.form === whole.form;
  if (isSameForm && isItself(expr, part, whole)) {
    return joined(expr, left, right, {
      low: 1,
      high: 1,
      why: 'both sides are the same: the result is 1, whatever the share',
      fixes: ofAll(expr, whole.selector),
    });
  }
  if (isSameForm && isByItself(expr, part, whole, left, right)) {
    return joined(expr, left, right, {
      low: 1,
      high: 1,
      why: 'every series is divided by itself: the result is 1, whatever the share',
      fixes: addedUp(expr),
    });
  }
  const isShare = isSameForm && whole.picks.every((pick) => part.picks.includes(pick));
  const unit = unitOf(left.unit, right.unit, isSameForm);
  // A raw count of errors is among that of requests, too.
  if (isShare) return joined(expr, left, right, { low: 0, high: 1, unit: 'ratio', why: 'a share goes from 0 to 1' });
  const isPositive = left.low >= 0 && right.low >= 0;
  return joined(expr, left, right, { low: isPositive ? 0 : Number.NEGATIVE_INFINITY, unit });
}

function isItself({ matching }: Binary, part: About, whole: About): boolean {
  const isWhole = matching.kind === 'ignoring' && matching.labels.length === 0 && matching.group === null;
  const isSamePick = part.picks.toSorted().join('\n') === whole.picks.toSorted().join('\n');
  return isWhole && isSamePick && aliasFree(part) === aliasFree(whole);
}

/** A share of all: what picks by the status is left out below. Nothing where nothing does. */
function ofAll(expr: Binary, selector: VectorSelector): readonly Fix[] {
  const matchers = selector.matchers.filter(({ name }) => name !== 'status');
  if (matchers.length === selector.matchers.length) return [];
  const below = printExpr(expr.right, new Map([[selector, printExpr({ ...selector, matchers })]]));
  return addedUp(expr, parseExpr(below));
}

/** The series that meet are the same ones: what tells them apart is still among their labels. */
function isByItself({ matching }: Binary, part: About, whole: About, left: Shape, right: Shape): boolean {
  const isWhole = matching.kind === 'ignoring' && matching.labels.length === 0 && matching.group === null;
  const { labels } = left;
  return (
    isWhole &&
    aliasFree(part) === aliasFree(whole) &&
    labels !== null &&
    right.labels !== null &&
    part.picks.length + whole.picks.length > 0 &&
    [...part.pickedLabels, ...whole.pickedLabels].every((label) => labels.has(label))
  );
}

/** Sums of both sides, by nothing. */
function addedUp(expr: Binary, below = expr.right): readonly Fix[] {
  const sum = (side: Expr): string =>
    side.kind === 'aggregation' && side.operator === 'sum'
      ? printExpr({ ...side, grouping: { kind: 'by', labels: [] } })
      : `sum(${printExpr(side)})`;
  return [{ part: expr, text: `(${sum(expr.left)} / ${sum(below)})` }];
}

const withoutTime = (unit: Unit): Unit => unit.replace(/\/s$/, '') as Unit;

function unitOf(left: Unit | null, right: Unit | null, isSameForm: boolean): Unit | null {
  if (left === null || right === null || left.endsWith('/s') !== right.endsWith('/s')) return null;
  const [above, below] = [withoutTime(left), withoutTime(right)];
  if (below === 'count' && (above === 'seconds' || above === 'bytes')) return above;
  return above === below && isSameForm ? 'ratio' : null;
}
