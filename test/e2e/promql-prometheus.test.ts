/**
 * Expressions beside a real Prometheus that holds the same samples: labels and values must be the same. Debian's is 2.42,
 * whose ranges include a sample exactly at their start: no range here starts at one.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answer } from '../../src/alerts/promql/runner/answer.ts';
import { cleanUp } from '../support/cleanup.ts';
import { type ApiData, startPrometheusOver } from '../support/prometheus.ts';

const STEP = 15;
const COUNT = 160;
/** Between two samples; the second after the last, but not yet forgotten. */
const MOMENTS = [1207, 2248, STEP * COUNT + 128];

/** As text, for NaN, Inf and stale values are no JSON. */
type Value = string | null;

const wave = (step: number, period: number): number => Math.round(1000 * Math.sin((step * 2 * Math.PI) / period)) / 8;
const series: { name: string; labels: Readonly<Record<string, string>>; values: readonly Value[] }[] = [];

function add(name: string, labels: Readonly<Record<string, string>>, valueAt: (step: number) => number | Value): void {
  const values = Array.from({ length: COUNT }, (_, step) => {
    const value = valueAt(step);
    return value === null ? null : String(value).replace('Infinity', 'Inf');
  });
  series.push({ name, labels, values });
}

for (const [rank, instance] of ['a', 'b', 'c'].entries()) {
  add('load', { instance, job: 'web' }, (step) => wave(step + 7 * rank, 40 + 9 * rank) + rank * step);
  add('slope', { instance }, (step) => 3 * step - rank * 0.25 * step + 11);
  // One starts anew, one has holes, one ends.
  add('hits_total', { instance, code: '200' }, (step) => (rank === 1 && step > 70 ? step - 71 : step) * (4 + rank));
  add('hits_total', { instance, code: '500' }, (step) => (rank === 2 && step % 11 > 6 ? null : Math.floor(step / 5)));
  add('same', { instance }, () => 5);
  add('build', { instance, version: `v${rank}.0`, mode: rank === 1 ? '' : 'prod' }, () => 1);
}
add('odd', { kind: 'nan' }, () => 'NaN');
add('odd', { kind: 'inf' }, () => Number.POSITIVE_INFINITY);
add('odd', { kind: 'minus' }, () => Number.NEGATIVE_INFINITY);
add('odd', { kind: 'some' }, (step) => (step % 4 === 0 ? 'NaN' : step));
add('odd', { kind: 'zero' }, () => '-0');
add('huge', {}, (step) => 1e300 * (step + 1));
const BUCKETS: Readonly<Record<string, readonly (readonly [le: string, grows: number])[]>> = {
  plain: [
    ['0.1', 10],
    ['0.5', 40],
    ['1', 49],
    ['+Inf', 50],
  ],
  empty: [
    ['0.1', 0],
    ['1', 0],
    ['+Inf', 0],
  ],
  lonely: [['+Inf', 3]],
  headless: [
    ['0.1', 3],
    ['1', 5],
  ],
  beyond: [
    ['0.1', 0],
    ['1', 0],
    ['+Inf', 9],
  ],
  negative: [
    ['-2', 3],
    ['-1', 6],
    ['+Inf', 6],
  ],
  falling: [
    ['0.1', 10],
    ['0.5', 8],
    ['1', 20],
    ['+Inf', 20],
  ],
  unknown: [
    ['0.1', 1],
    ['0.5', Number.NaN],
    ['1', 3],
    ['+Inf', 4],
  ],
  nonsense: [
    ['0.1', 4],
    ['tall', 5],
    ['1', 8],
    ['+Inf', 8],
  ],
};
for (const [kind, buckets] of Object.entries(BUCKETS)) {
  for (const [le, grows] of buckets) add('seconds_bucket', { kind, le }, (step) => grows * step);
}

const labelText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');

/** In the order of names: OpenMetrics has one family at a time. */
const openMetrics = (): string =>
  `${[...new Set(series.map(({ name }) => name))]
    .flatMap((family) => [
      `# TYPE ${family} unknown`,
      ...series
        .filter(({ name }) => name === family)
        .flatMap(({ name, labels, values }) =>
          values.flatMap((value, step) =>
            value === null ? [] : [`${name}{${labelText(labels)}} ${value} ${step * STEP}`],
          ),
        ),
    ])
    .join('\n')}\n# EOF\n`;

const LOADS = [
  {
    step: `${STEP}s`,
    series: series.map(
      ({ name, labels, values }) => `${name}{${labelText(labels)}} ${values.map((v) => v ?? '_').join(' ')}`,
    ),
  },
];

const EXPRESSIONS: Readonly<Record<string, readonly string[]>> = {
  'a trend': [
    'deriv(load[10m])',
    'deriv(slope[4m])',
    'predict_linear(load[10m], 3600)',
    'predict_linear(slope[31m], -600)',
    'predict_linear(load[5m] offset 4m, 60)',
    'deriv(same[5m])',
    'deriv(odd[5m])',
    'deriv(huge[5m])',
  ],
  'a quantile over time': [
    ...['0', '0.5', '0.9', '1', '-0.1', '1.1', 'NaN'].map((quantile) => `quantile_over_time(${quantile}, load[9m])`),
    'quantile_over_time(0.3, odd[3m])',
    'quantile_over_time(scalar(same{instance="a"}) / 10, load[2m])',
    'quantile by (job) (0.35, load)',
    'quantile(0.5, odd)',
  ],
  'a window': [
    ...['avg', 'min', 'max', 'sum', 'count', 'last', 'present', 'stddev', 'stdvar'].flatMap((name) => [
      `${name}_over_time(load[8m])`,
      `${name}_over_time(odd[4m])`,
    ]),
    'avg_over_time(huge[5m])',
    'changes(hits_total[20m])',
    'changes(odd[20m])',
    'resets(hits_total[40m])',
    'resets(load[20m])',
    'absent_over_time(nothing{a="b",c=~"d"}[5m])',
    'irate(hits_total[3m])',
    'rate(hits_total[17m])',
    'increase(hits_total{code="500"}[17m])',
    'delta(load[9m])',
  ],
  'a label that is made': [
    'label_replace(load, "host", "$1-$2", "instance", "(.)(.*)")',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Go's notation for a group
    'label_replace(load, "host", "${1}x$3", "instance", "(.)")',
    'label_replace(load, "job", "z", "nothing", "")',
    'label_replace(load, "job", "z", "instance", "b|c")',
    'label_replace(load, "x", "$name", "instance", "(?P<name>.+)")',
    'label_replace(load, "__name__", "other", "instance", ".*")',
    'label_join(load, "both", "-", "job", "instance", "none")',
  ],
  'a subquery': [
    'max_over_time(load[10m:1m])',
    'max_over_time(load[10m:1m] offset 7m)',
    'min_over_time(load[10m:47s] @ 1207)',
    'sum_over_time(load[10m:1m] @ 1207 offset 2m)',
    'avg_over_time(rate(hits_total[187s])[10m:90s] offset 1m)',
    'quantile_over_time(0.5, max_over_time(load[2m:13s])[10m:1m] @ 2000)',
    'count_over_time((load > 0)[30m:1m])',
    'load @ 600 - load offset 10m',
    'rate(hits_total[4m] @ 1202)',
    'load offset -3m',
    'max_over_time(timestamp(load)[5m:1m])',
    'absent_over_time((load > 1e9)[5m:1m])',
  ],
  'two sides': [
    'load * on (instance) group_left (version, mode) build',
    'build * on (instance) group_right (version) load',
    'hits_total / ignoring (code) group_left () sum without (code) (hits_total)',
    'load + ignoring (job) slope',
    'load and on (instance) build{version=~"v[12].0"}',
    'load unless on (instance) build{mode="prod"}',
    'slope or load',
    'load > bool on (instance) slope',
    'load > on (instance) group_left () slope',
    'hits_total{code="500"} == on (instance) group_left () hits_total{code="500"}',
    '2 ^ load % 3',
    '-load ^ 2',
  ],
  'a histogram': [
    ...['0', '0.2', '0.5', '0.99', '1', '-1', '2', 'NaN'].flatMap((quantile) => [
      `histogram_quantile(${quantile}, seconds_bucket)`,
      `histogram_quantile(${quantile}, rate(seconds_bucket[5m]))`,
    ]),
    'histogram_quantile(0.9, sum by (le) (rate(seconds_bucket[5m])))',
    'histogram_quantile(0.9, seconds_bucket{le="1"})',
    'histogram_quantile(0.9, load)',
  ],
  'what is neither more nor less': [
    'odd == odd',
    'odd == bool odd',
    'odd != bool odd',
    'odd > bool 0',
    'odd >= bool -Inf',
    'odd < Inf',
    'odd != NaN',
    'odd * 0',
    'odd % 3',
    'odd / 0',
    '0 / odd',
    'odd + on (kind) odd',
    'sum(odd)',
    'max(odd)',
    'min(odd)',
    'avg(odd)',
    'avg(huge * 1e8)',
    'stddev(odd{kind!~"inf|minus"})',
    'clamp(odd, -1, 1)',
    'clamp(load, 5, 1)',
    'clamp_min(odd, 2)',
    'clamp_max(odd, NaN)',
    'clamp_min(odd, NaN)',
    'clamp_min(odd, Inf)',
    'clamp(odd, NaN, 3)',
    'round(load, 0.3)',
    'round(odd)',
    'ceil(odd)',
    'abs(odd)',
    'sgn(odd)',
    'sqrt(load)',
    'ln(load)',
    'vector(1e21)',
    '-vector(0)',
    'vector(1e-7)',
    'scalar(odd)',
    'scalar(odd{kind="inf"})',
    '1e21',
    '-0',
    'NaN > bool Inf',
  ],
  'a choice of the most': [
    'topk(2, same)',
    'bottomk(2, same)',
    'topk(2, load)',
    'topk by (code) (1, hits_total)',
    'topk(3, odd)',
    'bottomk(2, odd)',
    'topk(0, load)',
    'count_values("value", same)',
    'count_values by (code) ("n", hits_total > bool 100)',
    'count_values("v", odd)',
    'sort(load)',
    'sort_desc(odd{kind!="nan"})',
    'group by (job) (load)',
    'stdvar by (code) (hits_total)',
    'sum without (instance) (hits_total)',
  ],
};

let query: (expr: string, atSeconds: number) => Promise<ApiData>;
beforeAll(async () => {
  query = await startPrometheusOver(openMetrics());
}, 60_000);
afterAll(cleanUp);

interface Answered {
  readonly type: string;
  readonly rows: readonly { readonly labels: string; readonly value: number }[];
}

const toNumber = (text: string): number => Number(text.replace('Inf', 'Infinity'));
const keyOf = (labels: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(labels).sort());

async function inPrometheus(expr: string, at: number): Promise<Answered> {
  const { resultType, result } = await query(expr, at);
  const samples = resultType === 'scalar' ? [{ metric: {}, value: result }] : result;
  const rows = (samples as { metric: Record<string, string>; value: [number, string] }[]).map(({ metric, value }) => ({
    labels: keyOf(metric),
    value: toNumber(value[1]),
  }));
  return { type: resultType, rows };
}

function inGtop(expr: string, at: number): Answered {
  const { error, type, result } = JSON.parse(answer(JSON.stringify({ loads: LOADS, expr, at })));
  if (error !== undefined) throw new Error(`${expr}: ${error}`);
  const rows = (result as { labels: Record<string, string>; value: string }[]).map(({ labels, value }) => ({
    labels: keyOf(labels),
    value: toNumber(value),
  }));
  return { type, rows };
}

/** Sums may be added up in another order. */
function isSame(a: number, b: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-3);
}

describe.each(Object.entries(EXPRESSIONS))('%s', (_what, expressions) => {
  it.each(expressions)('%s', async (expr) => {
    for (const at of MOMENTS) {
      const [theirs, ours] = [await inPrometheus(expr, at), inGtop(expr, at)];
      expect(ours.type).toBe(theirs.type);
      const isOrdered = /^(sort|topk|bottomk)/.test(expr);
      const order = (rows: Answered['rows']) =>
        isOrdered ? rows : rows.toSorted((a, b) => (a.labels < b.labels ? -1 : 1));
      const [expected, found] = [order(theirs.rows), order(ours.rows)];
      expect(found.map(({ labels }) => labels)).toEqual(expected.map(({ labels }) => labels));
      const differing = found.filter(({ value }, index) => !isSame(value, expected[index]?.value ?? Number.NaN));
      expect(differing, `at ${at}, Prometheus: ${JSON.stringify(expected.map(({ value }) => String(value)))}`).toEqual(
        [],
      );
    }
  });
});

describe('what has no answer', () => {
  it.each([
    'label_replace(load, "instance", "", "instance", ".*")',
    'label_replace(load, "1 a", "x", "instance", "(")',
    'load * on (job) slope',
    'load + on (job) group_left () load',
    'hits_total / ignoring (code) hits_total{code="200"}',
    'load * on (instance) group_left (instance) build',
    'topk(1e20, load)',
    'load > slope > bool',
    'rate(load)',
    'sum_over_time(load)',
    '1 and load',
    '1 == 2',
    'load offset 5m offset 5m',
    'max_over_time((load[5m])[5m:1m])',
    'histogram_quantile(seconds_bucket, 0.9)',
  ])('%s', async (expr) => {
    await expect(query(expr, 1207)).rejects.toThrow();
    expect(() => inGtop(expr, 1207)).toThrow(expr);
  });
});
