/** What there is to ask for: gtop's series with their labels, the values these can have, units and ranges. */

import { noExits } from '../../../model/exit-rules.ts';
import { boundLabel } from '../../../model/metrics/bucket-counts.ts';
import { METRIC_CATALOGUE } from '../../../model/metrics/families.ts';
import type { MetricType } from '../../../model/metrics/family.ts';
import { OTHER } from '../../../model/metrics/request-counters.ts';
import { aliasOf } from '../../series/aliases.ts';

/** What numbers mean: `seconds/s` is what a rate makes of `seconds`. */
export type Unit = 'count' | 'seconds' | 'bytes' | 'ratio' | 'percent' | 'flag' | 'count/s' | 'seconds/s' | 'bytes/s';

export interface KnownSeries {
  /** Name of the family. */
  readonly family: string;
  readonly type: MetricType;
  readonly labels: readonly string[];
  readonly unit: Unit;
  readonly low: number;
  readonly high: number;
}

/** What differs from one gtop to another. */
export interface CatalogueOptions {
  /** The duration histogram has the labels `method` and `endpoint`. */
  readonly perEndpoint: boolean;
  /** Bounds of its buckets, seconds. */
  readonly buckets: readonly number[];
  /** Names of the probes. */
  readonly probes: readonly string[];
}

const ENDPOINT_LABELS = ['method', 'endpoint'];

/** Families that have labels; all others have none. */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  gunicorn_requests_total: [...ENDPOINT_LABELS, 'status'],
  gunicorn_errors_total: ENDPOINT_LABELS,
  gunicorn_active_connections: ['listener'],
  gunicorn_listen_backlog: ['listener'],
  gunicorn_worker_exits_total: ['reason'],
  gunicorn_worker_heartbeat_age_seconds: ['pid'],
  gunicorn_worker_resident_memory_bytes: ['pid'],
  gunicorn_worker_cpu_seconds_total: ['pid'],
  gunicorn_watched_lines_total: ['name'],
  gunicorn_probe_success: ['name'],
  gunicorn_probe_duration_seconds: ['name'],
  system_network_io_bytes_total: ['direction'],
  gtop_build_info: ['version'],
};

const FLAGS: readonly string[] = ['gunicorn_up', 'gunicorn_probe_success'];

const SUFFIXES: Readonly<Record<MetricType, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  info: [''],
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['_sum', '_count'],
};

function unitOf(name: string, suffix: string, unit: string | undefined): Unit {
  if (FLAGS.includes(name)) return 'flag';
  if (suffix === '_bucket' || suffix === '_count') return 'count';
  if (name.endsWith('_percent')) return 'percent';
  return unit === 'seconds' || unit === 'bytes' || unit === 'ratio' ? unit : 'count';
}

export class Catalogue {
  /** By the name of the series. */
  readonly series: ReadonlyMap<string, KnownSeries>;
  readonly #options: CatalogueOptions;

  constructor(options: CatalogueOptions) {
    this.#options = options;
    const series = new Map<string, KnownSeries>();
    for (const { name, type, unit: familyUnit } of METRIC_CATALOGUE) {
      for (const suffix of SUFFIXES[type]) {
        const unit = unitOf(name, suffix, familyUnit);
        const high = unit === 'flag' || type === 'info' ? 1 : unit === 'percent' ? 100 : Number.POSITIVE_INFINITY;
        const labels = [...this.#labelsOf(name), ...(suffix === '_bucket' ? ['le'] : [])];
        series.set(name + suffix, { family: name, type, labels, unit, low: type === 'info' ? 1 : 0, high });
      }
    }
    this.series = series;
  }

  #labelsOf(family: string): readonly string[] {
    if (family === 'gunicorn_request_duration_seconds') return this.#options.perEndpoint ? ENDPOINT_LABELS : [];
    return Object.hasOwn(LABELS, family) ? (LABELS[family] ?? []) : [];
  }

  /** A series by its name or another name for it, with the labels as they are called under that. */
  find(name: string): KnownSeries | null {
    const own = this.series.get(name);
    if (own !== undefined) return own;
    const alias = aliasOf(name);
    const meant = alias === null ? undefined : this.series.get(alias.name);
    if (alias === null || meant === undefined) return null;
    const renamed = new Map(Object.entries(alias.labels).map(([here, there]) => [there, here]));
    return { ...meant, labels: meant.labels.map((label) => renamed.get(label) ?? label) };
  }

  /** The histogram or summary whose bare name this is; null where it is none. */
  bareFamily(name: string): 'histogram' | 'summary' | null {
    if (this.find(`${name}_sum`) === null) return null;
    return this.find(`${name}_bucket`) === null ? 'summary' : 'histogram';
  }

  /** All values that a label can have; null where they are not known beforehand. */
  valuesOf(series: KnownSeries, label: string): readonly string[] | null {
    switch (label) {
      case 'status':
        return STATUSES;
      case 'method':
        return METHODS;
      case 'reason':
        return Object.keys(noExits());
      case 'direction':
        return ['received', 'sent'];
      case 'le':
        return [...this.#options.buckets, undefined].map(boundLabel);
      case 'name':
      case 'job':
        return series.family.startsWith('gunicorn_probe_') ? this.#options.probes : null;
      default:
        return null;
    }
  }

  /** The largest finite bound of the duration histogram, seconds. */
  get lastBound(): number {
    return this.#options.buckets.at(-1) ?? Number.POSITIVE_INFINITY;
  }
}

const STATUSES = [...Array.from({ length: 500 }, (_, index) => String(index + 100)), OTHER];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', OTHER];
