import type { CustomMetric, HealthRow, Level, SystemInfo } from '../../model/snapshot.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import {
  formatBytes,
  formatDuration,
  formatMemory,
  formatPercentNumber,
  formatRate,
  formatRatio,
  UNKNOWN,
} from '../format.ts';
import { LEVELS } from '../levels.ts';
import { bar } from '../widgets/bar.ts';
import { drawSpans, fitItems, item, type Span } from '../widgets/line.ts';
import { fitText } from '../widgets/text.ts';
import type { Pane } from './pane.ts';

const LABEL = 10;
const APPLICATION_LABEL = 18;
const FULLEST = { warning: 0.8, critical: 0.9 };
/** From this width on host and application stand side by side. */
const TWO_COLUMNS = 100;

/** A line of the pane: a name, a gauge of 0–1 where there is one, and words. */
interface Row {
  readonly name: string;
  readonly nameStyle?: StyleName;
  readonly gauge?: number | null;
  readonly spans: readonly Span[];
}

export const system: Pane = {
  id: 'system',
  title: 'System',
  summary: 'The host, from /proc; health checks; numbers that the application publishes itself.',
  figures: ({ snapshot: { system: host } }) => [
    item(`cpu ${withSign(formatPercentNumber(host.cpuPercent))}`, 'strong'),
    item(`mem ${withSign(formatRatio(memoryRatio(host)))}`, 'text', 1),
  ],
  draw,
  help: [
    { term: 'CPU', meaning: 'all CPUs together, 0–100 %; any user may read it' },
    {
      term: 'load',
      meaning: 'runnable and waiting tasks, means of 1, 5 and 15 minutes; above the number of CPUs they queue',
    },
    { term: 'memory', meaning: 'used = total − available, as the kernel estimates it, units of 1024' },
    { term: 'disk', meaning: 'disks that hold a log or the application' },
    { term: 'network', meaning: 'all interfaces but loopback, units of 1000' },
    { term: 'health', meaning: 'probes named in the configuration, each with its parts' },
    { term: 'metrics', meaning: "read from the application's own metrics endpoint" },
  ],
};

const withSign = (percent: string): string => (percent === UNKNOWN ? percent : `${percent} %`);

function memoryRatio({ memoryUsedBytes, memoryTotalBytes }: SystemInfo): number | null {
  return memoryUsedBytes === null || !memoryTotalBytes ? null : memoryUsedBytes / memoryTotalBytes;
}

function draw(surface: Surface, { snapshot }: DrawContext): void {
  const host = hostRows(snapshot.system);
  const application = [...snapshot.health.flatMap(healthRows), ...snapshot.custom.map(customRow)];
  if (application.length > 0 && surface.width >= TWO_COLUMNS) {
    const half = Math.floor(surface.width / 2);
    drawRows(surface, host, { x: 1, width: half - 3, label: LABEL });
    drawRows(surface, application, { x: half, width: surface.width - half - 1, label: APPLICATION_LABEL });
  } else drawRows(surface, [...host, ...application], { x: 1, width: surface.width - 2, label: LABEL });
}

function drawRows(
  surface: Surface,
  rows: readonly Row[],
  { x, width, label }: { x: number; width: number; label: number },
): void {
  const gaugeWidth = Math.max(0, Math.min(30, width - label - 24));
  for (const [y, row] of rows.entries()) {
    if (y >= surface.height) return;
    surface.text(x, y, fitText(row.name, label - 1), row.nameStyle ?? 'dim');
    let column = x + label;
    if (row.gauge !== undefined && gaugeWidth >= 6) {
      surface.text(column, y, fitText(bar(row.gauge, gaugeWidth), gaugeWidth), gaugeStyle(row.gauge));
      column += gaugeWidth + 1;
    }
    const items = row.spans.map((span, rank) => ({ spans: [span], rank }));
    drawSpans(surface, column, y, fitItems(items, x + width - column));
  }
}

function gaugeStyle(ratio: number | null): StyleName {
  if (ratio === null) return 'unknown';
  if (ratio >= FULLEST.critical) return 'critical';
  return ratio >= FULLEST.warning ? 'warning' : 'series1';
}

function hostRows(host: SystemInfo): readonly Row[] {
  const { cpuPercent, cpuCount, cpuModel, loadAverage, memoryTotalBytes, memoryUsedBytes, memoryAvailableBytes } = host;
  const queued = loadAverage !== null && cpuCount !== null && (loadAverage[0] ?? 0) > cpuCount;
  const memory = memoryRatio(host);
  return [
    {
      name: 'host',
      spans: [
        span(host.hostname ?? UNKNOWN, 'strong'),
        ...(host.operatingSystem === null ? [] : [span(host.operatingSystem)]),
      ],
    },
    {
      name: 'CPU',
      gauge: cpuPercent === null ? null : cpuPercent / 100,
      spans: [figure(withSign(formatPercentNumber(cpuPercent))), span(`${cpuCount ?? UNKNOWN} CPUs`, 'dim')],
    },
    ...(cpuModel === null ? [] : [{ name: '', spans: [span(cpuModel, 'dim')] }]),
    {
      name: 'load',
      spans: [
        span(
          loadAverage === null ? UNKNOWN : loadAverage.map((load) => load.toFixed(2)).join('  '),
          queued ? 'warning' : 'strong',
        ),
      ],
    },
    {
      name: 'memory',
      gauge: memory,
      spans: [
        figure(withSign(formatRatio(memory))),
        span(`${formatMemory(memoryUsedBytes)} of ${formatMemory(memoryTotalBytes)}`),
        span(`${formatMemory(memoryAvailableBytes)} available`, 'dim'),
      ],
    },
    { name: 'swap', spans: [span(formatMemory(host.swapUsedBytes), (host.swapUsedBytes ?? 0) > 0 ? 'text' : 'dim')] },
    ...host.disks.map(({ mount, usedRatio, usedBytes, totalBytes }) => ({
      name: 'disk',
      gauge: usedRatio,
      spans: [
        figure(withSign(formatRatio(usedRatio))),
        span(mount, 'strong'),
        span(`${formatMemory(usedBytes)} of ${formatMemory(totalBytes)}`, 'dim'),
      ],
    })),
    {
      name: 'network',
      spans: [
        span(`${formatBytes(host.networkReceivedBytesPerSecond)}/s in`),
        span(`${formatBytes(host.networkSentBytesPerSecond)}/s out`),
      ],
    },
  ];
}

const span = (text: string, style: StyleName = 'text'): Span => ({ text, style });
/** Percentages stand under each other. */
const figure = (text: string): Span => span(fitText(text, 6, 'right'), 'strong');

const HEALTH_LEVELS: Readonly<Record<HealthRow['status'], Level>> = {
  ok: 'ok',
  degraded: 'warning',
  error: 'critical',
  unknown: 'unknown',
};

function healthRows(health: HealthRow): readonly Row[] {
  const { glyph, style } = LEVELS[HEALTH_LEVELS[health.status]];
  const answer = health.statusCode === null ? [] : [span(String(health.statusCode))];
  return [
    {
      name: health.name,
      nameStyle: 'strong',
      spans: [
        span(`${glyph} ${health.up === false ? 'down' : health.status}`, health.up === false ? 'critical' : style),
        ...answer,
        span(formatDuration(health.seconds)),
        span(health.error ?? health.target, 'dim'),
      ],
    },
    ...health.checks.map(({ name, status, message }) => ({
      name: `  ${name}`,
      spans: [span(status, status === 'ok' ? 'ok' : 'warning'), ...(message === null ? [] : [span(message, 'dim')])],
    })),
  ];
}

function customRow({ source, name, labels, value }: CustomMetric): Row {
  const where = Object.entries(labels).map(([key, label]) => `${key}=${label}`);
  return {
    name: formatRate(value),
    nameStyle: 'strong',
    spans: [span(where.length > 0 ? `${name}{${where.join(',')}}` : name), span(source, 'dim')],
  };
}
