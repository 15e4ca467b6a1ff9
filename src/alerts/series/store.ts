/**
 * The series that rules look at: gtop's own metrics, sampled at every evaluation, and what recording rules write. Bounded
 * in time, in series and in bytes. Sampling is what Prometheus calls a scrape: a series that is no longer there gets a
 * stale marker.
 */
import { type MetricFamily, seriesName } from '../../model/metrics/family.ts';
import { labelsOf, METRIC_NAME, signatureOf } from '../promql/labels.ts';
import type { Labels, Matcher, Series, SeriesSource } from '../promql/types.ts';
import { aliasOf } from './aliases.ts';
import { RenamedSeries } from './renamed-series.ts';
import { RingSeries } from './ring-series.ts';

/** The least that is kept. */
export const LEAST_RETENTION_MS = 3_600_000;
/** The most: longer ranges ask for a Prometheus. */
export const MOST_RETENTION_MS = 86_400_000;
/** gtop's own families stay below 5,000 (200 endpoints); the rest is for recording rules and metrics of applications. */
const MOST_SERIES = 20_000;
/** Samples of all series together, some 36 MB. When there is no room, series keep less of their past. */
const MOST_SAMPLES = 3_000_000;

export interface StoreOptions {
  readonly intervalMs: number;
  /** Between the two bounds above. */
  readonly retentionMs: number;
}

interface Stored {
  readonly series: RingSeries;
  /** Of which sampling it was seen last. */
  seen: number;
  /** Under other names. */
  readonly renamed: Map<string, RenamedSeries>;
}

export class SeriesStore implements SeriesSource {
  readonly #byName = new Map<string, Set<Stored>>();
  readonly #sampled = new Map<string, Stored>();
  readonly #written = new Map<string, Stored>();
  #intervalMs = 0;
  #retentionMs = LEAST_RETENTION_MS;
  #sampling = 0;
  #capacity = 0;
  #refused = 0;
  #families: ReadonlySet<string> = new Set();

  constructor(options: StoreOptions) {
    this.resize(options);
  }

  /** Keeps more or less of the past from now on. */
  resize({ intervalMs, retentionMs }: StoreOptions): void {
    this.#intervalMs = intervalMs;
    this.#retentionMs = Math.min(MOST_RETENTION_MS, Math.max(LEAST_RETENTION_MS, retentionMs));
  }

  /** Series now. */
  get size(): number {
    return this.#sampled.size + this.#written.size;
  }

  /** Bytes of all samples, what is reserved included. */
  get bytes(): number {
    return this.#capacity * 12;
  }

  /** Samples that were refused because there were too many series. */
  get refused(): number {
    return this.#refused;
  }

  /** Names of the families of the last sampling, also of those that had no sample. */
  get families(): ReadonlySet<string> {
    return this.#families;
  }

  /** One sample of everything. Series that were there the time before and are not now have ended. */
  sample(families: readonly MetricFamily[], atMs: number): void {
    const atSeconds = Math.floor(atMs / 1000);
    this.#sampling++;
    this.#families = new Set(families.map(({ name }) => name));
    for (const family of families) {
      for (const sample of family.samples) {
        const name = seriesName(family, sample);
        const key = keyOf(name, sample.labels);
        const stored =
          this.#sampled.get(key) ??
          this.#create(this.#sampled, key, () => labelsOf([...Object.entries(sample.labels), [METRIC_NAME, name]]));
        if (stored === null) continue;
        stored.seen = this.#sampling;
        this.#add(stored, atSeconds, sample.value);
      }
    }
    for (const stored of this.#sampled.values()) {
      if (stored.seen !== this.#sampling && !stored.series.hasEnded) this.#add(stored, atSeconds, null);
    }
    this.#forget(this.#sampled, atSeconds);
    this.#forget(this.#written, atSeconds);
  }

  /**
   * A sample that a rule writes.
   * @param value null: the series has ended.
   */
  write(labels: Labels, atMs: number, value: number | null): void {
    const key = signatureOf(labels);
    const stored = this.#written.get(key) ?? (value === null ? null : this.#create(this.#written, key, () => labels));
    if (stored !== null) this.#add(stored, Math.floor(atMs / 1000), value);
  }

  select(matchers: readonly Matcher[]): readonly Series[] {
    const named = matchers.filter(({ name }) => name === METRIC_NAME);
    const rest = matchers.filter(({ name }) => name !== METRIC_NAME);
    const selected: Series[] = [];
    for (const series of this.#candidates(named)) {
      if (rest.every((matcher) => matcher.matches(series.labels.get(matcher.name) ?? ''))) selected.push(series);
    }
    return selected;
  }

  *#candidates(named: readonly Matcher[]): Iterable<Series> {
    const equal = named.find(({ op }) => op === '=');
    if (equal === undefined || named.length > 1) {
      for (const [name, all] of this.#byName) {
        if (named.every((matcher) => matcher.matches(name))) for (const { series } of all) yield series;
      }
      return;
    }
    const own = this.#byName.get(equal.value);
    const alias = aliasOf(equal.value);
    const taken = new Set<string>();
    if (alias !== null && (own === undefined || alias.joins)) {
      for (const stored of this.#byName.get(alias.name) ?? []) {
        const series = renamed(stored, equal.value, alias.labels);
        taken.add(signatureOf(series.labels));
        yield series;
      }
    }
    for (const { series } of own ?? []) if (!taken.has(signatureOf(series.labels))) yield series;
  }

  #create(where: Map<string, Stored>, key: string, labelsFor: () => Labels): Stored | null {
    if (this.size >= MOST_SERIES) {
      this.#refused++;
      return null;
    }
    const series = new RingSeries(labelsFor());
    const stored = { series, seen: 0, renamed: new Map<string, RenamedSeries>() };
    where.set(key, stored);
    this.#capacity += series.capacity;
    const name = series.labels.get(METRIC_NAME) ?? '';
    const all = this.#byName.get(name);
    if (all === undefined) this.#byName.set(name, new Set([stored]));
    else all.add(stored);
    return stored;
  }

  #add({ series }: Stored, atSeconds: number, value: number | null): void {
    const before = series.capacity;
    const isFull = this.#capacity >= MOST_SAMPLES;
    // One more than fit: a left-open range that is as long as the retention needs the sample at its edge.
    const wanted = Math.ceil(this.#retentionMs / this.#intervalMs) + 1;
    series.add(atSeconds, value, isFull ? before : wanted);
    this.#capacity += series.capacity - before;
  }

  #forget(where: Map<string, Stored>, nowSeconds: number): void {
    const oldest = nowSeconds - Math.ceil(this.#retentionMs / 1000);
    for (const [key, stored] of where) {
      const { series } = stored;
      if (series.newestMs >= oldest * 1000) continue;
      where.delete(key);
      this.#capacity -= series.capacity;
      const name = series.labels.get(METRIC_NAME) ?? '';
      const all = this.#byName.get(name);
      if (all?.delete(stored) && all.size === 0) this.#byName.delete(name);
    }
  }
}

/** Equal for equal sets of labels in the same order; families name theirs in one order always. */
function keyOf(name: string, labels: Readonly<Record<string, string>>): string {
  let key = name;
  for (const label in labels) key += `\0${label}\0${labels[label]}`;
  return key;
}

function renamed(stored: Stored, name: string, labelNames: Readonly<Record<string, string>>): RenamedSeries {
  const known = stored.renamed.get(name);
  if (known !== undefined) return known;
  const newNames = new Map(Object.entries(labelNames).map(([here, own]) => [own, here]));
  const labels = [...stored.series.labels].map(([label, value]): [string, string] =>
    label === METRIC_NAME ? [label, name] : [newNames.get(label) ?? label, value],
  );
  const series = new RenamedSeries(stored.series, labelsOf(labels));
  stored.renamed.set(name, series);
  return series;
}
