import type { PathRow } from '../../model/snapshot.ts';
import type { StyleName } from '../canvas/surface.ts';
import { perSecond } from '../context.ts';
import { formatBytes, formatCount, formatDuration, formatRate, formatRatio, UNKNOWN } from '../format.ts';
import { headlinePath } from '../headline.ts';
import { whyNoRequest } from '../notes.ts';
import { bar } from '../widgets/bar.ts';
import { item } from '../widgets/line.ts';
import { type Column, defineTable } from '../widgets/table/index.ts';
import type { Pane } from './pane.ts';

/** From here on a share of errors is worth a colour; the built-in alert fires at 5 %. */
const ERRORS_WARNING = 0.01;
const ERRORS_CRITICAL = 0.05;

function errorStyle(ratio: number): StyleName {
  if (ratio >= ERRORS_CRITICAL) return 'critical';
  if (ratio >= ERRORS_WARNING) return 'warning';
  return ratio === 0 ? 'dim' : 'text';
}

const SHARE_WIDTH = 8;

/** Figures of an unknown value stand back. */
const known = (value: number | null, style: StyleName = 'text'): StyleName => (value === null ? 'unknown' : style);

/** A percentile that fewer requests than it `needs` have is no unknown: the reason stands in its place. */
const percentileCell = ({ maxSeconds }: PathRow, seconds: number | null, needs: number) => ({
  text: seconds === null && maxSeconds !== null ? `n<${needs}` : formatDuration(seconds),
  style: known(seconds),
});

/** Where the log tells no duration of a route that one could believe, its share of the time is not known: it is not 0. */
const timeRatioOf = ({ timeRatio, maxSeconds }: PathRow): number | null => (maxSeconds === null ? null : timeRatio);

export const PATH_COLUMNS: readonly Column<PathRow>[] = [
  {
    id: 'time',
    header: 'TIME%',
    width: 6,
    align: 'right',
    rank: 2,
    letter: 'T',
    meaning:
      'share of all worker time of the window that this route took: who keeps the workers busy; –: durations not known',
    cell: (row) => ({ text: formatRatio(timeRatioOf(row)), style: known(timeRatioOf(row), 'strong') }),
    sortBy: timeRatioOf,
  },
  {
    id: 'share',
    header: '',
    width: SHARE_WIDTH,
    align: 'left',
    rank: 9,
    meaning: 'the same share as a bar; where durations are unknown, the share of the requests',
    cell: (row, { snapshot }) => ({
      text: bar(row.timeRatio ?? row.count / Math.max(1, snapshot.traffic.requests), SHARE_WIDTH),
      style: 'series1',
    }),
  },
  {
    id: 'rate',
    header: 'REQ/S',
    width: 6,
    align: 'right',
    rank: 1,
    meaning: 'requests a second',
    cell: (row) => ({ text: formatRate(row.requestsPerSecond), style: known(row.requestsPerSecond) }),
    sortBy: (row) => row.requestsPerSecond,
  },
  {
    id: 'count',
    header: 'COUNT',
    width: 6,
    align: 'right',
    rank: 8,
    letter: 'C',
    meaning: 'requests of the window',
    cell: (row) => ({ text: formatCount(row.count) }),
    sortBy: (row) => row.count,
  },
  {
    id: 'errors',
    header: 'ERR%',
    width: 5,
    align: 'right',
    rank: 3,
    letter: 'E',
    meaning: '5xx answers ÷ all of this route',
    cell: (row) => ({ text: formatRatio(row.errorRatio), style: errorStyle(row.errorRatio) }),
    sortBy: (row) => row.errorRatio,
  },
  {
    id: 'p50',
    header: 'P50',
    width: 6,
    align: 'right',
    rank: 6,
    meaning: 'median time; n<2: too few requests; –: their durations are not known',
    cell: (row) => percentileCell(row, row.p50Seconds, 2),
    sortBy: (row) => row.p50Seconds,
  },
  {
    id: 'p95',
    header: 'P95',
    width: 6,
    align: 'right',
    rank: 4,
    letter: 'L',
    meaning: '95th percentile; n<20: too few requests for it',
    cell: (row) => percentileCell(row, row.p95Seconds, 20),
    sortBy: (row) => row.p95Seconds,
  },
  {
    id: 'max',
    header: 'MAX',
    width: 6,
    align: 'right',
    rank: 5,
    meaning: 'the slowest request of the window',
    cell: (row) => ({ text: formatDuration(row.maxSeconds), style: known(row.maxSeconds) }),
    sortBy: (row) => row.maxSeconds,
  },
  {
    id: 'bytes',
    header: 'BYTES/S',
    width: 8,
    align: 'right',
    rank: 7,
    meaning: 'response bodies a second, units of 1000',
    cell: (row, { snapshot }) => ({ text: formatBytes(perSecond(row.bytes, snapshot)) }),
    sortBy: (row) => row.bytes,
  },
  {
    id: 'path',
    header: 'PATH',
    width: 26,
    align: 'left',
    rank: 0,
    fill: true,
    firstAscending: true,
    meaning: 'method and route: digits, UUIDs and hex become {id}; the query is dropped',
    cell: (row) => ({ text: pathText(row) }),
    sortBy: pathText,
  },
];

function pathText({ method, path }: PathRow): string {
  return `${method} ${path ?? '(path not logged)'}`;
}

const table = defineTable<PathRow>({
  pane: 'paths',
  columns: PATH_COLUMNS,
  rows: ({ snapshot }) => snapshot.paths,
  key: pathText,
  defaultSort: ({ snapshot }) => (snapshot.paths.some((row) => row.timeRatio !== null) ? 'time' : 'rate'),
  first({ snapshot }) {
    const row = headlinePath(snapshot);
    return row && pathText(row);
  },
  empty: whyNoRequest,
});

export const paths: Pane = {
  id: 'paths',
  title: 'Paths',
  summary: 'Routes by what they cost, from the access log.',
  figures: ({ snapshot }) => {
    const distinct = Math.max(snapshot.clients.distinct.paths, snapshot.paths.length);
    return [
      item(
        snapshot.paths.length === 0 ? UNKNOWN : `${formatCount(snapshot.paths.length)} of ${formatCount(distinct)}`,
        'text',
      ),
    ];
  },
  draw: (surface, context, focused) => table.draw(surface, context, { y: 0, height: surface.height, focused }),
  table,
  help: [],
};
