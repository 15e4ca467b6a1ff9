/** The lines of the System pane about the application: its health, its numbers, what Gunicorn says of itself. */
import type {
  ControlInfo,
  CustomMetric,
  EndpointRow,
  HealthCheck,
  HealthRow,
  Level,
  Snapshot,
  StatsdInfo,
  WatchedLines,
} from '../../model/snapshot.ts';
import type { StyleName } from '../canvas/surface.ts';
import { formatAge, formatCount, formatDuration, formatRate, secondsSince } from '../format.ts';
import { LEVELS } from '../levels.ts';
import type { Span } from '../widgets/line.ts';

/** A line: a name, a gauge of 0–1 where there is one, and words. */
export interface Row {
  readonly name: string;
  readonly nameStyle?: StyleName;
  readonly gauge?: number | null;
  readonly spans: readonly Span[];
}

export const span = (text: string, style: StyleName = 'text'): Span => ({ text, style });

const many = (count: number | null, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

/** What needs a look comes first: probes that are down, then those that are degraded. */
export function applicationRows({
  health,
  endpoints,
  custom,
  statsd,
  control,
  watched,
  generatedAt,
}: Snapshot): readonly Row[] {
  const rank = (row: HealthRow): number => (row.up === false ? 2 : row.status === 'degraded' ? 1 : 0);
  return [
    ...health.toSorted((a, b) => rank(b) - rank(a)).flatMap(healthRows),
    ...(statsd === null ? [] : [statsdRow(statsd)]),
    ...(control === null ? [] : controlRows(control)),
    ...watched.map((lines) => watchedRow(lines, Date.parse(generatedAt))),
    ...endpoints.flatMap((endpoint) => [endpointRow(endpoint), ...numbersOf(endpoint.name, custom)]),
  ];
}

/** What could be told of the application and is not, with the way to it; where there is room. */
export function lackingRows({ health, endpoints, replay }: Snapshot): readonly Row[] {
  if (replay) return [];
  const row = (name: string, what: string): Row => ({ name, spans: [span(what, 'dim')] });
  return [
    ...(health.length > 0 ? [] : [row('health', '– not asked: set probes: in the configuration')]),
    ...(endpoints.length > 0 ? [] : [row('numbers', '– not read: set metrics-endpoints: in the configuration')]),
  ];
}

const LEVEL_OF: Readonly<Record<HealthCheck['level'], Level>> = {
  ok: 'ok',
  degraded: 'warning',
  error: 'critical',
  unknown: 'unknown',
};

function healthRows(health: HealthRow): readonly Row[] {
  const look = LEVELS[health.up === false ? 'critical' : LEVEL_OF[health.status]];
  const word = health.up === null ? 'not asked yet' : health.up ? health.status : 'down';
  const answer = health.statusCode === null ? [] : [span(String(health.statusCode))];
  return [
    {
      name: health.name,
      nameStyle: 'strong',
      spans: [
        span(`${look.glyph} ${word}`, look.style),
        span(health.error ?? '', look.style),
        ...answer,
        ...(health.seconds === null ? [] : [span(formatDuration(health.seconds))]),
        span(health.target, 'dim'),
      ],
    },
    ...health.checks.map(({ name, status, level, message }) => {
      const { glyph, style } = LEVELS[LEVEL_OF[level]];
      return { name: `  ${name}`, spans: [span(`${glyph} ${status}`, style), span(message ?? '', 'dim')] };
    }),
  ];
}

function endpointRow({ name, target, form, series, dropped, seconds, checkedAt, error }: EndpointRow): Row {
  const level: Level = checkedAt === null ? 'unknown' : error === null ? 'ok' : series > 0 ? 'warning' : 'critical';
  const { glyph, style } = LEVELS[level];
  const read = checkedAt === null ? 'not read yet' : many(series, 'number');
  return {
    name,
    nameStyle: 'strong',
    spans: [
      span(`${glyph} ${series === 0 && error !== null ? error : read}`, style),
      span(series > 0 && error !== null ? error : '', style),
      span(dropped > 0 ? `${formatCount(dropped)} left out` : '', 'warning'),
      span(form ?? ''),
      ...(seconds === null ? [] : [span(formatDuration(seconds))]),
      span(target, 'dim'),
    ],
  };
}

/** The buckets of a histogram say nothing to a reader: they stay in the JSON. */
const numbersOf = (source: string, custom: readonly CustomMetric[]): readonly Row[] =>
  custom.filter((metric) => metric.source === source && !Object.hasOwn(metric.labels, 'le')).map(customRow);

function customRow({ name, labels, value }: CustomMetric): Row {
  const where = Object.entries(labels).map(([key, label]) => `${key}=${label}`);
  return {
    name: (Number.isInteger(value) ? formatCount(value) : formatRate(value)).padStart(7),
    nameStyle: 'strong',
    spans: [span(where.length > 0 ? `${name}{${where.join(',')}}` : name)],
  };
}

function statsdRow(statsd: StatsdInfo): Row {
  const { address, error, packets, rejected, requestsTotal, requestsPerSecond, p95Seconds, workers, backlog } = statsd;
  const level: Level = error !== null ? 'critical' : packets === 0 ? 'unknown' : 'ok';
  const { glyph, style } = LEVELS[level];
  const heard = packets === 0 ? 'nothing received yet' : `${formatRate(requestsPerSecond)}/s`;
  return {
    name: 'statsd',
    spans: [
      span(`${glyph} ${error ?? heard}`, style),
      span(packets === 0 ? '' : many(requestsTotal, 'request')),
      span(p95Seconds === null ? '' : `p95 ${formatDuration(p95Seconds)}`),
      span(workers === null ? '' : many(workers, 'worker')),
      span(backlog === null ? '' : `queue ${backlog}`, backlog === 0 ? 'dim' : 'warning'),
      span(rejected === 0 ? '' : many(rejected, 'broken line'), 'warning'),
      span(address, 'dim'),
    ],
  };
}

/** None where there is no socket: Gunicorn before 25.1 has none. */
function controlRows(control: ControlInfo): readonly Row[] {
  const { path, error, workersTarget, workersSpawned, workersKilled, reloads, dirtyArbiterPid } = control;
  if (path === null && error === null) return [];
  const { glyph, style } = LEVELS[error === null ? 'ok' : 'warning'];
  return [
    {
      name: 'control',
      spans: [
        span(`${glyph} ${error ?? `${many(workersTarget, 'worker')} wanted`}`, style),
        span(error === null ? `${formatCount(workersSpawned)} started` : ''),
        span(error === null ? many(reloads, 'reload') : ''),
        // Every SIGTERM and SIGKILL counts, a worker that does not go gets one a second (arbiter.py, kill_worker).
        span(error === null ? `told to end ${formatCount(workersKilled)}×` : ''),
        span(dirtyArbiterPid === null ? '' : `dirty arbiter ${dirtyArbiterPid}`),
        span(path ?? '', 'dim'),
      ],
    },
  ];
}

/** Lines that the configuration asks to count (`watch:`). */
function watchedRow({ name, count, perMinute, lastAt }: WatchedLines, shownAtMs: number): Row {
  return {
    name,
    nameStyle: 'strong',
    spans: [
      span(`${formatCount(perMinute)}/min`, perMinute > 0 ? 'strong' : 'dim'),
      span(`${many(count, 'line')} since start`),
      span(lastAt === null ? '' : `last ${formatAge(secondsSince(lastAt, shownAtMs))} ago`, 'dim'),
    ],
  };
}
