/** What is known of a selector: whether there is such a series, with such labels. */
import type { Call, MatrixSelector, VectorSelector } from '../../promql/ast.ts';
import { METRIC_NAME } from '../../promql/labels.ts';
import { matcherOf } from '../../promql/matcher.ts';
import type { Matcher } from '../../promql/types.ts';
import type { KnownSeries } from './catalogue.ts';
import type { Linter } from './linter.ts';
import { isTargetLabel, meantLabel, meantMetric, meantValue } from './names.ts';
import { durationText, selectorText, shiftText, withMatchers } from './print.ts';
import { type Fix, type Shape, UNKNOWN } from './shape.ts';

/** The range that a selector stands in, and the function that is given it. */
interface Range {
  readonly matrix: MatrixSelector;
  readonly call: Call | null;
}

/** A selector where it stands. */
interface Asked {
  readonly selector: VectorSelector;
  readonly metric: string;
  readonly range: Range | null;
}

/** Another text in the place of a selector. The offset of one in a range stands behind the range. */
const instead = ({ selector, range }: Asked, text: string): Fix => ({
  part: selector,
  text: range === null ? text + shiftText(selector) : text,
});

/** The status of a request that failed on the server's side. */
const FAILED = /^[5][0-9.\]x[-]*$/;

export function selectorShape(linter: Linter, selector: VectorSelector, range: Range | null): Shape {
  const { metric } = selector;
  if (metric === null || metric === 'ALERTS' || metric === 'ALERTS_FOR_STATE') return UNKNOWN;
  const recorded = linter.recorded(metric);
  if (recorded !== null) {
    if (recorded.empty) linter.add('never', `the rule that records ${metric} never has a result`, []);
    return { ...recorded, filters: false, metric };
  }
  const series = linter.catalogue.find(metric);
  const asked = { selector, metric, range };
  if (series === null) return unknownMetric(linter, asked);
  // Another name for one of gtop's may be the application's own for something with other labels.
  if (linter.context.readsEndpoints && !linter.catalogue.series.has(metric)) {
    const job = metric === 'up' ? selector.matchers.find(({ name }) => name === 'job') : undefined;
    if (job !== undefined && !probeNames(linter).some((name) => job.matches(name))) missingProbe(linter, asked);
    return UNKNOWN;
  }
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
  return checkMatchers(linter, asked, series) ? shape : { ...shape, empty: true };
}

const isFailures = ({ family }: KnownSeries, { matchers }: VectorSelector): boolean =>
  family === 'gunicorn_errors_total' ||
  matchers.some(({ name, op, value }) => name === 'status' && (op === '=' || op === '=~') && FAILED.test(value));

function unknownMetric(linter: Linter, asked: Asked): Shape {
  const { metric } = asked;
  if (linter.context.readsEndpoints) return UNKNOWN;
  const bare = linter.catalogue.bareFamily(metric);
  if (bare !== null) {
    linter.add('never', `${metric} is a ${bare}: it has no series of that name, only ${suffixesOf(bare, metric)}`, [
      bareFix(linter, bare, asked),
    ]);
    return { ...UNKNOWN, empty: true };
  }
  const family = /^(.*)_(?:bucket|sum|count)$/.exec(metric)?.[1];
  if (family !== undefined && linter.catalogue.bareFamily(family) === 'summary') {
    linter.add('never', `${family} is a summary: it has no buckets, only ${suffixesOf('summary', family)}`, []);
    return { ...UNKNOWN, empty: true };
  }
  linter.add('never', ...meantInstead(linter, asked));
  return { ...UNKNOWN, empty: true };
}

function meantInstead(linter: Linter, asked: Asked): readonly [reason: string, fixes: readonly Fix[]] {
  const { selector, metric } = asked;
  const meant = meantMetric(metric, linter.names);
  const why = `there is no metric ${metric}`;
  if (meant === null) return [why, []];
  const bare = linter.catalogue.bareFamily(meant.metric);
  if (bare !== null)
    return [`${why}: did you mean ${meant.metric}?`, [bareFix(linter, bare, { ...asked, metric: meant.metric })]];
  const matchers = plainMatchers(selector);
  const status = meant.status === null ? [] : [matcherOf('status', '=', meant.status)];
  const text = selectorText(meant.metric, [
    ...matchers.filter(({ name }) => status.length === 0 || name !== 'status'),
    ...status,
  ]);
  return [`${why}: did you mean ${status.length === 0 ? meant.metric : text}?`, [instead(asked, text)]];
}

const suffixesOf = (bare: 'histogram' | 'summary', metric: string): string =>
  (bare === 'histogram' ? ['_bucket', '_sum', '_count'] : ['_sum', '_count'])
    .map((suffix) => metric + suffix)
    .join(', ');

/** What asks how it is, not how many there were. */
const ASKS_HOW_LONG = /^i?rate$|^(?:avg|max|min|last|quantile)_over_time$/;

/** Of a histogram the quantile that was asked for, of a summary the mean; of either the count, where that was asked for. */
function bareFix(linter: Linter, bare: 'histogram' | 'summary', asked: Asked): Fix {
  const { selector, metric, range } = asked;
  const matchers = plainMatchers(selector).filter(({ name }) => name !== 'quantile');
  const named = (suffix: string): string => selectorText(metric + suffix, matchers);
  const window = durationText(range?.matrix.rangeMs ?? 300_000);
  const rate = (suffix: string): string => `rate(${named(suffix)}[${window}]${shiftText(selector)})`;
  if (bare === 'histogram' && linter.isInQuantile) {
    return range === null ? { part: selector, text: rate('_bucket') } : { part: selector, text: named('_bucket') };
  }
  if (range !== null && !ASKS_HOW_LONG.test(range.call?.name ?? '')) return { part: selector, text: named('_count') };
  const part = range?.call ?? selector;
  if (bare === 'summary') return { part, text: `(sum(${rate('_sum')}) / sum(${rate('_count')}))` };
  const quantile = selector.matchers.find(({ name, op }) => name === 'quantile' && op === '=')?.value ?? '0.95';
  return { part, text: `histogram_quantile(${Number(quantile) || 0.95}, sum by (le) (${rate('_bucket')}))` };
}

const plainMatchers = ({ matchers }: VectorSelector): readonly Matcher[] =>
  matchers.filter(({ name }) => name !== METRIC_NAME);

/** @returns whether any series can match. */
function checkMatchers(linter: Linter, asked: Asked, series: KnownSeries): boolean {
  const matchers = plainMatchers(asked.selector);
  if (asked.metric === 'up' && matchers.length === 0 && probeNames(linter).length === 0) {
    missingProbe(linter, asked);
    return false;
  }
  let canMatch = true;
  for (const matcher of matchers) {
    if (!series.labels.includes(matcher.name)) {
      if (matcher.matches('')) continue;
      missingLabel(linter, asked, series, matcher);
      canMatch = false;
      continue;
    }
    if (matcher.name === 'endpoint' && !checkRoute(linter, asked, matcher)) {
      canMatch = false;
      continue;
    }
    const values = linter.catalogue.valuesOf(series, matcher.name);
    if (values === null || values.some((value) => matcher.matches(value))) continue;
    missingValue(linter, asked, matcher, values);
    canMatch = false;
  }
  return canMatch;
}

function missingLabel(linter: Linter, asked: Asked, { family, labels }: KnownSeries, matcher: Matcher): void {
  const { selector, metric } = asked;
  const meant = meantLabel(matcher.name, labels);
  const has = labels.length === 0 ? 'has no labels' : `has the labels ${labels.join(', ')}`;
  const but = labels.length === 0 ? `, hence no ${matcher.name}` : `, but no ${matcher.name}`;
  const added = isTargetLabel(matcher.name)
    ? `, and ${matcher.name} is only added by a Prometheus that scrapes gtop`
    : '';
  const said = `${metric} ${has}${meant === null ? '' : ` (${meant}?)`}${but}${added}`;
  const counted = family === DURATIONS && metric.endsWith('_count') ? requestsWith(linter, matcher) : null;
  if (counted !== null) {
    // The same requests are counted with more labels elsewhere.
    const requests = metric.startsWith('http_') ? 'http_requests_total' : REQUESTS;
    const others = plainMatchers(selector).map((each) => (each === matcher ? counted : each));
    linter.add('never', `${said}: ${requests} has it`, [instead(asked, selectorText(requests, others))]);
    return;
  }
  const text = withMatchers(selector, (each) => {
    if (each !== matcher) return each;
    return meant === null ? null : matcherOf(meant, each.op, each.value);
  });
  linter.add('never', said, [instead(asked, text)]);
}

const DURATIONS = 'gunicorn_request_duration_seconds';
const REQUESTS = 'gunicorn_requests_total';

/** The matcher as the counter of requests has it; null where that has no such label either. */
function requestsWith(linter: Linter, { name, op, value }: Matcher): Matcher | null {
  const labels = linter.catalogue.find(REQUESTS)?.labels ?? [];
  const meant = labels.includes(name) ? name : meantLabel(name, labels);
  return meant === null ? null : matcherOf(meant, op, value);
}

/** `5xx`, `^5`, `500s` … for what `status=~"5.."` selects. */
const STATUS_CLASS = /^\^?([1-5])(?:xx|XX|\*\*?|\.\*?|\d\ds|)\$?$/;

function missingValue(linter: Linter, asked: Asked, matcher: Matcher, values: readonly string[]): void {
  const { selector, metric } = asked;
  const { name, op, value } = matcher;
  const replace = (changed: Matcher): readonly Fix[] => [
    instead(
      asked,
      withMatchers(selector, (each) => (each === matcher ? changed : each)),
    ),
  ];
  const said = `${name}${op}${JSON.stringify(value)}`;
  if (metric === 'up') {
    missingProbe(linter, asked);
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
  if (name === 'le' && op === '=' && /^\d+$/.test(value) && values.includes(`${value}.0`)) {
    linter.add(
      'never',
      `bounds are written ${value}.0: ${said} matches none`,
      replace(matcherOf(name, op, `${value}.0`)),
    );
    return;
  }
  const [turned, how] = name === 'method' ? [value.toUpperCase(), 'capitals'] : [value.toLowerCase(), 'small letters'];
  const inOtherCase = op === '=' || op === '=~' ? matcherOf(name, op, turned) : null;
  if (inOtherCase !== null && values.some((each) => inOtherCase.matches(each))) {
    linter.add('never', `values of ${name} are in ${how}: ${said} matches none`, replace(inOtherCase));
    return;
  }
  const there = values.length === 0 ? 'none is configured' : `there are ${values.join(', ')}`;
  const few = values.length <= MOST_NAMED ? `: ${there}` : '';
  const meant = op === '=' ? meantValue(name, value, values) : null;
  const fixes = meant === null ? [] : replace(matcherOf(name, op, meant));
  linter.add('never', `${said} of ${metric} matches none of its values${few}`, fixes);
}

/** Paths are counted by their routes. */
function checkRoute(linter: Linter, asked: Asked, matcher: Matcher): boolean {
  const { name, op, value } = matcher;
  if (op !== '=' || !value.startsWith('/')) return true;
  const path = value.split('?')[0] ?? '';
  const route = linter.context.routeOf?.(path) ?? path;
  if (route === value) return true;
  const text = withMatchers(asked.selector, (each) => (each === matcher ? matcherOf(name, op, route) : each));
  linter.add('never', `endpoints are routes: ${JSON.stringify(value)} is counted as ${route}`, [instead(asked, text)]);
  return false;
}

/** Values that a message can name. */
const MOST_NAMED = 16;

function missingProbe(linter: Linter, asked: Asked): void {
  const probes = probeNames(linter);
  const there = probes.length === 0 ? 'no probe is configured' : `the probes are ${probes.join(', ')}`;
  const { readsEndpoints } = linter.context;
  const unless = readsEndpoints ? '; unless an application publishes an up of its own' : '';
  linter.add(
    readsEndpoints ? 'unlike' : 'never',
    `up{job="NAME"} is the probe of that name, and ${there}: name one so, or ask for gunicorn_up${unless}`,
    [instead(asked, 'gunicorn_up')],
  );
}

function probeNames(linter: Linter): readonly string[] {
  const series = linter.catalogue.find('gunicorn_probe_success');
  return (series && linter.catalogue.valuesOf(series, 'name')) ?? [];
}
