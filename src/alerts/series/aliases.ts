/** Names under which rules written for other exporters ask for gtop's own series. */
import { HTTP_ALIASES } from '../../model/metrics/alias.ts';

export interface Alias {
  /** The family that is meant. */
  readonly name: string;
  /** Labels with another name: here → in the family. */
  readonly labels: Readonly<Record<string, string>>;
  /** Beside series that really have the name, not in their stead. */
  readonly joins?: true;
}

/**
 * Families by the name that rules may use. `up` is what the probe of the name in `job` says; an application that
 * publishes an `up` of its own must not hide that its database is down.
 */
const RULE_ALIASES: Readonly<Record<string, Alias>> = {
  ...Object.fromEntries(Object.entries(HTTP_ALIASES).map(([alias, name]) => [alias, { name, labels: {} }])),
  memory_usage_bytes: { name: 'system_memory_usage_bytes', labels: {} },
  cpu_usage_percent: { name: 'system_cpu_usage_percent', labels: {} },
  disk_usage_percent: { name: 'system_disk_usage_percent', labels: {} },
  up: { name: 'gunicorn_probe_success', labels: { job: 'name' }, joins: true },
};

const SUFFIX = /_(?:bucket|sum|count)$/;

/** The series' name that an alias means, suffixes of histograms included; null where the name is none. */
export function aliasOf(seriesName: string): Alias | null {
  if (Object.hasOwn(RULE_ALIASES, seriesName)) return RULE_ALIASES[seriesName] ?? null;
  const suffix = SUFFIX.exec(seriesName)?.[0];
  if (suffix === undefined) return null;
  const family = seriesName.slice(0, -suffix.length);
  const alias = Object.hasOwn(RULE_ALIASES, family) ? RULE_ALIASES[family] : undefined;
  return alias === undefined ? null : { ...alias, name: alias.name + suffix };
}
