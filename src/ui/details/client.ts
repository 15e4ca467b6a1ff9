/** One address, user agent, method or referrer: what it asks for and what it gets. */
import type { DrawContext } from '../context.ts';
import { formatRate } from '../format.ts';
import type { ClientList } from '../state.ts';
import { item } from '../widgets/line.ts';
import { type BlockRow, blocksHeight, drawBlocks, single } from './blocks.ts';
import {
  clientsBlock,
  figuresRow,
  latencyBlock,
  pathsBlock,
  servedByBlock,
  slowBlock,
  statusBlock,
  trafficBlock,
} from './common.ts';
import type { DetailView, TargetOf } from './detail-view.ts';
import { errorRowsOfRoutes } from './tracebacks.ts';

const NAMES: Readonly<Record<ClientList, string>> = {
  addresses: 'client',
  userAgents: 'agent',
  methods: 'method',
  referrers: 'referrer',
};

/** The other lists that say more of one value. */
const OTHERS: Readonly<Record<ClientList, readonly ClientList[]>> = {
  addresses: ['userAgents', 'methods', 'referrers'],
  userAgents: ['addresses', 'methods', 'referrers'],
  methods: ['addresses', 'userAgents'],
  referrers: ['addresses', 'userAgents'],
};

export const client: DetailView<'client'> = {
  summary: 'One address, user agent, method or referrer: what it asks for and what it gets.',
  help: [
    { term: 'address', meaning: 'as the access log has it: behind a proxy usually the proxy' },
    {
      term: '✖ …',
      meaning:
        'what was thrown on the routes that failed for it; no error log names the client, so that each counts for everybody',
    },
    { term: 'WORKER', meaning: 'who served it; needs %(p)s in the access log format' },
    { term: 'v', meaning: 'the raw lines of it alone' },
  ],
  title: ({ list, value }) => `${NAMES[list]} ${value}`,
  figures: ({ snapshot }) => [item(`${formatRate(snapshot.traffic.requestsPerSecond)}/s`, 'strong')],
  height: (context, target, width) => blocksHeight(rowsOf(context, target), width),
  draw: (surface, context, target) => drawBlocks(surface, rowsOf(context, target)),
};

const rowsOf = (context: DrawContext, { list }: TargetOf<'client'>): readonly BlockRow[] => [
  figuresRow(context),
  { least: 50, blocks: [trafficBlock(context), latencyBlock(context), statusBlock(context)] },
  ...errorRowsOfRoutes(context),
  single({ ...pathsBlock(context), grows: true }),
  { least: 70, blocks: [...OTHERS[list].map((other) => clientsBlock(other, context)), servedByBlock(context)] },
  single(slowBlock(context)),
];
