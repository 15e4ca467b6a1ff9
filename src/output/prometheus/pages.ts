/** What the exporter answers, page by page. Plain functions of what the engine knows; the server speaks HTTP. */
import { HTTP_ALIASES, type MetricFamily, withAliases } from '../../model/metrics/index.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { parseDurationSeconds } from '../../text/duration.ts';
import { toJsonLine } from '../json.ts';
import { prefersOpenMetrics } from './negotiate.ts';
import { OPEN_METRICS_TYPE, TEXT_TYPE, toOpenMetrics, toPrometheusText } from './text.ts';

/** The part of an engine that is served. */
export interface Served {
  readonly version: string;
  readonly startedAtMs: number;
  /** When it last looked at everything; it does so every second. NaN before the first time. */
  readonly tickedAtMs: number;
  metrics(): readonly MetricFamily[];
  snapshot(query: { readonly windowSeconds: number | null; readonly atMs: null }): Snapshot;
}

export interface PageOptions {
  readonly served: Served;
  /** Families under their usual names of other exporters as well. */
  readonly httpAliases: () => boolean;
  readonly now: () => number;
}

export interface PageRequest {
  readonly query: URLSearchParams;
  readonly accept: string | undefined;
}

export interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export type PageMaker = (options: PageOptions, request: PageRequest) => Page;

export const PAGES: Readonly<Record<string, PageMaker>> = {
  '/metrics': metrics,
  '/healthz': healthz,
  '/snapshot': snapshot,
};

export const plain = (status: number, text: string): Page => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${text}\n`,
});

const json = (status: number, value: unknown): Page => ({
  status,
  type: 'application/json; charset=utf-8',
  body: `${toJsonLine(value)}\n`,
});

function metrics({ served, httpAliases }: PageOptions, { accept }: PageRequest): Page {
  const families = withAliases(served.metrics(), httpAliases() ? HTTP_ALIASES : {});
  return prefersOpenMetrics(accept)
    ? { status: 200, type: OPEN_METRICS_TYPE, body: toOpenMetrics(families) }
    : { status: 200, type: TEXT_TYPE, body: toPrometheusText(families) };
}

/** An engine that has not looked for this long hangs. */
const STALE_SECONDS = 5;

/**
 * Whether gtop itself works, for whoever restarts it when it does not: 200 while the engine ticks, 503 when it has not
 * for 5 s. How Gunicorn is, the metrics and alerts tell: restarting gtop would not mend it.
 */
function healthz({ served, now }: PageOptions): Page {
  const age = Math.max(0, (now() - served.tickedAtMs) / 1000);
  const isOk = age <= STALE_SECONDS;
  const status = isOk ? 'ok' : 'error';
  const message = Number.isNaN(age) ? 'has not looked yet' : `looked ${age.toFixed(1)} s ago`;
  return json(isOk ? 200 : 503, {
    status,
    version: served.version,
    startedAt: new Date(served.startedAtMs).toISOString(),
    lastTickAgeSeconds: Number.isNaN(age) ? null : age,
    checks: { engine: { status, message } },
  });
}

const DEFAULT_WINDOW = '1m';
/** The longest history that is kept: 3 d. */
const MOST_WINDOW_SECONDS = 259_200;

/** `?window=1m`, as the option `--window`; without it a minute. */
function snapshot({ served }: PageOptions, { query }: PageRequest): Page {
  const text = query.get('window') ?? DEFAULT_WINDOW;
  const seconds = text === 'all' ? null : parseDurationSeconds(text);
  const isLength = seconds !== null && Number.isInteger(seconds) && seconds >= 1 && seconds <= MOST_WINDOW_SECONDS;
  if (text !== 'all' && !isLength) return plain(400, 'window: write 10s, 1m, 5m, 15m, 1h or all');
  return json(200, served.snapshot({ windowSeconds: seconds, atMs: null }));
}
