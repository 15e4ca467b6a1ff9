import type { SlowRequest } from '../../model/snapshot.ts';
import { momentText } from '../context.ts';
import { formatBytes, formatDuration, IPV6_WIDTH, UNKNOWN } from '../format.ts';
import { FULL_FORMAT, whyNoRequest } from '../notes.ts';
import { item } from '../widgets/line.ts';
import { type Column, defineTable } from '../widgets/table/index.ts';
import type { Pane } from './pane.ts';

export const SLOW_COLUMNS: readonly Column<SlowRequest>[] = [
  {
    id: 'seconds',
    header: 'TOOK',
    width: 7,
    align: 'right',
    rank: 0,
    letter: 'L',
    meaning: 'request time; ≥ for one that was killed with its worker',
    cell: ({ seconds, status }) => ({
      text: `${status === null ? '≥' : ''}${formatDuration(seconds)}`,
      style: status === null ? 'critical' : 'strong',
    }),
    sortBy: ({ seconds }) => seconds,
  },
  {
    id: 'at',
    header: 'ENDED',
    width: 8,
    align: 'left',
    rank: 1,
    meaning: 'time stamp of its line: Gunicorn logs a request when it ends',
    cell: ({ at }, context) => ({ text: momentText(at, context), style: 'dim' }),
    sortBy: ({ at }) => (at === null ? null : Date.parse(at)),
  },
  {
    id: 'status',
    header: 'CODE',
    width: 4,
    align: 'right',
    rank: 2,
    meaning: 'status; – for a request that never got an answer',
    cell: ({ status }) => ({
      text: status === null ? UNKNOWN : String(status),
      style: status === null || status >= 500 ? 'critical' : status >= 400 ? 'warning' : 'text',
    }),
    sortBy: ({ status }) => status,
  },
  {
    id: 'worker',
    header: 'WORKER',
    width: 7,
    align: 'right',
    rank: 3,
    meaning: 'pid; needs %(p)s in the access log format',
    cell: ({ worker }) => ({
      text: worker === null ? UNKNOWN : String(worker),
      style: worker === null ? 'unknown' : 'text',
    }),
    sortBy: ({ worker }) => worker,
    firstAscending: true,
  },
  {
    id: 'bytes',
    header: 'BYTES',
    width: 7,
    align: 'right',
    rank: 4,
    meaning: 'response body, units of 1000',
    cell: ({ bytes }) => ({ text: formatBytes(bytes), style: bytes === null ? 'unknown' : 'text' }),
    sortBy: ({ bytes }) => bytes,
  },
  {
    id: 'address',
    header: 'CLIENT',
    width: 15,
    widest: IPV6_WIDTH,
    align: 'left',
    rank: 5,
    meaning: 'address in the log: behind a proxy usually the proxy',
    cell: ({ address }) => ({ text: address ?? UNKNOWN, style: 'dim' }),
    sortBy: ({ address }) => address,
    firstAscending: true,
  },
  {
    id: 'path',
    header: 'PATH',
    width: 16,
    align: 'left',
    rank: 0,
    fill: true,
    meaning: 'as sent, without the query',
    cell: ({ method, path }) => ({ text: `${method ?? UNKNOWN} ${path ?? '(path not logged)'}` }),
    sortBy: ({ path }) => path,
    firstAscending: true,
  },
];

const table = defineTable<SlowRequest>({
  pane: 'slow',
  columns: SLOW_COLUMNS,
  rows: ({ snapshot }) => snapshot.slow,
  key: ({ at, method, path, seconds, worker }) => `${at} ${method} ${path} ${seconds} ${worker}`,
  defaultSort: () => 'seconds',
  empty: (context) =>
    context.snapshot.latency === null && context.snapshot.traffic.requests > 0
      ? 'no durations in the access log: pane 2 tells how to get them'
      : whyNoRequest(context),
});

export const slow: Pane = {
  id: 'slow',
  title: 'Slow',
  summary: 'The slowest requests of the window, one by one.',
  figures: ({ snapshot }) => (snapshot.slow.length === 0 ? [] : [item(`${snapshot.slow.length} slowest`, 'text')]),
  draw: (surface, context, focused) => table.draw(surface, context, { y: 0, height: surface.height, focused }),
  table,
  help: [{ term: 'source', meaning: `the access log; start Gunicorn with ${FULL_FORMAT}` }],
};
