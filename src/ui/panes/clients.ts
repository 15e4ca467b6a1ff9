import type { ClientRow } from '../../model/snapshot.ts';
import type { Surface } from '../canvas/surface.ts';
import { type DrawContext, perSecond } from '../context.ts';
import { formatBytes, formatCount, formatRate, formatRatio } from '../format.ts';
import { hintFor } from '../keys.ts';
import { whyNoRequest } from '../notes.ts';
import { CLIENT_LISTS, type ClientList } from '../state.ts';
import { bar } from '../widgets/bar.ts';
import { drawSpans, fitItems, item } from '../widgets/line.ts';
import { type Column, defineTable } from '../widgets/table/index.ts';
import type { Pane } from './pane.ts';

const TITLES: Readonly<Record<ClientList, string>> = {
  addresses: 'Addresses',
  userAgents: 'User agents',
  methods: 'Methods',
  referrers: 'Referrers',
};

const BAR_WIDTH = 10;

const share = (row: ClientRow, { snapshot }: DrawContext): number | null =>
  snapshot.traffic.requests > 0 ? row.count / snapshot.traffic.requests : null;

export const CLIENT_COLUMNS: readonly Column<ClientRow>[] = [
  {
    id: 'count',
    header: 'COUNT',
    width: 6,
    align: 'right',
    rank: 0,
    letter: 'C',
    meaning: 'requests of the window',
    cell: ({ count }) => ({ text: formatCount(count), style: 'strong' }),
    sortBy: ({ count }) => count,
  },
  {
    id: 'rate',
    header: 'REQ/S',
    width: 6,
    align: 'right',
    rank: 2,
    meaning: 'requests a second',
    cell: ({ count }, { snapshot }) => ({ text: formatRate(perSecond(count, snapshot)) }),
  },
  {
    id: 'share',
    header: '%',
    width: 5,
    align: 'right',
    rank: 1,
    meaning: 'share of all requests of the window',
    cell: (row, context) => ({ text: formatRatio(share(row, context)) }),
  },
  {
    id: 'bar',
    header: '',
    width: BAR_WIDTH,
    align: 'left',
    rank: 4,
    meaning: 'the same share as a bar',
    cell: (row, context) => ({ text: bar(share(row, context), BAR_WIDTH), style: 'series1' }),
  },
  {
    id: 'bytes',
    header: 'BYTES',
    width: 7,
    align: 'right',
    rank: 3,
    meaning: 'response bodies of the window, units of 1000',
    cell: ({ bytes }) => ({ text: formatBytes(bytes) }),
    sortBy: ({ bytes }) => bytes,
  },
  {
    id: 'value',
    header: 'WHO',
    width: 16,
    align: 'left',
    rank: 0,
    fill: true,
    meaning: 'address (behind a proxy usually the proxy), user agent, method or referrer: ←/→ switches',
    cell: ({ value }) => ({ text: value }),
    sortBy: ({ value }) => value,
    firstAscending: true,
  },
];

const table = defineTable<ClientRow>({
  pane: 'clients',
  columns: CLIENT_COLUMNS,
  rows: ({ snapshot, state }) => snapshot.clients[state.clientList],
  key: ({ value }) => value,
  defaultSort: () => 'count',
  empty: whyNoRequest,
});

export const clients: Pane = {
  id: 'clients',
  title: 'Clients',
  summary: 'Who sends the requests, from the access log.',
  figures: ({ snapshot, state }) => [
    item(`${formatCount(snapshot.clients.distinct[state.clientList])} distinct`, 'text'),
  ],
  draw,
  table,
  help: [{ term: 'distinct', meaning: 'different values in the window, estimated' }],
};

function draw(surface: Surface, context: DrawContext, focused: boolean): void {
  const names = CLIENT_LISTS.map((list) =>
    item(
      list === context.state.clientList ? `[${TITLES[list]}]` : ` ${TITLES[list]} `,
      list === context.state.clientList ? 'title' : 'dim',
    ),
  );
  // Which keys switch is nowhere else on the screen.
  const { keymap } = context.state;
  const keys = item(` ${hintFor('left', keymap)}${hintFor('right', keymap)}`, 'strong', 1);
  drawSpans(surface, 1, 0, fitItems(focused ? [...names, keys] : names, surface.width - 2, ' '));
  table.draw(surface, context, { y: 1, height: surface.height - 1, focused });
}
