/** One classical rule, as a rule that the engine of the built-in ones evaluates. */
import type { ServiceView } from '../../model/service-view.ts';
import { severityOf } from '../report.ts';
import type { AlertReading, AlertRule } from '../rule.ts';
import { CLASSIC_METRICS, type ClassicMetric, isWatched, lostSource } from './metrics.ts';
import { formatMessage, type PythonValue } from './python-format.ts';

export interface ClassicRule {
  readonly file: string;
  readonly name: string;
  readonly metric: string;
  readonly operator: string;
  readonly threshold: number;
  readonly message: string;
  /** Seconds. */
  readonly cooldown: number;
  readonly severity: string;
  readonly enabled: boolean;
  /** Names of its own channels. */
  readonly channels: readonly string[];
}

interface Operator {
  readonly sign: string;
  test(value: number, threshold: number): boolean;
}

export const OPERATORS: Readonly<Record<string, Operator>> = {
  gt: { sign: '>', test: (value, threshold) => value > threshold },
  lt: { sign: '<', test: (value, threshold) => value < threshold },
  eq: { sign: '==', test: (value, threshold) => value === threshold },
  gte: { sign: '>=', test: (value, threshold) => value >= threshold },
  lte: { sign: '<=', test: (value, threshold) => value <= threshold },
  ne: { sign: '!=', test: (value, threshold) => value !== threshold },
};

/** Fields of a message beside the metrics. */
const OWN_FIELDS = ['rule_name', 'name', 'metric', 'value', 'threshold', 'operator'];
export const FIELDS: ReadonlySet<string> = new Set([...Object.keys(CLASSIC_METRICS), ...OWN_FIELDS]);

export function toAlertRule(rule: ClassicRule): AlertRule {
  const metric = named(CLASSIC_METRICS, rule.metric);
  const operator = named(OPERATORS, rule.operator);
  const expression = `${rule.metric} ${operator.sign} ${rule.threshold}`;
  return {
    name: rule.name,
    severity: severityOf(rule.severity),
    enabled: rule.enabled,
    threshold: rule.threshold,
    unit: metric.unit,
    windowSeconds: 60,
    forSeconds: 0,
    origin: {
      source: 'classical',
      file: rule.file,
      expression,
      channels: rule.channels,
      cooldownSeconds: rule.cooldown,
    },
    applies: (view) => isWatched(metric, view),
    check: (view, threshold) => {
      const value = metric.read(view);
      const isTrue = value !== null && operator.test(value, threshold);
      const lost = lostSource(metric, view);
      // What is still known of the minute may well be above; that nothing comes is no news of a blind monitor.
      if (lost !== null && !(isTrue && operator.sign.startsWith('>'))) {
        return { value: null, active: null, summary: `no data: ${lost}` };
      }
      return reading(rule, expression, value, isTrue, view);
    },
  };
}

function reading(
  rule: ClassicRule,
  expression: string,
  value: number | null,
  active: boolean,
  view: ServiceView,
): AlertReading {
  const metrics = Object.fromEntries(
    Object.entries(CLASSIC_METRICS).map(([name, metric]) => [name, isWatched(metric, view) ? metric.read(view) : null]),
  );
  const own: Readonly<Record<string, PythonValue>> = {
    rule_name: rule.name,
    name: rule.name,
    metric: rule.metric,
    value: python(CLASSIC_METRICS[rule.metric], value),
    threshold: Number.isInteger(rule.threshold) ? { whole: rule.threshold } : rule.threshold,
    operator: rule.operator,
  };
  const fieldValue = (field: string): PythonValue | undefined => {
    if (Object.hasOwn(own, field)) return own[field];
    return Object.hasOwn(metrics, field) ? python(CLASSIC_METRICS[field], metrics[field] ?? null) : undefined;
  };
  const message = rule.message === '' ? expression : formatMessage(rule.message, fieldValue);
  return { value, active, summary: message.split('\n')[0] ?? '', classical: { message, metrics } };
}

const python = (metric: ClassicMetric | undefined, value: number | null): PythonValue =>
  value === null || !metric?.isWhole ? value : { whole: value };

/** The file was checked: its names are in the tables. */
function named<Row>(table: Readonly<Record<string, Row>>, name: string): Row {
  const row = table[name];
  if (row === undefined) throw new Error(`no ${name} in the table`);
  return row;
}
