/** One address, user agent, method or referrer: what it asks for and what it gets. */
import type { DrawContext } from '../context.ts';
import { formatRate } from '../format.ts';
import type { ClientList } from '../state.ts';
import { item } from '../widgets/line.ts';
import { type BlockRow, blocksHeight, drawBlocks, single } from './blocks.ts';
import {
  clientsBlock,
  errorRowsOfRoutes,
  figuresRow,
  latencyBlock,
  pathsBlock,
  servedByBlock,
  slowBlock,
  statusBlock,
  trafficBlock,
} from './common.ts';
import type { DetailView, TargetOf } from './detail-view.ts';

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
