/** What is known of a selector: whether there is such a series, with such labels. */
import type { VectorSelector } from '../../promql/ast.ts';
import { METRIC_NAME } from '../../promql/labels.ts';
import { matcherOf } from '../../promql/matcher.ts';
import type { Matcher } from '../../promql/types.ts';
import type { KnownSeries } from './catalogue.ts';
import type { Linter } from './linter.ts';
import { isTargetLabel, meantLabel, meantMetric } from './names.ts';
import { selectorText, withMatchers } from './print.ts';
import { type Fix, type Shape, someValue, UNKNOWN } from './shape.ts';

/** The status of a request that failed on the server's side. */
const FAILED = /^[5][0-9.\]x[-]*$/;

export function selectorShape(linter: Linter, selector: VectorSelector): Shape {
  const { metric } = selector;
  if (metric === null || metric === 'ALERTS' || metric === 'ALERTS_FOR_STATE') return UNKNOWN;
  const recorded = linter.recorded(metric);
  if (recorded !== null) return { ...recorded, filters: false, metric };
  const series = linter.catalogue.find(metric);
  if (series === null) return unknownMetric(linter, selector, metric);
  const shape: Shape = {
    ...UNKNOWN,
    labels: new Set(series.labels),
    low: series.low,
    high: series.high,
    why: series.unit === 'percent' ? `${metric} goes from 0 to 100` : null,
    unit: series.unit,
    counter: series.type === 'counter' || metric.endsWith('_count') || metric.endsWith('_sum') ? selector : null,
    isRawBucket: metric.endsWith('_bucket'),
    isFailures: isFailures(series, selector),
    isPerSeries: series.labels.length > 0,
    metric,
  };
  return checkMatchers(linter, selector, metric, series) ? shape : { ...shape, empty: true };
}

const isFailures = ({ family }: KnownSeries, { matchers }: VectorSelector): boolean =>
  family === 'gunicorn_errors_total' ||
  matchers.some(({ name, op, value }) => name === 'status' && (op === '=' || op === '=~') && FAILED.test(value));

function unknownMetric(linter: Linter, selector: VectorSelector, metric: string): Shape {
  if (linter.context.readsEndpoints) return UNKNOWN;
  const bare = linter.catalogue.bareFamily(metric);
  if (bare !== null) {
    linter.add('never', `${metric} is a ${bare}: it has no series of that name, only ${suffixesOf(bare, metric)}`, [
      { part: selector, text: bareFix(bare, metric, selector) },
    ]);
    return { ...UNKNOWN, empty: true };
  }
  const family = /^(.*)_(?:bucket|sum|count)$/.exec(metric)?.[1];
  const meant = meantMetric(metric, linter.names);
  const why =
    family !== undefined && linter.catalogue.bareFamily(family) === 'summary'
      ? `${family} is a summary without buckets`
      : `there is no metric ${metric}`;
  const fixes = meant === null ? [] : [{ part: selector, text: selectorText(meant, plainMatchers(selector)) }];
  linter.add('never', meant === null ? why : `${why}: did you mean ${meant}?`, fixes);
  return { ...UNKNOWN, empty: true };
}

const suffixesOf = (bare: 'histogram' | 'summary', metric: string): string =>
  (bare === 'histogram' ? ['_bucket', '_sum', '_count'] : ['_sum', '_count'])
    .map((suffix) => metric + suffix)
    .join(', ');

/** Of a histogram the quantile that was asked for, of a summary the mean. */
function bareFix(bare: 'histogram' | 'summary', metric: string, selector: VectorSelector): string {
  const quantile = selector.matchers.find(({ name, op }) => name === 'quantile' && op === '=')?.value ?? '0.95';
  const rate = (suffix: string): string =>
    `rate(${selectorText(
      metric + suffix,
      plainMatchers(selector).filter(({ name }) => name !== 'quantile'),
    )}[5m])`;
  if (bare === 'summary') return `(sum(${rate('_sum')}) / sum(${rate('_count')}))`;
  return `histogram_quantile(${Number(quantile) || 0.95}, sum by (le) (${rate('_bucket')}))`;
}

const plainMatchers = ({ matchers }: VectorSelector): readonly Matcher[] =>
  matchers.filter(({ name }) => name !== METRIC_NAME);

/** @returns whether any series can match. */
function checkMatchers(linter: Linter, selector: VectorSelector, metric: string, series: KnownSeries): boolean {
  let canMatch = true;
  for (const matcher of plainMatchers(selector)) {
    if (!series.labels.includes(matcher.name)) {
      if (matcher.matches('')) continue;
      missingLabel(linter, selector, metric, series, matcher);
      canMatch = false;
      continue;
    }
    const values = linter.catalogue.valuesOf(series, matcher.name);
    if (values === null || values.some((value) => matcher.matches(value))) continue;
    missingValue(linter, selector, metric, matcher);
    canMatch = false;
  }
  return canMatch;
}

function missingLabel(
  linter: Linter,
  selector: VectorSelector,
  metric: string,
  { labels }: KnownSeries,
  matcher: Matcher,
): void {
  const meant = meantLabel(matcher.name, labels);
  const has = labels.length === 0 ? 'has no labels' : `has the labels ${labels.join(', ')}`;
  const added = isTargetLabel(matcher.name)
    ? `, and ${matcher.name} is only added by a Prometheus that scrapes gtop`
    : '';
  const text = withMatchers(selector, (each) => {
    if (each !== matcher) return each;
    return meant === null ? null : matcherOf(meant, each.op, each.value);
  });
  const fixes: readonly Fix[] = [{ part: selector, text }];
  linter.add('never', `${metric} ${has}${meant === null ? '' : ` (${meant}?)`}, but no ${matcher.name}${added}`, fixes);
}

/** `5xx`, `5`, `500s` … for what `status=~"5.."` selects. */
const STATUS_CLASS = /^([1-5])(?:xx|XX|\*\*?|\.\*?|\d\ds|)$/;

function missingValue(linter: Linter, selector: VectorSelector, metric: string, matcher: Matcher): void {
  const { name, op, value } = matcher;
  const replace = (changed: Matcher): readonly Fix[] => [
    { part: selector, text: withMatchers(selector, (each) => (each === matcher ? changed : each)) },
  ];
  const said = `${name}${op}${JSON.stringify(value)}`;
  if (metric === 'up') {
    const probes = linter.catalogue.valuesOf(selectedProbe(linter), 'name') ?? [];
    const there = probes.length === 0 ? 'no probe is configured' : `the probes are ${probes.join(', ')}`;
    linter.add('never', `up{job="NAME"} is the probe of that name, and ${there}: name one so, or ask for gunicorn_up`, [
      { part: selector, text: 'gunicorn_up' },
    ]);
    return;
  }
  const statusClass = name === 'status' ? STATUS_CLASS.exec(value)?.[1] : undefined;
  if (statusClass !== undefined) {
    linter.add(
      'never',
      `status is a number of three digits: ${said} matches none`,
      replace(matcherOf(name, '=~', `${statusClass}..`)),
    );
    return;
  }
  if (name === 'method' && value.toUpperCase() !== value) {
    linter.add(
      'never',
      `methods are in capitals: ${said} matches none`,
      replace(matcherOf(name, op, value.toUpperCase())),
    );
    return;
  }
  if (name === 'le' && op === '=' && /^\d+$/.test(value)) {
    linter.add(
      'never',
      `bounds are written ${value}.0: ${said} matches none`,
      replace(matcherOf(name, op, `${value}.0`)),
    );
    return;
  }
  linter.add('never', `${said} of ${metric} matches none of its values`, []);
}

function selectedProbe(linter: Linter): KnownSeries {
  const series = linter.catalogue.find('gunicorn_probe_success');
  if (series === null) throw new Error('the catalogue lacks gunicorn_probe_success');
  return series;
}

/** What a range of a series gives. */
export const rangeShape = (shape: Shape): Shape => someValue(shape, { low: shape.low, high: shape.high });
