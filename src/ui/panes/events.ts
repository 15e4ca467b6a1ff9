import type { EventRow } from '../../model/snapshot.ts';
import type { Surface } from '../canvas/surface.ts';
import { type DrawContext, momentText } from '../context.ts';
import { headlineEvent } from '../headline.ts';
import { LEVELS } from '../levels.ts';
import { item } from '../widgets/line.ts';
import { region } from '../widgets/region.ts';
import { type Column, defineTable } from '../widgets/table/index.ts';
import { drawPlainTable } from '../widgets/table/plain.ts';
import { DEPLOY_COLUMNS } from './deploy-columns.ts';
import type { Pane } from './pane.ts';

export const EVENT_COLUMNS: readonly Column<EventRow>[] = [
  {
    id: 'time',
    header: 'TIME',
    width: 8,
    align: 'left',
    rank: 0,
    meaning: 'when it happened: the time of day, or the day where that is another one',
    cell: ({ at }, context) => ({ text: momentText(at, context), style: 'dim' }),
    sortBy: ({ at }) => Date.parse(at),
  },
  {
    id: 'level',
    header: '',
    width: 1,
    align: 'left',
    rank: 0,
    meaning: '✖ critical, ▲ warning, ● all right, – of unknown weight',
    cell: ({ level }) => ({ text: LEVELS[level].glyph, style: LEVELS[level].style }),
  },
  {
    id: 'text',
    header: 'EVENT',
    width: 20,
    align: 'left',
    rank: 0,
    fill: true,
    meaning: 'life of master and workers, from the error log and from /proc, joined with the request that was running',
    cell: ({ text, level }) => ({ text, style: level === 'critical' ? 'critical' : 'text' }),
  },
];

const keyOf = ({ at, kind, worker, text }: EventRow): string => `${at} ${kind} ${worker ?? ''} ${text}`;

const table = defineTable<EventRow>({
  pane: 'events',
  columns: EVENT_COLUMNS,
  rows: ({ snapshot }) => snapshot.events,
  key: keyOf,
  defaultSort: () => 'time',
  first({ snapshot }) {
    const event = headlineEvent(snapshot);
    return event === null ? null : keyOf(event);
  },
  empty: () => 'nothing has happened since gtop began',
});

export const events: Pane = {
  id: 'events',
  title: 'Events',
  summary: 'What happened to the master and its workers, newest first.',
  figures: ({ snapshot }) => {
    const bad = snapshot.events.filter(({ level }) => level === 'critical').length;
    return bad === 0 ? [] : [item(`${LEVELS.critical.glyph} ${bad} critical`, 'critical')];
  },
  draw,
  table,
  help: [
    {
      term: 'deploys',
      meaning:
        'where there is room: reloads, upgrades and starts, at most five minutes before each against those since',
    },
  ],
};

/** From this height on the deploys have a place below the events. */
const WITH_DEPLOYS = 18;
const MOST_DEPLOYS = 6;

function draw(surface: Surface, context: DrawContext, focused: boolean): void {
  const { deploys } = context.snapshot;
  const rows = surface.height >= WITH_DEPLOYS && deploys.length > 0 ? Math.min(MOST_DEPLOYS, deploys.length) + 2 : 0;
  const height = surface.height - rows;
  table.draw(surface, context, { y: 0, height, focused });
  if (rows === 0) return;
  const below = region(surface, { x: 1, y: height + 1, width: surface.width - 1, height: rows - 1 });
  drawPlainTable(below, context, DEPLOY_COLUMNS, deploys);
}
