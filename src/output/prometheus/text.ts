/** Metric families as text: Prometheus' own format 0.0.4, and OpenMetrics 1.0. */
import { type MetricFamily, type MetricLabels, type MetricSample, seriesName } from '../../model/metrics/index.ts';
import { visible } from '../../text/visible.ts';

export const TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** `/metrics` as Prometheus has read it since 2014. It has no info metrics: these are gauges of 1. */
export function toPrometheusText(families: readonly MetricFamily[]): string {
  return families
    .map((family) => {
      const { name, help, type } = family;
      const head = `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type === 'info' ? 'gauge' : type}\n`;
      return head + family.samples.map((sample) => line(family, sample)).join('');
    })
    .join('');
}

/**
 * OpenMetrics 1.0: a counter and an info are named without the suffix that their series carry, units are said, and the
 * end is marked, so that a torn answer is not taken for a whole one.
 */
export function toOpenMetrics(families: readonly MetricFamily[]): string {
  const text = families.map((family) => {
    const name = family.name.replace(SUFFIXES[family.type] ?? '', '');
    const unit = family.unit === undefined ? '' : `# UNIT ${name} ${family.unit}\n`;
    const head = `# TYPE ${name} ${family.type}\n${unit}# HELP ${name} ${escapeHelp(family.help, true)}\n`;
    return head + family.samples.map((sample) => line(family, sample)).join('');
  });
  return `${text.join('')}# EOF\n`;
}

const SUFFIXES: Readonly<Partial<Record<MetricFamily['type'], RegExp>>> = { counter: /_total$/, info: /_info$/ };

const line = (family: MetricFamily, sample: MetricSample): string =>
  `${seriesName(family, sample)}${formatLabels(sample.labels)} ${formatValue(sample.value)}\n`;

/** Labels are the same objects at every scrape: writing them anew would be most of its cost. */
const written = new WeakMap<MetricLabels, string>();

function formatLabels(labels: MetricLabels): string {
  let text = written.get(labels);
  if (text === undefined) {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
    text = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
    written.set(labels, text);
  }
  return text;
}

const SPECIAL = /[\\"\n]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/** People read these in dashboards and mails: what hides in them is made visible before it is escaped. */
function escapeValue(value: string): string {
  const shown = visible(value);
  return SPECIAL.test(shown) ? shown.replace(/[\\"\n]/g, (character) => ESCAPES[character] ?? character) : shown;
}

/** In the old format a quote stands for itself in a help text. */
const escapeHelp = (help: string, quotes = false): string =>
  help.replace(quotes ? /[\\"\n]/g : /[\\\n]/g, (character) => ESCAPES[character] ?? character);

function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
