import type { Snapshot, SystemInfo } from '../../model/snapshot.ts';
import type { StyleName, Surface } from '../canvas/surface.ts';
import type { DrawContext } from '../context.ts';
import { formatBytes, formatMemory, formatPercentNumber, formatRatio, UNKNOWN } from '../format.ts';
import { isNotKept } from '../notes.ts';
import { bar } from '../widgets/bar.ts';
import { drawSpans, fitItems, item, type Span } from '../widgets/line.ts';
import { fitText } from '../widgets/text.ts';
import { applicationRows, lackingRows, type Row, span } from './application-rows.ts';
import type { Pane } from './pane.ts';

const LABEL = 10;
const APPLICATION_LABEL = 18;
const FULLEST = { warning: 0.8, critical: 0.9 };
/** From this width on host and application stand side by side. */
const TWO_COLUMNS = 100;

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
    { term: 'health', meaning: 'probes: of the configuration, each with the parts that its answer names' },
    {
      term: 'numbers',
      meaning: "metrics-endpoints: of the configuration, the application's own; buckets are left out",
    },
    {
      term: 'statsd',
      meaning: '--statsd HOST:PORT: what Gunicorn sends; never added to the figures of the access log',
    },
    {
      term: 'control',
      meaning:
        "what the master says through its control socket, Gunicorn 25.1 and later; its owner's or root's; told to end: signals to workers, several to one that does not go",
    },
  ],
};

const withSign = (percent: string): string => (percent === UNKNOWN ? percent : `${percent} %`);

function memoryRatio({ memoryUsedBytes, memoryTotalBytes }: SystemInfo): number | null {
  return memoryUsedBytes === null || !memoryTotalBytes ? null : memoryUsedBytes / memoryTotalBytes;
}

/** Why nothing is known of the machine; null where it is looked at. */
function lackOfHost(snapshot: Snapshot): string | null {
  if (snapshot.replay) return '– a log of the past has no machine to look at';
  return isNotKept(snapshot) ? '– how it was at this moment was not kept' : null;
}

function draw(surface: Surface, { snapshot }: DrawContext): void {
  const lack = lackOfHost(snapshot);
  const host: readonly Row[] =
    lack === null ? hostRows(snapshot.system) : [{ name: 'host', spans: [span(lack, 'dim')] }];
  const full = { x: 1, y: 0, width: surface.width - 2, label: LABEL };
  const isWide = surface.width >= TWO_COLUMNS;
  const told = applicationRows(snapshot);
  const lacking = lackingRows(snapshot);
  const above = isWide ? 0 : host.length;
  const application = above + told.length + lacking.length > surface.height ? told : [...told, ...lacking];
  if (application.length > 0 && isWide) {
    const half = Math.floor(surface.width / 2);
    drawRows(surface, host, { ...full, width: half - 3 });
    const right = { x: half, y: 0, width: surface.width - half - 1, label: APPLICATION_LABEL };
    drawRows(surface, application, right);
    return;
  }
  drawRows(surface, host, full);
  drawRows(surface, application, { ...full, y: host.length, label: APPLICATION_LABEL });
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Width of the names. */
  readonly label: number;
}

/** The last line says how many did not fit. */
function drawRows(surface: Surface, rows: readonly Row[], { x, y: top, width, label }: Area): void {
  const gaugeWidth = Math.max(0, Math.min(30, width - label - 24));
  const unseen = top + rows.length - surface.height;
  for (const [index, row] of rows.entries()) {
    const y = top + index;
    if (y >= surface.height) return;
    if (y === surface.height - 1 && unseen > 0) {
      surface.text(x, y, fitText(`… ${unseen + 1} more`, width), 'dim');
      return;
    }
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
        ...(loadAverage === null ? [] : [span('1, 5, 15 min', 'dim')]),
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

/** Percentages stand under each other. */
const figure = (text: string): Span => span(fitText(text, 6, 'right'), 'strong');
