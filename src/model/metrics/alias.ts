/** Names that guides and dashboards for other exporters use for the same numbers. */
import type { MetricFamily } from './family.ts';

/** Alias → gtop's own family. `metrics-alias: http` adds those of the first table to what is exposed. */
export const HTTP_ALIASES: Readonly<Record<string, string>> = {
  http_requests_total: 'gunicorn_requests_total',
  http_request_duration_seconds: 'gunicorn_request_duration_seconds',
  http_response_size_bytes: 'gunicorn_response_size_bytes',
  active_connections: 'gunicorn_active_connections',
};

/** The families, and those with an alias once more under it. */
export function withAliases(
  families: readonly MetricFamily[],
  aliases: Readonly<Record<string, string>>,
): readonly MetricFamily[] {
  const added = Object.entries(aliases).flatMap(([name, own]) =>
    families.filter((family) => family.name === own).map((family) => ({ ...family, name })),
  );
  return [...families, ...added];
}
