/**
 * A report as a list of tables: what text, Markdown, CSV and HTML have in common. A new table is one more entry here.
 */
import type { ClientRow } from '../../model/snapshot.ts';
import type { Report, ReportPath } from '../../report/index.ts';
import { formatSeconds, type Unit } from './figures.ts';

/** A figure in a column of figures of several units. */
export interface Figure {
  readonly value: string | number | null;
  readonly unit: Unit;
}

export type Cell = string | number | null | Figure;

export interface Column {
  /** The name of the figure, as in the JSON. */
  readonly key: string;
  readonly title: string;
  readonly unit: Unit;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  /** One sentence on what is shown. */
  readonly note: string | null;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Index of the column that is also drawn as bars. */
  readonly bar: number | null;
  /** Rows are equal steps of time: a chart says more than the table. */
  readonly isHistory: boolean;
}

type Getter<Row> = readonly [key: string, title: string, unit: Unit, get: (row: Row) => Cell];

interface Head {
  readonly id: string;
  readonly title: string;
  readonly note?: string | null;
  readonly bar?: string;
  readonly isHistory?: boolean;
}

function table<Row>(head: Head, rows: readonly Row[], getters: readonly Getter<Row>[]): Section {
  const bar = getters.findIndex(([key]) => key === head.bar);
  return {
    id: head.id,
    title: head.title,
    note: head.note ?? null,
    columns: getters.map(([key, title, unit]) => ({ key, title, unit })),
    rows: rows.map((row) => getters.map(([, , , get]) => get(row))),
    bar: bar === -1 ? null : bar,
    isHistory: head.isHistory ?? false,
  };
}

type Fact = readonly [name: string, value: Figure['value'], unit: Unit];

const facts = (id: string, title: string, note: string | null, rows: readonly Fact[]): Section =>
  table({ id, title, note }, rows, [
    ['name', '', 'text', ([name]) => name],
    ['value', '', 'text', ([, value, unit]) => ({ value, unit })],
  ]);

const PATH_COLUMNS: readonly Getter<ReportPath>[] = [
  ['method', 'method', 'text', (row) => row.method],
  ['path', 'path', 'text', (row) => row.path],
  ['count', 'requests', 'count', (row) => row.count],
  ['timeRatio', 'worker time', 'ratio', (row) => row.timeRatio],
  ['meanSeconds', 'mean', 'seconds', (row) => row.meanSeconds],
  ['p50Seconds', 'p50', 'seconds', (row) => row.p50Seconds],
  ['p95Seconds', 'p95', 'seconds', (row) => row.p95Seconds],
  ['maxSeconds', 'max', 'seconds', (row) => row.maxSeconds],
  ['clientErrors', '4xx', 'count', (row) => row.clientErrors],
  ['serverErrors', '5xx', 'count', (row) => row.serverErrors],
  ['bytes', 'bytes', 'bytes', (row) => row.bytes],
];

/** What the table is ordered by stands first: on a narrow terminal columns are left out from the right. */
function paths(id: string, title: string, rows: readonly ReportPath[], bar: string): Section {
  const isFirst = ([key]: Getter<ReportPath>): boolean => key === 'method' || key === 'path';
  const rest = PATH_COLUMNS.filter((one) => !isFirst(one));
  const getters = [
    ...PATH_COLUMNS.filter(isFirst),
    ...rest.filter(([key]) => key === bar),
    ...rest.filter(([key]) => key !== bar),
  ];
  return table({ id, title, bar }, rows, getters);
}

const clients = (id: string, title: string, what: string, rows: readonly ClientRow[], note?: string): Section =>
  table({ id, title, bar: 'count', note: note ?? null }, rows, [
    ['value', what, 'text', (row) => row.value],
    ['count', 'requests', 'count', (row) => row.count],
    ['bytes', 'bytes', 'bytes', (row) => row.bytes],
  ]);

/** The tables of a report in the order in which they are read; those that would be empty are left out. */
export function sectionsOf(report: Report): readonly Section[] {
  return [
    overview(report),
    history(report),
    table(
      { id: 'hoursOfDay', title: `Hours of the day (${report.timeZone})`, bar: 'requests' },
      hoursWithTraffic(report),
      [
        ['hour', 'hour', 'text', (row) => `${String(row.hour).padStart(2, '0')}:00`],
        ['requests', 'requests', 'count', (row) => row.requests],
        ['serverErrorRatio', '5xx', 'ratio', (row) => row.serverErrorRatio],
        ['meanSeconds', 'mean', 'seconds', (row) => row.meanSeconds],
        ['bytes', 'bytes', 'bytes', (row) => row.bytes],
      ],
    ),
    ...statusSections(report),
    ...latencySections(report),
    paths('paths', 'Paths by worker time', report.latency === null ? [] : report.paths, 'timeRatio'),
    paths('pathsByCount', 'Paths by requests', report.pathsBy.count, 'count'),
    paths('pathsByP95', 'Paths by 95th percentile', report.pathsBy.p95, 'p95Seconds'),
    paths('pathsByErrors', 'Paths by errors', report.pathsBy.errors, 'serverErrors'),
    paths('pathsByBytes', 'Paths by bytes', report.pathsBy.bytes, 'bytes'),
    slow(report),
    ...clientSections(report),
    ...workerSections(report),
    facts('ingest', 'Reading', null, ingestFacts(report)),
  ].filter((section) => section.rows.length > 0);
}

const hoursWithTraffic = ({ hoursOfDay }: Report) => (hoursOfDay.some((row) => row.requests > 0) ? hoursOfDay : []);

function overview({ window, filter, traffic, latency, status, clients: who, peak }: Report): Section {
  return facts('overview', 'Overview', null, [
    ...(filter === null ? [] : ([['filter', filter, 'text']] as const)),
    ['from', window.from, 'time'],
    ['to', window.to, 'time'],
    ['requests', traffic.requests, 'count'],
    ['rate', traffic.requestsPerSecond, 'perSecond'],
    ...(peak === null
      ? []
      : ([
          [`busiest ${formatSeconds(peak.stepSeconds)}`, peak.at, 'time'],
          ['rate then', peak.requestsPerSecond, 'perSecond'],
        ] as const)),
    ['bytes', traffic.bytes, 'bytes'],
    ['5xx', status.serverErrorRatio, 'ratio'],
    ['4xx', status.clientErrorRatio, 'ratio'],
    ['p50', latency?.p50Seconds ?? null, 'seconds'],
    ['p95', latency?.p95Seconds ?? null, 'seconds'],
    ['p99', latency?.p99Seconds ?? null, 'seconds'],
    ['addresses', who.distinct.addresses, 'count'],
    ['routes', who.distinct.paths, 'count'],
  ]);
}

function history({ series, peak }: Report): Section {
  const startMs = series.from === null ? 0 : Date.parse(series.from);
  const rows = series.requestsPerSecond.map((rate, index) => ({ rate, index }));
  const note = peak === null ? null : `one value per ${formatSeconds(series.stepSeconds)}`;
  return table({ id: 'series', title: 'Requests over time', bar: 'requestsPerSecond', isHistory: true, note }, rows, [
    ['at', 'time', 'time', ({ index }) => new Date(startMs + index * series.stepSeconds * 1000).toISOString()],
    ['requestsPerSecond', 'requests', 'perSecond', ({ rate }) => rate],
    ['bytesPerSecond', 'bytes/s', 'bytes', ({ index }) => series.bytesPerSecond[index] ?? null],
    ['p50Seconds', 'p50', 'seconds', ({ index }) => series.p50Seconds[index] ?? null],
    ['p95Seconds', 'p95', 'seconds', ({ index }) => series.p95Seconds[index] ?? null],
    ['serverErrorRatio', '5xx', 'ratio', ({ index }) => series.serverErrorRatio[index] ?? null],
  ]);
}

function statusSections({ status, traffic }: Report): Section[] {
  const columns: readonly Getter<readonly [string, number]>[] = [
    ['status', 'status', 'text', ([code]) => code],
    ['count', 'requests', 'count', ([, count]) => count],
    ['ratio', 'share', 'ratio', ([, count]) => (traffic.requests > 0 ? count / traffic.requests : null)],
  ];
  const present = ([, count]: readonly [string, number]): boolean => count > 0;
  return [
    table(
      { id: 'statusClasses', title: 'Status classes', bar: 'count' },
      Object.entries(status.classes).filter(present),
      columns,
    ),
    table({ id: 'statusCodes', title: 'Status codes', bar: 'count' }, Object.entries(status.codes), columns),
  ];
}

function latencySections({ latency }: Report): Section[] {
  if (latency === null) return [];
  const { excluded } = latency;
  const note = excluded > 0 ? `${excluded} durations that Gunicorn made up are left out` : null;
  const quantiles: readonly Fact[] = [
    ['mean', latency.meanSeconds, 'seconds'],
    ['min', latency.minSeconds, 'seconds'],
    ['p50', latency.p50Seconds, 'seconds'],
    ['p90', latency.p90Seconds, 'seconds'],
    ['p95', latency.p95Seconds, 'seconds'],
    ['p99', latency.p99Seconds, 'seconds'],
    ['p99.9', latency.p999Seconds, 'seconds'],
    ['max', latency.maxSeconds, 'seconds'],
    ['samples', latency.count, 'count'],
  ];
  return [
    facts('latency', 'Response times', note, quantiles),
    table({ id: 'histogram', title: 'Distribution of response times', bar: 'count' }, latency.histogram, [
      ['toSeconds', 'below', 'seconds', (bin) => bin.toSeconds],
      ['count', 'requests', 'count', (bin) => bin.count],
      ['ratio', 'share', 'ratio', (bin) => (latency.count > 0 ? bin.count / latency.count : null)],
    ]),
  ];
}

function slow({ slow: rows, slowRequests }: Report): Section {
  const { count, thresholdSeconds } = slowRequests;
  const note = `${count} took ${formatSeconds(thresholdSeconds)} or longer`;
  return table({ id: 'slow', title: 'Slowest requests', note, bar: 'seconds' }, rows, [
    ['at', 'ended', 'time', (row) => row.at],
    ['method', 'method', 'text', (row) => row.method],
    ['path', 'path', 'text', (row) => row.path],
    ['status', 'status', 'text', (row) => (row.status === null ? null : String(row.status))],
    ['seconds', 'took', 'seconds', (row) => row.seconds],
    ['bytes', 'bytes', 'bytes', (row) => row.bytes],
    ['address', 'client', 'text', (row) => row.address],
    ['worker', 'worker', 'text', (row) => (row.worker === null ? null : String(row.worker))],
  ]);
}

function clientSections({ clients: who, notFound }: Report): Section[] {
  const estimated = who.exact ? '' : ' (about; counts of rare ones may be too low)';
  const distinct = (count: number): string => `${count} different ones${estimated}`;
  return [
    clients('addresses', 'Clients', 'address', who.addresses, distinct(who.distinct.addresses)),
    clients('browsers', 'Browsers and programs', 'family', who.browsers),
    clients('operatingSystems', 'Operating systems', 'family', who.operatingSystems),
    clients('bots', 'Bots and monitors', 'family', who.bots),
    clients('userAgents', 'User agents', 'user agent', who.userAgents, distinct(who.distinct.userAgents)),
    clients('referrers', 'Referrers', 'referrer', who.referrers, distinct(who.distinct.referrers)),
    clients('methods', 'Methods', 'method', who.methods),
    clients('protocols', 'Protocols', 'protocol', who.protocols),
    clients('notFound', 'Not found (404)', 'path', notFound.paths, `${notFound.count} requests`),
  ];
}

function workerSections({ workerShares, hours }: Report): Section[] {
  return [
    table({ id: 'workerShares', title: 'Workers', bar: 'count' }, workerShares, [
      ['pid', 'pid', 'text', (row) => String(row.pid)],
      ['count', 'requests', 'count', (row) => row.count],
      ['countRatio', 'share', 'ratio', (row) => row.countRatio],
      ['meanSeconds', 'mean', 'seconds', (row) => row.meanSeconds],
      ['erlangs', 'busy', 'ratio', (row) => row.erlangs],
      ['errorRatio', '5xx', 'ratio', (row) => row.errorRatio],
      ['bytes', 'bytes', 'bytes', (row) => row.bytes],
    ]),
    table(
      {
        id: 'hours',
        title: 'Utilisation by hour',
        bar: 'erlangs',
        isHistory: true,
        note: 'requests in service at the same time, on average (erlangs): as many sync workers were busy',
      },
      hours.some((row) => row.erlangs !== null) ? hours : [],
      [
        ['at', 'hour', 'time', (row) => row.at],
        ['erlangs', 'erlangs', 'erlangs', (row) => row.erlangs],
        ['requests', 'requests', 'count', (row) => row.requests],
        ['meanSeconds', 'mean', 'seconds', (row) => row.meanSeconds],
        ['serverErrorRatio', '5xx', 'ratio', (row) => row.serverErrorRatio],
      ],
    ),
  ];
}

function ingestFacts({ ingest }: Report): readonly Fact[] {
  return [
    ['lines', ingest.linesRead, 'count'],
    ['not understood', ingest.linesRejected, 'count'],
    ...(ingest.linesTruncated > 0 ? ([['too long, cut', ingest.linesTruncated, 'count']] as const) : []),
    ...ingest.sources.map(({ path, format, linesRead, durationUnit, durationUnitAssumed, message }): Fact => {
      const unit = durationUnit === null ? '' : `, ${durationUnit}${durationUnitAssumed ? ' assumed' : ''}`;
      return [
        path,
        `${linesRead} lines, ${format ?? 'no format found'}${unit}${message ? `: ${message}` : ''}`,
        'text',
      ];
    }),
  ];
}
