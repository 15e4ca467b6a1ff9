/** What is said of rules holds: tried on thousands of expressions over a service whose every series is there. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PromqlError } from '../../../../src/alerts/promql/errors.ts';
import { evaluate, labelsOf, MemorySeries, parseExpr, SeriesIndex } from '../../../../src/alerts/promql/index.ts';
import { Catalogue } from '../../../../src/alerts/rules/lint/catalogue.ts';
import { type LintContext, lintRule } from '../../../../src/alerts/rules/lint/index.ts';
import { createFolder } from '../../../../src/model/routes.ts';
import { anAlertingSpec, CONTEXT } from './samples.ts';
import '../../../support/property-seed.ts';

const context: LintContext = { ...CONTEXT, probes: ['web', 'db'], routeOf: createFolder() };
const catalogue = new Catalogue(context);

const STEP_MS = 15_000;
const STEPS = 60;
const END_MS = STEP_MS * STEPS;

const VALUES: Readonly<Record<string, readonly string[]>> = {
  method: ['GET', 'POST'],
  endpoint: ['/', '/users/{id}'],
  status: ['200', '404', '500', '503'],
  listener: ['127.0.0.1:8000', 'unix:/run/g.sock'],
  reason: ['timeout', 'oom', 'crash'],
  pid: ['7', '8'],
  name: ['web', 'db'],
  direction: ['received', 'sent'],
  version: ['1'],
  le: ['0.005', '0.1', '0.5', '1.0', '+Inf'],
};

/** The same numbers at every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const product = (labels: readonly string[]): readonly (readonly [string, string])[][] =>
  labels.reduce<(readonly [string, string])[][]>(
    (rows, label) => rows.flatMap((row) => (VALUES[label] ?? ['x']).map((value) => [...row, [label, value] as const])),
    [[]],
  );

/** A service with every series of the catalogue: counters grow, gauges go up and down within their bounds. */
function service(seed: number): SeriesIndex {
  const random = dice(seed);
  const index = new SeriesIndex();
  for (const [name, { type, labels, unit, low, high }] of catalogue.series) {
    for (const pairs of product(labels)) {
      const series = new MemorySeries(labelsOf([['__name__', name], ...pairs]));
      const grows = type !== 'gauge' && type !== 'info';
      // Of buckets each holds those before it.
      const rank = (VALUES.le ?? []).indexOf(pairs.find(([label]) => label === 'le')?.[1] ?? '') + 1;
      let value = 0;
      for (let step = 0; step <= STEPS; step++) {
        if (grows) value += rank > 0 ? rank * 3 : Math.floor(random() * 4);
        else if (unit === 'flag') value = random() < 0.5 ? 0 : 1;
        else value = low + random() * (Math.min(high, unit === 'bytes' ? 1e9 : unit === 'ratio' ? 1 : 20) - low);
        series.add(step * STEP_MS, type === 'info' ? 1 : value);
      }
      index.add(series);
    }
  }
  return index;
}

const services = [1, 2, 3].map(service);

const NAMES = [
  ...catalogue.series.keys(),
  'gunicorn_request_duration_seconds',
  'gunicorn_response_size_bytes',
  'gunicorn_workers',
];
const LABELS = [...Object.keys(VALUES), 'code', 'job', 'nothing'];
const MATCHED = [
  '200',
  '5..',
  '5xx',
  'GET',
  'get',
  '/',
  '/users/7',
  'timeout',
  'OOM',
  'web',
  'x',
  '7',
  '0.5',
  '1',
  '.+',
  '',
];
const RANGES = ['10s', '1m', '5m'];

const matcher = fc
  .tuple(fc.constantFrom(...LABELS), fc.constantFrom('=', '!=', '=~', '!~'), fc.constantFrom(...MATCHED))
  .map(([label, op, value]) => `${label}${op}${JSON.stringify(value)}`);
const selector = fc
  .tuple(fc.constantFrom(...NAMES), fc.array(matcher, { maxLength: 2 }))
  .map(([name, matchers]) => (matchers.length === 0 ? name : `${name}{${matchers.join(',')}}`));
const offset = fc.constantFrom('', '', '', ' offset 1m');
const limit = fc.constantFrom('0', '0.05', '0.5', '1', '5', '95', '200', '-1', '1e6');
const comparison = fc.constantFrom('>', '<', '>=', '<=', '==', '!=', '> bool');
const grouping = fc.constantFrom(
  '',
  ' by (endpoint) ',
  ' by (status) ',
  ' by (le) ',
  ' without (status) ',
  ' by (pid) ',
);
const matching = fc.constantFrom(
  '',
  '',
  ' on () ',
  ' on (endpoint) ',
  ' ignoring (status) ',
  ' ignoring (status) group_left () ',
);

/** Vectors as people write them, deeper and deeper. */
const { vector } = fc.letrec<{ vector: string; leaf: string }>((tie) => ({
  leaf: fc.oneof(
    fc.tuple(selector, offset).map(([text, shift]) => text + shift),
    fc
      .tuple(
        fc.constantFrom(
          'rate',
          'irate',
          'increase',
          'delta',
          'deriv',
          'changes',
          'resets',
          'avg_over_time',
          'max_over_time',
          'count_over_time',
        ),
        selector,
        fc.constantFrom(...RANGES),
        offset,
      )
      .map(([name, text, range, shift]) => `${name}(${text}[${range}]${shift})`),
  ),
  vector: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    tie('leaf'),
    fc
      .tuple(fc.constantFrom('sum', 'avg', 'min', 'max', 'count'), grouping, tie('vector'))
      .map(([name, by, inner]) => `${name}${by}(${inner})`),
    fc
      .tuple(fc.constantFrom('0.95', '99'), tie('vector'))
      .map(([quantile, inner]) => `histogram_quantile(${quantile}, ${inner})`),
    fc
      .tuple(fc.constantFrom('abs', 'ceil', 'absent', '-', 'sort'), tie('vector'))
      .map(([name, inner]) => `${name}(${inner})`),
    fc
      .tuple(tie('vector'), fc.constantFrom('/', '*', '+', '-', 'and', 'or', 'unless', '>'), matching, tie('vector'))
      .map(([left, operator, how, right]) => {
        const isSet = ['and', 'or', 'unless'].includes(operator);
        return `(${left}) ${operator}${isSet ? how.replace(/group.*/, '') : how} (${right})`;
      }),
    fc.tuple(tie('vector'), fc.constantFrom('* 100', '/ 1024', '- 1', '+ 1')).map(([inner, by]) => `(${inner}) ${by}`),
    fc.tuple(tie('vector'), comparison, limit).map(([inner, operator, by]) => `(${inner}) ${operator} ${by}`),
  ),
}));
const rule = fc.tuple(vector, comparison, limit).map(([text, operator, by]) => `(${text}) ${operator} ${by}`);

/** How many elements there are; null where Prometheus would give up. */
function count(text: string, index: SeriesIndex): number | null {
  try {
    const value = evaluate(parseExpr(text), index, END_MS);
    return value.type === 'vector' ? value.samples.length : null;
  } catch (error) {
    if (error instanceof PromqlError) return null;
    throw error;
  }
}

describe('of any rule', () => {
  it('that it can never fire is said only where it never does', () => {
    fc.assert(
      fc.property(rule, (text) => {
        const never = lintRule(anAlertingSpec(text), context).filter(({ kind }) => kind === 'never');
        if (never.length === 0) return;
        const counts = services.map((index) => count(text, index) ?? 0);
        expect({ text, never, counts }).toEqual({ text, never, counts: [0, 0, 0] });
      }),
      { numRuns: 3000 },
    );
  });

  it('the rewrite is an expression', () => {
    fc.assert(
      fc.property(rule, (text) => {
        for (const { rewrite } of lintRule(anAlertingSpec(text), context)) {
          if (rewrite !== null) expect(() => parseExpr(rewrite)).not.toThrow();
        }
      }),
      { numRuns: 3000 },
    );
  });
});
