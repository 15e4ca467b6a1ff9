/**
 * The structured keys of the config file: what is too rich for a flag or a variable. One row each; the schema stands
 * where the part is that uses it.
 */
import * as v from 'valibot';
import type { NotifyConfig } from '../alerts/notices/config.ts';
import { DEFAULT_METRICS, type MetricsOptions } from '../model/metrics/options.ts';
import type { LinePattern } from '../model/watched-lines.ts';
import type { EndpointSpec } from '../sources/app-metrics/spec.ts';
import type { ProbeSpec } from '../sources/probe/spec.ts';
import { type AlertSettings, alertsForFile, DEFAULT_ALERTS } from './alerts.ts';
import { usageError } from './errors.ts';
import { metricsForFile, metricsSchema } from './metrics.ts';
import { watchSchema } from './watch.ts';

/** What the sections say; a field of Settings each. */
export interface Sections {
  /** Patterns of paths that go before the built-in ones: `/posts/{slug}`. */
  readonly routes: readonly string[];
  /** Channels for notices of alerts, by name. */
  readonly notify: NotifyConfig;
  /** Lines of the error log and the application's log to count. */
  readonly watch: readonly LinePattern[];
  /** Changes to the built-in alerts, and how often rules are evaluated. */
  readonly alerts: AlertSettings;
  /** How metrics are counted. */
  readonly metrics: MetricsOptions;
  /** Health checks. */
  readonly probes: readonly ProbeSpec[];
  /** Endpoints on which the application publishes numbers of its own. */
  readonly metricsEndpoints: readonly EndpointSpec[];
  /** Keys of the screen, by command. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

export interface SectionSpec {
  readonly key: string;
  /** A function loads it when a file has the section: large ones must not cost every start. */
  readonly schema: v.GenericSchema<unknown> | (() => Promise<v.GenericSchema<unknown>>);
  /** The checked value as a file has it, or a promise of it; absent: as it is. */
  readonly forFile?: (value: unknown) => unknown;
}

export const DEFAULT_SECTIONS: Sections = {
  routes: [],
  notify: {},
  watch: [],
  alerts: DEFAULT_ALERTS,
  metrics: DEFAULT_METRICS,
  probes: [],
  metricsEndpoints: [],
  keys: {},
};

const routePattern = v.pipe(
  v.string('must be a path like /posts/{slug}'),
  v.regex(/^\/\S*$/, 'must be a path like /posts/{slug}'),
);

export const SECTIONS: readonly SectionSpec[] = [
  { key: 'routes', schema: v.array(routePattern, 'must be a list of paths like /posts/{slug}') },
  { key: 'notify', schema: async () => (await import('../alerts/notices/config.ts')).notifySchema },
  { key: 'watch', schema: watchSchema },
  {
    key: 'alerts',
    schema: async () => (await import('./alerts-schema.ts')).alertsSchema,
    forFile: (value) => alertsForFile(value),
  },
  { key: 'metrics', schema: metricsSchema, forFile: metricsForFile },
  {
    key: 'probes',
    schema: async () => (await import('../sources/probe/config.ts')).probesSchema,
    forFile: async (value) => (await import('../sources/probe/config.ts')).probesForFile(value),
  },
  {
    key: 'metrics-endpoints',
    schema: async () => (await import('../sources/app-metrics/config.ts')).endpointsSchema,
    forFile: async (value) => (await import('../sources/app-metrics/config.ts')).endpointsForFile(value),
  },
  { key: 'keys', schema: async () => (await import('./key-bindings.ts')).keysSchema },
];

/** Checks a section. @throws ReportedError `file: key.part: what is wrong`. */
export async function checkSection(spec: SectionSpec, value: unknown, path: string): Promise<unknown> {
  const schema = typeof spec.schema === 'function' ? await spec.schema() : spec.schema;
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = [spec.key, ...(issue.path ?? []).map((step) => String(step.key))].join('.');
  throw usageError(`${path}: ${place}: ${issue.message}`);
}
